"""What is remembered, on a real directory."""

import json
import os
import resource
import shutil
import stat
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fui.edges.state import StateDirectory
from fui.edges.state.content import LIST_MAX
from fui.model.effects import SaveCursor, SaveHistory, SaveJob, SaveQueue
from fui.model.errors import EdgeError
from fui.model.events import Started
from fui.model.job import HISTORY, History, Job, Queued, Run, Use
from fui.model.menu import (
    Access,
    Action,
    ActionId,
    Command,
    FileSpec,
    Folder,
    Hours,
    Limit,
    Span,
    Subject,
    SubjectKind,
)
from fui.model.states import Intervention, JobResult, JobState

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


def opened(path: Path) -> StateDirectory:
    return StateDirectory(path, path.with_name("jobs"))


def action(object_name: str = "Apache", name: str = "Restart") -> Action:
    spec = FileSpec(None, None, 0o640)
    return Action(
        ActionId(object_name, name),
        Folder("/srv/controls/Apache", spec),
        ("Apache",),
        Command(("/bin/true",), "root", "root", 10),
        Access(()),
        spec,
    )


RESTART = action()
OLDER = replace(RUN, job="j-0", tail="")
USES = (Use(1001, 1700000000.25, 1700000001.5), Use(1002, 1700000000))
HISTORY_OF_RUN = History((OLDER, RUN), USES)
QUEUED = Queued(RESTART.id, "bob", 1003, "192.0.2.9", "s=1;i=3")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state"


def load(path: Path, *actions: Action) -> Started:
    """As a new daemon does; nothing may have to be set aside."""
    state = opened(path)
    started = state.load(actions)
    assert state.notes == []
    return started


def test_nothing_is_remembered_at_first(path: Path) -> None:
    assert load(path, RESTART) == Started()
    assert stat.S_IMODE(path.stat().st_mode) == 0o700


@pytest.mark.parametrize(
    "history",
    [
        HISTORY_OF_RUN,
        History((UNFINISHED,)),
        History((replace(RUN, result=JobResult.TIMED_OUT, status=None),)),
        History(uses=USES),
        History(),
    ],
)
def test_runs_queue_and_cursor_come_back(path: Path, history: History) -> None:
    state = opened(path)
    assert state.save_history(SaveHistory(RESTART.id, history)) == ""
    assert state.save_cursor(SaveCursor("s=a;i=b")) == ""
    assert state.save_queue(SaveQueue((QUEUED, replace(QUEUED, uid=0)))) == ""
    assert load(path, RESTART) == Started(
        {RESTART.id: history}, "s=a;i=b", (QUEUED, replace(QUEUED, uid=0))
    )
    assert all(stat.S_IMODE(file.stat().st_mode) == 0o600 for file in path.iterdir())


def test_the_last_one_counts(path: Path) -> None:
    state = opened(path)
    for number in range(3):
        run = replace(RUN, job=f"j-{number}")
        state.save_history(SaveHistory(RESTART.id, History((run,))))
        state.save_cursor(SaveCursor(f"{number}"))
        state.save_queue(SaveQueue((QUEUED,) * (2 - number)))
        state.save_folders((f"/srv/{number}",))
    started = load(path, RESTART)
    assert started.histories[RESTART.id] == History((run,))
    assert (started.cursor, started.queued) == ("2", ())
    assert opened(path).folders() == ("/srv/2",)
    assert len([*path.iterdir()]) == 4


def test_histories_of_some_actions(path: Path) -> None:
    state = opened(path)
    state.save_history(SaveHistory(RESTART.id, HISTORY_OF_RUN))
    assert state.histories([RESTART, action("Apache", "Stop")]) == {RESTART.id: HISTORY_OF_RUN}
    assert state.histories([]) == {}


def test_actions_that_are_configured_no_more_are_not_told_and_not_removed(path: Path) -> None:
    opened(path).save_history(SaveHistory(RESTART.id, HISTORY_OF_RUN))
    assert load(path, action("Apache", "Stop")) == Started()
    assert load(path, RESTART).histories == {RESTART.id: HISTORY_OF_RUN}


