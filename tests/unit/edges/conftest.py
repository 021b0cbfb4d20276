"""What several tests of edges need: a control group as systemd delegates one, and a share."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.edges.share_stage import Stage

_MOUNTS = (Path("/sys/fs/cgroup"), Path("/sys/fs/cgroup/unified"))


def _own_group() -> tuple[Path, Path] | None:
    """Where version 2 is mounted, and this process's group in it; None where that is not ours."""
    lines = Path("/proc/self/cgroup").read_text(encoding="ascii").splitlines()
    own = next((line[4:] for line in lines if line.startswith("0::/")), None)
    for mount in _MOUNTS:
        if own is not None and os.access(mount / own / "cgroup.procs", os.W_OK):
            return mount, mount / own
    return None


def _wait_until_empty(path: Path) -> None:
    deadline = time.perf_counter() + 5
    while "populated 1" in (path / "cgroup.events").read_text(encoding="ascii"):
        assert time.perf_counter() < deadline


@pytest.fixture
def delegated() -> Iterator[Path]:
    """A control group of our own, as systemd delegates one; this process is in it meanwhile."""
    found = _own_group() if os.geteuid() == 0 else None
    if found is None:
        pytest.skip("needs root and a writable cgroup v2")
    mount, before = found
    base = mount / f"fui-test-{os.getpid()}"
    base.mkdir()
    (base / "cgroup.procs").write_bytes(b"0")
    try:
        yield base
    finally:
        (before / "cgroup.procs").write_bytes(b"0")
        (base / "cgroup.kill").write_bytes(b"1")
        _wait_until_empty(base)
        for path in sorted(base.rglob("*/"), reverse=True):
            path.rmdir()
        base.rmdir()


@pytest.fixture
def bare(tmp_path: Path) -> Stage:
    """A share of which nothing is prepared."""
    return Stage(tmp_path / "share")


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    """A share that is prepared; nothing may be left in its staging at the end."""
    stage = Stage(tmp_path)
    assert stage.share.prepare() == []
    yield stage
    assert [*stage.staging.iterdir()] == []
    stage.share.close()
