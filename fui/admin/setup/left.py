"""What is left to do by a person when setup is done: who may come in, and with which password.

Rules: looks, and says; nothing here is a fault. A Samba that belongs to a domain has its groups and
passwords there, and is not asked; winbind does not even tell who is in a group.
"""

import socket
from collections.abc import Collection, Iterator, Mapping

from fui.admin.samba import Section, SmbConf
from fui.admin.setup import accounts, programs
from fui.admin.smb_conf import people
from fui.model.errors import EdgeError
from fui.model.harmless import harmless
from fui.model.menu import Menu, Subject, SubjectKind

_MEMBER_ROLES = ("member", "active directory", "domain controller")


def address(menu: Menu) -> str:
    """Say where the share is."""
    return f"the share is \\\\{socket.gethostname()}\\{harmless(menu.settings.share_name)}"


def left(menu: Menu) -> Iterator[str]:
    """Say what is left to do for those whom the menu names."""
    named = tuple(dict.fromkeys(people(menu)))
    groups = {each.name: _members(each.name) for each in named if each.kind is SubjectKind.GROUP}
    try:
        general = SmbConf.parse(programs.run(programs.TESTPARM, "-s")).general
        if not of_a_domain(general):
            yield from nobody_in(groups)
            known = passwords(programs.run(programs.PDBEDIT, "-L"))
            yield from without_password(users(named, groups), known)
    except EdgeError as error:
        yield str(error)


def nobody_in(groups: Mapping[str, Collection[str]]) -> Iterator[str]:
    """Say which groups are empty."""
    for group, members in groups.items():
        if not members:
            name = harmless(group)
            yield f"nobody is in the group {name} yet; for each user: usermod -aG '{name}' USER"


def users(named: Collection[Subject], groups: Mapping[str, Collection[str]]) -> list[str]:
    """Return the users whom the menu names, by themselves or by a group."""
    found = {each.name for each in named if each.kind is SubjectKind.USER}
    return sorted(found.union(*groups.values()))


def without_password(wanted: Collection[str], known: Collection[str]) -> Iterator[str]:
    """Say who has no password in Samba, and so cannot come in."""
    for user in wanted:
        if user not in known:
            yield f"{harmless(user)} has no password in Samba yet: smbpasswd -a {harmless(user)}"


def passwords(text: str) -> set[str]:
    """Return whom `pdbedit -L` names, as `alice:1001:Alice`."""
    return {line.rsplit(":", 2)[0] for line in text.splitlines() if ":" in line}


def of_a_domain(general: Section) -> bool:
    """Whether the passwords are elsewhere."""
    role = general.text("server role").lower()
    return general.text("security").lower() in {"ads", "domain"} or any(
        word in role for word in _MEMBER_ROLES
    )


def _members(group: str) -> list[str]:
    """Who is in a group, as far as the group says; FUI's own user is none of the people."""
    return [name for name in accounts.members(group) if name != accounts.ACCOUNT]
