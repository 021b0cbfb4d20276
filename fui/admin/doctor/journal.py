"""journald: it gets smbd's records, keeps them, drops none, and the daemon may read them.

Rules: what journald does is asked of its files and of systemd; no reader is opened. Sources:
journald.conf(5), systemd.exec(5); MESSAGE_ID of "Suppressed" from systemd's sd-messages.h.
"""

import json
from collections.abc import Iterator

from fui.admin.doctor.programs import Program
from fui.admin.doctor.row import Finding, Unanswered, ok, warning, wrong
from fui.admin.doctor.scene import UNIT, Scene, Unit
from fui.edges.ledger.fields import MESSAGE_IDS

SUPPRESSED = "a596d6fe7bfa4994828e72309e95d61e"

_SOCKET = "/run/systemd/journal/dev-log"
_ENOUGH = 100_000
"""Messages in an interval: ten times what journald allows by itself."""
_DEFAULT_INTERVAL, _DEFAULT_BURST = 30.0, 10_000
_READERS = {"systemd-journal", "adm", "wheel", "root"}
"""Who may read the journal of the system and of all users (systemd-journald.service(8))."""


def reachable(scene: Scene) -> Finding:
    """What is sent to /dev/log comes to journald."""
    real = scene.host.real("/dev/log")
    if real != _SOCKET:
        return wrong(
            f"/dev/log is {real}, not journald's: no record comes in",
            f"run: ln --symbolic --force {_SOCKET} /dev/log",
        )
    if scene.host.names("/run/systemd/journal") is None or not _journald(scene).is_active:
        return wrong("journald does not run", "run: systemctl start systemd-journald")
    return ok(f"/dev/log is {_SOCKET}")


def _journald(scene: Scene) -> Unit:
    return scene.unit_of("systemd-journald.service")


def readable(scene: Scene) -> Finding:
    """The daemon's user may read it."""
    user = scene.daemon_user
    if found := sorted(scene.daemon_groups & _READERS):
        return ok(f"{user} may read it, by {found[0]}")
    return wrong(
        f"{user} may not read it",
        f"run: usermod --append --groups systemd-journal {user} && systemctl restart {UNIT}",
    )


def storage(scene: Scene) -> Finding:
    """Entries are kept, at best over a restart: they are the ledger."""
    kept = _setting(scene, "Storage").lower() or "auto"
    remedy = (
        "run: mkdir --parents /etc/systemd/journald.conf.d /var/log/journal &&"
        " printf '[Journal]\\nStorage=persistent\\n' > /etc/systemd/journald.conf.d/zz-fui.conf &&"
        " systemctl restart systemd-journald && journalctl --flush"
    )
    if kept == "none":
        return wrong("journald keeps nothing (Storage=none): no press is proven", remedy)
    if kept == "volatile" or scene.host.names("/var/log/journal") is None:
        return warning("the journal, and so the ledger, is gone when the machine restarts", remedy)
    return ok(f"kept over restarts (Storage={kept})")


def rate_limit(scene: Scene) -> Finding:
    """What a busy smbd says is not dropped."""
    unit = scene.samba_unit
    interval = unit.seconds("LogRateLimitIntervalUSec")
    burst = int(unit["LogRateLimitBurst"] or 0)
    if not interval or not burst:  # as journald.conf has it
        interval = _time(_setting(scene, "RateLimitIntervalSec"), _DEFAULT_INTERVAL)
        burst = int(_setting(scene, "RateLimitBurst") or _DEFAULT_BURST)
        if not interval or not burst:
            return ok("journald drops nothing")
    if burst >= _ENOUGH:
        return ok(f"{burst} messages of {unit['Id']} in {interval:g} s")
    found = f"journald drops what {unit['Id']} says beyond {burst} messages in {interval:g} s"
    own = f"/etc/systemd/system/{unit['Id']}.d/fui.conf"
    if own not in unit["DropInPaths"].split():
        return warning(found, scene.setup)
    return warning(
        found,
        f"take the limit out of the other drop-ins than {own} ({unit['DropInPaths']});"
        f" run: systemctl daemon-reload && systemctl restart {unit['Id']}",
    )


def suppressed(scene: Scene) -> Finding:
    """Nothing was dropped since smbd was started (a raised limit counts from its start on)."""
    unit = scene.samba_unit
    # By their transport they are journald's own; every other field anybody can write.
    matches = ("_TRANSPORT=driver", f"MESSAGE_ID={SUPPRESSED}")
    number = sum(
        int(str(entry.get("N_DROPPED", 0)))
        for entry in entries(scene, f"--since=@{_started(unit):.0f}", *matches)
        if entry.get("OBJECT_SYSTEMD_UNIT") == unit["Id"] and entry.get("_TRANSPORT") == "driver"
    )
    if number:
        return wrong(
            f"journald dropped {number} messages of {unit['Id']}: presses were lost",
            f"raise the limit, see the row `journal: rate limit`; run: systemctl restart {unit['Id']}",
        )
    return ok(f"nothing of {unit['Id']} was dropped since it was started")


