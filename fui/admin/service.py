"""What systemd says about fui.service, for whoever finds that the daemon does not run.

Rules: asks systemctl(1), which answers everybody; where it does not, says so and no more. Changes
nothing.
"""

import subprocess

UNIT = "fui.service"
SYSTEMCTL = "/usr/bin/systemctl"
_TIMEOUT = 5.0

_WORDS = {
    "inactive": "is stopped",
    "failed": "has failed",
    "activating": "is starting, or tries again and again",
    "deactivating": "is being stopped",
    "reloading": "is being reloaded",
}


def why_not_running(systemctl: str = SYSTEMCTL) -> str:
    """Say why the daemon does not run, as far as systemd knows, and what to do.

    Args:
        systemctl: Its absolute path.
    """
    argv = [systemctl, "show", "--property=LoadState,ActiveState,Result", UNIT]
    try:
        run = subprocess.run(  # noqa: S603 - fixed arguments
            argv, capture_output=True, check=True, timeout=_TIMEOUT, text=True
        )
    except (OSError, subprocess.SubprocessError):
        return f"FUI does not run, and systemd does not say why; see: systemctl status {UNIT}"
    said = dict(line.partition("=")[::2] for line in run.stdout.splitlines())
    state, result = said.get("ActiveState", ""), said.get("Result", "")
    if said.get("LoadState") == "not-found":
        return f"FUI does not run: there is no {UNIT}; run: fui setup"
    if state == "active":
        return (
            f"FUI does not say what is going on, though {UNIT} is active: it is not up yet, or cannot"
            f" write; see: journalctl --unit={UNIT}"
        )
    because = f" ({result})" if result not in ("", "success") else ""
    do = f"journalctl --unit={UNIT}" if because else f"systemctl start {UNIT}"
    verb = "see" if because else "run"
    return f"FUI does not run: {UNIT} {_WORDS.get(state, 'is not active')}{because}; {verb}: {do}"
