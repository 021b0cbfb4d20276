"""The share as smb.conf(5) says it: the file that is included, and the line that includes it.

Rules: pure. Every line has its reason above it, for an administrator reads this file; a value that
smb.conf cannot spell is refused. `smb.conf.d/fui.conf` in the source tree is what this renders for
the defaults. Knows nothing of where the files are, or of who reads them.
"""

import os
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from fui.admin.samba import PREFIX, facility_name
from fui.model.errors import EdgeError
from fui.model.harmless import harmless
from fui.model.menu import Menu, Subject, SubjectKind

NEEDED = ("unlinkat", "renameat")
"""The operations without which nobody's press can be seen."""

OPERATIONS = (*NEEDED, "connect", "create_file")
"""All that are logged, by Samba's names (source3/modules/vfs_full_audit.c, vfs_op_names)."""

_INCLUDE = re.compile(r"^[ \t]*include[ \t]*=(.*)$", re.IGNORECASE | re.MULTILINE)

_HEADER = """\
# The share of FUI, as Samba reads it. Made by `fui setup`, which makes it anew when the configuration
# of FUI has changed: settings of your own for this share belong into smb.conf, under another
# [{name}] behind the line that includes this file. See the outcome with `testparm -s`.
#
# What must not be added: `force user`, `admin users`, `guest ok = yes`. Each of them makes one user
# act for many, and then nobody can say who pressed.

[global]
    # Audit lines go to the journal, smbd's own debug lines do not: with `logging = syslog`
    # both would bear the same name there.
    logging = file

    # The daemon changes the folders locally, and a directory lease would let clients show
    # their old listing. Known from Samba 4.22 on; an older one warns and goes on.
    smb3 directory leases = no

[{name}]
    comment = Delete a flag to run its action
    path = {path}
    read only = no

    # Who may come in at all: everybody whom the menu names. Who may press what is decided for each
    # action.
    valid users = {people}
    guest ok = no

    # One line in the journal for each deletion and each renaming that was done, sent by smbd
    # under the uid of the user who did it; journald takes that uid from the kernel, and that
    # is how FUI knows who pressed. `connect` makes journald learn the sender early.
"""
_ENFORCED = """\
    # Of what fails only the opening of a file is logged: whoever may not delete a flag is told in
    # FUI's ledger. full_audit comes first, so that it sees what acl_xattr refuses.
    vfs objects = full_audit acl_xattr
    full_audit:success = {success}
    full_audit:failure = {failure}

    # Each flag bears an NT ACL, made by FUI: those who may press it may delete it, nobody can make,
    # rename or overwrite anything. It lies in a user attribute, which FUI can write without being
    # root, and counts alone. Without `enforce-in-samba` in fui.yaml these lines and acl_xattr go,
    # and `full_audit:failure` is none.
    acl_xattr:ignore system acls = yes
    acl_xattr:security_acl_name = user.NTACL

    # Whoever may delete a flag may also mark it as read-only; others can delete it all the same.
    delete readonly = yes
"""
_UNENFORCED = """\
    vfs objects = full_audit
    full_audit:success = {success}
    full_audit:failure = {failure}
"""
_REST = """
    # What stands before each line: the user as Samba knows it, the client's address and the
    # share. FUI holds the name against the kernel's uid and trusts only the uid. %u, not %U:
    # the latter is what the client claims to be.
    full_audit:prefix = {prefix}

    # A facility of the share's own keeps other lines out, and makes it easy to look at them:
    # `journalctl --facility={journalctl}`.
    full_audit:facility = {facility}
    full_audit:priority = NOTICE

    # A client that may cache a flag would show a state that is no longer so.
    oplocks = no
    level2 oplocks = no

    # Who has a shell on the server could put a link to one object's folder into another's, and
    # whoever deletes what seems to lie behind it would press a flag without knowing.
    follow symlinks = no

    # The daemon makes flags out of sight, in here, and moves them into their folder whole.
    veto files = /.fui/
    delete veto files = no

    # What a user drops into a folder stays his own, and readable to the others of its group.
    create mask = 0664
    directory mask = 0775
"""