def test_presses_of_an_action_that_is_configured_no_more_are_told(path: Path) -> None:
    gone = replace(QUEUED, action=ActionId("Gone", "Go"))
    opened(path).save_queue(SaveQueue((gone,)))
    assert load(path, RESTART).queued == (gone,)


def test_another_spelling_is_the_same_action(path: Path) -> None:
    opened(path).save_history(SaveHistory(RESTART.id, HISTORY_OF_RUN))
    other = action("APACHE", "restart")
    assert load(path, other).histories == {other.id: HISTORY_OF_RUN}


FOLDERS = ("/srv/controls/Apache", "/srv/controls/ä \udcff\n", "/a")


def test_folders_come_back(path: Path) -> None:
    state = opened(path)
    assert state.folders() == ()
    assert state.save_folders(FOLDERS) == ""
    assert opened(path).folders() == FOLDERS
    assert state.save_folders(()) == ""
    assert opened(path).folders() == ()
    assert state.notes == []


def test_much_of_it_has_a_limit(path: Path) -> None:
    state = opened(path)
    runs = tuple(replace(RUN, job=f"j-{number}") for number in range(HISTORY + 3))
    uses = tuple(Use(number, 1.0, 2.0) for number in range(LIST_MAX + 3))
    queued = tuple(replace(QUEUED, uid=number) for number in range(LIST_MAX + 3))
    paths = tuple(f"/srv/{number}" for number in range(LIST_MAX + 3))
    state.save_history(SaveHistory(RESTART.id, History(runs, uses)))
    state.save_queue(SaveQueue(queued))
    state.save_folders(paths)
    started = load(path, RESTART)
    assert started.histories[RESTART.id] == History(runs[3:], uses[3:]), "the newest"
    assert started.queued == queued[:LIST_MAX], "the oldest"
    assert opened(path).folders() == paths[:LIST_MAX]


NAMES = [
    ("a+b", "c"), ("a", "b+c"), ("a", "+b"), ("a+", "b"), ("..", "."), ("a/b", "../c"), ("ä" * 90, "ß"),
    ("cursor", "json"), ("x" * 255, "y" * 255), ("x" * 255, "y" * 254), ("\udcff", "%FF"), ("a b", "c\nd"),
]  # fmt: skip


def test_no_two_actions_share_a_file(path: Path) -> None:
    state = opened(path)
    actions = [action(*names) for names in NAMES]
    for number, one in enumerate(actions):
        history = History((replace(RUN, job=f"j-{number}"),))
        assert state.save_history(SaveHistory(one.id, history)) == ""
    state.save_cursor(SaveCursor("c"))
    state.save_queue(SaveQueue((QUEUED,)))
    state.save_folders(FOLDERS)
    started = load(path, *actions)
    assert [started.histories[one.id].runs[0].job for one in actions] == [
        f"j-{number}" for number in range(len(NAMES))
    ]
    assert len([*path.iterdir()]) == len(NAMES) + 3
    assert sorted(path.parent.iterdir()) == [path.with_name("jobs"), path]


def the_file(path: Path) -> Path:
    opened(path).save_history(SaveHistory(RESTART.id, HISTORY_OF_RUN))
    (file,) = path.glob("history.*.json")
    return file


A_RUN = {
    "job": "j", "user": "u", "uid": 1, "client": "c", "cursor": "c", "started": 1.0, "ended": None,
    "result": None, "status": None, "tail": "", "error": "",
}  # fmt: skip
WHOLE = {"object": "Apache", "action": "Restart", "runs": [A_RUN], "uses": [[1, 2.0, 3]]}


def with_run(**values: object) -> bytes:
    return json.dumps(WHOLE | {"runs": [A_RUN, A_RUN | values, A_RUN]}).encode()


def with_use(*use: object) -> bytes:
    return json.dumps(WHOLE | {"uses": [[1, 2.0, 3], use]}).encode()


