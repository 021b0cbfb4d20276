"""What a press that was tried is made of, where no smbd is needed for it."""

import stat
from pathlib import Path

import pytest

from fui.admin.doctor import temporary
from fui.admin.doctor.press import Presser, authentication, press
from fui.config.load import load
from fui.model.errors import EdgeError
from tests.unit.admin.recorded import Recorded, scene


@pytest.mark.parametrize(
    ("user", "lines"),
    [
        ("alice", ["username = alice", "password = s3 cret="]),
        ("FUI\\alice", ["username = alice", "password = s3 cret=", "domain = FUI"]),
    ],
)
def test_the_password_is_in_a_file_for_root_only_and_for_a_while(
    user: str, lines: list[str]
) -> None:
    with authentication(user, "s3 cret=") as file:
        assert file.read_text().splitlines() == lines
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert not file.parent.exists()


@pytest.mark.parametrize(
    ("host", "says"),
    [
        (Recorded(root=False), "only root"),
        (Recorded(of={"alice": set()}), "there is no such user"),
        (Recorded(of={"alice": {"users"}}), "in no group that a folder of the menu has"),
    ],
)
def test_what_cannot_be_tried_is_said_before_anything_is_made(host: Recorded, says: str) -> None:
    with pytest.raises(EdgeError, match=f"^cannot .*{says}"):
        press(scene(host), Presser("alice", Path("/nowhere")))


@pytest.mark.parametrize("user", ["alice", "o'neil", "FUI\\alice", "no"])
def test_the_drop_in_says_who_whatever_the_name_is(tmp_path: Path, user: str) -> None:
    class Everything:
        """A machine that has every name and path."""

        def __getattr__(self, _name: str) -> object:
            return lambda *_: ""

    share = tmp_path / "share"
    share.mkdir()
    tmp_path.joinpath("conf.d").mkdir()
    tmp_path.joinpath("fui.yaml").write_text(f"share: {share}\n")
    tmp_path.joinpath("conf.d/x.yaml").write_text(temporary.text(user, "domain users"))
    menu = load(tmp_path / "fui.yaml", tmp_path / "conf.d", Everything())  # type: ignore[arg-type]
    (action,) = menu.actions
    assert action.id == temporary.ACTION
    assert [subject.name for subject in action.access.allow] == [user]
    assert action.folder.spec.group == "domain users"
    assert action.command == temporary.COMMAND
