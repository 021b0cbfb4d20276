import subprocess
from pathlib import Path

import pytest

from fui.admin.sudoers import Sudo, rule_for, rules
from fui.model.errors import EdgeError
from fui.model.menu import Access, Action, ActionId, Command, FileSpec, Folder, Menu, Settings
from tests.unit.config.etc import Etc

VISUDO = "/usr/sbin/visudo"


def menu(*commands: Command) -> Menu:
    spec = FileSpec(None, None, 0o640)
    actions = (
        Action(
            ActionId("Apache", str(number)),
            Folder("/srv/controls/Apache", spec),
            "Apache/1",
            command,
            Access(()),
            spec,
        )
        for number, command in enumerate(commands)
    )
    return Menu(Settings("/srv/controls"), tuple(actions))


def command(*argv: str, user: str = "root", group: str = "root") -> Command:
    return Command(argv, user, group, 600.0)


def lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def accepted(text: str) -> bool:
    done = subprocess.run(
        [VISUDO, "-cf", "-"], input=text.encode(), capture_output=True, check=False
    )
    return done.returncode == 0


def test_exactly_what_the_configuration_needs() -> None:
    text = rules(
        menu(
            command("/usr/bin/systemctl", "stop", "apache2"),
            command("/usr/bin/systemctl", "restart", "apache2"),
            command("/usr/local/bin/report", user="www-data", group="www-data"),
            command("/usr/bin/systemctl", "stop", "apache2"),
        )
    )
    assert lines(text) == [
        'Defaults:fui env_keep += "FUI_USER FUI_CLIENT FUI_OBJECT FUI_ACTION FUI_JOB"',
        "Defaults:fui !requiretty, !lecture",
        "fui ALL=(root : root) NOPASSWD: /usr/bin/systemctl restart apache2",
        "fui ALL=(root : root) NOPASSWD: /usr/bin/systemctl stop apache2",
        'fui ALL=(www-data : www-data) NOPASSWD: /usr/local/bin/report ""',
    ]
    assert text.startswith("# What FUI may run, and nothing else.")
    assert text.endswith("\n")
    assert accepted(text)


def test_the_order_of_the_actions_changes_nothing() -> None:
    one, two = command("/bin/x"), command("/bin/y")
    assert rules(menu(one, two)) == rules(menu(two, one))


def test_another_account_for_the_daemon() -> None:
    text = rules(menu(command("/bin/x")), "DOMAIN\\fui agent")
    assert lines(text)[1:] == [
        "Defaults:DOMAIN\\\\fui\\ agent !requiretty, !lecture",
        'DOMAIN\\\\fui\\ agent ALL=(root : root) NOPASSWD: /bin/x ""',
    ]
    assert accepted(text)


def test_the_line_for_a_missing_rule_is_the_line_of_the_file() -> None:
    odd = command("/bin/x", "a=b,*", user="ADMIN")
    assert rule_for(odd) in lines(rules(menu(odd)))


def test_sudo_accepts_every_character_that_a_command_may_have() -> None:
    odd = "".join(chr(code) for code in range(0x21, 0x7F)) + "äß€"
    path = "/opt/" + odd.replace("\\", "").replace("/", "") + " x"
    text = rules(
        menu(
            command(path, odd, *odd),
            command(path, *(f"{each}$" for each in odd)),
            command(path, "^" + odd + "$"),
            command(path, '""'),
            command(path, user=odd.replace("#", ""), group="DOMAIN\\" + odd),
        )
    )
    assert accepted(text)
    assert len(lines(text)) == 7


def test_sudo_refuses_what_is_not_escaped() -> None:
    assert not accepted(rules(menu(command("/bin/x", "a:b"))).replace("\\", ""))


def test_sudo_rs_gets_only_what_it_knows() -> None:
    text = rules(menu(command("/bin/x", "[a]")), sudo=Sudo.RS)
    assert lines(text) == [
        'Defaults:fui env_keep += "FUI_USER FUI_CLIENT FUI_OBJECT FUI_ACTION FUI_JOB"',
        "fui ALL=(root : root) NOPASSWD: /bin/x [a]",
    ]
    assert text.startswith("# What FUI may run, and nothing else.")


def test_what_sudo_rs_has_no_rule_for_is_told_with_its_action() -> None:
    with pytest.raises(EdgeError, match=r'^cannot permit Apache/1 to FUI: .* "\*"') as caught:
        rules(menu(command("/bin/x"), command("/bin/x", "*")), sudo=Sudo.RS)
    assert str(caught.value).endswith("put the command into a script")


@pytest.mark.parametrize(
    ("said", "sudo"),
    [
        ("sudo-rs 0.2.15", Sudo.RS),
        ("Sudo version 1.9.16p2\nConfigure options: …", Sudo.SUDO),
        ("", Sudo.SUDO),
    ],
)
def test_which_sudo_it_is(said: str, sudo: Sudo) -> None:
    assert Sudo.of(said) is sudo


def test_the_rules_of_a_configuration(tmp_path: Path) -> None:
    etc = Etc(tmp_path).write(
        a="object: A\n"
        "action-group:\n"
        "    allow: {users: [alice]}\n"
        "    command: {user: www, group: data}\n"
        "    actions: [{name: x, command: /bin/kill -9 '*'}]\n"
    )
    assert lines(rules(etc.load()))[2:] == [r"fui ALL=(www : data) NOPASSWD: /bin/kill -9 \*"]
