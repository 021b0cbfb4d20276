"""From raw fields to an Entry: a pure translation that no bytes can upset."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fui.edges.journal.entry import Fields, Stamp, notice, translate
from fui.model.record import Entry, Notice

TEXT = "alice|192.0.2.7|Controls|unlinkat|ok|/srv/controls/Apache/Stop [Ready].txt"
FIELDS: Fields = {
    "_TRANSPORT": b"syslog",
    "SYSLOG_FACILITY": b"21",
    "SYSLOG_IDENTIFIER": b"smbd_audit",
    "_UID": b"1001",
    "_GID": b"0",
    "_SYSTEMD_UNIT": b"smbd.service",
    "_SOURCE_REALTIME_TIMESTAMP": b"1700000000000000",
    "MESSAGE": TEXT.encode(),
    "SYSLOG_RAW": b"<173>Nov 14 22:13:20 smbd_audit: " + TEXT.encode() + b"\n",
}
STAMP = Stamp(realtime=1_700_000_000_000_400, monotonic=77_000_400, this_boot=True)
ENTRY = Entry(
    cursor="s=1;i=2",
    sent=77.0,
    wall=1_700_000_000.0,
    uid=1001,
    gid=0,
    unit="smbd.service",
    transport="syslog",
    identifier="smbd_audit",
    facility=21,
    message=TEXT,
)


def entry(stamp: Stamp = STAMP, **fields: bytes | list[bytes] | None) -> Entry:
    changed = {**FIELDS, **fields}
    return translate({k: v for k, v in changed.items() if v is not None}, "s=1;i=2", stamp)


def raw(message: bytes, header: bytes = b"<173>Nov 14 22:13:20 smbd_audit: ") -> Entry:
    """Give what journald makes of a datagram, as far as MESSAGE and SYSLOG_RAW go."""
    return entry(MESSAGE=message.rstrip(b" \t\n\r"), SYSLOG_RAW=header + message)


def test_an_entry() -> None:
    assert entry() == ENTRY


DROPS: Fields = {
    "_TRANSPORT": b"driver",
    "_UID": b"0",
    "OBJECT_SYSTEMD_UNIT": b"smbd.service",
    "N_DROPPED": b"14",
}


def test_a_notice() -> None:
    assert notice(DROPS, "c", STAMP) == Notice("c", 77.0004, "driver", 0, "smbd.service", 14)


def test_a_notice_that_says_nothing() -> None:
    assert notice({}, "c", STAMP) == Notice("c", 77.0004, "", -1, "", -1)


@pytest.mark.parametrize("number", [b"-1", b"1e3", b"", b"9" * 5000, [b"1", b"2"]])
def test_a_notice_with_an_odd_number(number: bytes | list[bytes]) -> None:
    assert notice({**DROPS, "N_DROPPED": number}, "c", STAMP).number == -1


def test_nothing_at_all() -> None:
    assert translate({}, "c", STAMP) == Entry(
        cursor="c",
        sent=77.0004,
        wall=1_700_000_000.0004,
        uid=-1,
        gid=-1,
        unit="",
        transport="",
        identifier="",
        facility=-1,
        message="",
    )


@pytest.mark.parametrize(
    "number",
    [
        None,
        b"",
        b"-1",
        b"+1",
        b" 1",
        b"1 ",
        b"1_0",
        b"0x1",
        b"\xb2",
        b"\xd9\xa1",
        b"9" * 21,
        [b"0", b"1001"],
    ],
)
def test_a_number_that_is_none(number: bytes | list[bytes] | None) -> None:
    assert entry(_UID=number) == replace(ENTRY, uid=-1)
    assert entry(_GID=number) == replace(ENTRY, gid=-1)
    assert entry(SYSLOG_FACILITY=number) == replace(ENTRY, facility=-1)


def test_the_greatest_number() -> None:
    assert entry(_UID=b"4294967295").uid == 2**32 - 1


def test_a_field_with_two_values_says_nothing() -> None:
    twice = [b"smbd.service", b"evil.service"]
    assert entry(_SYSTEMD_UNIT=twice) == replace(ENTRY, unit="")
    assert entry(_TRANSPORT=[b"syslog", b"stdout"]) == replace(ENTRY, transport="")
    assert entry(MESSAGE=[b"a", b"b"]) == replace(ENTRY, message="")
    assert entry(SYSLOG_RAW=[b"a", b"b"]) == ENTRY


class TestTime:
    """`sent` is by CLOCK_MONOTONIC, though the kernel notes only the clock on the wall."""

    def test_the_clock_was_stepped_after_the_entry_was_written(self) -> None:
        assert entry().sent == 77.0  # whatever the clock says now, it is not asked

    def test_it_was_sent_long_before_journald_took_it(self) -> None:
        late = replace(
            STAMP, realtime=STAMP.realtime + 5_000_000, monotonic=STAMP.monotonic + 5_000_000
        )
        assert entry(late) == ENTRY

    def test_it_was_sent_after_journald_had_looked_at_the_clock(self) -> None:
        assert entry(replace(STAMP, realtime=1_699_999_999_999_900)).sent == 77.0004

    def test_the_clock_was_set_back_on_the_way_so_it_does_not_look_younger(self) -> None:
        assert entry(replace(STAMP, realtime=STAMP.realtime - 3_600_000_000)).sent == 77.0004

    def test_the_clock_was_set_forward_on_the_way(self) -> None:
        assert entry(replace(STAMP, realtime=STAMP.realtime + 3_600_000_000)).sent == 0.0

    def test_an_earlier_boot(self) -> None:
        assert entry(replace(STAMP, this_boot=False)) == replace(ENTRY, sent=-1.0)

    def test_the_kernel_noted_no_time(self) -> None:
        without = entry(_SOURCE_REALTIME_TIMESTAMP=None)
        assert without == replace(ENTRY, sent=77.0004, wall=1_700_000_000.0004)


class TestMessage:
    """MESSAGE is trimmed; the rest of it is in SYSLOG_RAW."""

    @pytest.mark.parametrize("blanks", [b"", b" ", b"  \t ", b"\n", b" \n\n", b"\r"])
    def test_blanks_at_the_end_of_a_name(self, blanks: bytes) -> None:
        message = TEXT.encode() + blanks
        assert raw(message + b"\n").message == message.decode()

    @pytest.mark.parametrize(
        "header",
        [
            b"<173>Nov 14 22:13:20 smbd_audit: ",
            b"<173>Nov 14 22:13:20 smbd_audit[4711]: ",
            b"smbd_audit: ",
            b"",
            b"  <13>alice|: ",
        ],
    )
    def test_whatever_the_header_is(self, header: bytes) -> None:
        assert raw(TEXT.encode() + b" \n", header).message == TEXT + " "

    def test_without_a_line_break_at_the_end(self) -> None:
        assert raw(TEXT.encode() + b" ").message == TEXT + " "

    def test_it_holds_the_header_of_another(self) -> None:
        nested = "x: <173>Nov 14 22:13:20 smbd_audit: bob|unlinkat|ok|/a"
        assert raw(nested.encode() + b" \n").message == nested + " "

    def test_a_line_break_in_the_middle_stays(self) -> None:
        assert raw(b"a|b\nsmbd_audit: bob|c\n").message == "a|b\nsmbd_audit: bob|c"

    def test_it_is_empty(self) -> None:
        assert raw(b"\n").message == ""

    def test_there_is_no_raw(self) -> None:
        assert entry(SYSLOG_RAW=None) == ENTRY

    def test_raw_does_not_fit(self) -> None:
        assert entry(SYSLOG_RAW=b"<173>smbd_audit: something else\n") == ENTRY

    def test_a_nul_cuts_the_message_but_not_raw(self) -> None:
        assert entry(SYSLOG_RAW=b"<173>smbd_audit: " + TEXT.encode() + b"\0junk\n") == ENTRY

    def test_bytes_that_are_not_utf8(self) -> None:
        assert raw(b"alice|\xff\xe4 \n").message == "alice|\udcff\udce4 "


@given(st.dictionaries(st.sampled_from(sorted(FIELDS)), st.binary() | st.lists(st.binary())))
def test_no_bytes_raise(fields: dict[str, bytes | list[bytes]]) -> None:
    assert translate(fields, "c", STAMP).cursor == "c"


@given(st.binary().filter(lambda m: b"\0" not in m and m.strip(b" \t\n\r")))
def test_any_message_comes_out_as_it_went_in(message: bytes) -> None:
    body = message.lstrip(b" \t\n\r")
    assert raw(body + b"\n").message == body.decode(errors="surrogateescape")
