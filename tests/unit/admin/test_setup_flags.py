"""What the daemon made is taken out of the share, and nothing of anybody else's."""

import os
from pathlib import Path

import pytest

from fui.admin.setup import flags

ME = os.geteuid()
OTHER = 4321


@pytest.fixture
def share(tmp_path: Path) -> Path:
    for name in (".fui", "Apache", "Empty"):
        tmp_path.joinpath(name).mkdir()
    for name in ("README.txt", ".fui/1", "Apache/Restart [Ready].txt", "Apache/mine.txt"):
        tmp_path.joinpath(name).write_text("")
    return tmp_path


def names(share: Path) -> list[str]:
    return sorted(str(path.relative_to(share)) for path in share.rglob("*"))


def test_all_of_it_goes_where_nobody_else_has_anything(share: Path) -> None:
    flags.clear(str(share), ME)
    assert names(share) == []
    assert share.exists()


@pytest.mark.skipif(ME != 0, reason="gives files to others, which needs root")
def test_what_is_anothers_stays_with_its_folder(share: Path) -> None:
    for path in share.rglob("*"):
        os.chown(path, OTHER, OTHER)
    os.chown(share / "Apache/mine.txt", 5432, 5432)
    flags.clear(str(share), OTHER)
    assert names(share) == ["Apache", "Apache/mine.txt"]
    assert share.joinpath("Apache").stat().st_uid == 0
    assert share.joinpath("Apache").stat().st_gid == OTHER
    assert share.joinpath("Apache/mine.txt").stat().st_uid == 5432


@pytest.mark.skipif(ME != 0, reason="gives files to others, which needs root")
def test_the_root_is_given_back_if_it_was_taken(share: Path) -> None:
    os.chown(share, OTHER, OTHER)
    flags.give_back(str(share), 5432)
    assert share.stat().st_uid == OTHER
    flags.give_back(str(share), OTHER)
    assert share.stat().st_uid == 0


def test_no_link_leads_out_of_the_share(
    share: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    outside = tmp_path_factory.mktemp("outside")
    outside.joinpath("precious").write_text("")
    share.joinpath("Apache/way").symlink_to(outside)
    share.joinpath("Apache/file").symlink_to(outside / "precious")
    flags.clear(str(share), ME)
    assert outside.joinpath("precious").exists()
    assert names(share) == ["Apache", "Apache/file", "Apache/way"]


def test_a_share_that_is_gone_is_no_fault(tmp_path: Path) -> None:
    flags.clear(str(tmp_path / "none"), ME)
    flags.give_back(str(tmp_path / "none"), ME)
