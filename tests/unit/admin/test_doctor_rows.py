"""Each row's judgement on recorded answers; those first that no throwaway machine can show."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from fui.admin import doctor, sudoers
from fui.admin.doctor.host import Space
from fui.admin.doctor.programs import Answer
from fui.admin.doctor.row import Finding, Unanswered
from fui.admin.doctor.system import Mount, mount_of, mounts
from fui.edges.ledger.fields import MESSAGE_IDS
from fui.model.menu import Access, Menu, Settings, Subject, SubjectKind
from tests.unit.admin.recorded import ACTION, FOLDER, MENU, TESTPARM, UNITS, Recorded, scene

ENFORCED = replace(MENU, settings=Settings("/srv/controls", enforce_in_samba=True))
ROOT = "22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw"
CGROUP = "41 22 0:38 / /sys/fs/cgroup rw,nosuid shared:5 - cgroup2 cgroup2 rw"


def found(row: str, host: Recorded, menu: Menu = MENU, testparm: str = TESTPARM) -> Finding:
    try:
        return doctor.CHECKS[row](scene(host, menu, testparm))
    except Unanswered as unanswered:
        return unanswered.finding


def told(finding: Finding) -> tuple[str, str]:
    return finding.verdict.value, finding.found


def mounted(*lines: str) -> Recorded:
    return Recorded(files={"/proc/self/mountinfo": "\n".join([ROOT, *lines]) + "\n"})


def unit(name: str, **properties: str) -> dict[str, dict[str, str]]:
    return {**UNITS, name: {**UNITS.get(name, {}), **properties}}


# -- the system ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "verdict"),
    [
        ("nfs4", "wrong"),
        ("cifs", "wrong"),
        ("fuse.sshfs", "wrong"),
        ("9p", "wrong"),
        ("virtiofs", "wrong"),
        ("fuse.bindfs", "warning"),
        ("fuseblk", "warning"),
        ("ext4", "ok"),
        ("overlay", "ok"),
        ("tmpfs", "ok"),
    ],
)
def test_a_file_system_of_other_machines_is_refused(kind: str, verdict: str) -> None:
    host = mounted(f"50 22 0:50 / /srv rw,relatime - {kind} server:/export rw")
    finding = found("file system", host)
    assert finding.verdict.value == verdict
    assert f"/srv/controls is on {kind}" in finding.found


def test_a_share_that_is_mounted_read_only() -> None:
    finding = found("file system", mounted("50 22 0:50 / /srv/controls ro - xfs /dev/sdb rw"))
    assert told(finding) == ("wrong", "/srv/controls is mounted read-only")
    assert finding.remedy == "run: mount -o remount,rw /srv/controls"


MOUNTS = rf"""
{ROOT}
50 22 0:50 / /srv/con rw - nfs x rw
51 22 0:51 / /srv/my\040share rw,noexec - xfs x rw
52 22 0:52 / /srv rw - xfs x rw
53 22 0:53 / /srv rw master:2 - btrfs x rw
"""


def test_the_mount_of_a_path_is_the_innermost_and_of_those_the_last() -> None:
    all_mounts = mounts(MOUNTS.strip())
    assert mount_of("/srv/controls", all_mounts) == Mount("/srv", "btrfs", ("rw",))
    assert mount_of("/srv/my share/x", all_mounts) == Mount(
        "/srv/my share", "xfs", ("rw", "noexec")
    )
    assert mount_of("/", all_mounts).kind == "ext4"


@pytest.mark.parametrize(
    ("lines", "names", "delegate", "verdict", "says"),
    [
        ([], [], "yes", "wrong", "there is no cgroup v2"),
        ([CGROUP], ["cgroup.procs"], "yes", "warning", "no cgroup.kill"),
        ([CGROUP], ["cgroup.kill"], "no", "wrong", "Delegate=no"),
        ([CGROUP], ["cgroup.kill"], "yes", "ok", "delegated"),
    ],
)
def test_cgroups(
    lines: list[str], names: list[str], delegate: str, verdict: str, says: str
) -> None:
    host = mounted(*lines)
    host.folders["/sys/fs/cgroup/system.slice/fui.service"] = names
    host.units = unit("fui.service", Delegate=delegate)
    finding = found("cgroups", host)
    assert finding.verdict.value == verdict
    assert says in finding.found


@pytest.mark.parametrize(
    ("most", "controllers", "systemd", "verdict", "says"),
    [
        ((None, None), "", "252", "ok", "the menu has none"),
        ((64, None), "cpu pids", "254", "ok", "tasks-max hold each job"),
        ((64, None), "cpu memory", "257", "warning", "tasks-max holds no job: the controller pids"),
        ((64, 2**30), "memory pids", "254", "ok", "tasks-max and memory-max hold each job"),
        ((None, 2**30), "pids", "254", "warning", "memory-max holds no job: the controller memory"),
        ((64, 2**30), "memory pids", "253", "wrong", "systemd 253 cannot start FUI anew while"),
        ((64, None), "pids", "253", "wrong", "systemd 253 cannot start FUI anew while"),
    ],
)
def test_the_limits_of_jobs(
    most: tuple[int | None, int | None], controllers: str, systemd: str, verdict: str, says: str
) -> None:
    host = mounted(CGROUP)
    host.files["/sys/fs/cgroup/system.slice/fui.service/cgroup.controllers"] = f"{controllers}\n"
    host.answers["systemctl --version"] = f"systemd {systemd} ({systemd}.9-1)\n+PAM +AUDIT\n"
    command = replace(ACTION.command, tasks_max=most[0], memory_max=most[1])
    menu = replace(MENU, actions=(ACTION, replace(ACTION, command=command)))
    finding = found("job limits", host, menu)
    assert finding.verdict.value == verdict
    assert says in finding.found


def test_an_old_systemd_with_its_drop_in_is_well() -> None:
    host = mounted(CGROUP)
    host.files["/sys/fs/cgroup/system.slice/fui.service/cgroup.controllers"] = "pids\n"
    host.answers["systemctl --version"] = "systemd 252 (252.9-1)\n"
    give_back = "{ path=/opt/fui/bin/fui ; argv[]=/opt/fui/bin/fui run --give-back ; }"
    host.units = unit("fui.service", ExecStopPost=give_back)
    command = replace(ACTION.command, tasks_max=64)
    menu = replace(MENU, actions=(replace(ACTION, command=command),))
    assert found("job limits", host, menu).verdict.value == "ok"


@pytest.mark.parametrize("stopped", [True, False])
def test_the_limits_of_jobs_cannot_be_told_without_a_control_group(stopped: bool) -> None:  # noqa: FBT001
    host = mounted(*([CGROUP] if stopped else []))
    host.units = unit("fui.service", ControlGroup="" if stopped else "/system.slice/fui.service")
    menu = replace(MENU, actions=(replace(ACTION, command=replace(ACTION.command, tasks_max=8)),))
    assert found("job limits", host, menu).found == "cannot tell without a control group"


@pytest.mark.parametrize(
    ("watches", "instances", "events", "verdict", "says"),
    [
        (8192, 128, 16384, "ok", "3 folders"),
        (5, 128, 16384, "wrong", "max_user_watches is 5, and this menu needs 6"),
        (8192, 1, 16384, "wrong", "max_user_instances is 1"),
        (8192, 128, 512, "warning", "max_queued_events is 512"),
    ],
)
def test_inotify(watches: int, instances: int, events: int, verdict: str, says: str) -> None:
    limits = {
        "max_user_watches": watches,
        "max_user_instances": instances,
        "max_queued_events": events,
    }
    files = {f"/proc/sys/fs/inotify/{name}": f"{limit}\n" for name, limit in limits.items()}
    finding = found("inotify", Recorded(files=files))
    assert finding.verdict.value == verdict
    assert says in finding.found


@pytest.mark.parametrize(
    ("path", "space", "verdict", "says"),
    [
        ("/srv/controls", Space(0.019, 0.5), "warning", "1.9% of the space"),
        ("/srv/controls", Space(0.5, 0.0), "wrong", "0.0% of the inodes"),
        ("/var/lib/fui", Space(0.0, None), "wrong", "at /var/lib/fui"),
        ("/srv/controls", Space(0.5, None), "ok", "there is room"),
    ],
)
def test_space(path: str, space: Space, verdict: str, says: str) -> None:
    finding = found("space", Recorded(free={path: space}))
    assert finding.verdict.value == verdict
    assert says in finding.found


def test_the_clock() -> None:
    assert found("clock", Recorded()).verdict.value == "ok"
    assert found("clock", Recorded(synchronized=False)).verdict.value == "warning"
    put = Recorded(answers={"c7a787079b354eaaa9e77b371893cd27": "Time has been changed\n" * 2})
    assert "put 2 times" in found("clock", put).found


# -- confinement -----------------------------------------------------------------------------------

AVC = (
    'audit: type=1400 audit(1764000000.1:9): avc:  denied  { unlink } for  pid=811 comm="smbd"'
    ' name="Restart [Ready].txt" dev="dm-0" ino=7 scontext=system_u:system_r:smbd_t:s0'
    " tcontext=unconfined_u:object_r:var_t:s0 tclass=file permissive=0\n"
)
OTHER = AVC.replace("smbd", "httpd")
APPARMOR = (
    'audit: type=1400 audit(1764000000.1:9): apparmor="DENIED" operation="unlink" class="file"'
    ' profile="smbd" name="/srv/controls/Apache/Restart [Ready].txt" pid=811 comm="smbd"'
    ' requested_mask="d" denied_mask="d" fsuid=1001 ouid=999\n'
)


@pytest.mark.parametrize(
    ("enforce", "log", "verdict", "says"),
    [
        (None, AVC, "ok", "not in use"),
        ("1", "", "ok", "enforces, and denied nothing"),
        ("1", OTHER, "ok", "denied nothing"),
        ("1", OTHER + AVC, "wrong", "denied 1 times within a day, the last: smbd: Restart [Ready]"),
        ("0", AVC, "warning", "denied 1 times"),
    ],
)
def test_selinux(enforce: str | None, log: str, verdict: str, says: str) -> None:
    host = Recorded(answers={"_TRANSPORT=audit": log})
    if enforce is not None:
        host.files["/sys/fs/selinux/enforce"] = enforce
    finding = found("SELinux", host)
    assert finding.verdict.value == verdict
    assert says in finding.found
    if verdict != "ok":
        assert "samba_share_t '/srv/controls(/.*)?'" in finding.remedy


@pytest.mark.parametrize(
    ("enabled", "profiles", "log", "verdict"),
    [
        ("N", "", APPARMOR, "ok"),
        ("Y", "smbd (enforce)\n", "", "ok"),
        ("Y", "smbd (enforce)\n", APPARMOR, "wrong"),
        ("Y", "smbd (complain)\n", APPARMOR, "warning"),
        ("Y", "smbd (enforce)\n", APPARMOR.replace('profile="smbd"', 'profile="cups"'), "ok"),
    ],
)
def test_apparmor(enabled: str, profiles: str, log: str, verdict: str) -> None:
    host = Recorded(answers={"_TRANSPORT=audit": log})
    host.files["/sys/module/apparmor/parameters/enabled"] = f"{enabled}\n"
    host.files["/sys/kernel/security/apparmor/profiles"] = profiles
    finding = found("AppArmor", host)
    assert finding.verdict.value == verdict
    if verdict != "ok":
        assert "smbd: /srv/controls/Apache/Restart [Ready].txt" in finding.found
        assert '"/srv/controls/{,**}" rwkl,' in finding.remedy


# -- versions --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("Version 4.12.3", "wrong"),
        ("Version 4.13.17-Ubuntu", "ok"),
        ("Version 4.22.3-Debian", "ok"),
        ("Version 5.0.0", "ok"),
    ],
)
def test_samba(text: str, verdict: str) -> None:
    assert found("Samba", Recorded(answers={"smbd -V": text})).verdict.value == verdict


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("Sudo version 1.9.5p2", "warning"),
        ("Sudo version 1.9.10", "ok"),
        ("Sudo version 1.9.16p2", "ok"),
        ("sudo-rs 0.2.4", "warning"),
        ("sudo-rs 0.2.15", "ok"),
        ("doas", "warning"),
    ],
)
def test_sudo(text: str, verdict: str) -> None:
    host = Recorded(answers={"sudo -V": f"{text}\nConfigure options: …\n"})
    assert found("sudo", host).verdict.value == verdict


def test_an_early_sudo_rs_says_what_it_is_to_standard_error() -> None:
    host = Recorded(answers={"sudo -V": Answer(0, "", "sudo-rs 0.2.5\n")})
    assert told(found("sudo", host)) == ("ok", "sudo-rs 0.2.5")


@pytest.mark.parametrize(("version", "leases"), [("4.21.9", False), ("4.22.0", True)])
def test_leases_count_from_the_version_that_has_them(version: str, leases: bool) -> None:  # noqa: FBT001
    text = TESTPARM.replace("\tsmb3 directory leases = No\n", "")
    host = Recorded(answers={"smbd -V": f"Version {version}"})
    finding = found("caching", host, testparm=text)
    assert (finding.verdict.value == "warning") is leases
    assert ("smb3 directory leases = no` in [global]" in finding.remedy) is leases


@pytest.mark.parametrize(("was", "verdict"), [("", "warning"), ("\tfollow symlinks = No\n", "ok")])
def test_links(was: str, verdict: str) -> None:
    text = TESTPARM.replace("\tfollow symlinks = No\n", was)
    assert found("links", Recorded(), testparm=text).verdict.value == verdict


# -- the name service ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("took", "verdict", "says"),
    [
        ({}, "ok", "4 users and groups"),
        ({"wwwadmins": 1.5}, "warning", "group wwwadmins took 1.5 s of 2s"),
        ({"wwwadmins": 2.5}, "wrong", "a press is denied after 2s"),
        ({"wwwadmins": None, "root": 1.5}, "wrong", "there is no group wwwadmins"),
    ],
)
def test_names(took: dict[str, float | None], verdict: str, says: str) -> None:
    finding = found("names", Recorded(took=took))
    assert finding.verdict.value == verdict
    assert says in finding.found


@pytest.mark.parametrize(
    ("coming", "more", "now", "verdict"),
    [
        ({"fui", "controls"}, "", "1001", "ok"),
        ({"fui"}, "1001", "1001 101", "ok"),  # a directory's group, by its number
        ({"fui"}, "", "1001", "wrong"),  # until the next start
        ({"fui", "controls"}, "", "101", "wrong"),  # from the next start on
        ({"fui", "controls"}, "", "", "ok"),
        (set(), "", "", "wrong"),
    ],
)
def test_the_groups_of_the_daemon(coming: set[str], more: str, now: str, verdict: str) -> None:
    units = unit("fui.service", SupplementaryGroups=more)
    host = Recorded(of={"fui": coming}, units=units)
    if now:
        host.files["/proc/247/status"] = f"Name:\tfui\nGid:\t993\t993\nGroups:\t{now} \n"
    assert found("account", host).verdict.value == verdict


@pytest.mark.parametrize(
    ("was", "now", "verdict"),
    [
        ("ExecStart=/opt/fui/bin/fui run", "ExecStart=/usr/bin/fui run", "ok"),
        ("KillMode=process", "KillMode=mixed", "warning"),
    ],
)
def test_the_unit_of_another_version(was: str, now: str, verdict: str) -> None:
    text = Path("systemd/fui.service").read_text("utf-8")
    assert was in text
    host = Recorded(files={"/etc/systemd/system/fui.service": text.replace(was, now)})
    assert found("daemon: unit", host).verdict.value == verdict


def test_a_name_service_that_hangs_is_asked_once() -> None:
    asked = []

    class Hanging(Recorded):
        def look_up(self, subject: Subject) -> float | None:
            asked.append(subject)
            raise Unanswered("no answer from the name service within 10 s")

    assert told(found("names", Hanging())) == (
        "wrong",
        "no answer from the name service within 10 s",
    )
    assert len(asked) == 1


GROUPS = "wwwadmins:x:1002:{}\nusers:x:100:\n"
ACCOUNTS = "alice:x:1000:{}::/home/alice:/bin/sh\n"


@pytest.mark.parametrize(
    ("group", "passwd", "verdict"),
    [
        (GROUPS.format("alice"), ACCOUNTS.format("100"), "ok"),
        (GROUPS.format(""), ACCOUNTS.format("1002"), "ok"),
        (GROUPS.format(""), ACCOUNTS.format("100"), "warning"),
        ("users:x:100:\n", ACCOUNTS.format("100"), "ok"),  # a directory's, which need not tell
    ],
)
def test_members(group: str, passwd: str, verdict: str) -> None:
    host = Recorded(files={"/etc/group": group, "/etc/passwd": passwd})
    assert found("members", host).verdict.value == verdict


def test_whoever_may_press_cancel_or_run_is_a_name() -> None:
    alice, bob, mallory = (Subject(SubjectKind.USER, n) for n in ("alice", "bob", "mallory"))
    action = replace(ACTION, access=Access((alice,), (mallory,)), cancel=Access((bob,)))
    for gone in ("alice", "bob", "mallory", "root", "controls"):
        finding = found("names", Recorded(took={gone: None}), replace(MENU, actions=(action,)))
        assert gone in finding.found


# -- the journal -----------------------------------------------------------------------------------


def entry(**fields: str) -> str:
    return json.dumps(fields) + "\n"


def test_only_what_journald_says_of_smbd_counts_as_dropped() -> None:
    said = {"_TRANSPORT": "driver", "OBJECT_SYSTEMD_UNIT": "smbd.service", "N_DROPPED": "7"}
    forged = {**said, "_TRANSPORT": "journal", "_COMM": "systemd-journal"}
    for fields, verdict in (
        (said, "wrong"),
        (forged, "ok"),
        ({**forged, "N_DROPPED": "many"}, "ok"),
        ({**said, "OBJECT_SYSTEMD_UNIT": "cron.service"}, "ok"),
    ):
        host = Recorded(answers={"MESSAGE_ID=a596": entry(**fields) * 2})
        finding = found("journal: dropped", host)
        assert finding.verdict.value == verdict
        assert ("dropped 14 messages" in finding.found) is (verdict == "wrong")


@pytest.mark.parametrize(
    ("interval", "burst", "conf", "verdict", "says"),
    [
        ("1s", "1000000", "", "ok", "1000000 messages of smbd.service in 1 s"),
        ("0", "0", "", "warning", "beyond 10000 messages in 30 s"),
        ("0", "0", "RateLimitIntervalSec=0\n", "ok", "drops nothing"),
        ("0", "0", "RateLimitBurst=5\nRateLimitBurst=500000\n", "ok", "500000 messages"),
        ("0", "0", "RateLimitIntervalSec=1min\n", "warning", "in 60 s"),
        ("30s", "20000", "RateLimitBurst=0\n", "warning", "beyond 20000"),
    ],
)
def test_the_rate_limit(interval: str, burst: str, conf: str, verdict: str, says: str) -> None:
    units = unit("smbd.service", LogRateLimitIntervalUSec=interval, LogRateLimitBurst=burst)
    host = Recorded(answers={"cat-config": f"[Journal]\n{conf}"}, units=units)
    finding = found("journal: rate limit", host)
    assert finding.verdict.value == verdict
    assert says in finding.found


def test_a_limit_that_setup_raised_and_another_drop_in_lowers() -> None:
    paths = "/etc/systemd/system/smbd.service.d/fui.conf /etc/systemd/system/smbd.service.d/x.conf"
    units = unit("smbd.service", LogRateLimitBurst="5", DropInPaths=paths)
    finding = found("journal: rate limit", Recorded(units=units))
    assert "take the limit out of the other drop-ins" in finding.remedy
    assert "x.conf" in finding.remedy


@pytest.mark.parametrize(
    ("storage", "there", "verdict"),
    [
        ("auto", True, "ok"),
        ("auto", False, "warning"),
        ("volatile", True, "warning"),
        ("none", True, "wrong"),
        ("persistent", True, "ok"),
    ],
)
def test_whether_the_journal_is_kept(storage: str, there: bool, verdict: str) -> None:  # noqa: FBT001
    host = Recorded(answers={"cat-config": f"[Journal]\nStorage={storage}\n"})
    host.folders = {"/var/log/journal": ["0123"]} if there else {}
    assert found("journal: kept", host).verdict.value == verdict


def test_records_from_a_unit_that_is_not_believed() -> None:
    answer = entry(_SYSTEMD_UNIT="smbd.service") + entry(_SYSTEMD_UNIT="other.service")
    finding = found("journal: records", Recorded(answers={"smbd_audit": answer}))
    assert told(finding) == ("warning", "some came from other.service, which is not believed")
    assert "smbd.service, smb.service, samba-ad-dc.service, other.service]`" in finding.remedy
    assert "none yet" in found("journal: records", Recorded()).found


def test_a_journal_that_may_not_be_read_is_said() -> None:
    denied = Answer(1, "", "No journal files were opened due to insufficient permissions.\n")
    finding = found("journal: records", Recorded(answers={"smbd_audit": denied}, root=False))
    assert finding.verdict.value == "warning"
    assert "insufficient permissions" in finding.found
    assert finding.remedy == "ask again as root"


def test_the_catalogue() -> None:
    lines = [f"{number} FUI: Something\n" for number in MESSAGE_IDS.values()]
    assert (
        found(
            "journal: catalogue", Recorded(answers={"--list-catalog": "".join(lines)})
        ).verdict.value
        == "ok"
    )
    finding = found("journal: catalogue", Recorded(answers={"--list-catalog": "".join(lines[1:])}))
    assert f"1 of {len(lines)} kinds" in finding.found


# -- sudo ------------------------------------------------------------------------------------------

LISTED = """\
Matching Defaults entries for fui on localhost:
    env_reset, secure_path=/usr/sbin\\:/usr/bin{},
    env_keep+="FUI_USER FUI_CLIENT FUI_OBJECT FUI_ACTION FUI_JOB", {}!lecture

