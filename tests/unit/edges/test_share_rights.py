"""Who may do what with a flag and in a folder, by its NT ACL, on a real file system."""

import errno
import os
import struct
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from fui.edges.share import Share, nss
from fui.edges.share.rights import ATTRIBUTE
from fui.edges.share.security_descriptor import EVERYONE, Entry, Kind, Sid, unix_group, unix_user
from fui.model.effects import ShowFlag
from fui.model.errors import EdgeError
from fui.model.events import FlagShown, FolderListed, ShareFailed
from fui.model.menu import Access, Action, FileSpec, Menu, Subject, SubjectKind
from tests.property.test_security_descriptor import read_entries, read_sid
from tests.unit.edges.share_stage import READY, STRANGER, Stage, as_root, needs_attributes

pytestmark = needs_attributes

ME = os.geteuid()
PRESS, LOOK, LOOK_AND_ADD, FULL = 0x130189, 0x1200A9, 0x1200AB, 0x1F01FF
USERS = {"alice": 4001, "mallory": 4004}
GROUPS = {"wwwadmins": 5001, "controls": 5002, "guests": 5003}
ADMINS = Subject(SubjectKind.GROUP, "wwwadmins")
ALICE, MALLORY = (Subject(SubjectKind.USER, name) for name in ("alice", "mallory"))
UNKNOWN = Subject(SubjectKind.USER, "nobody-at-all")


