"""sudo: it is there, its rules are those of the menu, and nothing in it gets in a job's way.

Rules: the rules that FUI needs are `fui sudoers`'s; what sudo makes of all its files it is asked
itself, which only root may. Sources: sudo(8), sudoers(5).
"""

import re

from fui.admin import sudoers
from fui.admin.doctor.programs import Answer, Program
from fui.admin.doctor.row import Finding, Unanswered, ok, warning, worst, wrong
from fui.admin.doctor.scene import Scene
from fui.model.errors import EdgeError

FILE = "/etc/sudoers.d/fui"

_OLDEST = {"Sudo version": (1, 9, 10), "sudo-rs": (0, 2, 5)}
"""The oldest whose grammar the rules were checked against (fui.config.sudo_rule, fui.config.sudo_rs)."""
_ASKED = 100
"""Commands about which sudo is asked one by one; a larger menu is looked at as far as that."""
_VERSION = re.compile(r"(Sudo version|sudo-rs) (\d+)\.(\d+)\.(\d+)")
_LOGS = ("log_output", "log_input", "log_stdout", "log_stderr", "log_stdin", "log_ttyout")


def version(scene: Scene) -> Finding:
    """It is there, and not too old."""
    first = scene.sudo_version
    match = _VERSION.match(first)
    if match is None:
        return warning(
            f"{Program.SUDO.path} calls itself {first}", "install sudo, that of Todd Miller"
        )
    name, *numbers = match.groups()
    if tuple(map(int, numbers)) < _OLDEST[name]:
        oldest = ".".join(map(str, _OLDEST[name]))
        return warning(f"{first} was never tried", f"install {oldest} or later")
    return ok(first)


def files(scene: Scene) -> Finding:
    """All files of sudoers can be read by sudo."""
    _as_root(scene)
    answer = scene.host.ask(Program.VISUDO, "-c")
    if answer.status != 0:
        said = " ".join((answer.err + answer.out).split())
        return wrong(f"visudo finds fault: {said}", "correct that file with visudo -f FILE")
    return ok("visudo finds no fault")


def rules(scene: Scene) -> Finding:
    """The file has the rules of this menu, and no others."""
    _as_root(scene)
    text = scene.host.read(FILE)
    if text is None:
        return wrong(f"there is no {FILE}: nothing can run", scene.setup)
    try:
        needed = sudoers.rules(scene.menu, scene.daemon_user, scene.sudo)
    except EdgeError as error:
        return wrong(str(error), "correct the configuration, or install sudo, that of Todd Miller")
    wanted, there = _lines(needed), _lines(text)
    if missing := [line for line in wanted if line not in there]:
        return wrong(f"{len(missing)} are missing in {FILE}, the first: {missing[0]}", scene.setup)
    if extra := [line for line in there if line not in wanted]:
        return warning(f"{len(extra)} in {FILE} need not be, the first: {extra[0]}", scene.setup)
    return ok(f"{FILE} has what the menu needs, and no more")


def permitted(scene: Scene) -> Finding:
    """Each command of the menu would be run."""
    _as_root(scene)
    user = scene.daemon_user
    commands = sorted({action.command for action in scene.menu.actions}, key=str)
    for command in commands[:_ASKED]:
        argv = ("-u", command.user, "-g", command.group, "--", *command.argv)
        if _list(scene, *argv).status != 0:
            return wrong(
                f"sudo refuses {' '.join(command.argv)} as {command.user}:{command.group}",
                f"see whether /etc/sudoers includes /etc/sudoers.d: {Program.SUDO.path} -l -U {user}",
            )
    number = min(len(commands), _ASKED)
    return ok(f"sudo would run each of {number} commands of {len(commands)}")


def options(scene: Scene) -> Finding:
    """Nothing that is set for all of sudo gets in the way of a job, or keeps its output twice.

    `use_pty` does neither: a job has no terminal, and then sudo makes none (seen with 1.9.13 and
    1.9.16; the output comes by the pipe, and TERM is passed on all the same).
    """
    _as_root(scene)
    if scene.sudo is sudoers.Sudo.RS:
        return ok("sudo-rs has none that could be in the way")
    user = scene.daemon_user
    asks_for_terminal = wrong("requiretty: sudo runs nothing without a terminal", scene.setup)
    try:
        defaults = _defaults(_list(scene).out)
    except _NeedsTerminal:
        freed = f"Defaults:{user} !requiretty" in (scene.host.read(FILE) or "")
        return ok(f"requiretty is set, but not for {user}") if freed else asks_for_terminal
    findings = [asks_for_terminal] if _on(defaults, "requiretty") else []
    logs = [name for name in _LOGS if _on(defaults, name)]
    if logs:
        lines = " and ".join(f"`Defaults:{user} !{name}`" for name in logs)
        text = f"{', '.join(logs)}: sudo keeps what jobs write once more, which takes time and room"
        findings.append(warning(text, f"write {lines} in a file of /etc/sudoers.d"))
    if not any(all(name in each for name in sudoers.ENVIRONMENT) for each in defaults):
        findings.append(warning("commands do not get FUI_USER and its kin", scene.setup))
    return worst(findings, ok("nothing that is set for all of sudo is in the way"))


class _NeedsTerminal(Unanswered):
    """Root itself may not ask sudo anything without a terminal (requiretty)."""


def _list(scene: Scene, *arguments: str) -> Answer:
    """Ask sudo what the daemon's user may; with a command, whether it may that."""
    answer = scene.host.ask(Program.SUDO, "-n", "-l", "-U", scene.daemon_user, *arguments)
    if answer.status != 0 and "must have a tty" in answer.err:
        raise _NeedsTerminal("sudo answers root on a terminal only", "ask again on a terminal")
    return answer


def _defaults(text: str) -> list[str]:
    """Read what stands under "Matching Defaults entries"; a quoted value holds blanks."""
    part = text.partition("Matching Defaults entries")[2].partition(":\n")[2].partition("\n\n")[0]
    return [" ".join(each.split()) for each in re.split(r",\s+", part) if each.strip()]


def _on(defaults: list[str], name: str) -> bool:
    """Whether an option is on, and nowhere off.

    The list is in the order of the files, in which what is said of a user need not come last,
    though it counts more than what is said of all (sudoers(5)).
    """
    return name in defaults and f"!{name}" not in defaults


def _lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def _as_root(scene: Scene) -> None:
    if not scene.host.is_root:
        raise Unanswered("only root may ask", "ask again as root")


CHECKS = {
    "sudo": version,
    "sudo: files": files,
    "sudo: rules": rules,
    "sudo: permitted": permitted,
    "sudo: options": options,
}
