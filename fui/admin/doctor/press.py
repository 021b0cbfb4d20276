"""A real press: a flag is deleted over SMB, and each stage's time is told.

Rules: everything is as it is for users: smbclient deletes as the user that is given, smbd audits it,
the daemon decides, sudo runs /bin/true. What happened when is taken from the journal: smbd's
records and the daemon's ledger; only whether the flag is there is looked at in the share. The
password stands in a file that only root can read, never on a command line.
"""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from fui.admin.doctor import journal
from fui.admin.doctor.programs import Program
from fui.admin.doctor.row import Finding, Unanswered, ok, wrong
from fui.admin.doctor.scene import UNIT, Scene
from fui.admin.doctor.temporary import ACTION, object_for
from fui.edges.ledger.fields import MESSAGE_IDS
from fui.model.errors import EdgeError
from fui.model.facts import FactKind
from fui.model.harmless import harmless
from fui.model.instant import span
from fui.model.states import FlagState

SERVER = "127.0.0.1"

_PATIENCE = 15.0
"""Seconds that each wait may take, beside what the settings let the daemon wait."""
_LOOK = 0.005
_ASK = 0.05

T = TypeVar("T")
Entry = dict[str, object]


@dataclass(frozen=True, slots=True)
class Stage:
    """What took how long, in seconds."""

    name: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Pressed:
    """How the press went, and how long its stages took as far as it came."""

    finding: Finding
    stages: tuple[Stage, ...] = ()


@dataclass(frozen=True, slots=True)
class Presser:
    """Who presses: a user, with a file as smbclient's --authentication-file takes it."""

    user: str
    authentication: Path
    server: str = SERVER


@contextmanager
def authentication(user: str, password: str) -> Iterator[Path]:
    """Have a file for smbclient with a user's password, which only root can read, for a while."""
    domain, backslash, name = user.rpartition("\\")
    with tempfile.TemporaryDirectory(prefix="fui-doctor-") as folder:
        file = Path(folder, "authentication")
        file.touch(0o600)
        lines = [f"username = {name}", f"password = {password}"]
        lines += [f"domain = {domain}"] if backslash else []
        file.write_text("\n".join(lines) + "\n", "utf-8")
        yield file


def press(scene: Scene, presser: Presser) -> Pressed:
    """Make the temporary object, press its flag, and say how that went.

    Raises:
        EdgeError: It cannot be tried.
    """
    if not scene.host.is_root:
        raise EdgeError("cannot try a press: only root may make an object for it; use sudo")
    group = _group(scene, presser.user)
    try:
        with object_for(scene, presser.user, group):
            return _Press(scene, presser).run()
    except Unanswered as unanswered:
        return Pressed(unanswered.finding)


def _group(scene: Scene, user: str) -> str:
    """Return a group whose folders this user sees, and the daemon can give folders to."""
    own = scene.host.groups(user)
    if not own:
        raise EdgeError(f"cannot press as {harmless(user)}: there is no such user")
    for folder in scene.menu.folders:
        if folder.spec.group in own:
            return str(folder.spec.group)
    raise EdgeError(
        f"cannot press as {harmless(user)}, who is in no group that a folder of the menu has;"
        " name somebody who uses it"
    )


