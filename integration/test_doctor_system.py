"""Each row about the daemon, journald, the system, sudo and accounts, broken and put right.

What cannot be broken here is held by unit tests on recorded data: network file systems, a kernel
without cgroup v2 or cgroup.kill, the clock, SELinux and AppArmor, an old sudo, a slow name service.
"""

import time
from collections.abc import Iterator

import pytest

from integration.doctor import (
    UNITS,
    Broken,
    Row,
    as_before,
    away,
    back,
    drop_in,
    no_drop_in,
    row_of,
    sh,
)
from integration.install import FUI
from integration.machine import Machine
from integration.menu import Menu
from integration.smb import Library, SmbError

CATALOGUE = "/usr/lib/systemd/catalog/fui.catalog"
PID = "$(systemctl show --property=MainPID --value fui)"


def restarted(unit: str) -> str:
    return f"systemctl restart {unit}"


BROKEN = [
    Broken("daemon", sh("systemctl stop fui"), "wrong", "inactive"),
    Broken("daemon", sh("systemctl disable fui"), "warning", "will not start"),
    Broken("daemon", sh(f"kill -KILL {PID}; sleep 3"), "warning", "started it again, 1 times"),
    Broken(
        "daemon: unit",
        sh(
            f"sed --in-place s/KillMode=process/KillMode=mixed/ {UNITS}/fui.service;"
            " systemctl daemon-reload"
        ),
        "warning",
        "not that of this version",
    ),
    Broken("daemon: unit", sh(f"sleep 1.1; touch {UNITS}/fui.service"), "warning", "not read"),
    Broken(
        "daemon: unit",
        drop_in("fui", "KillMode=control-group"),
        "wrong",
        "KillMode=control-group",
        person=no_drop_in("fui"),
    ),
    Broken(
        "daemon: unit",
        sh(
            f"cp {FUI} {FUI}-of-old; mkdir --parents {UNITS}/fui.service.d;"
            f" printf '[Service]\\nExecStart=\\nExecStart={FUI}-of-old run\\n'"
            f" > {UNITS}/fui.service.d/test.conf; systemctl daemon-reload; {restarted('fui')}"
        ),
        "warning",
        f"starts {FUI}-of-old",
        person=sh(f"rm {UNITS}/fui.service.d/test.conf; systemctl daemon-reload"),
        undo=f"rm {FUI}-of-old",
    ),
    Broken(
        "daemon: heart beat",
        drop_in("fui", "WatchdogSec=9s", f"{restarted('fui')}; kill -STOP {PID}; sleep 6.5"),
        "wrong",
        "last sign of life",
    ),
    Broken(
        "daemon: heart beat",
        drop_in("fui", "WatchdogSec=0", restarted("fui")),
        "warning",
        "WatchdogSec",
        person=no_drop_in("fui"),
    ),
    Broken(
        "daemon: version",
        sh("sleep 2.1; touch /opt/fui/lib/python3*/site-packages/fui/__init__.py"),
        "warning",
        "installed after",
    ),
    Broken(
        "configuration",
        sh("printf 'object: [' > /etc/fui/conf.d/bad.yaml"),
        "wrong",
        "/etc/fui/conf.d/bad.yaml:1:",
        person=sh("rm /etc/fui/conf.d/bad.yaml; systemctl reload fui"),
    ),
    Broken(
        "configuration: in force",
        sh("sleep 2.1; touch /etc/fui/conf.d/twin.yaml"),
        "warning",
        "twin.yaml was changed",
    ),
    Broken(
        "flags",
        sh(f"kill -STOP {PID}; rm '/srv/controls/Probe/Quick [Ready].txt'"),
        "wrong",
        "1 flags are not shown: Probe/Quick",
    ),
    Broken("journald", sh("rm /dev/log"), "wrong", "no record comes in"),
    Broken(
        "journal: readable",
        drop_in("fui", "SupplementaryGroups=", "gpasswd --delete fui systemd-journal"),
        "wrong",
        "may not read it",
    ),
    Broken(
        "journal: kept",
        sh(
            "mkdir --parents /etc/systemd/journald.conf.d;"
            " printf '[Journal]\\nStorage=none\\n' > /etc/systemd/journald.conf.d/test.conf"
        ),
        "wrong",
        "Storage=none",
    ),
    Broken(
        "journal: rate limit",
        sh(f"rm {UNITS}/smbd.service.d/*.conf; systemctl daemon-reload"),
        "warning",
        "beyond 10000 messages in 30 s",
    ),
    Broken(
        "journal: namespace",
        drop_in("smbd", "LogNamespace=other", restarted("smbd")),
        "wrong",
        "LogNamespace=other",
        undo="systemctl stop systemd-journald@other.service systemd-journald@other.socket",
    ),
    Broken(
        "journal: catalogue",
        sh(f"{away(CATALOGUE)}; journalctl --update-catalog"),
        "warning",
        "cannot explain 18 of 18",
        undo=f"{back(CATALOGUE)}; journalctl --update-catalog",
    ),
    Broken(
        "inotify",
        sh("echo 4 > /tmp/few; mount --bind /tmp/few /proc/sys/fs/inotify/max_user_watches"),
        "wrong",
        "max_user_watches is 4",
        person=sh("sysctl -w fs.inotify.max_user_watches=524288"),
        undo="umount /proc/sys/fs/inotify/max_user_watches",
    ),
    Broken(
        "file system",
        sh("mount -o remount,ro /srv/controls"),
        "wrong",
        "read-only",
        undo="mount -o remount,rw /srv/controls",
    ),
    Broken("cgroups", drop_in("fui", "Delegate=no", restarted("fui")), "wrong", "Delegate=no"),
    Broken(
        "sudo",
        sh(away("/usr/bin/sudo")),
        "wrong",
        "there is no /usr/bin/sudo",
        person=sh(back("/usr/bin/sudo")),
        undo=back("/usr/bin/sudo"),
    ),
    Broken(
        "sudo: files",
        sh("echo nonsense > /etc/sudoers.d/test; chmod 440 /etc/sudoers.d/test"),
        "wrong",
        "/etc/sudoers.d/test",
        person=sh("rm /etc/sudoers.d/test"),
    ),
    Broken("sudo: rules", sh("rm /etc/sudoers.d/fui"), "wrong", "there is no /etc/sudoers.d/fui"),
    Broken(
        "sudo: rules",
        sh("sed --in-place '/bin.false/d' /etc/sudoers.d/fui"),
        "wrong",
        "1 are missing",
    ),
    Broken(
        "sudo: rules",
        sh("echo 'fui ALL=(root) NOPASSWD: /usr/bin/id' >> /etc/sudoers.d/fui"),
        "warning",
        "/usr/bin/id",
    ),
    Broken(
        "sudo: permitted",
        sh("sed --in-place '/^@includedir/d' /etc/sudoers"),
        "wrong",
        "sudo refuses",
        person=sh("echo '@includedir /etc/sudoers.d' >> /etc/sudoers"),
    ),
    Broken(
        "sudo: options",
        sh(
            "echo 'Defaults requiretty' >> /etc/sudoers; sed --in-place /requiretty/d /etc/sudoers.d/fui"
        ),
        "wrong",
        "requiretty",
    ),
    Broken(
        "sudo: options", sh("echo 'Defaults log_output' >> /etc/sudoers"), "warning", "log_output"
    ),
    Broken(
        "sudo: options",
        sh("sed --in-place /env_keep/d /etc/sudoers.d/fui"),
        "warning",
        "commands do not get FUI_USER",
    ),
    Broken(
        "configuration",
        sh("groupmod --new-name others wwwadmins"),
        "wrong",
        'cannot find the group "wwwadmins"',
        person=sh("groupmod --new-name wwwadmins others"),
    ),
    Broken(
        "members",
        sh("gpasswd --members '' wwwadmins"),
        "warning",
        "nobody is in wwwadmins",
        person=sh("usermod --append --groups wwwadmins alice"),
    ),
    Broken("account", sh("gpasswd --delete fui controls"), "wrong", "fui is not in controls"),
]


