"""Steps, and what takes them back: files, and lines in files of others."""

from pathlib import Path

import pytest

from fui.admin.setup import take_back
from fui.admin.setup.carry_out import Plan, carry_out, needed
from fui.admin.setup.follow import Follow
from fui.admin.setup.record import Made, Record
from fui.admin.setup.steps import File, Folder, Line, Run, Step, difference
from fui.model.errors import EdgeError

LINE = "include = /x"


@pytest.fixture
def record(tmp_path: Path) -> Record:
    return Record.load(tmp_path / "record")


def do(record: Record, *steps: Step) -> list[str]:
    """Carry out what is needed of these steps, with nothing that follows."""
    return list(carry_out(Plan(needed(steps), lambda _: []), record))


def undo(record: Record) -> list[str]:
    """Take everything back; what is kept, and why."""
    undone = [take_back.undo(made) for made in take_back.in_order(record.made.values())]
    rest = tuple(each for each in undone if not each.show())
    list(carry_out(Plan(needed(undone), lambda _: [], undone=rest), record))
    assert not record.made
    return [each.kept for each in undone if each.kept]


def line(path: Path) -> Line:
    return Line(str(path), LINE, lambda text: LINE in text, frozenset({Follow.SMBD_RELOAD}))


def test_a_new_file_is_shown_made_and_taken_back_with_its_folders(
    tmp_path: Path, record: Record
) -> None:
    path = tmp_path / "a/b/file"
    step = File(str(path), "one\ntwo\n", mode=0o440)
    assert step.show() == f"--- /dev/null\n+++ {path}\n@@ -0,0 +1,2 @@\n+one\n+two"
    assert do(record, step) == [f"write {path}"]
    assert path.read_text() == "one\ntwo\n"
    assert path.stat().st_mode & 0o777 == 0o440
    assert [each.name for each in path.parent.iterdir()] == ["file"]
    assert do(record, step) == []
    assert undo(record) == []
    assert not (tmp_path / "a").exists()


def test_a_file_that_was_there_is_put_back_as_it_was(tmp_path: Path, record: Record) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"old \xff\n")
    do(record, File(str(path), "new\n"))
    do(record, File(str(path), "newer\n"))
    assert path.read_text() == "newer\n"
    assert undo(record) == []
    assert path.read_bytes() == b"old \xff\n"


def test_a_file_that_the_administrator_changed_is_kept_and_told(
    tmp_path: Path, record: Record
) -> None:
    path = tmp_path / "file"
    do(record, File(str(path), "new\n"))
    path.write_text("new\nmine\n")
    assert undo(record) == [f"{path}: it was changed since, and stays as it is"]
    assert path.read_text() == "new\nmine\n"


def test_a_kill_between_the_entry_and_the_change_loses_nothing(
    tmp_path: Path, record: Record
) -> None:
    path = tmp_path / "file"
    do(record, File(str(path), "first\n"))
    stopped = carry_out(Plan((File(str(path), "second\n"),), lambda _: []), record)
    assert next(stopped) == f"write {path}"  # and killed here: the entry has the text to come
    stopped.close()
    assert undo(Record.load(record.directory)) == []
    assert not path.exists()


def test_a_file_of_the_administrators_own_is_not_remembered(tmp_path: Path, record: Record) -> None:
    do(record, Folder(str(tmp_path / "etc")), File(str(tmp_path / "etc/x"), "x\n", kept=True))
    assert not record.made
    assert (tmp_path / "etc/x").read_text() == "x\n"
    assert do(record, Folder(str(tmp_path / "etc"))) == []


def test_a_file_that_nobody_needs_to_read_is_named(tmp_path: Path) -> None:
    path = tmp_path / "catalogue"
    step = File(str(path), "1\n2\n", brief=True)
    assert step.show() == f"write {path} (2 lines)"
    path.write_text("1\n")
    assert "+2" in step.show()


def test_what_a_check_refuses_never_lands(tmp_path: Path, record: Record) -> None:
    path = tmp_path / "sudoers"
    path.write_text("good\n")
    seen: list[str] = []

    def refuse(candidate: str) -> None:
        seen.append(Path(candidate).read_text())
        raise EdgeError("cannot")

    with pytest.raises(EdgeError):
        do(record, File(str(path), "bad\n", check=refuse))
    assert seen == ["bad\n"]
    assert path.read_text() == "good\n"
    assert sorted(each.name for each in tmp_path.iterdir()) == ["record", "sudoers"]


