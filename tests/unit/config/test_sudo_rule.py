import pytest

from fui.config.sudo_rule import argument, program, rule_for, spell, spell_name
from fui.model.menu import Command


def test_a_rule() -> None:
    command = Command(("/usr/bin/systemctl", "restart", "apache2"), "root", "root", 600.0)
    rule = "ALL=(root : root) NOPASSWD: /usr/bin/systemctl restart apache2"
    assert rule_for(command) == f"fui {rule}"
    assert rule_for(command, "agent") == f"agent {rule}"


@pytest.mark.parametrize(
    ("argv", "spelling"),
    [
        (("/bin/true",), '/bin/true ""'),
        (("/bin/x", "a,b:c=d#e"), r"/bin/x a\,b\:c\=d\#e"),
        (("/bin/x", "*?[a]!"), r"/bin/x \*\?\[a\]\!"),
        (("/bin/x", "a\\b"), r"/bin/x a\\\\b"),
        (("/bin/x", "\\*"), r"/bin/x \\\\\*"),
        (("/bin/x", "^a$"), r"/bin/x \^a$"),
        (("/bin/x", "a", "^b$"), r"/bin/x a ^b$"),
        (("/bin/x", '""'), '/bin/x ["]"'),
        (("/bin/x", '""', "a"), '/bin/x "" a'),
        (("/bin/x", "'\"$(){}|;&<>~`@%ü"), "/bin/x '\"$(){}|;&<>~`@%ü"),
        (("/opt/my prog/x,y:z=#", "a"), r"/opt/my\ prog/x\,y\:z\=\# a"),
        (("/opt/[a]*?", "a"), "/opt/[[]a[]][*][?] a"),
    ],
)
def test_how_a_command_is_spelled(argv: tuple[str, ...], spelling: str) -> None:
    assert spell(argv) == spelling


@pytest.mark.parametrize(
    ("name", "spelling"),
    [
        ("www-data", "www-data"),
        ("DOMAIN\\user", "DOMAIN\\\\user"),
        ("DOMAIN\\domain users", "DOMAIN\\\\domain\\ users"),
        ("ADMIN", "\\ADMIN"),
        ("ALL", "\\ALL"),
        ("Admin", "Admin"),
        ("%wheel", "\\%wheel"),
        ("+net", "\\+net"),
        ("!x", "\\!x"),
        ("a\"b'c(d)", "a\\\"b\\'c\\(d\\)"),
        ("müller", "müller"),
        ("x41", "x41"),
    ],
)
def test_how_an_account_is_spelled(name: str, spelling: str) -> None:
    assert spell_name(name) == spelling


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "cannot give an empty argument, sudo does not see it; put the command into a script"),
        (
            "a b",
            (
                'cannot give the argument "a b", sudo cannot tell one with a blank from two; '
                "put the command into a script"
            ),
        ),
        (
            "a\tb",
            (
                'cannot give the argument "a\\tb", it holds control characters; '
                "put the command into a script"
            ),
        ),
    ],
)
def test_arguments_that_have_no_rule_of_their_own(text: str, fault: str) -> None:
    with pytest.raises(ValueError, match=r"^cannot ") as caught:
        argument(text)
    assert str(caught.value) == fault
    with pytest.raises(ValueError, match=r"^cannot "):
        spell(("/bin/x", text))


@pytest.mark.parametrize(
    ("path", "fault"),
    [
        ("service", 'cannot run "service"; write the absolute path of the program'),
        ("/bin/", 'cannot run "/bin/"; write the absolute path of the program'),
        ("/bin/../x", 'cannot run "/bin/../x"; write the path without ..'),
        (
            "/bin/a\\b",
            (
                'cannot run "/bin/a\\b", sudoers has no way to write that path; '
                "put the command into a script"
            ),
        ),
        (
            "/bin/a\nb",
            (
                'cannot run "/bin/a\\nb", sudoers has no way to write that path; '
                "put the command into a script"
            ),
        ),
        (
            "/usr/bin/sudoedit",
            (
                'cannot run "/usr/bin/sudoedit", sudo takes that word as its own; '
                "put the command into a script"
            ),
        ),
    ],
)
def test_programs_that_have_no_rule(path: str, fault: str) -> None:
    with pytest.raises(ValueError, match=r"^cannot ") as caught:
        program(path)
    assert str(caught.value) == fault
    with pytest.raises(ValueError, match=r"^cannot "):
        spell((path,))


@pytest.mark.parametrize("name", ["", "#0", "-x", "a\nb"])
def test_accounts_that_sudo_would_take_for_something_else(name: str) -> None:
    with pytest.raises(ValueError, match=r"^cannot name "):
        rule_for(Command(("/bin/true",), name, "root", 1.0))
    with pytest.raises(ValueError, match=r"^cannot name "):
        rule_for(Command(("/bin/true",), "root", name, 1.0))