@pytest.fixture
def well(menu: Menu) -> Iterator[Machine]:
    """A machine in which nothing is wrong; afterwards it is as before."""
    with as_before(menu) as machine:
        yield machine


def test_what_journald_dropped_is_told(well: Machine) -> None:
    few = "LogRateLimitIntervalSec=1s\\nLogRateLimitBurst=2"
    drop_in("smbd", few, restarted("smbd"))(well)
    with Library(well.smb_port, "bob") as bob:
        well.wait_for(lambda: comes_in(bob), what="smbd to listen")
        for _ in range(2):
            for _ in range(10):  # each is a record of its own
                with pytest.raises(SmbError):
                    bob.rename("Probe/Quick [Ready].txt", "Probe/nowhere/x")
                bob.put("Probe/bob.txt", b"")
                bob.delete("Probe/bob.txt")
            time.sleep(1.2)  # what was dropped is told with the next that is not
    row = well.wait_for(lambda: bad(well, "journal: dropped"), what="the row")
    assert row is not None
    assert row["verdict"] == "wrong"
    assert "messages of smbd.service: presses were lost" in row["found"]
    limit = row_of(well, "journal: rate limit")
    assert limit["verdict"] == "warning"
    assert "smbd.service.d/test.conf" in limit["remedy"]
    well.run(["rm", f"{UNITS}/smbd.service.d/test.conf"])
    for each in (limit, row):
        well.run(["sh", "-c", each["remedy"].partition("run: ")[2]])
    assert not bad(well, "journal: dropped")
    assert not bad(well, "journal: rate limit")


def comes_in(client: Library) -> bool:
    try:
        client.list()
    except ValueError:  # the library's own word for a connection that is refused
        return False
    return True


def bad(machine: Machine, name: str) -> Row | None:
    """Ask for a row; none if it is well."""
    row = row_of(machine, name)
    return None if row["verdict"] == "ok" else row


@pytest.mark.parametrize("broken", BROKEN, ids=str)
def test_what_is_broken_is_named_and_the_remedy_works(well: Machine, broken: Broken) -> None:
    if broken.row == "sudo: options" and well.has_sudo_rs():
        pytest.skip("sudo-rs has no options of which this is said")
    broken.try_out(well)
