from collections.abc import Callable

import pytest

from fui.config import values
from fui.config.tree import Nothing

ANY_TIME = values.seconds(0.001, values.LONGEST)
ANY_MODE = values.mode(0o7775, "2770")


def fault(read: Callable[..., object], raw: object) -> str:
    with pytest.raises(ValueError, match=r"^cannot ") as caught:
        read(raw)
    return str(caught.value)


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("60", 60.0),
        ("60s", 60.0),
        ("500ms", 0.5),
        ("2min", 120.0),
        ("2 min", 120.0),
        ("1h", 3600.0),
        ("7d", 604800.0),
        ("1.5s", 1.5),
        ("010", 10.0),
    ],
)
def test_times(raw: str, value: float) -> None:
    assert ANY_TIME(raw) == pytest.approx(value)


@pytest.mark.parametrize(
    "raw", ["", "s", "-1s", "1e3", "1m", "1 h 5", "٣s", "inf", "1_0", "9" * 5000, "1h30min"]
)
def test_what_is_no_time(raw: str) -> None:
    assert fault(ANY_TIME, raw).startswith("cannot read ")


def test_times_have_bounds() -> None:
    assert fault(ANY_TIME, "0") == 'cannot use the time "0"; it has to be from 1ms to 7d'
    assert fault(ANY_TIME, "8d") == 'cannot use the time "8d"; it has to be from 1ms to 7d'
    limited = values.seconds(1, 5400)
    assert fault(limited, "2h") == 'cannot use the time "2h"; it has to be from 1s to 90min'
    assert fault(ANY_TIME, "soon") == (
        'cannot read "soon" as a time; write for example 500ms, 30s, 2min, 1h'
    )


@pytest.mark.parametrize(
    ("raw", "value"),
    [("0770", 0o770), ("770", 0o770), ("2770", 0o2770), ("02770", 0o2770), ("0o750", 0o750)],
)
def test_modes_are_octal(raw: str, value: int) -> None:
    assert ANY_MODE(raw) == value


@pytest.mark.parametrize("raw", ["", "77", "0888", "u=rwx", "0x1ff", "12345", "-770"])
def test_what_is_no_mode(raw: str) -> None:
    assert (
        fault(ANY_MODE, raw)
        == f'cannot read "{raw}" as a mode; write octal digits, for example 2770'
    )


def test_a_mode_does_not_let_everybody_write() -> None:
    assert fault(ANY_MODE, "0777") == (
        "cannot use the mode 0777; it lets everybody write, write 0775"
    )


def test_a_mode_keeps_to_its_bits() -> None:
    assert fault(values.mode(0o775, "0640"), "4640") == "cannot use the mode 4640 here; write 0640"


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        ("/sbin/service httpd start", ["/sbin/service", "httpd", "start"]),
        ("/bin/echo 'a|b' \"c>d\" e\\;f", ["/bin/echo", "a|b", "c>d", "e;f"]),
        ("/bin/echo '|' \"&&\" \\; 'x;'", ["/bin/echo", "|", "&&", ";", "x;"]),
        ("/bin/echo http://h/?a=1&b=2 a|b #no $HOME", None),
        ("/bin/echo it\\'s ''", ["/bin/echo", "it's", ""]),
        ("  ", []),
    ],
)
def test_words_are_those_of_a_shell(raw: str, words: list[str] | None) -> None:
    expected = ["/bin/echo", "http://h/?a=1&b=2", "a|b", "#no", "$HOME"] if words is None else words
    assert values.words(raw) == expected


@pytest.mark.parametrize(
    "word",
    [
        "|",
        "||",
        "&",
        "&&",
        ";",
        "a;",
        ">",
        ">>x",
        "<",
        "2>&1",
        "&>x",
        "<<EOF",
        "$(date)",
        "`date`",
        "x`y",
    ],
)
def test_what_only_a_shell_understands(word: str) -> None:
    assert fault(values.words, f"/bin/echo {word} x") == (
        f'cannot give "{word}" a meaning, no shell sees the command; '
        "put it into a script, or into quotes if it is meant literally"
    )


def test_a_long_command_is_refused_before_it_is_split() -> None:
    longest = "/bin/echo ".ljust(values.LONGEST_COMMAND, "x")
    assert len(values.words(longest)) == 2
    assert fault(values.words, f"{longest}x") == (
        "cannot read a command of more than 65536 characters; put it into a script"
    )