BROKEN = {
    "empty": b"",
    "half": b'{"object": "Apa',
    "not utf-8": b"\xff\xfe",
    "deep": b"[" * 100_000,
    "a list": b"[]",
    "a number": b"1",
    "null": b"null",
    "long": b" " * (17 << 20),
    "a long number": b"1" * 5000,
    "no runs": b'{"object": "Apache", "action": "Restart", "uses": []}',
    "no uses": b'{"object": "Apache", "action": "Restart", "runs": []}',
    "another action": json.dumps(WHOLE | {"action": "Stop"}).encode(),
    "another action with a long name": json.dumps(WHOLE | {"object": "x\n" * 10_000}).encode(),
    "runs that are none": json.dumps(WHOLE | {"runs": {}}).encode(),
    "a run that is none": json.dumps(WHOLE | {"runs": [None]}).encode(),
    "a run without fields": json.dumps(WHOLE | {"runs": [{}]}).encode(),
    "a field too many": with_run(shoe_size=44),
    "a wrong type": with_run(uid="1001"),
    "a deep value": with_run(tail=[[[[[[[[[[[{}]]]]]]]]]]]),
    "a uid below zero": with_run(uid=-1),
    "a uid over all": with_run(uid=2**32),
    "a uid with a fraction": with_run(uid=1.5),
    "a boolean": with_run(status=True),
    "a boolean as a time": with_run(started=True),
    "a text of no characters": with_run(user="\ud800"),
    "a time that is none": with_run(started=float("nan")),
    "a time without end": with_run(ended=float("inf")),
    "a time before time": with_run(started=-0.5),
    "a time that no calendar has": with_run(ended=10**12),
    "a time that is after all in the far east": with_run(ended=253_402_300_799),
    "no time": with_run(started=None),
    "a result of another version": with_run(result="exploded"),
    "an empty result": with_run(result=""),
    "a result in a list": with_run(result=["done"]),
    "a use with too little": with_use(1, 2.0),
    "a use with too much": with_use(1, 2.0, 3.0, 4.0),
    "a use of nobody": with_use(None, 2.0, 3.0),
    "a use at no time": with_use(1, "2", 3.0),
    "a use that is none": json.dumps(WHOLE | {"uses": [{"uid": 1}]}).encode(),
}


def test_the_whole_one_is_whole(path: Path) -> None:
    the_file(path).write_bytes(with_run())
    history = load(path, RESTART).histories[RESTART.id]
    assert [run.job for run in history.runs] == ["j"] * 3
    assert history.last == history.runs[-1]
    assert history.uses == (Use(1, 2.0, 3.0),)


@pytest.mark.parametrize("kind", BROKEN)
def test_a_broken_history_is_set_aside_with_a_note(path: Path, kind: str) -> None:
    file = the_file(path)
    file.write_bytes(BROKEN[kind])
    state = opened(path)
    assert state.load([RESTART]) == Started()
    (note,) = state.notes
    assert note.startswith(f"cannot use {file}: ")
    assert note.endswith(f"it was set aside as {file.name}.broken")
    assert len(note) < len(str(path)) + 300
    assert note.isprintable()
    assert file.with_name(f"{file.name}.broken").read_bytes() == BROKEN[kind]
    assert not file.exists()
    assert load(path, RESTART) == Started()


def test_one_broken_history_takes_no_other_down(path: Path) -> None:
    file = the_file(path)
    stop = action("Apache", "Stop")
    opened(path).save_history(SaveHistory(stop.id, HISTORY_OF_RUN))
    file.write_bytes(b"")
    state = opened(path)
    assert state.histories([RESTART, stop]) == {stop.id: HISTORY_OF_RUN}
    assert len(state.notes) == 1


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"null", b'{"cursor": 1}', b'{"curser": "x"}', b"null and void"]
)
def test_a_broken_cursor_is_set_aside_with_a_note(path: Path, content: bytes) -> None:
    state = opened(path)
    state.save_cursor(SaveCursor("c"))
    (path / "cursor.json").write_bytes(content)
    assert state.load([]) == Started()
    assert len(state.notes) == 1
    assert (path / "cursor.json.broken").exists()


A_PRESS = {"action": ["Apache", "Restart"], "user": "u", "uid": 1, "client": "c", "cursor": "c"}