@pytest.fixture(autouse=True)
def _people(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have a name service with these people, and no others."""
    monkeypatch.setattr(nss, "uid_of", USERS.get)
    monkeypatch.setattr(nss, "gid_of", GROUPS.get)


def entries(path: Path) -> list[Entry]:
    """Read what the ACL of a file says."""
    data = os.getxattr(path, ATTRIBUTE)
    assert read_sid(data, struct.unpack_from("<I", data, 12)[0]) == unix_user(ME)
    assert read_sid(data, struct.unpack_from("<I", data, 16)[0]) == unix_group(path.stat().st_gid)
    return read_entries(data, struct.unpack_from("<I", data, 24)[0])


def allow(sid: Sid, mask: int) -> Entry:
    return Entry(Kind.ALLOW, sid, mask)


def deny(sid: Sid) -> Entry:
    return Entry(Kind.DENY, sid, 0x10100)


MINE = allow(unix_user(ME), FULL)
READERS = allow(unix_group(os.getegid()), LOOK)


def enforced(menu: Menu, *, enforce: bool = True) -> Menu:
    return replace(menu, settings=replace(menu.settings, enforce_in_samba=enforce))


def with_access(menu: Menu, access: Access) -> Menu:
    return replace(menu, actions=tuple(replace(each, access=access) for each in menu.actions))


def show(share: Share, action: Action, access: Access | None = None) -> Path:
    effect = ShowFlag(action, None, READY, "text\n", access or action.access)
    assert isinstance(share.show(effect, 1.5), FlagShown)
    return Path(action.folder.path) / READY


@pytest.mark.parametrize(
    ("access", "first", "last"),
    [
        (Access((ADMINS,)), [], [allow(unix_group(5001), PRESS)]),
        (Access((ALICE,)), [], [allow(unix_user(4001), PRESS)]),
        (
            Access((ADMINS, ALICE), (MALLORY,)),
            [deny(unix_user(4004))],
            [allow(unix_group(5001), PRESS), allow(unix_user(4001), PRESS)],
        ),
        (Access((ALICE,), (ADMINS,)), [deny(unix_group(5001))], [allow(unix_user(4001), PRESS)]),
        (Access((UNKNOWN,), (UNKNOWN,)), [], []),
        (Access(()), [], []),
    ],
)
def test_who_may_press(stage: Stage, access: Access, first: list[Entry], last: list[Entry]) -> None:
    menu = enforced(with_access(stage.menu, access))
    assert stage.share.furnish(menu) == []
    path = show(stage.share, menu.actions[0])
    assert entries(path) == [*first, MINE, *last, READERS]
    assert entries(stage.apache) == [MINE, READERS]


def test_what_a_press_of_it_asks_for_is_what_counts(stage: Stage) -> None:
    """The rules of `cancel` are known as well, and those that the flag is shown with hold."""
    cancel = Access((ALICE,))
    menu = enforced(with_access(stage.menu, Access((ADMINS,))))
    menu = replace(menu, actions=tuple(replace(one, cancel=cancel) for one in menu.actions))
    stage.share.furnish(menu)
    path = show(stage.share, menu.actions[0])
    assert entries(path) == [MINE, allow(unix_group(5001), PRESS), READERS]
    show(stage.share, menu.actions[0], cancel)
    assert entries(path) == [MINE, allow(unix_user(4001), PRESS), READERS]


@pytest.mark.parametrize(
    ("mode", "readers"),
    [
        (0o640, [READERS]),
        (0o600, []),
        (0o644, [READERS, allow(EVERYONE, LOOK)]),
        (0o604, [allow(EVERYONE, LOOK)]),
        (0o622, []),
        (0o440, [READERS]),
    ],
)
def test_who_may_read(tmp_path: Path, mode: int, readers: list[Entry]) -> None:
    stage = Stage(tmp_path, FileSpec(None, None, mode))
    menu = enforced(stage.menu)
    share = Share(menu)
    assert share.prepare() == []
    assert entries(show(share, menu.actions[0])) == [MINE, *readers]
    share.close()


@as_root
@pytest.mark.root
def test_the_owner_and_the_group_that_it_will_have(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who owns a file by the configuration reads it, but its ACL is FUI's: an owner may change it."""
    monkeypatch.setitem(USERS, "keeper", STRANGER)
    file = FileSpec("keeper", "guests", 0o640)
    stage = Stage(tmp_path, file, FileSpec(None, "controls", 0o2775))
    share = Share(enforced(stage.menu))
    assert share.prepare() == []
    path = show(share, stage.menu.actions[0])
    assert (path.stat().st_uid, path.stat().st_gid) == (STRANGER, 5003)
    assert entries(path) == [
        MINE, allow(unix_user(STRANGER), LOOK), allow(unix_group(5003), LOOK),
    ]  # fmt: skip
    assert entries(stage.apache) == [
        MINE, allow(unix_group(5002), LOOK), allow(EVERYONE, LOOK),
    ]  # fmt: skip
    share.close()


@as_root
@pytest.mark.root
def test_the_group_that_a_flag_inherits(tmp_path: Path) -> None:
    (tmp_path / "Apache").mkdir()
    os.chown(tmp_path / "Apache", -1, 5003)
    stage = Stage(tmp_path, folder=FileSpec(None, None, 0o2770))
    share = Share(enforced(stage.menu))
    assert share.prepare() == []
    path = show(share, stage.menu.actions[0])
    assert entries(path) == [MINE, allow(unix_group(5003), LOOK)]
    share.close()


@as_root
@pytest.mark.root
def test_two_folders_of_different_groups(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    folders = {"Apache": "controls", "Mail": "guests"}
    actions = [
        stage.make_action(name, folder=FileSpec(None, group, 0o2770))
        for name, group in folders.items()
    ]
    share = Share(enforced(replace(stage.menu, actions=tuple(actions))))
    assert share.prepare() == []
    for action, group in zip(actions, folders.values(), strict=True):
        expected = [MINE, allow(unix_group(GROUPS[group]), LOOK)]
        assert entries(Path(action.folder.path)) == expected
        assert entries(show(share, action)) == expected
    share.close()


def test_into_the_execute_folder_files_can_be_moved(stage: Stage) -> None:
    menu = enforced(replace(stage.menu, execute=stage.menu.actions[1].folder))
    menu = replace(menu, actions=menu.actions[:1])
    assert stage.share.furnish(menu) == []
    assert entries(stage.mail) == [MINE, allow(unix_group(os.getegid()), LOOK_AND_ADD)]
    assert entries(stage.apache) == [MINE, READERS]


def test_nobody_deletes_the_readme(tmp_path: Path) -> None:
    share = Share(enforced(Stage(tmp_path).menu))
    share.prepare()
    share.close()
    assert entries(tmp_path / "README.txt") == [MINE, READERS, allow(EVERYONE, LOOK)]


def test_without_enforcement_nothing_bears_one(stage: Stage) -> None:
    assert stage.share.furnish(enforced(stage.menu)) == []
    path = show(stage.share, stage.action)
    assert stage.share.furnish(enforced(stage.menu, enforce=False)) == []
    show(stage.share, stage.action)
    assert not [
        each for each in (path, stage.apache, stage.mail) if ATTRIBUTE in os.listxattr(each)
    ]


def test_a_folder_whose_rights_somebody_changed_is_mended_when_it_is_listed(stage: Stage) -> None:
    assert stage.share.furnish(enforced(stage.menu)) == []
    before = entries(stage.apache)
    for change in (
        lambda: os.setxattr(stage.apache, ATTRIBUTE, b"whatever"),
        lambda: os.removexattr(stage.apache, ATTRIBUTE),
    ):
        change()
        assert isinstance(stage.share.list(str(stage.apache)), FolderListed)
        assert entries(stage.apache) == before


def test_a_folder_whose_mode_changes_has_other_readers(stage: Stage) -> None:
    assert stage.share.furnish(enforced(stage.menu)) == []
    open_to_all = FileSpec(None, None, 0o775)
    action = stage.make_action("Apache", folder=open_to_all)
    assert stage.share.furnish(replace(enforced(stage.menu), actions=(action,))) == []
    assert entries(stage.apache) == [MINE, READERS, allow(EVERYONE, LOOK)]


def test_a_group_that_got_another_number(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was compiled goes with the configuration; a name that is not known yet counts later."""
    menu = enforced(with_access(stage.menu, Access((Subject(SubjectKind.GROUP, "operators"),))))
    assert stage.share.furnish(menu) == []
    assert entries(show(stage.share, menu.actions[0])) == [MINE, READERS]
    for gid in (6001, 6002):
        monkeypatch.setitem(GROUPS, "operators", gid)
        stage.share.furnish(menu)
        path = show(stage.share, menu.actions[0])
        assert entries(path) == [MINE, allow(unix_group(gid), PRESS), READERS]


def test_it_has_its_rights_before_anybody_can_see_it(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert stage.share.furnish(enforced(stage.menu)) == []
    seen: list[tuple[str, int]] = []
    real = os.setxattr

    def watched(descriptor: int, *args: bytes) -> None:
        mode = os.fstat(descriptor).st_mode & 0o777
        seen.append((str(Path(f"/proc/self/fd/{descriptor}").readlink().parent), mode))
        real(descriptor, *args)

    monkeypatch.setattr(os, "setxattr", watched)
    show(stage.share, stage.action)
    assert seen == [(str(stage.staging), 0o600)], "out of sight, once, and before it is given away"


# ---- what cannot be ------------------------------------------------------------------------------


def refuse(monkeypatch: pytest.MonkeyPatch, code: int) -> None:
    """Have the file system take no attribute."""

    def refused(*_: object) -> bytes:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, "setxattr", refused)
    monkeypatch.setattr(os, "removexattr", refused)


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        (errno.EOPNOTSUPP, "its file system has no user attributes; put the share on one that has"),
        (errno.ENOSPC, "its file system has no room for it (No space left on device); name groups"),
        (errno.E2BIG, "its file system has no room for it (Argument list too long); name groups"),
        (errno.EACCES, f"it belongs to {nss.user_name(ME)}; make it writable for"),
        (errno.EIO, "Input/output error"),
    ],
)
def test_what_the_file_system_does_not_take_is_told(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, code: int, reason: str
) -> None:
    assert stage.share.furnish(enforced(stage.menu)) == []
    refuse(monkeypatch, code)
    failed = stage.share.show(ShowFlag(stage.action, None, READY, ""), 1.5)
    assert isinstance(failed, ShareFailed)
    expected = f"cannot set the NT ACL of files in {stage.apache}: {reason}"
    assert failed.error.startswith(expected)
    assert failed.action == stage.action.id
    assert stage.names() == []
    os.listxattr(stage.apache)


@pytest.mark.parametrize("why", ["setting", "reading"])
def test_a_share_that_cannot_be_protected_is_refused_at_the_start(
    bare: Stage, monkeypatch: pytest.MonkeyPatch, why: str
) -> None:
    """Also where nothing can be read of attributes; without enforcement it is used all the same."""
    bare.root.mkdir()
    refuse(monkeypatch, errno.EOPNOTSUPP)
    if why == "reading":
        monkeypatch.setattr(os, "getxattr", os.setxattr)
    bare.share = Share(enforced(bare.menu))
    with pytest.raises(EdgeError, match=r"cannot set the NT ACL of .*/Apache: its file system has"):
        bare.share.prepare()
    bare.share.close()
    bare.share = Share(enforced(bare.menu, enforce=False))
    assert bare.share.prepare() == []
    bare.share.close()


@as_root
@pytest.mark.root
def test_a_file_system_without_attributes(tmp_path: Path) -> None:
    """A real one."""
    command = ["mount", "-t", "ramfs", "ramfs", str(tmp_path)]
    if subprocess.run(command, check=False).returncode != 0:
        pytest.skip("may not mount here")
    try:
        share = Share(enforced(Stage(tmp_path).menu))
        with pytest.raises(EdgeError, match="write `enforce-in-samba: false` into fui"):
            share.prepare()
        share.close()
        assert {path.name for path in tmp_path.iterdir()} == {".fui", "Apache", "Mail"}
        stage = Stage(tmp_path)
        assert stage.share.prepare() == []
        show(stage.share, stage.action)
        stage.share.close()
    finally:
        subprocess.run(["umount", str(tmp_path)], check=True)  # noqa: S607


def test_an_attribute_that_cannot_be_read_is_told(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> bytes:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(os, "getxattr", refused)
    (failed, _) = stage.share.furnish(enforced(stage.menu))
    assert isinstance(failed, ShareFailed)
    assert failed.error == f"cannot prepare {stage.apache}: Input/output error"


def test_too_many_users_are_told_before_a_flag_is_shown(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    many = {f"user{number}": 10_000 + number for number in range(3000)}
    for name, uid in many.items():
        monkeypatch.setitem(USERS, name, uid)
    access = Access(tuple(Subject(SubjectKind.USER, name) for name in many))
    failed = stage.share.furnish(enforced(with_access(stage.menu, access)))
    assert [one.folder for one in failed if isinstance(one, ShareFailed)] == [
        str(stage.apache), str(stage.mail),
    ]  # fmt: skip
    assert "3002 entries: name groups in place of single users" in str(failed[0])
