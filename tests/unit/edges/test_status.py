import asyncio
import json
import os
import stat
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from fui.edges import status as edge
from fui.edges.status import StatusFile, plain, read
from fui.model.errors import EdgeError
from fui.model.menu import ActionId
from fui.model.states import FlagState, Loss
from fui.model.status import Published, Standing, Status

QUIET = Status("/srv/controls", 4, 2)
BUSY = Status(
    "/srv/controls",
    4,
    2,
    ("conf.d/a.yaml:1:2: cannot …",),
    3,
    (
        Standing(
            ActionId("Apache", "Re\udcffstart"),
            FlagState.RUNNING,
            "40 %",
            "alice",
            "5f3a-1",
            1_800_000_000.5,
            1_800_000_600.5,
        ),
        Standing(ActionId("Apache", "Stop"), FlagState.BLOCKED, since=1_800_000_000.0, why="busy"),
    ),
    {Loss.SUPPRESSED: 14, Loss.LATE: 2},
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "status.json"


def publish(path: Path, *statuses: Status, say: Callable[[str], None] = pytest.fail) -> None:
    """Publish, each after the other, and wait until all of it is written."""

    async def run() -> None:
        file = StatusFile(path, 1_800_000_000.0, say)
        for status in statuses:
            file.publish(status)
            await asyncio.sleep(0.01)
        await asyncio.sleep(edge.PAUSE if len(statuses) > 1 else 0)

    asyncio.run(run())


def forge(path: Path, **changed: object) -> None:
    """Have the file say something else."""
    publish(path, BUSY)
    path.write_text(json.dumps(json.loads(path.read_text()) | changed))


@pytest.mark.parametrize("status", [QUIET, BUSY])
def test_what_is_published_is_read(path: Path, status: Status) -> None:
    publish(path, status)
    published = read(path)
    assert published == Published(published.fui if published else "", os.getpid(), 1.8e9, status)
    assert list(path.parent.iterdir()) == [path]


def test_everybody_may_read_it_whatever_the_umask_is(path: Path) -> None:
    before = os.umask(0o077)
    try:
        publish(path, QUIET)
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o644


def test_the_first_is_written_at_once_and_of_the_others_the_last(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(edge, "PAUSE", 0.2)
    written = []

    async def run() -> None:
        file = StatusFile(path, 0.0, pytest.fail)
        rename = Path.rename

        def noted(self: Path, target: Path) -> Path:
            written.append(json.loads(self.read_text())["missed"])
            return rename(self, target)

        monkeypatch.setattr(Path, "rename", noted)
        for number in range(5):
            file.publish(Status("/srv/controls", 4, 2, missed=number))
            await asyncio.sleep(0.01)
        assert written == [0]
        await asyncio.sleep(0.25)

    asyncio.run(run())
    assert written == [0, 4]


def test_nothing_is_written_in_the_middle_of_what_is_done(path: Path) -> None:
    async def run() -> None:
        StatusFile(path, 0.0, pytest.fail).publish(QUIET)
        seen.append(read(path))
        await asyncio.sleep(0.01)
        seen.append(read(path))

    seen: list[Published | None] = []
    asyncio.run(run())
    assert [one is not None for one in seen] == [False, True]


def test_it_goes_when_the_daemon_ends(path: Path) -> None:
    async def run() -> None:
        file = StatusFile(path, 0.0, pytest.fail)
        file.publish(QUIET)
        await asyncio.sleep(0.01)
        file.publish(BUSY)
        file.close()
        await asyncio.sleep(edge.PAUSE)
        file.close()

    asyncio.run(run())
    assert list(path.parent.iterdir()) == []
    assert read(path) is None


def test_what_cannot_be_written_is_said_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(edge, "PAUSE", 0.0)
    said: list[str] = []
    publish(tmp_path / "away/status.json", QUIET, BUSY, QUIET, say=said.append)
    assert len(said) == 1
    assert "No such file or directory; set RuntimeDirectory=fui" in said[0]


def test_a_link_in_the_way_is_not_followed(path: Path) -> None:
    path.with_name("status.json.new").symlink_to(path.parent / "target")
    said: list[str] = []
    publish(path, QUIET, say=said.append)
    assert len(said) == 1
    assert not path.parent.joinpath("target").exists()


# -- one that is left behind -----------------------------------------------------------------------


def test_what_a_dead_process_left_is_not_taken_for_the_truth(path: Path) -> None:
    with subprocess.Popen(["/bin/true"]) as dead:
        pass
    forge(path, pid=dead.pid)
    assert read(path) is None


def test_another_process_with_the_same_pid_is_another_one(path: Path) -> None:
    forge(path, born=1)
    assert read(path) is None


def test_a_process_that_is_hidden_counts_as_living(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(path, QUIET)

    def hidden(_pid: int) -> int:
        raise FileNotFoundError

    monkeypatch.setattr(edge, "_born", hidden)
    assert read(path) is not None


@pytest.mark.parametrize("pid", [0, -1, 10**30])
def test_a_number_that_is_no_process_does_not_live(path: Path, pid: int) -> None:
    forge(path, pid=pid)
    assert read(path) is None


def test_the_process_of_another_user_lives(path: Path) -> None:
    forge(path, pid=1, born=edge._born(1))  # noqa: SLF001 - who else was there before us
    published = read(path)
    assert published is not None
    assert published.pid == 1


def test_what_an_earlier_version_wrote_lost_nothing(path: Path) -> None:
    publish(path, BUSY)
    said = json.loads(path.read_text())
    del said["losses"]
    path.write_text(json.dumps(said))
    published = read(path)
    assert published is not None
    assert published.status.losses == {}


# -- one that is not understood --------------------------------------------------------------------


@pytest.mark.parametrize(
    "changed",
    [
        {"format": 2},
        {"pid": "1"},
        {"fui": None},
        {"since": -1},
        {"since": float("nan")},
        {"since": 1e300},
        {"since": 10**400},
        {"since": 253_402_300_799},  # in the far east that is the year 10000
        {"since": True},
        {"actions": "4"},
        {"faults": [1]},
        {"faults": [["x" * 100_000]]},
        {"faults": None},
        {"losses": {"suppressed": "14"}},
        {"losses": {"odd": 1}},
        {"losses": [1]},
        {"flags": [{}]},
        {"flags": [1]},
        {"flags": [{**plain(Published("", 1, 0.0, BUSY))["flags"][0], "state": "odd"}]},  # type: ignore[index]
    ],
)
def test_what_another_version_wrote_is_an_error(path: Path, changed: dict[str, object]) -> None:
    forge(path, **changed)
    with pytest.raises(
        EdgeError, match=r"cannot understand .*; run: systemctl restart fui"
    ) as caught:
        read(path)
    assert len(str(caught.value)) < len(str(path)) + 300


@pytest.mark.parametrize("text", ["", "{", "[" * 100_000, "1", "\ud800"])
def test_what_is_no_status_is_an_error(path: Path, text: str) -> None:
    path.write_bytes(text.encode(errors="surrogatepass"))
    with pytest.raises(EdgeError, match="cannot understand"):
        read(path)


def test_what_is_no_file_is_an_error(path: Path) -> None:
    os.mkfifo(path)
    with pytest.raises(EdgeError, match="it is not a file"):
        read(path)
    path.unlink()
    path.mkdir()
    with pytest.raises(EdgeError, match="cannot"):
        read(path)


def test_plain_says_all_of_it() -> None:
    found = plain(Published("0.1", 7, 5.0, BUSY))
    assert list(found) == [
        "running",
        "fui",
        "pid",
        "since",
        "share",
        "actions",
        "folders",
        "faults",
        "missed",
        "losses",
        "flags",
    ]
    assert json.loads(json.dumps(found))["flags"][1] == {
        "object": "Apache",
        "action": "Stop",
        "state": "blocked",
        "detail": "",
        "user": "",
        "job": "",
        "since": 1_800_000_000.0,
        "until": None,
        "why": "busy",
    }
