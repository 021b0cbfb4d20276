from dataclasses import replace

import pytest

from fui.core.audit_line import parse
from fui.model.menu import Settings
from fui.model.record import Entry, NotARecord, Operation, Record, Refused

SETTINGS = Settings("/srv/controls")
ENTRY = Entry(
    cursor="c1",
    sent=1.0,
    wall=2.0,
    uid=1001,
    gid=0,
    unit="smbd.service",
    transport="syslog",
    identifier="smbd_audit",
    facility=21,
    message="alice|192.0.2.7|Controls|unlinkat|ok|/srv/controls/Apache/Restart [Ready].txt",
)
UNITS = "smbd.service or smb.service or samba-ad-dc.service"
PATH = "/srv/controls/Apache/Restart [Ready].txt"


def test_a_deletion() -> None:
    assert parse(ENTRY, SETTINGS) == Record(
        "c1", 1.0, 2.0, 1001, "alice", "192.0.2.7", Operation.UNLINK, PATH, target=""
    )


def test_every_user_but_root_is_one() -> None:
    record = parse(replace(ENTRY, uid=1), SETTINGS)
    assert isinstance(record, Record)
    assert record.uid == 1


def with_text(text: str) -> Record | Refused | NotARecord:
    return parse(replace(ENTRY, message=text), SETTINGS)


@pytest.mark.parametrize(
    ("rest", "path", "target"),
    [
        (
            f"{PATH}|/srv/controls/Execute/Restart [Ready].txt",
            PATH,
            "/srv/controls/Execute/Restart [Ready].txt",
        ),
        ("/a|b|/c", "/a|b", "/c"),
        ("/a|/b|c", "/a", "/b|c"),
        ("/a|/b|", "/a", "/b|"),
        ("/a\n|/b\n", "/a\n", "/b\n"),
        ("/a|/b c ", "/a", "/b c "),
        ("/a|/", "/a", "/"),
    ],
)
def test_a_rename_names_its_source_and_its_target(rest: str, path: str, target: str) -> None:
    record = with_text(f"alice|::1|Controls|renameat|ok|{rest}")
    assert isinstance(record, Record)
    assert (record.operation, record.path, record.target) == (Operation.RENAME, path, target)


@pytest.mark.parametrize("rest", ["/a", "/a|b", "/a|/b|/c", "a|/b", ""])
def test_a_rename_that_could_mean_two_things_means_nothing(rest: str) -> None:
    answer = with_text(f"alice|::1|Controls|renameat|ok|{rest}")
    assert answer == NotARecord(
        "c1", suspicious=True, why="the path in renameat cannot be told apart"
    )


@pytest.mark.parametrize("name", ["x|y", "x\ny", " x ", "x\udcff", "unlinkat|ok|/srv"])
def test_a_deleted_name_is_taken_whole(name: str) -> None:
    record = with_text(f"alice|::1|Controls|unlinkat|ok|/srv/{name}")
    assert isinstance(record, Record)
    assert record.path == f"/srv/{name}"


@pytest.mark.parametrize(
    "text",
    [
        "alice|::1|Controls|connect|ok|Controls",
        "alice|::1|Controls|unlinkat|fail (No such file or directory)|/srv/x",
        "alice|::1|Controls|mkdirat|ok|/srv/x",
    ],
)
def test_what_removes_nothing_is_no_record_and_no_suspicion(text: str) -> None:
    """Not even from uid 0, as which smbd connects."""
    answer = parse(replace(ENTRY, message=text, uid=0), SETTINGS)
    assert isinstance(answer, NotARecord)
    assert not answer.suspicious


@pytest.mark.parametrize(
    "text", ["", "hello", "alice|unlinkat|ok|/x", "|::1|C|unlinkat|ok|/x", "a|b|c|UNLINK|ok|/x"]
)
def test_what_cannot_be_read_is_suspicious(text: str) -> None:
    answer = with_text(text)
    assert isinstance(answer, NotARecord)
    assert answer.suspicious
    assert "full_audit:prefix" in answer.why


