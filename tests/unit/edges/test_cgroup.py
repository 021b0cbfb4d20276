"""The control groups, on the kernel's own; this process moves in and out of one made for the test."""

import os
import select
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from fui.edges.runner import cgroup
from fui.edges.runner.cgroup import CgroupTree, JobGroup
from fui.model.errors import EdgeError


def wait_until_empty(path: Path) -> None:
    deadline = time.perf_counter() + 5
    while "populated 1" in (path / "cgroup.events").read_text(encoding="ascii"):
        assert time.perf_counter() < deadline


@pytest.fixture
def base(delegated: Path) -> Path:
    """The delegated group, by the name that CgroupTree has for it."""
    return delegated


@pytest.fixture
def sleeper() -> Iterator["subprocess.Popen[bytes]"]:
    process = subprocess.Popen(["/bin/sleep", "100"])
    yield process
    process.kill()
    process.wait()


def enter(group: JobGroup, process: "subprocess.Popen[bytes]") -> None:
    os.write(group.procs, str(process.pid).encode())


def is_populated(group: JobGroup) -> bool:
    return group.populated


def members(path: Path) -> list[int]:
    return [int(line) for line in (path / "cgroup.procs").read_text(encoding="ascii").split()]


@pytest.mark.root
def test_the_daemon_moves_to_a_leaf(base: Path) -> None:
    CgroupTree()
    assert os.getpid() in members(base / "daemon")
    assert members(base) == []


@pytest.mark.root
def test_a_daemon_in_the_leaf_already_uses_the_group_above(base: Path) -> None:
    CgroupTree()
    group = CgroupTree().make()
    assert group.path.parent == base


@pytest.mark.root
@pytest.mark.usefixtures("base")
def test_tasks_without_the_controller_are_not_limited() -> None:
    group = CgroupTree().make()
    group.limit(64, None)
    limit = group.path / "pids.max"
    assert not limit.exists() or limit.read_text("ascii") == "64\n"


@pytest.mark.root
def test_populated_and_its_change(base: Path, sleeper: "subprocess.Popen[bytes]") -> None:
    tree = CgroupTree()
    group = tree.make()
    assert not is_populated(group)
    enter(group, sleeper)
    assert is_populated(group)
    with select.epoll() as changes:
        changes.register(group.events, select.EPOLLPRI)
        assert changes.poll(0) == []
        group.kill()
        assert sleeper.wait(5) == -9
        assert changes.poll(5)[0][0] == group.events
        assert not is_populated(group)
        assert changes.poll(0) == []
    tree.discard(group)
    assert not group.path.exists()
    assert [*base.glob("job-*")] == []


@pytest.mark.root
def test_a_change_before_the_registration_is_not_missed(
    base: Path, sleeper: "subprocess.Popen[bytes]"
) -> None:
    tree = CgroupTree()
    group = tree.make()
    enter(group, sleeper)
    assert is_populated(group)
    group.kill()
    sleeper.wait(5)
    wait_until_empty(base / group.path.name)
    with select.epoll() as changes:
        changes.register(group.events, select.EPOLLPRI)
        assert changes.poll(1) != []
    tree.discard(group)


@pytest.mark.root
@pytest.mark.usefixtures("base")
def test_what_cannot_be_removed_is_removed_later(
    sleeper: "subprocess.Popen[bytes]",
) -> None:
    tree = CgroupTree()
    group = tree.make()
    enter(group, sleeper)
    tree.discard(group)
    assert group.path.exists()
    sleeper.kill()
    sleeper.wait()
    tree.discard(tree.make())
    assert not group.path.exists()


@pytest.mark.root
@pytest.mark.usefixtures("base")
def test_groups_that_a_job_made_go_with_it() -> None:
    tree = CgroupTree()
    group = tree.make()
    (group.path / "below" / "further").mkdir(parents=True)
    tree.discard(group)
    assert not group.path.exists()


@pytest.mark.root
def test_what_an_earlier_run_left_is_ended_but_for_what_is_kept(
    base: Path, sleeper: "subprocess.Popen[bytes]"
) -> None:
    before = CgroupTree()
    left, kept = before.make(), before.make()
    enter(left, sleeper)
    left.close()
    (base / "job-empty").mkdir()
    tree = CgroupTree()
    own = tree.make()
    tree.end_others({kept.name})
    assert sleeper.wait(5) == -9
    deadline = time.perf_counter() + 5
    while left.path.exists():
        tree.sweep()
        assert time.perf_counter() < deadline
    assert {*base.glob("job-*")} == {kept.path, own.path}
    assert {*base.glob("supervisor-*")} == {kept.supervisor, own.supervisor}


