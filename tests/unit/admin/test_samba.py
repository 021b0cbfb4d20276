from pathlib import Path

import pytest

from fui.admin.samba import SmbConf, facility_name, refuse_unattributable
from fui.config.values import FACILITIES
from fui.model.errors import EdgeError

SHARE = """
[Controls]
\tpath = {share}
\tvfs objects = full_audit
\tfull_audit:prefix = %u|%I|%S
\tfull_audit:facility = local5
"""


@pytest.fixture
def share(tmp_path: Path) -> Path:
    folder = tmp_path / "srv" / "controls"
    folder.mkdir(parents=True)
    return folder


def look(tmp_path: Path, share: Path, text: str, facility: int = 21) -> list[str]:
    """What is said when testparm prints this text."""
    tmp_path.joinpath("smb.conf").write_text(text.format(share=share))
    testparm = tmp_path / "testparm"
    testparm.write_text(f"#!/bin/sh\ncat {tmp_path}/smb.conf\n")
    testparm.chmod(0o755)
    said: list[str] = []
    refuse_unattributable(str(share), facility, said.append, str(testparm))
    return said


def test_a_share_as_it_should_be_is_passed_over_in_silence(tmp_path: Path, share: Path) -> None:
    other = "[homes]\n\tforce user = nobody\n\tpath = /home\n[printers]\n\tguest ok = Yes\n"
    assert look(tmp_path, share, SHARE + other) == []


def test_the_facility_is_that_of_fui_yaml(tmp_path: Path, share: Path) -> None:
    (said,) = look(tmp_path, share, SHARE, facility=17)
    assert "`full_audit:facility = local5`, not `LOCAL1`" in said


@pytest.mark.parametrize("line", ["force user = alice", "admin users = @staff"])
def test_a_share_in_which_one_acts_for_many_is_refused(
    tmp_path: Path, share: Path, line: str
) -> None:
    with pytest.raises(EdgeError) as caught:
        look(tmp_path, share, f"{SHARE}\t{line}\n")
    message = str(caught.value)
    assert message.startswith("cannot tell who presses in the Samba share [Controls]")
    assert f"`{line}`" in message
    assert "take that line out" in message


def test_a_share_that_shows_what_is_above_is_looked_at_too(tmp_path: Path, share: Path) -> None:
    above = f"[All]\n\tpath = {share.parent}\n\tforce user = root\n"
    with pytest.raises(EdgeError, match=r"\[All\]"):
        look(tmp_path, share, SHARE + above)


@pytest.mark.parametrize(
    ("was", "now", "says"),
    [
        ("full_audit\n", "recycle\n", "does not have full_audit"),
        ("%u|%I|%S", "%U|%I", "`full_audit:prefix = %U|%I`, not `%u|%I|%S`"),
        ("local5", "USER", "`full_audit:facility = USER`, not `LOCAL5`"),
        ("full_audit\n", "full_audit\n\tguest ok = Yes\n", "lets guests in"),
        ("{share}", "/nowhere", "no Samba share shows"),
    ],
)
def test_what_may_be_wrong_is_said(
    tmp_path: Path, share: Path, was: str, now: str, says: str
) -> None:
    (said,) = look(tmp_path, share, SHARE.replace(was, now))
    assert says in said


def test_without_testparm_it_says_so_and_goes_on(tmp_path: Path) -> None:
    said: list[str] = []
    refuse_unattributable("/srv/controls", 21, said.append, str(tmp_path / "none"))
    assert "cannot look at Samba's configuration" in said[0]
    assert "testparm -s" in said[0]


def test_options_have_one_name_in_all_spellings_and_fall_back_on_global() -> None:
    conf = SmbConf.parse(
        "[global]\n\tForce  User = bob\n\toplocks = No\n"
        "[One]\n\tpath = /srv/%U\n\tforce user =\n\tvalid users = @a, b;c\n"
        "[Two]\n\tpath = /srv/\n\tguest ok = TRUE\n"
    )
    one, two = conf.sections
    assert (one.text("force user"), two.text("Force User")) == ("", "bob")
    assert (one.says("oplocks", default=True), one.says("guest ok", default=True)) == (False, True)
    assert two.says("guest ok", default=False)
    assert one.words("valid users") == ["@a", "b", "c"]
    assert (one.path, two.path) == ("", "/srv")
    assert [two.shows(path) for path in ("/srv", "/srv/x", "/srv2", "/")] == [
        True,
        True,
        False,
        False,
    ]
    assert conf.general.text("oplocks") == "No"


def test_what_testparm_says_need_not_be_utf_8(tmp_path: Path, share: Path) -> None:
    (tmp_path / "smb.conf").write_bytes(
        b"[K\xfcche]\n\tcomment = K\xfcche\n\tpath = %s\n" % bytes(share)
    )
    testparm = tmp_path / "testparm"
    testparm.write_text(f"#!/bin/sh\ncat {tmp_path}/smb.conf\n")
    testparm.chmod(0o755)
    said: list[str] = []
    refuse_unattributable(str(share), 21, said.append, str(testparm))
    assert said[0].startswith("fui: the Samba share [K\udcfcche] does not have full_audit")


@pytest.mark.parametrize(
    "text", ["", "guest ok = yes\n", "[]\n", "= x\n", "[a\n\tb\n", "# a = b\n; c = d\n", "\x0b\r\n"]
)
def test_any_text_is_read(text: str) -> None:
    conf = SmbConf.parse(f"[One]\n\tcomment = [Two]\n{text}")
    assert conf.sections[0].name == "One"
    assert conf.sections[0].text("comment") == "[Two]"
    assert {"a", "c"}.isdisjoint(conf.sections[0].options)


def test_a_path_that_is_none_shows_nothing() -> None:
    (one,) = SmbConf.parse("[One]\n\tpath = /srv\0/x\n").sections
    assert one.path == ""
    assert not one.shows("/srv")


def test_facilities_are_spelled_as_samba_does() -> None:
    assert [facility_name(number) for number in (1, 16, 21)] == ["USER", "LOCAL0", "LOCAL5"]
    assert {facility_name(number).lower() for number in FACILITIES.values()} == set(FACILITIES)


@pytest.mark.parametrize(
    ("line", "port"),
    [
        ("", "445"),
        ("smb ports = 4450 139", "4450"),
        ("server smb transports = 4450, 139", "4450"),
        ("server smb transports = quic, tcp, nbt", "445"),
        ("server smb transports = quic:1443, tcp:1445", "1445"),
        ("server smb transports = NBT", "139"),
        ("server smb transports = nbt:1139", "1139"),
        ("server smb transports = +quic", "445"),
    ],
)
def test_where_smbd_listens_is_said_in_two_ways(line: str, port: str) -> None:
    assert SmbConf.parse(f"[global]\n\t{line}\n").port == port
