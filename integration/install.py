"""What an administrator does to install FUI, word for word as README says it.

Rules: plain commands, run as root in the checkout, in this order; no step knows that the
machine is a throwaway one. README shows each step as `shown` gives it.
"""

import shlex

Step = tuple[str, ...]
"""One command."""

PACKAGES = (
    "samba",
    "samba-vfs-modules",
    "sudo",
    "python3-venv",
    "python3-dev",
    "gcc",
    "pkg-config",
    "libsystemd-dev",
)
FUI = "/opt/fui/bin/fui"


def shown(step: Step) -> str:
    """Show a step as README does."""
    return shlex.join(step)


def _steps(*lines: str) -> tuple[Step, ...]:
    """Read steps as README shows them; nothing of a shell is in them."""
    return tuple(tuple(shlex.split(line)) for line in lines)


PREPARE = _steps(
    f"apt-get install --yes {' '.join(PACKAGES)}",
    "python3 -m venv /opt/fui",
)
PROGRAM = _steps("/opt/fui/bin/pip install .")
EXAMPLE = _steps(f"{FUI} setup --example --yes")
SETUP = _steps(f"{FUI} setup --yes")
ALL = (*PREPARE, *PROGRAM, *EXAMPLE, *SETUP)
