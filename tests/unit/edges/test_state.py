"""What is remembered, on a real directory."""

import json
import os
import shutil
import stat
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fui.edges.state import StateDirectory
from fui.model.effects import SaveCursor, SaveRun
from fui.model.errors import EdgeError
from fui.model.events import Started
from fui.model.job import Run
from fui.model.menu import Access, Action, ActionId, Command, FileSpec, Folder
from fui.model.states import JobResult

RUN = Run(
    job="j-1",
    user="o'neil",
    uid=1001,
    client="192.0.2.7",
    cursor="s=1;i=2",
    started=1700000000.25,
    ended=1700000001.5,
    result=JobResult.DONE,
    status=0,
    tail="ä\udcff\n",
    error="",
)
UNFINISHED = Run("j-2", "alice", 1002, "192.0.2.8", "c", 1700000000.0)


def action(object_name: str = "Apache", name: str = "Restart") -> Action:
    spec = FileSpec(None, None, 0o640)
    return Action(
        ActionId(object_name, name),
        Folder("/srv/controls/Apache", spec),
        "Apache",
        Command(("/bin/true",), "root", "root", 10),
        Access(()),
        spec,
    )


RESTART = action()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state"


def load(path: Path, *actions: Action) -> Started:
    """As a new daemon does; nothing may have to be set aside."""
    state = StateDirectory(path)
    started = state.load(actions)
    assert state.notes == []
    return started


def test_nothing_is_remembered_at_first(path: Path) -> None:
    assert load(path, RESTART) == Started({}, None)
    assert stat.S_IMODE(path.stat().st_mode) == 0o700


@pytest.mark.parametrize(
    "run", [RUN, UNFINISHED, replace(RUN, result=JobResult.TIMED_OUT, status=None)]
)
def test_a_run_and_the_cursor_come_back(path: Path, run: Run) -> None:
    state = StateDirectory(path)
    assert state.save_run(SaveRun(RESTART, run)) == ""
    assert state.save_cursor(SaveCursor("s=a;i=b")) == ""
    assert load(path, RESTART) == Started({RESTART.id: run}, "s=a;i=b")
    assert all(stat.S_IMODE(file.stat().st_mode) == 0o600 for file in path.iterdir())


def test_the_last_one_counts(path: Path) -> None:
    state = StateDirectory(path)
    for number in range(3):
        state.save_run(SaveRun(RESTART, replace(RUN, job=f"j-{number}")))
        state.save_cursor(SaveCursor(f"{number}"))
    started = load(path, RESTART)
    assert started.runs[RESTART.id].job == "j-2"
    assert started.cursor == "2"
    assert len([*path.iterdir()]) == 2


def test_actions_that_are_configured_no_more_are_not_told_and_not_removed(path: Path) -> None:
    StateDirectory(path).save_run(SaveRun(RESTART, RUN))
    assert load(path, action("Apache", "Stop")) == Started({}, None)
    assert load(path, RESTART).runs == {RESTART.id: RUN}


def test_another_spelling_is_the_same_action(path: Path) -> None:
    StateDirectory(path).save_run(SaveRun(RESTART, RUN))
    other = action("APACHE", "restart")
    assert load(path, other).runs == {other.id: RUN}


NAMES = [
    ("a+b", "c"), ("a", "b+c"), ("a", "+b"), ("a+", "b"), ("..", "."), ("a/b", "../c"), ("ä" * 90, "ß"),
    ("cursor", "json"), ("x" * 255, "y" * 255), ("x" * 255, "y" * 254), ("\udcff", "%FF"), ("a b", "c\nd"),
]  # fmt: skip


def test_no_two_actions_share_a_file(path: Path) -> None:
    state = StateDirectory(path)
    actions = [action(*names) for names in NAMES]
    for number, one in enumerate(actions):
        assert state.save_run(SaveRun(one, replace(RUN, job=f"j-{number}"))) == ""
    state.save_cursor(SaveCursor("c"))
    started = load(path, *actions)
    assert [started.runs[one.id].job for one in actions] == [f"j-{n}" for n in range(len(NAMES))]
    assert sorted(path.parent.iterdir()) == [path]


def the_run_file(path: Path) -> Path:
    StateDirectory(path).save_run(SaveRun(RESTART, RUN))
    (file,) = path.glob("run.*.json")
    return file


WHOLE = {
    "object": "Apache",
    "action": "Restart",
    "run": {
        "job": "j", "user": "u", "uid": 1, "client": "c", "cursor": "c", "started": 1.0, "ended": None,
        "result": None, "status": None, "tail": "", "error": "",
    },
}  # fmt: skip


def changed(**run: object) -> bytes:
    return json.dumps(WHOLE | {"run": WHOLE["run"] | run}).encode()  # type: ignore[operator]


BROKEN = {
    "empty": b"",
    "half": b'{"object": "Apa',
    "not utf-8": b"\xff\xfe",
    "deep": b"[" * 100_000,
    "a list": b"[]",
    "a number": b"1",
    "no run": b'{"object": "Apache", "action": "Restart"}',
    "another action": json.dumps(WHOLE | {"action": "Stop"}).encode(),
    "a run that is none": json.dumps(WHOLE | {"run": []}).encode(),
    "a field too many": changed(shoe_size=44),
    "a wrong type": changed(uid="1001"),
    "a boolean": changed(status=True),
    "a result of another version": changed(result="exploded"),
    "an empty result": changed(result=""),
}


