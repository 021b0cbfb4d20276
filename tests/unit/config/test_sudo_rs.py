"""As sudo-rs 0.2.15 was seen to read them, by its visudo and by what it then ran."""

import pytest

from fui.config.sudo_rs import rule_for
from fui.model.menu import Command


def rule(*argv: str, user: str = "root", group: str = "root", by: str = "fui") -> str:
    return rule_for(Command(argv, user, group, 600.0), by)


@pytest.mark.parametrize(
    ("argv", "spelling"),
    [
        (("/usr/bin/systemctl", "restart", "apache2"), "/usr/bin/systemctl restart apache2"),
        (("/bin/true",), '/bin/true ""'),
        (("/bin/x", "a,b:c=d#e"), r"/bin/x a\,b\:c\=d\#e"),
        (("/bin/x", "[a]!", "ALL", "-u"), "/bin/x [a]! ALL -u"),
        (("/bin/x", "a\\b\\"), r"/bin/x a\\b\\"),
        (("/bin/x", "a^", "^b$"), "/bin/x a^ ^b$"),
        (("/bin/x", "'\"$(){}|;&<>~`@%ü"), "/bin/x '\"$(){}|;&<>~`@%ü"),
        (("/opt/x,y:z=#", "a"), r"/opt/x\,y\:z\=\# a"),
        (("/opt/[a]*?", "a"), "/opt/[[]a[]][*][?] a"),
    ],
)
def test_how_a_command_is_spelled(argv: tuple[str, ...], spelling: str) -> None:
    assert rule(*argv) == f"fui ALL=(root : root) NOPASSWD: {spelling}"


@pytest.mark.parametrize("text", ["*", "a*b", "a?", "^a", "^a$", '""', "a\u00a0b", "a\u2003b"])
def test_arguments_that_it_would_read_as_something_else(text: str) -> None:
    with pytest.raises(ValueError, match=r"^cannot give the argument .*sudo-rs.* into a script$"):
        rule("/bin/x", text)


@pytest.mark.parametrize("text", ["a*", '""', "a\u3000b"])
def test_nor_may_a_later_argument_be_one_of_them(text: str) -> None:
    with pytest.raises(ValueError, match="sudo-rs"):
        rule("/bin/x", "first", text)


def test_what_no_sudo_can_tell_is_refused_as_well() -> None:
    for text in ("", "a b", "a\tb"):
        with pytest.raises(ValueError, match=r"^cannot give "):
            rule("/bin/x", text)


@pytest.mark.parametrize("path", ["/opt/my prog", "/opt/my\u00a0prog"])
def test_a_path_that_it_would_not_find(path: str) -> None:
    with pytest.raises(ValueError, match=r"^cannot run .*sudo-rs"):
        rule(path)


@pytest.mark.parametrize(
    ("name", "spelling"),
    [("www-data", "www-data"), ("o.b", "o.b"), ("DOMAIN\\user", "DOMAIN\\\\user"), ("Ab", "Ab")],
)
def test_how_an_account_is_spelled(name: str, spelling: str) -> None:
    line = rule("/bin/x", user=name, group=name, by=name)
    assert line == f'{spelling} ALL=({spelling} : {spelling}) NOPASSWD: /bin/x ""'


@pytest.mark.parametrize(
    "name", ["", "ADMIN", "ALL", "%wheel", "#0", "o'neil", "-x", "müller", "a b"]
)
def test_accounts_that_it_cannot_be_told(name: str) -> None:
    for names in ({"user": name}, {"group": name}, {"by": name}):
        with pytest.raises(ValueError, match=r"^cannot name .* to sudo-rs"):
            rule("/bin/x", **names)
