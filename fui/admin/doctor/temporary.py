"""The doctor's own object: an action that runs /bin/true, there only while a press is tried.

Rules: it is a drop-in and a rule for sudo of their own, which nothing else reads or writes. Both go
again whatever happens: an exception, Ctrl-C or TERM; what a killed doctor left is taken away by
the next one, which says so. One at a time holds the lock, so nothing is taken from under another's
hands. Needs root. Knows nothing of how the flag is pressed.
"""

import fcntl
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NoReturn

from fui.admin import sudoers
from fui.admin.doctor.programs import Program
from fui.admin.doctor.row import Finding, Unanswered, ok, warning
from fui.admin.doctor.scene import UNIT, Scene
from fui.admin.setup import landing
from fui.config.names import fold
from fui.model.errors import EdgeError
from fui.model.menu import ActionId, Command

OBJECT = "FUI doctor"
ACTION = ActionId(OBJECT, "Try")
RULE = "/etc/sudoers.d/fui-doctor"

_DROP_IN = "zz-fui-doctor.yaml"
_LOCK = "/run/fui-doctor.lock"
COMMAND = Command(("/bin/true",), "root", "root", 10.0, tasks_max=64)
_TEXT = """\
# Made by `fui doctor --press`, and gone when it ends; if it is not, run `fui doctor` as root.
object: {object}
action-group:
    directory: {{group: {group}}}
    allow: {{users: [{user}]}}
    command: {{user: root, group: root, timeout: 10s, tasks-max: 64}}
    actions:
        - {{name: {action}, command: /bin/true}}
"""
_ENDINGS = (signal.SIGTERM, signal.SIGHUP)


def left_over(scene: Scene) -> Finding:
    """Nothing is left of an earlier press; if it is, it goes."""
    files = _there(scene)
    if not files:
        return ok("nothing is left of an earlier press")
    what = " and ".join(files)
    if not scene.host.is_root:
        return warning(f"a press that was broken off left {what}", "run: fui doctor, as root")
    with _lock() as free:
        if not free:
            return ok("another doctor is trying a press")
        _remove(scene)
    return ok(f"a press that was broken off had left {what}, which is gone now")


@contextmanager
def object_for(scene: Scene, user: str, group: str) -> Iterator[None]:
    """Have the object be there, for one user to press.

    Args:
        scene: What is there already.
        user: Who may press it.
        group: Who may see its folder; the daemon is a member of it.

    Raises:
        EdgeError: It cannot be made.
    """
    if any(fold(action.id.object) == fold(OBJECT) for action in scene.menu.actions):
        raise EdgeError(f"cannot make the object {OBJECT}: there is one of that name")
    with _lock() as free, _as_exceptions():
        if not free:
            raise EdgeError("cannot try a press: another doctor is at it; try again later")
        try:
            landing.write(RULE, _rule(scene), 0o440, lambda path: _check(scene, path))
            landing.write(str(_drop_in(scene)), text(user, group), 0o644)
            _reload(scene)
            yield
        finally:
            for number in (signal.SIGINT, *_ENDINGS):
                signal.signal(number, signal.SIG_IGN)  # the last thing that is to be done
            _remove(scene)


def text(user: str, group: str) -> str:
    """Return the drop-in of the object."""
    return _TEXT.format(
        object=_quoted(OBJECT),
        action=_quoted(ACTION.action),
        user=_quoted(user),
        group=_quoted(group),
    )


def _rule(scene: Scene) -> str:
    rule = sudoers.rule_for(COMMAND, scene.daemon_user, scene.sudo)
    return f"# Made by `fui doctor --press`, and gone when it ends.\n{rule}\n"


def _check(scene: Scene, path: str) -> None:
    answer = scene.host.run(Program.VISUDO, "-cf", path)
    if answer.status != 0:
        raise EdgeError(f"cannot give the rule for the press to sudo: {answer.last_words}")


def _drop_in(scene: Scene) -> Path:
    return scene.etc / "conf.d" / _DROP_IN


def _there(scene: Scene) -> list[str]:
    found = []
    for path in (Path(RULE), _drop_in(scene)):
        with suppress(OSError):  # who may not look into sudoers.d need not clean it up
            found += [str(path)] if path.exists() else []
    return found


def _remove(scene: Scene) -> None:
    for path in (_drop_in(scene), Path(RULE)):
        path.unlink(missing_ok=True)
    _reload(scene)


def _reload(scene: Scene) -> None:
    answer = scene.host.run(Program.SYSTEMCTL, "try-reload-or-restart", UNIT)
    if answer.status != 0:
        raise Unanswered(
            f"cannot reload {UNIT}: {answer.last_words}", "see journalctl -u fui -n 20"
        )


def _quoted(text: str) -> str:
    """Return a text as YAML's single quotes have it, whatever it holds."""
    return "'" + text.replace("'", "''") + "'"


@contextmanager
def _lock() -> Iterator[bool]:
    """Hold the lock; False if another one does. It goes with its process."""
    opened = os.open(_LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        yield False
    else:
        yield True
    finally:
        os.close(opened)


@contextmanager
def _as_exceptions() -> Iterator[None]:
    """Have signals that end a process raise, so that what was begun is cleaned up."""

    def end(number: int, _frame: object) -> NoReturn:
        raise SystemExit(128 + number)

    before = {number: signal.getsignal(number) for number in (signal.SIGINT, *_ENDINGS)}
    for number in _ENDINGS:
        signal.signal(number, end)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


CHECKS = {"doctor": left_over}
