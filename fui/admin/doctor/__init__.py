"""What `fui doctor` looks at: everything FUI depends on and does not own.

The way: `host` is the machine (its `programs`, files, name service); `scene` the menu, Samba's
configuration and the units, each asked for once; a check of `samba`, `share`, `journal`, `system`,
`sudo`, `accounts`, `confinement` or `daemon` looks at one thing of it and answers with a `row`.
`press` makes a real one, of an object that is `temporary`.

Rules: looking changes nothing; a check that cannot ask is a row that says so, and the table goes on.
"""

from collections.abc import Callable, Iterator, Mapping

from fui.admin.doctor import (
    accounts,
    confinement,
    daemon,
    journal,
    samba,
    share,
    sudo,
    system,
    temporary,
)
from fui.admin.doctor.row import Finding, Row, Unanswered, Verdict, warning
from fui.admin.doctor.scene import Scene

Check = Callable[[Scene], Finding]

CHECKS: Mapping[str, Check] = {
    **temporary.CHECKS,
    **daemon.CHECKS,
    **samba.CHECKS,
    **share.CHECKS,
    **journal.CHECKS,
    **system.CHECKS,
    **sudo.CHECKS,
    **accounts.CHECKS,
    **confinement.CHECKS,
}
"""Every check by the name of its row, in the order of the table; what an earlier one left goes first."""


def examine(scene: Scene, checks: Mapping[str, Check] = CHECKS) -> Iterator[Row]:
    """Give a row for each check, each as soon as it is known."""
    for name, check in checks.items():
        try:
            finding = check(scene)
        except Unanswered as unanswered:
            finding = unanswered.finding
        except (OSError, ValueError) as error:
            finding = warning(f"cannot read the answer: {error}", "tell FUI's makers")
        yield Row.of(name, finding)


def verdict(rows: list[Row]) -> Verdict:
    """Return the worst verdict of a table."""
    return max((row.verdict for row in rows), key=lambda each: each.weight, default=Verdict.OK)