@dataclass(frozen=True, slots=True)
class Share:
    """The share.

    Attributes:
        name: What clients call it.
        path: Its root.
        people: Who may come in.
        facility: Of its audit lines, by number.
        enforced: Whether flags have NT ACLs.
    """

    name: str
    path: str
    people: tuple[Subject, ...]
    facility: int
    enforced: bool

    @classmethod
    def of(cls, menu: Menu) -> "Share":
        """Return the share that a menu needs."""
        settings = menu.settings
        return cls(
            settings.share_name,
            settings.share,
            tuple(people(menu)),
            settings.facility,
            settings.enforce_in_samba,
        )


def render(share: Share, known: Collection[str] = OPERATIONS) -> str:
    """Return the file.

    Args:
        share: What it says.
        known: The operations that this Samba's full_audit knows; an unknown one would keep everybody
            out of the share, from Samba 4.17 on.

    Raises:
        EdgeError: FUI cannot work with such a Samba, or smb.conf cannot spell a name.
    """
    lacking = [name for name in NEEDED if name not in known]
    if lacking:
        raise EdgeError(
            f"cannot work with this Samba: its full_audit does not know {' and '.join(lacking)};"
            " install Samba 4.13 or later"
        )
    failure = [name for name in ("create_file",) if share.enforced and name in known]
    values = {
        "name": _spelled(share.name),
        "path": _spelled(share.path),
        "people": " ".join(dict.fromkeys(map(_person, share.people))),
        "success": " ".join(name for name in ("connect", *NEEDED) if name in known),
        "failure": " ".join(failure) or "none",
        "prefix": PREFIX,
        "facility": facility_name(share.facility),
        "journalctl": facility_name(share.facility).lower(),
    }
    body = _ENFORCED if share.enforced else _UNENFORCED
    return (_HEADER + body + _REST).format_map(values)


def include_line(snippet: str) -> str:
    """Return the line of smb.conf that includes a file."""
    return f"include = {_spelled(snippet)}"


def includes(text: str, snippet: str) -> bool:
    """Whether a smb.conf includes a file, however that is spelled."""
    return any(map(_leads_to(snippet), _INCLUDE.finditer(text)))


def redirected(text: str, snippet: str, other: str) -> str:
    """Return a smb.conf that includes `other` in the place of a file; nothing, if it is empty."""
    leads = _leads_to(snippet)
    line = include_line(other) if other else ""
    return _INCLUDE.sub(lambda found: line if leads(found) else found.group(), text)


def same_name(one: str, other: str) -> bool:
    """Whether two names are one to Samba, which passes over case and blanks (strwicmp)."""
    return _squeezed(one) == _squeezed(other)


def _leads_to(snippet: str) -> "_Leads":
    return _Leads(os.path.realpath(snippet))


@dataclass(frozen=True, slots=True)
class _Leads:
    """Whether an include leads to a file."""

    real: str

    def __call__(self, found: re.Match[str]) -> bool:
        path = found[1].strip(" \t")
        return "\0" not in path and os.path.realpath(path) == self.real


def _squeezed(name: str) -> str:
    return "".join(name.split()).casefold()


def people(menu: Menu) -> Iterable[Subject]:
    """Whom the menu names: who may see a folder, press a flag or cancel a job."""
    for folder in menu.folders:
        if folder.spec.group is not None:
            yield Subject(SubjectKind.GROUP, folder.spec.group)
    for action in menu.actions:
        yield from action.access.allow
        if action.cancel is not None:
            yield from action.cancel.allow


def _person(subject: Subject) -> str:
    # In a list of names smb.conf takes what stands in double quotes as one; `@` means a group.
    text = _spelled(f"{'@' if subject.kind is SubjectKind.GROUP else ''}{subject.name}")
    return f'"{text}"' if re.search(r"[\s,;\\]", text) else text


def _spelled(text: str) -> str:
    """Return a value that smb.conf gives back as it is."""
    if not text.isprintable() or set('%"') & set(text) or text.strip() != text or text[-1] == "\\":
        raise EdgeError(
            f"cannot write {harmless(text)!r} into smb.conf, which means something by"
            ' %, ", line breaks, blanks around it, and a backslash at its end; take another name'
        )
    return text