def test_the_whole_one_is_whole(path: Path) -> None:
    the_run_file(path).write_bytes(changed())
    assert load(path, RESTART).runs[RESTART.id].job == "j"


@pytest.mark.parametrize("kind", BROKEN)
def test_a_broken_run_is_set_aside_with_a_note(path: Path, kind: str) -> None:
    file = the_run_file(path)
    file.write_bytes(BROKEN[kind])
    state = StateDirectory(path)
    assert state.load([RESTART]) == Started({}, None)
    (note,) = state.notes
    assert note.startswith(f"cannot use {file}: ")
    assert note.endswith(f"it was set aside as {file.name}.broken")
    assert file.with_name(f"{file.name}.broken").read_bytes() == BROKEN[kind]
    assert not file.exists()
    assert load(path, RESTART) == Started({}, None)


@pytest.mark.parametrize(
    "content", [b"", b"[]", b'{"cursor": 1}', b'{"curser": "x"}', b"null and void"]
)
def test_a_broken_cursor_is_set_aside_with_a_note(path: Path, content: bytes) -> None:
    state = StateDirectory(path)
    state.save_cursor(SaveCursor("c"))
    (path / "cursor.json").write_bytes(content)
    assert state.load([]) == Started({}, None)
    assert len(state.notes) == 1
    assert (path / "cursor.json.broken").exists()


@pytest.mark.parametrize("make", [os.mkfifo, Path.mkdir, lambda one: one.symlink_to("/etc/passwd")])
def test_what_is_no_file_is_set_aside_and_not_followed(
    path: Path, make: Callable[[Path], object]
) -> None:
    file = the_run_file(path)
    file.unlink()
    make(file)
    state = StateDirectory(path)
    assert state.load([RESTART]) == Started({}, None)
    assert "it is not a file; it was set aside" in state.notes[0]
    assert load(path, RESTART) == Started({}, None)


def test_what_cannot_be_set_aside_is_noted(path: Path) -> None:
    file = the_run_file(path)
    file.write_bytes(b"")
    (path / f"{file.name}.broken" / "full").mkdir(parents=True)
    state = StateDirectory(path)
    assert state.load([RESTART]) == Started({}, None)
    assert state.notes[0].endswith("; remove it (Is a directory)")


def test_a_write_that_was_cut_short_leaves_the_old_one(path: Path) -> None:
    """What a daemon that died while it wrote leaves behind."""
    file = the_run_file(path)
    file.with_name(f"{file.name}.new").write_bytes(b'{"object": "Apa')
    assert load(path, RESTART).runs == {RESTART.id: RUN}
    StateDirectory(path).save_run(SaveRun(RESTART, UNFINISHED))
    assert load(path, RESTART).runs == {RESTART.id: UNFINISHED}
    assert [*path.iterdir()] == [file]


def test_died_between_the_removal_and_the_rename(path: Path) -> None:
    file = the_run_file(path)
    file.rename(file.with_name(f"{file.name}.new"))
    assert load(path, RESTART).runs == {RESTART.id: RUN}
    assert [*path.iterdir()] == [file]


def test_what_cannot_be_saved_is_answered(path: Path) -> None:
    state = StateDirectory(path)
    (path / "cursor.json").mkdir()
    why = state.save_cursor(SaveCursor("c"))
    assert why.startswith(f"cannot save {path / 'cursor.json'}: Is a directory; see that")
    shutil.rmtree(path)
    assert "No such file or directory" in state.save_run(SaveRun(RESTART, RUN))


def test_a_link_in_the_way_of_writing_is_not_followed(path: Path) -> None:
    state = StateDirectory(path)
    victim = path.parent / "victim"
    victim.write_bytes(b"precious")
    (path / "cursor.json.new").symlink_to(victim)
    assert "cannot save" in state.save_cursor(SaveCursor("c"))
    assert victim.read_bytes() == b"precious"


def test_a_directory_that_cannot_be_made(tmp_path: Path) -> None:
    with pytest.raises(EdgeError, match=r"^cannot make the state directory .*StateDirectory=fui"):
        StateDirectory(tmp_path / "missing" / "state")
    (tmp_path / "file").touch()
    with pytest.raises(EdgeError, match="File exists"):
        StateDirectory(tmp_path / "file")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may do everything")
def test_a_directory_of_somebody_else(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(EdgeError, match="make FUI's user its owner"):
        StateDirectory(tmp_path)
    tmp_path.chmod(0o700)


texts = st.text(st.characters(exclude_categories=()), max_size=40).filter(
    lambda text: not any("\ud800" <= character < "\udc80" for character in text)
)


@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(names=st.tuples(texts, texts), tail=texts, cursor=texts, number=st.floats(allow_nan=False))
def test_property_whatever_is_saved_comes_back(
    path: Path, names: tuple[str, str], tail: str, cursor: str, number: float
) -> None:
    state, one = StateDirectory(path), action(*names)
    run = replace(RUN, tail=tail, started=number, ended=None, result=JobResult.FAILED)
    assert state.save_run(SaveRun(one, run)) == ""
    assert state.save_cursor(SaveCursor(cursor)) == ""
    assert load(path, one) == Started({one.id: run}, cursor)