@pytest.mark.parametrize(
    "queued",
    [
        None, {}, "", [None], [[]], [{}], [A_PRESS, {"user": "u"}], [A_PRESS | {"uid": "1"}],
        [A_PRESS | {"action": "Apache/Restart"}], [A_PRESS | {"action": ["Apache"]}],
        [A_PRESS | {"action": ["Apache", 1]}], [A_PRESS | {"action": None}], [A_PRESS | {"more": 1}],
    ],
)  # fmt: skip
def test_a_broken_queue_is_set_aside_with_a_note(path: Path, queued: object) -> None:
    state = opened(path)
    state.save_queue(SaveQueue((QUEUED,)))
    (path / "queue.json").write_text(json.dumps({"queued": queued}), encoding="ascii")
    assert state.load([]) == Started()
    assert len(state.notes) == 1
    assert (path / "queue.json.broken").exists()


@pytest.mark.parametrize(
    "paths",
    [
        None, {}, "/srv", ["srv"], [""], ["/"], ["//"], ["//srv"], ["/srv/"], ["/srv//a"], ["/srv/.."],
        ["/srv/../etc"], ["/srv/./a"], ["/srv/a\0b"], ["/srv/\ud800"], [1], [None], ["/srv", "etc"],
    ],
)  # fmt: skip
def test_broken_folders_are_set_aside_with_a_note(path: Path, paths: object) -> None:
    state = opened(path)
    (path / "folders.json").write_text(json.dumps({"folders": paths}), encoding="ascii")
    assert state.folders() == ()
    assert len(state.notes) == 1
    assert (path / "folders.json.broken").exists()


@pytest.mark.parametrize("make", [os.mkfifo, Path.mkdir, lambda one: one.symlink_to("/etc/passwd")])
def test_what_is_no_file_is_set_aside_and_not_followed(
    path: Path, make: Callable[[Path], object]
) -> None:
    file = the_file(path)
    file.unlink()
    make(file)
    state = opened(path)
    assert state.load([RESTART]) == Started()
    assert "it is not a file; it was set aside" in state.notes[0]
    assert load(path, RESTART) == Started()


def test_what_cannot_be_set_aside_is_noted(path: Path) -> None:
    file = the_file(path)
    file.write_bytes(b"")
    (path / f"{file.name}.broken" / "full").mkdir(parents=True)
    state = opened(path)
    assert state.load([RESTART]) == Started()
    assert state.notes[0].endswith("; remove it (Is a directory)")


def test_a_write_that_was_cut_short_leaves_the_old_one(path: Path) -> None:
    """What a daemon that died while it wrote leaves behind."""
    file = the_file(path)
    file.with_name(f"{file.name}.new").write_bytes(b'{"object": "Apa')
    assert load(path, RESTART).histories == {RESTART.id: HISTORY_OF_RUN}
    opened(path).save_history(SaveHistory(RESTART.id, History((UNFINISHED,))))
    assert load(path, RESTART).histories == {RESTART.id: History((UNFINISHED,))}
    assert [*path.iterdir()] == [file]


def test_died_between_the_removal_and_the_rename(path: Path) -> None:
    file = the_file(path)
    file.rename(file.with_name(f"{file.name}.new"))
    assert load(path, RESTART).histories == {RESTART.id: HISTORY_OF_RUN}
    assert [*path.iterdir()] == [file]


def test_what_cannot_be_saved_is_answered(path: Path) -> None:
    state = opened(path)
    (path / "cursor.json").mkdir()
    why = state.save_cursor(SaveCursor("c"))
    assert why.startswith(f"cannot save {path / 'cursor.json'}: Is a directory; see that")
    shutil.rmtree(path)
    assert "No such file or directory" in state.save_history(
        SaveHistory(RESTART.id, HISTORY_OF_RUN)
    )


def test_what_could_not_be_saved_is_saved_with_the_next_that_can(path: Path) -> None:
    state = opened(path)
    for name in ("cursor.json", "queue.json"):
        (path / name).mkdir()
    assert "cannot save" in state.save_cursor(SaveCursor("first"))
    assert "cannot save" in state.save_cursor(SaveCursor("c7"))
    assert "cannot save" in state.save_queue(SaveQueue((QUEUED,)))
    (path / "cursor.json").rmdir()
    assert state.save_history(SaveHistory(RESTART.id, HISTORY_OF_RUN)) == ""
    assert json.loads((path / "cursor.json").read_bytes()) == {"cursor": "c7"}
    assert [*(path / "queue.json").iterdir()] == []
    (path / "queue.json").rmdir()
    assert state.save_cursor(SaveCursor("c8")) == ""
    assert load(path, RESTART) == Started({RESTART.id: HISTORY_OF_RUN}, "c8", (QUEUED,))