def namespace(scene: Scene) -> Finding:
    """The entries of smbd are in the journal that FUI reads."""
    for unit, what in ((scene.samba_unit, "records"), (scene.unit, "ledger")):
        if name := unit["LogNamespace"]:
            folder = f"/etc/systemd/system/{unit['Id']}.d"
            return wrong(
                f"the {what} of {unit['Id']} go to another journal (LogNamespace={name})",
                f"run: mkdir --parents {folder} && printf '[Service]\\nLogNamespace=\\n' >"
                f" {folder}/zz-namespace.conf && systemctl daemon-reload &&"
                f" systemctl restart {unit['Id']}",
            )
    return ok("the journal of the system")


def records(scene: Scene) -> Finding:
    """The last records that smbd sent, since it was started, are such as are believed."""
    units = scene.settings.samba_units
    found = entries(
        scene,
        "--lines=50",
        f"--since=@{_started(scene.samba_unit):.0f}",
        f"SYSLOG_FACILITY={scene.settings.facility}",
        "SYSLOG_IDENTIFIER=smbd_audit",
        "_GID=0",
    )
    if not found:
        return ok("none yet: nobody came into the share since smbd was started")
    came = {str(entry.get("_SYSTEMD_UNIT", "")) for entry in found}
    if strange := sorted(came - {"", *units}):
        return warning(
            f"some came from {', '.join(strange)}, which is not believed",
            f"if smbd runs there, write `samba-units: [{', '.join([*units, *strange])}]` in"
            f" {scene.etc}/fui.yaml; run: systemctl reload fui",
        )
    return ok(f"the last came from {found[-1].get('_SYSTEMD_UNIT', 'a process that was gone')}")


def _started(unit: Unit) -> float:
    since = unit.time("ActiveEnterTimestamp")
    if since is None:
        raise Unanswered(f"{unit['Id']} does not run", "see the row `smbd`")
    return since


def catalogue(scene: Scene) -> Finding:
    """`journalctl -x` explains the ledger."""
    listed = scene.host.say(Program.JOURNALCTL, "--no-pager", "--list-catalog")
    known = {line.partition(" ")[0] for line in listed.splitlines()}
    missing = set(MESSAGE_IDS.values()) - known
    if missing:
        return warning(
            f"journalctl -x cannot explain {len(missing)} of {len(MESSAGE_IDS)} kinds of entries",
            scene.setup,
        )
    return ok(f"explains {len(MESSAGE_IDS)} kinds of entries")


def entries(scene: Scene, *arguments: str, again: bool = False) -> list[dict[str, object]]:
    """Return the entries that journalctl(1) gives for these arguments, as its JSON has them.

    Args:
        scene: Whose journal.
        arguments: Options and matches.
        again: Whether to ask once more what was asked before.
    """
    ask = scene.host.run if again else scene.host.ask
    answer = ask(Program.JOURNALCTL, "--no-pager", "--quiet", "--output=json", *arguments)
    if answer.status != 0 and answer.err:  # 1 without a word: there is none
        raise Unanswered(f"cannot read the journal: {answer.last_words}", scene.host.privilege)
    return list(_parsed(answer.out))


def _parsed(text: str) -> Iterator[dict[str, object]]:
    for line in text.splitlines():
        entry = json.loads(line)
        if isinstance(entry, dict):
            yield entry


def _setting(scene: Scene, name: str) -> str:
    """Return what journald.conf and its drop-ins say last."""
    text = scene.host.say(Program.SYSTEMD_ANALYZE, "cat-config", "systemd/journald.conf")
    said = [
        line.partition("=")[2].strip() for line in text.splitlines() if line.startswith(f"{name}=")
    ]
    return said[-1] if said else ""


def _time(text: str, default: float) -> float:
    """Read a time as systemd.time(7) writes it, a bare number being seconds."""
    return Unit({"it": text}).seconds("it") if text else default


CHECKS = {
    "journald": reachable,
    "journal: readable": readable,
    "journal: kept": storage,
    "journal: rate limit": rate_limit,
    "journal: dropped": suppressed,
    "journal: namespace": namespace,
    "journal: records": records,
    "journal: catalogue": catalogue,
}
