import grp
import os
import pwd
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from fui.config.machine import Machine
from fui.config.names import shown


def test_users_and_groups_that_are_there() -> None:
    machine = Machine()
    me, mine = pwd.getpwuid(os.getuid()), grp.getgrgid(pwd.getpwuid(os.getuid()).pw_gid)
    assert machine.user(me.pw_name) == ""
    assert machine.group(mine.gr_name) == ""
    assert machine.primary_group(me.pw_name) == mine.gr_name


def test_users_and_groups_that_are_not() -> None:
    machine = Machine()
    assert machine.user("no such") == (
        'cannot find the user "no such"; make it, or name one that getent passwd knows'
    )
    assert machine.group("DOM\\none") == (
        'cannot find the group "DOM\\none"; make it, or name one that getent group knows'
    )
    assert machine.primary_group("no such") == ""


def test_a_primary_group_without_a_name(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(gid: int) -> grp.struct_group:
        raise KeyError(gid)

    monkeypatch.setattr(grp, "getgrgid", unknown)
    assert Machine().primary_group(pwd.getpwuid(0).pw_name) == ""


def test_a_slow_directory_service_is_asked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def getpwnam(name: str) -> pwd.struct_passwd:
        asked.append(name)
        raise KeyError(name)

    monkeypatch.setattr(pwd, "getpwnam", getpwnam)
    machine = Machine()
    assert machine.user("DOM\\alice") == machine.user("DOM\\alice") != ""
    assert asked == ["DOM\\alice"]
    Machine().user("DOM\\alice")
    assert len(asked) == 2


def test_programs(tmp_path: Path) -> None:
    program = tmp_path / "x"
    assert Machine().program(str(program)) == (
        f'cannot find the program "{program}" (No such file or directory); '
        "install it, or correct the path"
    )
    program.write_text("")
    program.chmod(0o644)
    assert Machine().program(str(program)) == (
        f'cannot run "{program}", it is not executable; chmod +x it'
    )
    program.chmod(0o757)
    assert Machine().program(str(program)) == (
        f'cannot run "{program}", everybody can change it; chmod o-w it'
    )
    program.chmod(0o700)
    assert Machine().program(str(program)) == ""
    assert Machine().program(f"{program}/y").startswith("cannot find the program ")
    assert (
        Machine().program(str(tmp_path))
        == f'cannot run "{tmp_path}", it is no file; name a program'
    )
    (tmp_path / "link").symlink_to(program)
    assert Machine().program(str(tmp_path / "link")) == ""
    assert "File name too long" in Machine().program("/" + "x" * 300)


def test_a_program_that_only_root_may_look_at(monkeypatch: pytest.MonkeyPatch) -> None:
    def denied(_: Path) -> os.stat_result:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "stat", denied)
    assert Machine().program("/root/bin/x") == ""


def test_directories(tmp_path: Path) -> None:
    machine, real = Machine(), Path(os.path.realpath(tmp_path))
    here, link, file = real / "here", real / "link", real / "file"
    here.mkdir()
    (here / "below").mkdir()
    link.symlink_to(here)
    file.write_text("")
    assert machine.directory(str(here)) == ""
    assert machine.directory(str(link)) == (
        f'cannot use the directory "{link}", there is a symbolic link in it; '
        f'write the real path, "{here}"'
    )
    assert machine.directory(f"{link}/below").endswith(f'write the real path, "{here}/below"')
    assert machine.directory(str(real / "gone")) == (
        f'cannot use the directory "{real}/gone" (No such file or directory); '
        "make it, or name another one"
    )
    assert (
        machine.directory(str(file)) == f'cannot use "{file}", it is no directory; name another one'
    )
    assert "Not a directory" in machine.directory(f"{file}/x")


def test_the_place_of_a_folder_is_free_or_has_a_directory(tmp_path: Path) -> None:
    machine, link = Machine(), tmp_path / "link"
    (tmp_path / "here").mkdir()
    link.symlink_to(tmp_path / "here")
    assert machine.folder(str(tmp_path / "here")) == ""
    assert machine.folder(str(tmp_path / "gone")) == ""
    assert machine.folder(str(link)) == (
        f'cannot put flags into "{link}", it is no directory; take it out of the way'
    )


def test_the_zone_is_that_of_the_machine(tmp_path: Path) -> None:
    noon = datetime(2026, 1, 1, 12, tzinfo=UTC)
    zones, localtime = tmp_path / "zoneinfo/Etc", tmp_path / "localtime"
    zones.mkdir(parents=True)
    head = b"TZif2" + b"\0" * 15 + b"\0\0\0\0" * 3 + b"\0\0\0\0" + b"\0\0\0\1" + b"\0\0\0\4"
    body = b"\0\0\x0e\x10\0\0" + b"ONE\0"
    zones.joinpath("One").write_bytes(head + body + head + body + b"\nONE-1\n")
    localtime.symlink_to("zoneinfo/Etc/One")
    zone = Machine(localtime).zone()
    assert zone.utcoffset(noon) == timedelta(hours=1)
    assert isinstance(zone, ZoneInfo)
    assert zone.key == "Etc/One"
    copy = tmp_path / "copy"
    copy.write_bytes(zones.joinpath("One").read_bytes())
    assert Machine(copy).zone().utcoffset(noon) == timedelta(hours=1)


def test_without_a_zone_it_is_utc(tmp_path: Path) -> None:
    broken, loop = tmp_path / "broken", tmp_path / "loop"
    loop.symlink_to(loop)
    assert Machine(tmp_path / "gone").zone() is UTC
    assert Machine(tmp_path).zone() is UTC
    assert Machine(loop).zone() is UTC
    for size in range(50):
        broken.write_bytes((b"TZif2" + b"\0" * 45)[:size])
        assert Machine(broken).zone() is UTC


def test_zones_by_name() -> None:
    assert Machine().timezone("Europe/Berlin") == ""
    assert Machine().zone("Europe/Berlin") is ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    "name", ["Mars/Base", "Europe", "../etc/passwd", "/etc/localtime", "", "a\0b"]
)
def test_zones_that_are_none(name: str) -> None:
    assert Machine().timezone(name) == (
        f"cannot find the timezone {shown(name)}; "
        "write one that timedatectl list-timezones has, as Europe/Berlin"
    )


def test_a_zone_that_is_gone_is_taken_for_utc() -> None:
    assert Machine().zone("Mars/Base") is UTC


def test_the_zone_of_the_clock_stays_the_same_as_long_as_it_says_the_same(tmp_path: Path) -> None:
    local = tmp_path / "localtime"
    local.write_bytes(Path("/usr/share/zoneinfo/Europe/Berlin").read_bytes())
    first = Machine(local).zone()
    assert Machine(local).zone() is first
    local.write_bytes(Path("/usr/share/zoneinfo/Asia/Tokyo").read_bytes())
    assert Machine(local).zone() is not first


def test_files_can_have_attributes_where_their_file_system_has_them(tmp_path: Path) -> None:
    machine = Machine()
    able = machine.attributes(str(tmp_path))
    assert machine.attributes(str(tmp_path / "yet/to/be/made")) == able
    assert not machine.attributes("/proc/self")


def test_one_that_is_there_is_proof(tmp_path: Path) -> None:
    try:
        os.setxattr(tmp_path, "user.NTACL", b"x")
    except OSError:
        pytest.skip("no user attributes here")
    assert Machine().attributes(str(tmp_path))
