"""The two locks agree: by the NT ACL those may delete a flag whom the daemon lets press it."""

import os
import struct
import tempfile
from collections.abc import Iterator

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from fui.core.authorize import Granted, authorize
from fui.edges.share import nss
from fui.edges.share.rights import ATTRIBUTE, Rights
from fui.edges.share.security_descriptor import EVERYONE, Entry, Kind, Sid, unix_group, unix_user
from fui.model.menu import Access, Action, ActionId, Command, FileSpec, Folder, Subject, SubjectKind
from tests.property.test_security_descriptor import read_entries
from tests.unit.edges.share_stage import needs_attributes

pytestmark = needs_attributes

UIDS = {"alice": 4001, "bob": 4002, "mallory": 4003}
GIDS = {"wwwadmins": 5001, "controls": 5002, "guests": 5003}
USERS = {name: Subject(SubjectKind.USER, name) for name in UIDS}
GROUPS = {name: Subject(SubjectKind.GROUP, name) for name in GIDS}
STRANGE = [Subject(kind, "nobody-knows") for kind in SubjectKind]
SUBJECTS = st.lists(st.sampled_from([*USERS.values(), *GROUPS.values(), *STRANGE])).map(tuple)
ACCESS = st.builds(Access, SUBJECTS, SUBJECTS)
PRESS, LOOK = 0x10100, 0x1200A9


@pytest.fixture(scope="module", autouse=True)
def _people() -> Iterator[None]:
    """Have a name service with these people, and no others."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(nss, "uid_of", UIDS.get)
        patch.setattr(nss, "gid_of", GIDS.get)
        yield


def made(access: Access, mode: int) -> list[Entry]:
    """Have a file bear the ACL of an action; return what it says."""
    folder = Folder("/nowhere", FileSpec(None, None, 0o770))
    command = Command(("/bin/true",), "root", "root", 1.0)
    action = Action(ActionId("A", "a"), folder, ("a",), command, access, folder.spec)
    rights = Rights((action,), enforced=True)
    with tempfile.TemporaryFile() as file:
        rights.give_file(file.fileno(), access, (os.geteuid(), GIDS["controls"]), mode, "a file")
        data = os.getxattr(file.fileno(), ATTRIBUTE)
    return read_entries(data, struct.unpack_from("<I", data, 24)[0])


def granted(entries: list[Entry], token: set[Sid]) -> int:
    """Return all that a session gets: the first entry that names a right decides ([MS-DTYP] 2.5.3.2)."""
    allowed = denied = 0
    for entry in entries:
        if entry.sid in token and entry.kind is Kind.ALLOW:
            allowed |= entry.mask & ~denied
        elif entry.sid in token:
            denied |= entry.mask & ~allowed
    return allowed


@given(
    access=ACCESS,
    user=st.sampled_from([*UIDS]),
    groups=st.sets(st.sampled_from([*GIDS])),
    mode=st.integers(0, 0o777),
)
@example(Access((USERS["alice"],), (GROUPS["guests"],)), "alice", {"guests"}, 0o640)
@example(Access((GROUPS["guests"],), (USERS["alice"],)), "alice", {"guests"}, 0o640)
def test_who_may_press_may_delete_and_nobody_may_do_more(
    access: Access, user: str, groups: set[str], mode: int
) -> None:
    entries = made(access, mode)
    token = {EVERYONE, unix_user(UIDS[user]), *(unix_group(GIDS[name]) for name in groups)}
    rights = granted(entries, token)
    within = frozenset({USERS[user], *(GROUPS[name] for name in groups)})
    if isinstance(authorize(access, user, within, user), Granted):
        assert rights & PRESS == PRESS
    else:
        assert not rights & PRESS
        readable = mode & 0o004 or (mode & 0o040 and "controls" in groups)
        listed = any(subject in within for subject in access.allow)
        assert bool(rights & LOOK) == bool(readable or listed)
    assert not rights & ~(PRESS | LOOK)