class _Press:
    """One press, from the client's call to the flag that is back."""

    def __init__(self, scene: Scene, presser: Presser) -> None:
        self._scene = scene
        self._presser = presser
        self._folder = f"{scene.settings.share}/{ACTION.object}"
        self._begin = 0.0

    def run(self) -> Pressed:
        """Press, once the flag is there."""
        settings, host = self._scene.settings, self._scene.host
        ready = settings.naming.compose(ACTION.action, FlagState.READY)
        if not self._wait(lambda: ready in self._names(), _LOOK, _PATIENCE):
            text = f"the daemon does not show {self._folder}/{ready}"
            return Pressed(wrong(text, "see journalctl -u fui -n 20"))
        self._begin = host.now().wall
        refused = self._delete(ready)
        answered = host.now().wall
        if refused is not None:
            return Pressed(refused)
        patience = settings.attribution_timeout + settings.lookup_timeout + 2 * settings.settle
        over = (FactKind.ENDED, FactKind.DENIED, FactKind.UNATTRIBUTED, FactKind.MANY)
        self._wait(lambda: self._told().keys() & set(over), _ASK, patience + _PATIENCE)
        shown = settings.naming.compose(ACTION.action, FlagState.DONE)
        self._wait(lambda: shown in self._names(), _LOOK, 1.0)
        return self._judged(answered, host.changed(f"{self._folder}/{shown}"))

    def _names(self) -> list[str]:
        return self._scene.host.names(self._folder) or []

    def _wait(self, ask: Callable[[], T], pause: float, patience: float) -> T:
        """Ask until the answer is true, or time is up; the last answer."""
        host = self._scene.host
        deadline = host.now().mono + patience
        while not (answer := ask()) and host.now().mono < deadline:
            host.pause(pause)
        return answer

    def _delete(self, flag: str) -> Finding | None:
        """Have smbclient delete the flag; what it was refused, if it was."""
        section, presser = self._scene.section, self._presser
        answer = self._scene.host.run(
            Program.SMBCLIENT,
            f"//{presser.server}/{section.name}",
            f"--port={self._scene.smb_conf.port}",
            f"--authentication-file={presser.authentication}",
            f'--command=del "{ACTION.object}\\{flag}"',
        )
        said = " ".join(f"{answer.out} {answer.err}".split())
        if answer.status == 0 and "NT_STATUS_" not in said:
            return None
        remedy = "see log.smbd, and whether smbclient can come in as that user"
        if "LOGON_FAILURE" in said:
            remedy = f"give the right password; to set it: smbpasswd -a {presser.user}"
        elif "tree connect failed" in said:
            remedy = "see `valid users` and the rows `share: …`"
        elif "deleting remote file" in said:
            remedy = "see the rows `share: entry` and `share: NT ACLs`"
        return wrong(f"smbd refuses {presser.user}: {said}", remedy)

    def _told(self) -> dict[FactKind, Entry]:
        """Return what the ledger has of this press."""
        kinds = {number: kind for kind, number in MESSAGE_IDS.items()}
        entries = self._entries(f"_SYSTEMD_UNIT={UNIT}", f"FUI_OBJECT={ACTION.object}")
        return {kinds[i]: e for e in entries if (i := str(e.get("MESSAGE_ID"))) in kinds}

    def _entries(self, *matches: str) -> list[Entry]:
        return journal.entries(self._scene, f"--since=@{self._begin:.6f}", *matches, again=True)

    def _records(self) -> dict[str, float]:
        """Return when smbd connected the client and deleted the flag, by its records."""
        settings = self._scene.settings
        facility = f"SYSLOG_FACILITY={settings.facility}"
        found = {}
        for entry in self._entries(facility, "SYSLOG_IDENTIFIER=smbd_audit", "_GID=0"):
            message = str(entry.get("MESSAGE"))
            for operation in ("connect", "unlinkat"):
                if f"|{operation}|ok|" in message:
                    found[operation] = _sent(entry)
        return found

    def _judged(self, answered: float, back: float | None) -> Pressed:
        told, records = self._told(), self._records()
        moments = [
            ("the client has connected", records.get("connect")),
            ("smbd has deleted the flag", records.get("unlinkat")),
            (
                f"the daemon was sure of it (settle: {span(self._scene.settings.settle)})",
                _when(told, FactKind.PRESSED),
            ),
            ("the command was started", _when(told, FactKind.STARTED)),
            ("the command has ended", _when(told, FactKind.ENDED)),
            ("the flag is back", back),
        ]
        stages, last = [], self._begin
        for name, when in moments:
            if when is not None:
                stages.append(Stage(name, when - last))
                last = when
        stages.append(
            Stage("the client was answered and gone, from the beginning", answered - self._begin)
        )
        return Pressed(self._finding(told, records, there=back is not None), tuple(stages))

    def _finding(
        self, told: dict[FactKind, Entry], records: dict[str, float], *, there: bool
    ) -> Finding:
        ended = told.get(FactKind.ENDED)
        if ended is not None and ended.get("FUI_RESULT") == "done" and there:
            begin = records.get("unlinkat", self._begin)
            took = (_when(told, FactKind.STARTED) or begin) - begin
            user = ended.get("FUI_USER")
            return ok(
                f"{user} pressed, and the command started {took * 1000:.0f} ms after the deletion"
            )
        for kind in (FactKind.ENDED, FactKind.DENIED, FactKind.UNATTRIBUTED, FactKind.MANY):
            if kind in told:
                text = str(told[kind].get("MESSAGE"))
                return wrong(text, "see journalctl -x -u fui -n 20, and the other rows")
        if not records:
            return wrong(
                "no record of the deletion came", "see the rows `share: …` and `journal: …`"
            )
        return wrong("the daemon did nothing", "see the rows `daemon: …`, and journalctl -u fui")


def _when(told: dict[FactKind, Entry], kind: FactKind) -> float | None:
    return _sent(told[kind]) if kind in told else None


def _sent(entry: Entry) -> float:
    """Return when an entry was sent, in seconds: the kernel's word where there is one."""
    stamp = entry.get("_SOURCE_REALTIME_TIMESTAMP") or entry.get("__REALTIME_TIMESTAMP") or 0
    return int(str(stamp)) / 1e6
