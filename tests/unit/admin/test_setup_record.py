"""The record: on disk before the change, and never more or less than what was made."""

import json
from pathlib import Path

import pytest

from fui.admin.setup.follow import Follow
from fui.admin.setup.record import Made, Record, digest
from fui.model.errors import EdgeError

FILE = Made("file", "/etc/x", "before \udcff", (digest("a"), digest("b")), ("/etc/x.d", "/etc"))
RELOAD = frozenset({Follow.SMBD_RELOAD})


def test_what_was_begun_is_known_to_the_next_setup(tmp_path: Path) -> None:
    record = Record.load(tmp_path / "setup")
    with record.locked():
        record.begin(FILE, RELOAD)
        record.begin(None, frozenset({Follow.UNITS}))
        record.apply(("one", "two"))
    again = Record.load(tmp_path / "setup")
    (made,) = again.made.values()
    assert made.follow == ("smbd-reload",)
    assert (made.kind, made.name, made.text, made.digests, made.folders) == (
        FILE.kind,
        FILE.name,
        FILE.text,
        FILE.digests,
        FILE.folders,
    )
    assert again.pending == {Follow.SMBD_RELOAD, Follow.UNITS}
    assert again.applied == ("one", "two")


def test_what_is_settled_or_forgotten_is_gone(tmp_path: Path) -> None:
    record = Record.load(tmp_path)
    record.begin(FILE, RELOAD | {Follow.UNITS})
    record.settle(RELOAD)
    assert Record.load(tmp_path).pending == {Follow.UNITS}
    record.forget(FILE)
    assert not Record.load(tmp_path).made


def test_it_is_for_root_alone(tmp_path: Path) -> None:
    record = Record.load(tmp_path / "setup")
    with record.locked():
        record.begin(FILE, RELOAD)
    assert tmp_path.joinpath("setup").stat().st_mode & 0o777 == 0o700
    assert tmp_path.joinpath("setup/made.json").stat().st_mode & 0o777 == 0o600


def test_it_takes_itself_back(tmp_path: Path) -> None:
    record = Record.load(tmp_path / "setup")
    with record.locked():
        record.begin(FILE, RELOAD)
    record.destroy()
    assert not tmp_path.joinpath("setup").exists()
    record.destroy()


def test_two_setups_do_not_run_at_once(tmp_path: Path) -> None:
    other = Record.load(tmp_path)
    with (
        Record.load(tmp_path).locked(),
        pytest.raises(EdgeError, match="another `fui setup` runs"),
        other.locked(),
    ):
        pass
    with other.locked():
        pass


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "[" * 100_000,
        '{"version": 1}',
        '{"version": 1, "made": [{}], "pending": [], "applied": ["", ""]}',
    ],
    ids=lambda text: text[:60],
)
def test_a_damaged_record_is_told_and_kept(tmp_path: Path, text: str) -> None:
    tmp_path.joinpath("made.json").write_text(text)
    with pytest.raises(EdgeError, match=r"^cannot read .*made.json"):
        Record.load(tmp_path)
    assert tmp_path.joinpath("made.json").read_text() == text


def test_a_record_of_a_newer_fui_is_not_guessed_at(tmp_path: Path) -> None:
    tmp_path.joinpath("made.json").write_text(json.dumps({"version": 2}))
    with pytest.raises(EdgeError, match="a newer FUI wrote it"):
        Record.load(tmp_path)
