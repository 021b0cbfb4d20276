"""May this user do this? Policy only: who the user is and what applies to them was looked up.

Rules: nothing is permitted until granted; deny beats allow; every refusal names its rule; a grant
is good for one start. The name in the audit text must be the one that NSS has for the kernel's uid,
in the spelling of Samba: if it is not, another session closed the file last and pulled the delete.
"""

import re
from dataclasses import dataclass, field

from fui.model.menu import Access, Subject
from fui.model.states import Refusal

_UNSAFE = re.compile(r"[`\"';$%\r\n&|<>]")
"""What Samba replaces by `_` in a substituted name (lib/util/substitute.c, realloc_string_sub2)."""
_UNSAFE_ONCE = re.compile(r"[`\"';$%\r\n]")
"""What older ones replace; with the rest it was seen in Debian's 4.17.12."""


@dataclass(slots=True)
class Granted:
    """Permission to start one job, once.

    Attributes:
        rule: The rule of `allow` that permits it.
    """

    rule: str
    _spent: bool = field(default=False, repr=False)

    def spend(self) -> None:
        """Use the grant up. A second use is a bug and dies."""
        assert not self._spent, "a grant starts one job"  # noqa: S101 - a bug dies, systemd restarts
        self._spent = True


@dataclass(frozen=True, slots=True)
class Denied:
    """No. The refusal is for programs, the rule for people."""

    refusal: Refusal
    rule: str


def authorize(
    access: Access, name: str, within: frozenset[Subject], text_user: str
) -> Granted | Denied:
    """Decide on one press.

    Args:
        access: The rules of the action.
        name: The user's name by NSS, for the kernel's uid.
        within: Those subjects of the rules that the user is or is a member of.
        text_user: The name in the audit text.
    """
    if text_user not in (samba_spelling(name), _UNSAFE_ONCE.sub("_", name)):
        return Denied(
            Refusal.DEFERRED_DELETE,
            f"{name} asked for the deletion, but the session of {text_user} carried it out by"
            " closing the file; delete the flag while nobody has it open",
        )
    for subject in access.deny:
        if subject in within:
            return Denied(Refusal.DENY_RULE, f"deny {subject}")
    for subject in access.allow:
        if subject in within:
            return Granted(f"allow {subject}")
    allowed = ", ".join(str(subject) for subject in access.allow) or "nobody"
    return Denied(Refusal.NOT_ALLOWED, f"allowed is {allowed}")


def samba_spelling(name: str) -> str:
    """Return a Unix user name as Samba's `%u` prints it."""
    return _UNSAFE.sub("_", name)