@pytest.mark.parametrize("raw", ["/bin/echo 'x", '/bin/echo "x'])
def test_quotes_are_closed(raw: str) -> None:
    assert fault(values.words, raw) == (
        "cannot split the command into words: No closing quotation; close the quotes"
    )


@pytest.mark.parametrize(
    ("raw", "path"),
    [("/srv/controls/", "/srv/controls"), ("//srv//./x", "/srv/x"), ("/a b", "/a b")],
)
def test_paths(raw: str, path: str) -> None:
    assert values.path(raw) == path


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("srv", 'cannot use "srv"; write an absolute path, without ..'),
        ("", 'cannot use ""; write an absolute path, without ..'),
        ("/srv/../etc", 'cannot use "/srv/../etc"; write an absolute path, without ..'),
        ("/a|b", 'cannot use | in the path "/a|b"; it parts the fields of the audit line'),
        ("//", 'cannot use "/"; write a directory that serves nothing else'),
        ("/a\nb", 'cannot use control characters, as in "/a\\nb"; take them out'),
        ([], "cannot use a list here; write an absolute path"),
    ],
)
def test_paths_that_are_refused(raw: object, text: str) -> None:
    assert fault(values.path, raw) == text


@pytest.mark.parametrize("name", ["root", "DOMAIN\\user", "o'neil", "domain users"])
def test_accounts(name: str) -> None:
    assert values.account(name) == name


@pytest.mark.parametrize("name", ["", "#0", "-u"])
def test_what_is_no_account(name: str) -> None:
    assert fault(values.account, name) == (
        f'cannot use "{name}" as an account; write its name, not a number or option'
    )


def test_facilities_have_the_numbers_of_syslog() -> None:
    assert values.facility("local5") == 21
    assert values.facility("LOCAL0") == 16
    assert values.facility("daemon") == 3
    assert fault(values.facility, "local8") == (
        'cannot find the syslog facility "local8"; write for example local5'
    )


@pytest.mark.parametrize("raw", ["", "/run/fui/metrics.prom", "/a b/ü.prom"])
def test_textfiles(raw: str) -> None:
    assert values.textfile(raw) == raw


@pytest.mark.parametrize("raw", ["x.prom", "/x.txt", "none", "/x.prom/"])
def test_what_is_no_textfile(raw: str) -> None:
    assert fault(values.textfile, raw) == (
        f'cannot use "{raw}" as textfile; write an absolute path that ends in .prom, for'
        ' node_exporter reads no other, or "" for none'
    )


@pytest.mark.parametrize(
    ("raw", "address"), [("127.0.0.1", "127.0.0.1"), ("::0:1", "::1"), ("192.0.2.7", "192.0.2.7")]
)
def test_addresses(raw: str, address: str) -> None:
    assert values.address(raw) == address


@pytest.mark.parametrize("raw", ["", "localhost", "127.1", "127.0.0.1:9847"])
def test_what_is_no_address(raw: str) -> None:
    assert fault(values.address, raw) == (
        f'cannot use "{raw}" as an address; write for example 127.0.0.1'
    )


def test_units_are_services() -> None:
    assert values.service("smbd@a.service") == "smbd@a.service"
    assert fault(values.service, "smbd") == (
        'cannot use "smbd" as a unit; write for example smbd.service'
    )


@pytest.mark.parametrize(
    ("raw", "what"), [([], "a list"), ({}, "a mapping"), (Nothing.NOTHING, "an empty value")]
)
def test_a_text_is_a_text(raw: object, what: str) -> None:
    assert fault(values.text, raw) == f"cannot use {what} here; write a text"
    assert fault(values.description, raw) == f"cannot use {what} here; write a text"


def test_a_description_may_have_lines() -> None:
    assert values.description(" one\t1  \ntwo\n") == "one 1\ntwo"
    assert fault(values.description, "a\x1b[31m") == (
        'cannot use control characters, as in "a\\x1b[31m"; take them out'
    )


def test_how_much_a_job_may_have() -> None:
    assert values.tasks("64") == values.AtMost(64)
    assert values.memory("512M") == values.AtMost(512 << 20)
    assert values.tasks("infinity") == values.memory("infinity") == values.AtMost(None)