@pytest.mark.root
def test_a_supervisor_is_found_by_the_name_of_the_group(
    base: Path, sleeper: "subprocess.Popen[bytes]"
) -> None:
    made = CgroupTree().make()
    assert made.supervisor_pid is None
    os.write(made.own, str(sleeper.pid).encode())
    found = CgroupTree().find(made.name)
    assert (found.path, found.supervisor) == (made.path, made.supervisor)
    assert found.supervisor_pid == sleeper.pid
    assert found.path.parent == base


def test_what_is_handed_out_is_given_back(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Plain files stand in, for this machine may have no controllers; said beside the daemon."""
    base = tmp_path / "system.slice" / "fui.service"
    (base / ".control").mkdir(parents=True)
    for path in (base / "cgroup.subtree_control", base / ".control/cgroup.kill"):
        path.touch()
    monkeypatch.setattr(cgroup, "_MOUNTS", (tmp_path,))
    written: list[tuple[Path, str]] = []
    monkeypatch.setattr(Path, "write_text", lambda path, text, **_: written.append((path, text)))
    monkeypatch.setattr(
        Path, "read_text", lambda *_, **__: "0::/system.slice/fui.service/.control\n"
    )
    cgroup.give_back()
    file = base / "cgroup.subtree_control"
    assert written == [(file, "-pids"), (file, "-memory")]


@pytest.mark.root
@pytest.mark.usefixtures("base")
def test_limits_are_written_where_the_kernel_reads_them(tmp_path: Path) -> None:
    """Plain files stand in for those of controllers, which this machine may not have."""
    group = CgroupTree().make()
    group.base = group.path = tmp_path
    for name in ("pids.max", "memory.max", "memory.oom.group", "cgroup.subtree_control"):
        (tmp_path / name).touch()
    group.limit(64, 1 << 30)
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {
        "pids.max": "64",
        "memory.max": str(1 << 30),
        "memory.oom.group": "1",
        "cgroup.subtree_control": "+memory",
    }


@pytest.mark.root
@pytest.mark.usefixtures("base")
def test_what_it_ran_into_is_said(tmp_path: Path) -> None:
    """Plain files stand in for those of controllers, which this machine may not have."""
    group = CgroupTree().make()
    assert group.exceeded == ""
    group.path = tmp_path
    (tmp_path / "pids.events").write_text("max 0\n")
    (tmp_path / "memory.events").write_text("low 0\nmax 7\noom 1\noom_kill 2\n")
    assert group.exceeded == "it was killed for it used more than memory-max"
    (tmp_path / "pids.events").write_text("max 3\n")
    (tmp_path / "memory.events").write_text("nonsense\n")
    assert group.exceeded == "it wanted more processes and threads than tasks-max"


@pytest.mark.root
@pytest.mark.usefixtures("base")
def test_a_group_that_somebody_else_removed_is_empty() -> None:
    tree = CgroupTree()
    group = tree.make()
    group.path.rmdir()
    assert not is_populated(group)
    group.kill()
    tree.discard(group)


@pytest.mark.root
def test_nothing_is_delegated(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A directory where a file should be stands in for a group that may not be written."""
    stand_in = base.parent / f"{base.name}-not-ours"
    stand_in.mkdir()
    (stand_in / "daemon").mkdir()
    monkeypatch.setattr(cgroup, "_find_base", lambda: stand_in / "daemon" / "cgroup.procs")
    try:
        with pytest.raises(EdgeError, match=r"^cannot use the control group .*set Delegate=yes"):
            CgroupTree()
    finally:
        (stand_in / "daemon").rmdir()
        stand_in.rmdir()


def expect(monkeypatch: pytest.MonkeyPatch, own: str, text: str) -> None:
    monkeypatch.setattr(Path, "read_text", lambda *_, **__: own)
    with pytest.raises(EdgeError, match=text):
        CgroupTree()


def test_in_no_group_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    expect(monkeypatch, "1:cpu:/x\n0::/\n", "let systemd start fui.service")


def test_version_1_only(monkeypatch: pytest.MonkeyPatch) -> None:
    expect(monkeypatch, "1:cpu:/x\n", "let systemd start fui.service")


def test_not_mounted(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(cgroup, "_MOUNTS", (tmp_path,))
    expect(monkeypatch, "0::/system.slice/fui.service\n", "is not mounted on /sys/fs/cgroup")


def test_an_old_kernel(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    own = tmp_path / "system.slice" / "fui.service"
    own.mkdir(parents=True)
    for name in ("cgroup.procs", "cgroup.events"):
        (own / name).touch()
    monkeypatch.setattr(cgroup, "_MOUNTS", (tmp_path,))
    expect(
        monkeypatch, "0::/system.slice/fui.service\n", r"cgroup.kill is missing; needs Linux 5.14"
    )


def test_no_proc(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(*_: object, **__: object) -> str:
        raise FileNotFoundError

    monkeypatch.setattr(Path, "read_text", missing)
    with pytest.raises(EdgeError, match="is /proc mounted"):
        CgroupTree()