User fui may run the following commands on localhost:
    (root : root) NOPASSWD: /usr/bin/systemctl restart apache2
"""


@pytest.mark.parametrize(
    ("all_of_sudo", "own", "verdict", "says"),
    [
        (", use_pty", "!requiretty, ", "ok", "nothing"),
        (", requiretty", "!requiretty, ", "ok", "nothing"),
        (", requiretty", "", "wrong", "requiretty"),
        (", log_output", "", "warning", "log_output"),
        (", log_output", "!log_output, ", "ok", "nothing"),
    ],
)
def test_the_options_of_sudo(all_of_sudo: str, own: str, verdict: str, says: str) -> None:
    host = Recorded(answers={"sudo -n -l -U fui": LISTED.format(all_of_sudo, own)})
    finding = found("sudo: options", host)
    assert finding.verdict.value == verdict
    assert says in finding.found


def test_where_even_root_needs_a_terminal() -> None:
    tty = Answer(1, "", "sudo: sorry, you must have a tty to run sudo\n")
    host = Recorded(answers={"sudo -n -l": tty})
    assert found("sudo: options", host).verdict.value == "wrong"
    assert told(found("sudo: permitted", host)) == (
        "warning",
        "sudo answers root on a terminal only",
    )
    host.files["/etc/sudoers.d/fui"] = sudoers.rules(MENU)
    assert found("sudo: options", host).verdict.value == "ok"


def test_the_rules_of_sudo() -> None:
    text = sudoers.rules(MENU)
    for there, verdict in (
        (text, "ok"),
        (text.replace("NOPASSWD:", "PASSWD:"), "wrong"),
        (text + "fui ALL=(root) NOPASSWD: ALL\n", "warning"),
        (None, "wrong"),
    ):
        host = Recorded(files={} if there is None else {"/etc/sudoers.d/fui": there})
        assert found("sudo: rules", host).verdict.value == verdict


def test_sudo_rs_has_rules_of_its_own_and_no_options() -> None:
    version = {"sudo -V": "sudo-rs 0.2.15\n"}
    files = {"/etc/sudoers.d/fui": sudoers.rules(MENU, sudo=sudoers.Sudo.RS)}
    host = Recorded(answers=version, files=files)
    assert found("sudo: rules", host).verdict.value == "ok"
    assert told(found("sudo: options", host)) == ("ok", "sudo-rs has none that could be in the way")
    others = Recorded(answers=version, files={"/etc/sudoers.d/fui": sudoers.rules(MENU)})
    assert found("sudo: rules", others).verdict.value == "warning"


def test_a_command_for_which_sudo_rs_has_no_rule() -> None:
    command = replace(ACTION.command, argv=("/usr/bin/kill", "*"))
    host = Recorded(answers={"sudo -V": "sudo-rs 0.2.15\n"}, files={"/etc/sudoers.d/fui": ""})
    finding = found("sudo: rules", host, replace(MENU, actions=(replace(ACTION, command=command),)))
    assert finding.verdict.value == "wrong"
    assert finding.found.startswith("cannot permit Apache/Restart to FUI")


@pytest.mark.parametrize("row", ["files", "rules", "permitted", "options"])
def test_what_only_root_may_ask_is_a_warning(row: str) -> None:
    finding = found(f"sudo: {row}", Recorded(root=False))
    assert finding.verdict.value == "warning"
    assert finding.remedy == "ask again as root"


# -- the share and its neighbours ------------------------------------------------------------------


def test_the_share_as_it_should_be() -> None:
    for name in doctor.share.CHECKS:
        assert found(name, Recorded()).verdict.value == "ok", name


def test_the_share_as_it_should_be_with_nt_acls() -> None:
    text = (
        TESTPARM.replace("= full_audit\n", "= full_audit acl_xattr\n").replace(
            "failure = none", "failure = create_file"
        )
        + "\tacl_xattr:ignore system acls = yes\n\tacl_xattr:security_acl_name = user.NTACL\n"
    )
    for name in doctor.share.CHECKS:
        assert found(name, Recorded(), ENFORCED, text).verdict.value == "ok", name
    name = "share: NT ACLs"
    for line in ("ignore system acls = yes", "security_acl_name = user.NTACL"):
        finding = found(name, Recorded(), ENFORCED, text.replace(line, "x = y"))
        assert finding.verdict.value == "wrong"
        assert line in finding.remedy
    operations = found("share: operations", Recorded(), ENFORCED, text.replace("create_file", "x"))
    assert operations.verdict.value == "warning"


@pytest.mark.parametrize(
    ("was", "now", "row", "verdict"),
    [
        ("= full_audit\n", "= readahead full_audit\n", "modules", "wrong"),
        ("= full_audit\n", "= full_audit recycle\n", "modules", "wrong"),
        ("= full_audit\n", "= full_audit fruit streams_xattr\n", "modules", "warning"),
        ("connect unlinkat renameat", "unlinkat renameat", "operations", "warning"),
        ("connect unlinkat renameat", "connect renameat", "operations", "wrong"),
        ("success = connect unlinkat renameat", "success = none", "operations", "wrong"),
        ("failure = none", "failure = all", "operations", "warning"),
        ("%u|%I|%S", "%U|%I|%S", "prefix", "wrong"),
        ("read only = No", "guest ok = Yes", "identity", "wrong"),
        ("read only = No", "force group = staff", "identity", "warning"),
        ("\tread only = No\n", "", "entry", "wrong"),
        ("\tvalid users = @controls\n", "", "entry", "warning"),
        ("veto files = /.fui/", "veto files = /x/", "staging", "warning"),
    ],
)
def test_a_share_that_is_not_as_it_should_be(was: str, now: str, row: str, verdict: str) -> None:
    assert was in TESTPARM
    text = TESTPARM.replace(was, now)
    finding = found(f"share: {row}", Recorded(), testparm=text)
    assert finding.verdict.value == verdict
    assert finding.remedy.endswith(
        "in [Controls] of smb.conf; run: smbcontrol all reload-config"
    ) or (finding.remedy.startswith("take `force group = staff` out of [Controls]"))


def test_what_global_says_holds_for_the_share() -> None:
    text = TESTPARM.replace("[global]", "[global]\n\tforce user = alice\n\tvfs objects = recycle")
    assert found("share: identity", Recorded(), testparm=text).verdict.value == "wrong"
    assert found("share: modules", Recorded(), testparm=text).verdict.value == "ok"


AUDITED = """path = /srv
\tvfs objects = full_audit
\tfull_audit:facility = {}
\tfull_audit:prefix = %u|%I|%S"""


@pytest.mark.parametrize(
    ("section", "verdict"),
    [
        ("path = /srv", "warning"),
        ("path = /", "warning"),
        ("path = /srv/controls/Apache", "warning"),
        ("path = /srv/controls2", "ok"),
        ("path = /home/%U", "ok"),
        ("comment = no path", "ok"),
        ("path = /srv\n\tadmin users = root", "wrong"),
        (AUDITED.format("local5"), "ok"),
        (AUDITED.format("local4"), "warning"),
    ],
)
def test_other_shares(section: str, verdict: str) -> None:
    text = f"{TESTPARM}\n[Other]\n\t{section}\n"
    assert found("other shares", Recorded(), testparm=text).verdict.value == verdict


@pytest.mark.parametrize(
    ("cgroup", "verdict", "says"),
    [
        ("0::/system.slice/smbd.service\n", "ok", "runs in smbd.service"),
        ("12:pids:/a\n0::/system.slice/smb.service/x\n", "ok", "runs in smb.service"),
        ("0::/system.slice/docker-1.scope\n", "wrong", "runs in no unit"),
        ("0::/system.slice/my-smb.service\n", "wrong", "runs in my-smb.service"),
    ],
)
def test_the_unit_of_smbd_is_taken_from_its_cgroup(cgroup: str, verdict: str, says: str) -> None:
    files = {
        "/proc/9/comm": "smbd[127.0.0.1]\n",
        "/proc/9/cgroup": cgroup,
        "/proc/8/comm": "bash\n",
    }
    host = Recorded(files=files, folders={"/proc": ["8", "9", "self"]})
    finding = found("smbd", host)
    assert finding.verdict.value == verdict
    assert says in finding.found


# -- the daemon ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("beat", "limit", "verdict"),
    [
        ("995000000", "30s", "ok"),
        ("979000000", "30s", "wrong"),
        ("995000000", "infinity", "warning"),
        ("995000000", "0", "warning"),
    ],
)
def test_the_heart_beat(beat: str, limit: str, verdict: str) -> None:
    units = unit("fui.service", WatchdogTimestampMonotonic=beat, WatchdogUSec=limit)
    assert found("daemon: heart beat", Recorded(units=units)).verdict.value == verdict


def test_flags_are_known_in_every_state_and_an_action_may_hide() -> None:
    for name, verdict in (
        ("Restart [Ready].txt", "ok"),
        ("Restart [Running 40 %].txt", "ok"),
        ("Restart (kept 1).txt", "wrong"),
        ("Stop [Ready].txt", "wrong"),
    ):
        host = Recorded(folders={FOLDER.path: [name]})
        assert found("flags", host).verdict.value == verdict, name
    host = Recorded(folders={FOLDER.path: ["Restart [Ready].txt"]}, attributes=False)
    assert found("flags", host).verdict.value == "ok"
    assert found("flags", host, ENFORCED).found.startswith("1 flags have no NT ACL")
    hidden = replace(MENU, actions=(replace(ACTION, hide_blocked=True),))
    assert found("flags", Recorded(), hidden).verdict.value == "ok"


def test_the_configuration_in_force() -> None:
    times = {"/etc/fui/conf.d/a.yaml": 5000.9, "/etc/fui/conf.d": 4999.0, "/etc/fui/fui.yaml": 1.0}
    host = Recorded(times=times, folders={"/etc/fui/conf.d": ["a.yaml", "a.yaml.swp"]})
    assert found("configuration: in force", host).verdict.value == "ok"
    host.times["/etc/fui/conf.d/a.yaml"] = 5002.0
    finding = found("configuration: in force", host)
    assert told(finding) == (
        "warning",
        "/etc/fui/conf.d/a.yaml was changed after the daemon read it",
    )
