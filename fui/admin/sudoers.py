"""What sudo has to permit: the whole drop-in for /etc/sudoers.d, and nothing more than it needs.

Rules: one line for each distinct command, in an order that does not depend on the configuration's;
no aliases, wildcards or digests. How a line is spelled is fui.config.sudo_rule's.
"""

from fui.config.sudo_rule import rule_for, spell_name
from fui.model.menu import Menu

__all__ = ["ENVIRONMENT", "rule_for", "rules"]

ENVIRONMENT = ("FUI_USER", "FUI_CLIENT", "FUI_OBJECT", "FUI_ACTION", "FUI_JOB")
"""What a command may read to know why it runs."""

_HEADER = """\
# What FUI may run, and nothing else. Made by "fui setup", as /etc/sudoers.d/fui; run that again when
# the configuration has changed. "fui sudoers" prints it.
"""


def rules(menu: Menu, user: str = "fui") -> str:
    """Return the text of /etc/sudoers.d/fui for a menu that `fui.config.load` made.

    `user` is the account that the daemon runs under.
    """
    who = spell_name(user)
    lines = sorted({rule_for(action.command, user) for action in menu.actions})
    return "\n".join(
        [
            _HEADER,
            f'Defaults:{who} env_keep += "{" ".join(ENVIRONMENT)}"',
            f"Defaults:{who} !requiretty, !lecture",
            "",
            *lines,
            "",
        ]
    )
