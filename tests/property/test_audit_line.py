from hypothesis import example, given
from hypothesis import strategies as st

from fui.core.audit_line import parse
from fui.model.menu import Settings
from fui.model.record import Entry, NotARecord, Operation, Record

SETTINGS = Settings("/srv/controls")
FLAG = "/srv/controls/Apache/Restart [Ready].txt"
entries = st.builds(
    Entry,
    cursor=st.just("c"),
    sent=st.floats(allow_nan=False),
    wall=st.just(0.0),
    uid=st.integers(-1, 70000),
    gid=st.integers(-1, 2),
    unit=st.sampled_from(["smbd.service", "", "user@1001.service"]),
    transport=st.sampled_from(["syslog", "journal"]),
    identifier=st.sampled_from(["smbd_audit", "x"]),
    facility=st.integers(20, 22),
    message=st.text() | st.from_regex(r"[a-z]*\|[^|]*\|c\|(unlinkat|renameat)\|ok\|.*"),
)
names = st.text(st.characters(exclude_characters="/\0"), min_size=1).filter(
    lambda n: n not in {".", ".."}
)


def smbd(uid: int, user: str, text: str) -> Entry:
    line = f"{user}|192.0.2.7|Controls|{text}"
    return Entry("c", 0.0, 0.0, uid, 0, "smbd.service", "syslog", "smbd_audit", 21, line)


@given(entries)
def test_any_entry_gives_a_record_or_not_a_record(entry: Entry) -> None:
    parsed = parse(entry, SETTINGS)
    assert isinstance(parsed, Record | NotARecord)
    if isinstance(parsed, Record):
        assert parsed.uid == entry.uid > 0
        assert (entry.gid, entry.unit, entry.transport) == (0, "smbd.service", "syslog")


@given(names)
@example("x|ok|/srv/controls/Apache/Restart [Ready].txt")
@example("x\nroot|::1|Controls|unlinkat|ok|y")
@example("bob|::1|Controls|unlinkat|ok|Restart [Ready].txt")
def test_no_deleted_name_forges_a_user_or_another_path(name: str) -> None:
    path = f"/srv/controls/Apache/{name}"
    parsed = parse(smbd(1001, "alice", f"unlinkat|ok|{path}"), SETTINGS)
    assert isinstance(parsed, Record)
    assert (parsed.uid, parsed.text_user, parsed.path) == (1001, "alice", path)


@given(names, names)
@example("Restart [Ready].txt|", "x")
@example("Restart [Ready].txt", "x|")
def test_no_renamed_name_passes_for_a_flag(source: str, target: str) -> None:
    folder = "/srv/controls/Apache"
    text = f"renameat|ok|{folder}/{source}|{folder}/{target}"
    parsed = parse(smbd(1001, "alice", text), SETTINGS)
    assert isinstance(parsed, NotARecord) or (
        parsed.path == f"{folder}/{source}"
        and parsed.target == f"{folder}/{target}"
        and parsed.operation is Operation.RENAME
    )


@given(names)
@example("Restart [Ready].txt|")
@example("x|")
def test_no_flag_that_is_renamed_passes_for_one_that_was_moved_to_execute_it(name: str) -> None:
    """Whatever the new name is, as long as it is not within the execute folder."""
    folder, execute = "/srv/controls/Apache", "/srv/controls/Execute/"
    parsed = parse(smbd(1001, "alice", f"renameat|ok|{FLAG}|{folder}/{name}"), SETTINGS)
    assert isinstance(parsed, NotARecord) or not parsed.target.startswith(execute)


@given(names)
def test_a_failed_deletion_is_never_a_deletion(name: str) -> None:
    text = f"unlinkat|fail (Permission denied)|/srv/controls/{name}"
    assert isinstance(parse(smbd(1001, "alice", text), SETTINGS), NotARecord)