def test_of_what_has_no_room_nothing_is_left(path: Path) -> None:
    state = opened(path)
    assert state.save_cursor(SaveCursor("c7")) == ""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, limits[1]))  # it fails as a full disk does
    try:
        why = state.save_cursor(SaveCursor("c8" * 100))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert "File too large" in why
    assert [file.name for file in path.iterdir()] == ["cursor.json"]
    assert load(path).cursor == "c7"


def test_a_job_that_could_not_be_saved_and_is_forgotten_does_not_come_back(path: Path) -> None:
    state = opened(path)
    jobs = path.with_name("jobs")
    (jobs / f"{JOB.id}.json").mkdir()
    assert "cannot save" in state.save_job(SaveJob(JOB))
    (jobs / f"{JOB.id}.json").rmdir()
    state.forget_job(JOB.id)
    other = replace(JOB, id="5f3a-2")
    assert state.save_job(SaveJob(other)) == ""
    assert [file.name for file in jobs.iterdir()] == ["5f3a-2.json"]


def test_a_link_in_the_way_of_writing_is_not_followed(path: Path) -> None:
    state = opened(path)
    victim = path.parent / "victim"
    victim.write_bytes(b"precious")
    (path / "cursor.json.new").symlink_to(victim)
    assert "cannot save" in state.save_cursor(SaveCursor("c"))
    assert victim.read_bytes() == b"precious"


def test_a_directory_that_cannot_be_made(tmp_path: Path) -> None:
    with pytest.raises(EdgeError, match=r"^cannot make the state directory .*StateDirectory=fui"):
        StateDirectory(tmp_path / "missing" / "state", tmp_path)
    (tmp_path / "file").touch()
    with pytest.raises(EdgeError, match="File exists"):
        StateDirectory(tmp_path / "file", tmp_path)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may do everything")
def test_a_directory_of_somebody_else(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(EdgeError, match="make FUI's user its owner"):
        StateDirectory(tmp_path, tmp_path.with_name("jobs"))
    tmp_path.chmod(0o700)


texts = st.text(st.characters(exclude_categories=()), max_size=40).filter(
    lambda text: not any("\ud800" <= each < "\udc80" or "\udcff" < each < "\ue000" for each in text)
)


times = st.floats(0, 253_402_214_399)


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    names=st.tuples(texts, texts),
    tail=texts,
    cursor=texts,
    time=times,
    uid=st.integers(0, 2**32 - 1),
)
def test_property_whatever_is_saved_comes_back(
    path: Path, *, names: tuple[str, str], tail: str, cursor: str, time: float, uid: int
) -> None:
    state, one = opened(path), action(*names)
    run = replace(RUN, tail=tail, started=time, ended=None, result=JobResult.FAILED)
    history = History((run,), (Use(uid, time), Use(uid, 0, time)))
    queued = (Queued(one.id, tail, uid, cursor, tail),)
    assert state.save_history(SaveHistory(one.id, history)) == ""
    assert state.save_cursor(SaveCursor(cursor)) == ""
    assert state.save_queue(SaveQueue(queued)) == ""
    assert load(path, one) == Started({one.id: history}, cursor, queued)


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | texts,
    lambda inner: st.lists(inner, max_size=4)
    | st.dictionaries(st.sampled_from([*WHOLE, "queued", "cursor", "folders", *A_RUN]), inner, max_size=5),
))  # fmt: skip
def test_property_whatever_stands_there_fui_starts(path: Path, content: object) -> None:
    state = opened(path)
    names = [the_file(path).name, "cursor.json", "queue.json", "folders.json"]
    for name in names:
        (path / name).write_text(json.dumps(content), encoding="ascii")
    state.load([RESTART])
    state.folders()
    assert load(path, RESTART) is not None
    assert all((path / name).exists() or (path / f"{name}.broken").exists() for name in names)


# -- jobs that are under way -----------------------------------------------------------------------

