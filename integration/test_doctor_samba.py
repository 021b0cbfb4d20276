"""Each row about Samba and the share, broken on purpose, is named, and well when its remedy is followed.

What cannot be broken here is held by unit tests on recorded data: an old Samba.
"""

from collections.abc import Iterator

import pytest

from integration.doctor import (
    SNIPPET,
    Broken,
    Row,
    as_before,
    away,
    back,
    line,
    no_line,
    other_share,
    row_of,
    setting,
    sh,
)
from integration.machine import Machine
from integration.menu import PATIENCE, Menu
from integration.remedy import FILES, follow
from integration.smb import Library

OTHER_SMBD = (
    "systemctl stop smbd; systemd-run --unit=other --quiet /usr/sbin/smbd --foreground"
    " --no-process-group; sleep 1"
)
END_OTHER = "systemctl stop other; systemctl start smbd"

BROKEN = [
    Broken(
        "Samba",
        sh(away("/usr/sbin/smbd")),
        "wrong",
        "there is no /usr/sbin/smbd",
        person=sh(back("/usr/sbin/smbd")),  # apt-get has no network here
        undo=back("/usr/sbin/smbd"),
    ),
    Broken(
        "audit module",
        line("full_audit:success = connect unlinkat renameat unlink"),
        "wrong",
        "does not know unlink,",
        person=line("full_audit:success = connect unlinkat renameat"),
    ),
    Broken(
        "audit module",
        sh(f"cd /usr/lib/*/samba/vfs; {away('full_audit.so')}"),
        "wrong",
        "there is no /usr/lib",
        person=sh(f"cd /usr/lib/*/samba/vfs; {back('full_audit.so')}"),
        undo=f"cd /usr/lib/*/samba/vfs; {back('full_audit.so')}",
    ),
    Broken("smbd", sh("systemctl stop smbd; sleep 0.5"), "wrong", "no smbd runs"),
    Broken("smbd", sh(OTHER_SMBD), "wrong", "runs in other.service", undo=END_OTHER),
    Broken("caching", line("oplocks = yes"), "warning", "may keep flags"),
    Broken("links", line("follow symlinks = yes"), "warning", "follows links"),
    Broken("logging", line("logging = syslog", "[global]"), "warning", "logging = syslog"),
    Broken(
        "other shares",
        other_share("path = /srv"),
        "warning",
        "[Other] shows the same folders",
        person=sh("sed --in-place '/Other/,$d' /etc/samba/smb.conf"),
    ),
    Broken(
        "other shares",
        other_share("path = /srv/controls/Apache\\nforce user = alice"),
        "wrong",
        "[Other] has force user",
        person=sh("sed --in-place '/Other/,$d' /etc/samba/smb.conf"),
    ),
    Broken(
        "share",
        sh(f"sed --in-place '/^include/d' {FILES[0]}"),
        "wrong",
        "no share of Samba's shows /srv/controls",
    ),
    Broken("share", line("available = no"), "wrong", "not available"),
    Broken("share", setting("share-name: Menu"), "warning", "fui.yaml says Menu"),
    Broken("share: modules", line("vfs objects = recycle"), "wrong", "no full_audit"),
    Broken(
        "share: modules", line("vfs objects = readahead full_audit"), "wrong", "readahead stands"
    ),
    Broken("share: modules", line("vfs objects = full_audit recycle"), "wrong", "recycle makes"),
    Broken("share: modules", line("vfs objects = full_audit catia"), "warning", "catia gives"),
    Broken(
        "share: operations", line("full_audit:success = connect"), "wrong", "unlinkat, renameat"
    ),
    Broken(
        "share: operations", line("full_audit:success = unlinkat renameat"), "warning", "connect"
    ),
    Broken("share: operations", line("full_audit:success = all"), "warning", "more is logged"),
    Broken("share: prefix", line("full_audit:prefix = %U|%I|%S"), "wrong", "%U|%I|%S"),
    Broken("share: facility", line("full_audit:facility = LOCAL3"), "wrong", "says local5"),
    Broken("share: identity", line("force user = alice"), "wrong", "force user = alice"),
    Broken("share: identity", line("admin users = bob", "[global]"), "wrong", "admin users = bob"),
    Broken("share: identity", line("guest ok = yes"), "wrong", "guests"),
    Broken("share: identity", line("force group = controls"), "warning", "the group controls"),
    Broken("share: entry", line("read only = yes"), "wrong", "read-only"),
    Broken("share: entry", no_line("valid users"), "warning", "everybody with an account"),
    Broken(
        "share: NT ACLs",
        sh(
            f"sed --in-place 's/vfs objects =.*/vfs objects = full_audit acl_xattr/;"
            f" /\\[Controls\\]/a acl_xattr:ignore system acls = yes' {SNIPPET}"
        ),
        "wrong",
        "gives them no NT ACL",
    ),
    Broken(
        "share: NT ACLs",
        sh("sed --in-place 's/in-samba: false/in-samba: true/' /etc/fui/fui.yaml"),
        "wrong",
        "does not go by the NT ACLs",
    ),
    Broken("share: staging", no_line("veto files"), "warning", "clients see the folder .fui"),
    Broken("share: staging", line("delete veto files = yes"), "warning", "can remove .fui"),
]


@pytest.fixture
def well(menu: Menu) -> Iterator[Machine]:
    """A machine in which nothing is wrong; afterwards it is as before."""
    with as_before(menu) as machine:
        yield machine


def test_records_that_are_not_believed_are_told(well: Machine) -> None:
    well.run(["sh", "-c", OTHER_SMBD])
    try:
        with Library(well.smb_port, "alice") as alice:
            alice.list("Probe")  # and stays, so that journald can see whose records these are
            row = well.wait_for(lambda: from_elsewhere(well), timeout=PATIENCE, what="the row")
        assert row is not None
        assert row["found"] == "some came from other.service, which is not believed"
        follow(well, row["remedy"])
        assert row_of(well, "journal: records")["verdict"] == "ok"
    finally:
        well.run(["sh", "-c", END_OTHER])


def from_elsewhere(machine: Machine) -> Row | None:
    row = row_of(machine, "journal: records")
    return row if row["verdict"] == "warning" and "other" in row["found"] else None


def test_directory_leases_are_told_where_samba_has_them(well: Machine) -> None:
    number = well.run(["smbd", "-V"]).stdout.split()[1].split(".")
    if (int(number[0]), int(number[1])) < (4, 22):
        pytest.skip(f"Samba {'.'.join(number)} has none")
    Broken("caching", no_line("smb3 directory leases"), "warning", "may keep flags").try_out(well)


@pytest.mark.parametrize("broken", BROKEN, ids=str)
def test_what_is_broken_is_named_and_the_remedy_works(well: Machine, broken: Broken) -> None:
    broken.try_out(well)