@pytest.mark.parametrize(
    ("other", "why"),
    [
        ({"transport": "journal"}, "it came by journal, not by syslog"),
        ({"transport": ""}, "it came by an unknown transport, not by syslog"),
        (
            {"unit": "user@1001.service"},
            f"it comes from user@1001.service, not from {UNITS}",
        ),
        (
            {"unit": ""},
            f"it comes from no known unit, not from {UNITS}",
        ),
        ({"gid": 1001}, "it was sent with gid 1001; smbd sends with gid 0"),
        (
            {"uid": 0},
            "smbd acted as root, for nobody can tell whom; remove `admin users` from the share",
        ),
        (
            {"uid": -1},
            "smbd acted as root, for nobody can tell whom; remove `admin users` from the share",
        ),
    ],
)
def test_an_entry_is_believed_for_its_trusted_fields_only(
    other: dict[str, object], why: str
) -> None:
    entry = replace(ENTRY, **other)  # type: ignore[arg-type]
    assert parse(entry, SETTINGS) == NotARecord("c1", suspicious=True, why=why)


@pytest.mark.parametrize("other", [{"identifier": "sshd"}, {"facility": 3}])
def test_entries_of_others_are_not_looked_at(other: dict[str, object]) -> None:
    answer = parse(replace(ENTRY, gid=1001, **other), SETTINGS)  # type: ignore[arg-type]
    assert isinstance(answer, NotARecord)
    assert not answer.suspicious


class TestRefused:
    """A failed opening with the right to delete: Samba did not let somebody delete."""

    LINE = "bob|192.0.2.8|Controls|create_file|fail (Permission denied)|"

    @pytest.mark.parametrize("mask", ["0x10000", "0x10080", "0x10100", "0x130189", "0xffffffff"])
    def test_who_asked_for_what(self, mask: str) -> None:
        refused = with_text(f"{self.LINE}{mask}|file|open|{PATH}")
        assert refused == Refused("c1", 1.0, 2.0, 1001, "bob", "192.0.2.8", PATH)

    def test_the_error_text_says_nothing(self) -> None:
        line = self.LINE.replace("Permission denied", "Success")
        assert isinstance(with_text(f"{line}0x10000|file|open|{PATH}"), Refused)

    @pytest.mark.parametrize(
        "rest",
        [
            f"0x80|file|open|{PATH}",
            f"0x2000000|file|open|{PATH}",
            f"0x20089|dir|open_if|{PATH}",
            f"10000|file|open|{PATH}",
            f"0x123456789|file|open|{PATH}",
            f"0x10000|file|open|{PATH[1:]}",
            f"0x10000|pipe|open|{PATH}",
            "0x10000|file|open|",
            PATH,
        ],
    )
    def test_other_openings_are_none(self, rest: str) -> None:
        answer = with_text(f"{self.LINE}{rest}")
        assert isinstance(answer, NotARecord)
        assert not answer.suspicious

    def test_nor_is_one_that_went_well(self) -> None:
        line = self.LINE.replace("fail (Permission denied)", "ok")
        assert isinstance(with_text(f"{line}0x10000|file|open|{PATH}"), NotARecord)

    def test_nor_is_one_of_root(self) -> None:
        entry = replace(ENTRY, message=f"{self.LINE}0x10000|file|open|{PATH}", uid=0)
        answer = parse(entry, SETTINGS)
        assert isinstance(answer, NotARecord)
        assert not answer.suspicious

    def test_a_forged_one_is_not_believed(self) -> None:
        entry = replace(ENTRY, message=f"{self.LINE}0x10000|file|open|{PATH}", gid=1001)
        answer = parse(entry, SETTINGS)
        assert isinstance(answer, NotARecord)
        assert answer.suspicious