@pytest.mark.parametrize("before", ["", "[global]\n", "[global]\n x = y", "[a]\n\n\n"])
def test_a_line_is_added_and_taken_out_without_a_trace(
    tmp_path: Path, record: Record, before: str
) -> None:
    path = tmp_path / "smb.conf"
    path.write_text(before)
    do(record, line(path))
    assert path.read_text().splitlines()[-1] == LINE
    assert path.read_text().endswith(f"{LINE}\n")
    assert do(record, line(path)) == []
    assert undo(record) == []
    assert path.read_text() == before


def test_only_the_line_goes_when_others_came_after_it(tmp_path: Path, record: Record) -> None:
    path = tmp_path / "smb.conf"
    path.write_text("[global]")
    do(record, line(path))
    path.write_text(path.read_text() + "[Controls]\nhosts allow = 192.0.2.\n")
    undo(record)
    assert path.read_text() == "[global]\n[Controls]\nhosts allow = 192.0.2.\n"


def test_a_line_that_was_there_is_not_taken_out(tmp_path: Path, record: Record) -> None:
    path = tmp_path / "smb.conf"
    path.write_text(f"{LINE}\n")
    assert do(record, line(path)) == []
    undo(record)
    assert path.read_text() == f"{LINE}\n"


def test_a_link_stays_a_link_and_owner_and_mode_of_its_target_stay(
    tmp_path: Path, record: Record
) -> None:
    target, link = tmp_path / "real.conf", tmp_path / "smb.conf"
    target.write_text("[global]\n")
    target.chmod(0o604)
    link.symlink_to("real.conf")
    do(record, line(link))
    assert link.is_symlink()
    assert target.read_text() == f"[global]\n{LINE}\n"
    assert target.stat().st_mode & 0o777 == 0o604


def test_what_a_killed_setup_left_beside_a_file_is_in_nobodys_way(
    tmp_path: Path, record: Record
) -> None:
    tmp_path.joinpath(".x.fui-setup").write_text("half")
    do(record, File(str(tmp_path / "x"), "whole\n"))
    assert not tmp_path.joinpath(".x.fui-setup").exists()
    assert tmp_path.joinpath("x").read_text() == "whole\n"


def test_what_cannot_be_written_is_told(tmp_path: Path, record: Record) -> None:
    tmp_path.joinpath("file").write_text("")
    with pytest.raises(EdgeError, match=r"^cannot read .*: Not a directory"):
        do(record, File(str(tmp_path / "file/below"), "x"))
    with pytest.raises(EdgeError, match=r"^cannot read .*: Is a directory"):
        do(record, File(str(tmp_path), "x"))


def test_a_command_is_run_where_it_is_needed(tmp_path: Path, record: Record) -> None:
    path = tmp_path / "made"
    step = Run(("/usr/bin/touch", str(path)), path.exists, Made("group", "x"))
    assert do(record, step) == [f"run: touch {path}"]
    assert list(record.made) == [("group", "x")]
    assert do(record, step) == []
    with pytest.raises(EdgeError, match=r"^cannot run /usr/bin/false: exit status 1"):
        do(record, Run(("/usr/bin/false",), lambda: False))


def test_what_others_wrote_harms_no_terminal() -> None:
    shown = difference("/etc/x", "a\x1b[2J\n", "b\n")
    assert "\x1b" not in shown
    assert r"-a\x1b[2J" in shown


def test_a_plan_remembers_what_follows_until_it_is_done(tmp_path: Path, record: Record) -> None:
    step = line(tmp_path / "smb.conf")
    stopped = carry_out(Plan((step,), lambda _: []), record)
    next(stopped)
    stopped.close()
    assert Record.load(record.directory).pending == {Follow.SMBD_RELOAD}


def test_what_is_undone_goes_in_an_order_in_which_nothing_dangles() -> None:
    entries = [
        Made(kind, "x")
        for kind in ("group", "account", "member", "share", "file", "line", "label", "service")
    ]
    assert [made.kind for made in take_back.in_order(entries)] == [
        "service",
        "line",
        "file",
        "label",
        "share",
        "member",
        "account",
        "group",
    ]


def test_what_is_not_there_any_more_needs_no_undoing() -> None:
    for made in (
        Made("group", "no-such-group"),
        Made("account", "no-such-user"),
        Made("member", "no-such-user:no-such-group"),
        Made("share", "/no/such/share"),
        Made("file", "/no/such/file"),
        Made("line", "/no/such/file", "x\n"),
    ):
        step = take_back.undo(made)
        assert step.show() == ""
        assert not step.kept
