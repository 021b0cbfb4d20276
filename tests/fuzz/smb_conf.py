"""smb.conf as it lies there, and as testparm shows it."""

from fui.admin.samba import SmbConf
from fui.admin.smb_conf import include_line, includes, redirected
from tests.fuzz.pieces import pieces

SNIPPET, OTHER = "/etc/samba/fui.conf", "/etc/samba/fui.conf.candidate"
WORDS = (
    *(
        "[global]\n",
        "[Controls]\n",
        "\tpath = ",
        "\tguest ok = Yes\n",
        "include = ",
        SNIPPET,
        " = ",
    ),
    *(
        "\tvfs objects = full_audit acl_xattr\n",
        "\tfull_audit:prefix = %u|%I|%S\n",
        "#",
        ";",
        "\\\n",
    ),
    *("INCLUDE=", "/etc/samba/../samba/fui.conf", "[", "]", "\r", "\x0b", "\x85", "\u2028"),
)


def check(data: bytes) -> None:
    """The input has what testparm shows, and smb.conf."""
    shown, written = (*(each.decode(errors="surrogateescape") for each in pieces(data, 2)), "")[:2]
    conf = SmbConf.parse(shown)
    for section in (*conf.sections, conf.general):
        for key in section.options:
            assert section.text(key) == section.text(key.upper() if key.isascii() else key)
            section.words(key)
            section.says(key, default=True)
        assert section.path == "" or section.path.startswith("/")
        section.shows("/srv/controls")
    elsewhere = redirected(written, SNIPPET, OTHER)
    assert not includes(elsewhere, SNIPPET)
    assert includes(elsewhere, OTHER) >= includes(written, SNIPPET)
    assert not includes(redirected(written, SNIPPET, ""), SNIPPET)
    assert includes(f"{written}\n{include_line(SNIPPET)}\n", SNIPPET)
