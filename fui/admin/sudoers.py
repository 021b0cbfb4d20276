"""What sudo has to permit: the whole drop-in for /etc/sudoers.d, and nothing more than it needs.

Rules: one line for each distinct command, in an order that does not depend on the configuration's;
no aliases, wildcards or digests. There are two programs called sudo, and how a line is spelled for each
fui.config has: `sudo_rule` for that of Todd Miller, `sudo_rs` for the one that Ubuntu has by default.
"""

from enum import Enum

from fui.config import sudo_rs, sudo_rule
from fui.model.errors import EdgeError
from fui.model.menu import Action, Command, Menu


class Sudo(Enum):
    """Which of the two it is."""

    SUDO = "sudo"
    RS = "sudo-rs"

    @classmethod
    def of(cls, said: str) -> "Sudo":
        """Tell by what `sudo -V` says."""
        return cls.RS if said.startswith(f"{cls.RS.value} ") else cls.SUDO


ENVIRONMENT = ("FUI_USER", "FUI_CLIENT", "FUI_OBJECT", "FUI_ACTION", "FUI_JOB")
"""What a command may read to know why it runs."""

_HEADER = """\
# What FUI may run, and nothing else. Made by "fui setup", as /etc/sudoers.d/fui; run that again when
# the configuration has changed. "fui sudoers" prints it.
"""


def rule_for(command: Command, user: str = "fui", sudo: Sudo = Sudo.SUDO) -> str:
    """Return the line that lets `user` run exactly this command, or refuse it (ValueError)."""
    spelled = sudo_rs.rule_for if sudo is Sudo.RS else sudo_rule.rule_for
    return spelled(command, user)


def rules(menu: Menu, user: str = "fui", sudo: Sudo = Sudo.SUDO) -> str:
    """Return the text of /etc/sudoers.d/fui for a menu that `fui.config.load` made.

    Args:
        menu: The menu.
        user: The account that the daemon runs under.
        sudo: Which sudo will read it.

    Raises:
        EdgeError: That sudo has no rule for a command.
    """
    lines = sorted({_line(action, user, sudo) for action in menu.actions})
    who = sudo_rule.spell_name(user)
    # sudo-rs has neither, and refuses a file that names what it does not have.
    terminal = [f"Defaults:{who} !requiretty, !lecture"] if sudo is Sudo.SUDO else []
    environment = f'Defaults:{who} env_keep += "{" ".join(ENVIRONMENT)}"'
    return "\n".join([_HEADER, environment, *terminal, "", *lines, ""])


def _line(action: Action, user: str, sudo: Sudo) -> str:
    try:
        return rule_for(action.command, user, sudo)
    except ValueError as error:
        raise EdgeError(f"cannot permit {action.id} to FUI: {error}") from error
