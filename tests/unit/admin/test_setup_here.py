"""What setup reads of the machine: Samba's build, systemd's units, SELinux and AppArmor, the program."""

import re
import sys
from pathlib import Path

import pytest

import fui
from fui.admin.samba import SmbConf
from fui.admin.setup import carried, confined, left, services
from fui.admin.setup.samba_here import built_with, operations
from fui.admin.setup.services import Service
from fui.model.errors import EdgeError
from fui.model.menu import Subject, SubjectKind

BUILD = """\
Build environment:
   Built by:    root@debian

Paths:
   SBINDIR: /usr/sbin
   CONFIGFILE: /etc/samba/smb.conf
   MODULESDIR: /usr/lib/x86_64-linux-gnu/samba
   SYSTEM_UNAME_VERSION
"""
SHOWN = """\
Id=smbd.service
LoadState=loaded
ActiveState=active
UnitFileState=disabled

Id=smbd.service
LoadState=loaded
ActiveState=active
UnitFileState=enabled

Id=samba-ad-dc.service
LoadState=not-found
ActiveState=inactive
UnitFileState=
"""
UNITS = ("smbd.service", "smb.service", "samba-ad-dc.service")


def test_samba_says_where_its_files_are() -> None:
    built = built_with(BUILD)
    assert built["CONFIGFILE"] == "/etc/samba/smb.conf"
    assert built["MODULESDIR"] == "/usr/lib/x86_64-linux-gnu/samba"


def test_the_names_of_operations_are_in_the_module() -> None:
    module = b"\x7fELF\0disconnect\0unlinkat\0renameat\0create_filename\0"
    assert operations(module) == {"connect", "unlinkat", "renameat"}


def test_units_are_read_in_the_order_that_was_asked_for() -> None:
    known = services.parse(UNITS, SHOWN)
    assert known == {
        "smbd.service": Service("smbd.service", loaded=True, active=True),
        "smb.service": Service("smbd.service", loaded=True, active=True, enabled=True),
        "samba-ad-dc.service": Service("samba-ad-dc.service"),
    }


def test_of_the_units_that_may_run_smbd_the_one_that_runs_is_taken() -> None:
    known = {
        "smbd.service": Service("smbd.service", loaded=True),
        "samba-ad-dc.service": Service("samba-ad-dc.service", loaded=True, active=True),
    }
    assert services.of_samba(list(known), known).unit == "samba-ad-dc.service"
    known["samba-ad-dc.service"] = Service("samba-ad-dc.service")
    assert services.of_samba(list(known), known).unit == "smbd.service"


def test_without_a_unit_of_smbd_it_says_what_to_name() -> None:
    with pytest.raises(EdgeError, match="samba-units"):
        services.of_samba(["x.service"], {"x.service": Service("x.service")})


def test_a_unit_that_is_not_believed_is_told() -> None:
    known = {"smb.service": Service("smbd.service", loaded=True, active=True)}
    with pytest.raises(EdgeError, match=r"^cannot believe what smbd.service logs"):
        services.of_samba(["smb.service"], known)


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("systemd 252 (252.39-1~deb12u2)\n+PAM +AUDIT", 252),
        ("systemd 257~rc1 (257~rc1-4)\n", 257),
        ("systemd 249.11", 249),
    ],
)
def test_the_version_of_systemd(text: str, version: int) -> None:
    assert services.systemd_version(text) == version


def test_a_systemd_without_a_version_is_told() -> None:
    with pytest.raises(EdgeError, match="version of systemd"):
        services.systemd_version("nothing")


def test_apparmor_confines_smbd_only_where_its_profile_is_in_force() -> None:
    assert confined.confines_smbd("/usr/sbin/smbd (enforce)\nnmbd (enforce)\n")
    assert confined.confines_smbd("smbd (enforce)\n")
    assert not confined.confines_smbd("smbd (complain)\nsmbdcontrol (enforce)\n")
    assert not confined.confines_smbd(None)


def test_the_rules_for_a_confined_smbd_name_the_share() -> None:
    assert confined.apparmor_rule("/srv/my share") == '"/srv/my share/{,**}" rwkl,'
    pattern = confined.label_pattern("/srv/a.b")
    assert re.fullmatch(pattern, "/srv/a.b/Apache/Restart")
    assert re.fullmatch(pattern, "/srv/a.b")
    assert not re.fullmatch(pattern, "/srv/aXb")


def test_what_is_carried_is_found_in_a_wheel_and_in_a_checkout(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    checkout = Path(fui.__file__).parents[1]
    assert (
        carried.text("journald/fui.catalog")
        == checkout.joinpath("journald/fui.catalog").read_text()
    )
    tmp_path.joinpath("share/fui/journald").mkdir(parents=True)
    tmp_path.joinpath("share/fui/journald/fui.catalog").write_text("installed")
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    assert carried.text("journald/fui.catalog") == "installed"
    with pytest.raises(EdgeError, match="install FUI again"):
        carried.text("journald/none")


def test_the_unit_runs_the_program_that_was_asked_for(tmp_path: Path) -> None:
    text = carried.unit("/opt/fui/bin/fui --config /etc/other run", (tmp_path / "none",))
    assert "\nExecStart=/opt/fui/bin/fui --config /etc/other run\n" in text
    assert text.count("ExecStart=") == 1


def test_a_unit_that_a_package_has_put_there_is_used(tmp_path: Path) -> None:
    packaged = tmp_path / "fui.service"
    packaged.write_text(carried.unit("/usr/bin/fui run", ()))
    assert carried.unit("/usr/bin/fui run", (tmp_path / "none", packaged)) == ""
    assert "ExecStart=/opt/fui/bin/fui run" in carried.unit("/opt/fui/bin/fui run", (packaged,))


def test_groups_of_a_directory_are_given_by_number() -> None:
    text = carried.groups(["root"])
    assert text.endswith("[Service]\n# root\nSupplementaryGroups=0\n")


def test_what_is_left_to_a_person() -> None:
    named = [Subject(SubjectKind.USER, "carl"), Subject(SubjectKind.GROUP, "webs")]
    groups = {"webs": ["alice"], "empty": []}
    assert list(left.nobody_in(groups)) == [
        "nobody is in the group empty yet; for each user: usermod -aG 'empty' USER"
    ]
    assert left.users(named, groups) == ["alice", "carl"]
    known = left.passwords("alice:1001:Alice\nDOM\\bob:1002:\n")
    assert known == {"alice", "DOM\\bob"}
    assert list(left.without_password(["alice", "carl"], known)) == [
        "carl has no password in Samba yet: smbpasswd -a carl"
    ]


@pytest.mark.parametrize(
    ("line", "domain"),
    [
        ("security = ADS", True),
        ("server role = member server", True),
        ("server role = active directory domain controller", True),
        ("server role = standalone server", False),
        ("workgroup = X", False),
    ],
)
def test_a_domain_has_its_passwords_elsewhere(line: str, domain: bool) -> None:  # noqa: FBT001
    assert left.of_a_domain(SmbConf.parse(f"[global]\n{line}\n").general) is domain


def test_the_drop_in_of_older_versions_runs_what_the_unit_runs() -> None:
    made = carried.subgroup("/usr/local/bin/fui --config /etc/x run")
    assert made.endswith(
        "[Service]\nExecStopPost=-/usr/local/bin/fui --config /etc/x run --give-back\n"
    )
