"""Users and groups of this machine, and FUI's own; asked of NSS, changed by nobody."""

import grp
import pwd

ACCOUNT = "fui"
"""Whom the daemon runs as."""

STATE = "/var/lib/fui"
"""What the daemon remembers; it is the account's home."""

JOURNAL_GROUP = "systemd-journal"
"""Who may read the journal."""


def has_user(name: str) -> bool:
    """Whether there is a user of that name."""
    return uid(name) is not None


def uid(name: str) -> int | None:
    """Return the number of a user; None if there is none of that name."""
    try:
        return pwd.getpwnam(name).pw_uid
    except KeyError:
        return None


def has_group(name: str) -> bool:
    """Whether there is a group of that name."""
    try:
        grp.getgrnam(name)
    except KeyError:
        return False
    return True


def members(group: str) -> list[str]:
    """Return who is listed in a group, which are not those who are born in it."""
    return [str(each) for each in grp.getgrnam(group).gr_mem] if has_group(group) else []


def is_member(user: str, group: str) -> bool:
    """Whether a user is in a group, also by being born in it."""
    try:
        return user in members(group) or pwd.getpwnam(user).pw_gid == grp.getgrnam(group).gr_gid
    except KeyError:
        return False