JOB = Job(
    "j-2",
    replace(
        RESTART,
        groups=("web", "database"),
        description="wörds",
        cancel=Access((Subject(SubjectKind.USER, "alice"),)),
        limit=Limit(2, 60.0, 1.5, per_user=True),
        confirm=30.0,
        queue=5,
        command=replace(RESTART.command, tasks_max=64, memory_max=1 << 30),
    ),
    replace(UNFINISHED, client="\udcff"),
    due=1234.5,
)
ENDING = replace(
    JOB,
    id="j-3",
    action=replace(JOB.action, id=ActionId("Backup", "Run"), groups=()),
    run=replace(UNFINISHED, job="j-3", started=1700000001.0),
    due=None,
    state=JobState.KILLING,
    ended_because=Intervention.CANCELLED,
    ended_by="bob",
    told=True,
)


def jobs_of(path: Path) -> StateDirectory:
    return opened(path)


def test_jobs_come_back_in_the_order_of_their_starts(path: Path) -> None:
    state = opened(path)
    assert state.save_job(SaveJob(ENDING)) == ""
    assert state.save_job(SaveJob(JOB)) == ""
    assert state.save_history(SaveHistory(RESTART.id, History((UNFINISHED,)))) == ""
    started = opened(path).load([])
    assert started.jobs == (JOB, ENDING)
    assert started.histories == {RESTART.id: History((UNFINISHED,))}
    assert path.with_name("jobs").stat().st_mode & 0o777 == 0o700


def test_its_hours_are_not_kept_for_it_runs_already(path: Path) -> None:
    hours = Hours((Span(0, 0, 60),), UTC, "Mon 00:00-01:00")
    opened(path).save_job(SaveJob(replace(JOB, action=replace(JOB.action, hours=hours))))
    assert opened(path).load([]).jobs == (JOB,)


def test_one_that_ended_is_gone(path: Path) -> None:
    state = opened(path)
    state.save_job(SaveJob(JOB))
    state.forget_job(JOB.id)
    state.forget_job(JOB.id)
    assert state.load([]).jobs == ()


def test_one_that_was_being_written_when_fui_died_is_there(path: Path) -> None:
    opened(path).save_job(SaveJob(JOB))
    file = path.with_name("jobs") / "j-2.json"
    file.rename(f"{file}.new")
    assert opened(path).load([]).jobs == (JOB,)


def test_of_two_that_cannot_both_be_the_first_counts(path: Path) -> None:
    state = opened(path)
    same_action = replace(ENDING, action=JOB.action)
    same_group = replace(ENDING, action=replace(ENDING.action, groups=("database",)))
    state.save_job(SaveJob(JOB))
    for other in (same_action, same_group):
        state.save_job(SaveJob(other))
        assert state.load([]).jobs == (JOB,)
        assert state.notes == ["cannot go on with job j-3: another one holds its groups"]
        state.notes.clear()


@pytest.mark.parametrize(
    "wrong",
    [
        {"action": None},
        {"action": {"id": ["a", "b"]}},
        {"run": None},
        {"due": "soon"},
        {"due": 7},
        {"due": float("nan")},
        {"due": float("inf")},
        {"run": json.loads(with_run(job="../../etc/x"))["runs"][1]},
        {"run": json.loads(with_run(job=""))["runs"][1]},
        {"action": {"x" * 10_000: "\n"}},
        {"state": "x\n" * 10_000},
        {"state": "resting"},
        {"because": "because"},
        {"by": None},
        {"told": 1},
    ],
    ids=lambda wrong: str(wrong)[:60],
)
def test_one_that_cannot_be_read_is_set_aside(path: Path, wrong: dict[str, object]) -> None:
    opened(path).save_job(SaveJob(JOB))
    file = path.with_name("jobs") / "j-2.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | wrong))
    state = opened(path)
    assert state.load([]).jobs == ()
    (note,) = state.notes
    assert note.startswith(f"cannot use {file}: ")
    assert note.isprintable()
    assert len(note) < len(str(path)) + 400
    assert file.with_name("j-2.json.broken").exists()


def test_what_else_is_there_is_left_alone(path: Path) -> None:
    state = opened(path)
    for name in ("j-9", "else.json.old", "x.txt"):
        path.with_name("jobs").joinpath(name).touch()
    assert state.load([]).jobs == ()
    assert state.notes == []
