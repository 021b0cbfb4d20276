"""What a process uses: this one, and one that we start."""

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from integration.benchmarks import usage

SELF = Path("/proc/self")
SLEEPER = (
    "import sys, time\nprint(flush=True)\nfor _ in sys.stdin: time.sleep(0.001); print(flush=True)"
)


@pytest.fixture
def sleeper() -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [sys.executable, "-c", SLEEPER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        yield process
        process.kill()


def test_cpu_time_is_what_the_kernel_gave() -> None:
    before, began = usage.cpu_time(SELF), time.process_time()
    while time.process_time() < began + 0.2:
        pass
    assert usage.cpu_time(SELF) - before == pytest.approx(time.process_time() - began, abs=0.05)


def test_who_sleeps_is_not_woken_and_who_is_asked_is(sleeper: subprocess.Popen[str]) -> None:
    process = Path(f"/proc/{sleeper.pid}")
    time.sleep(0.05)
    before = usage.of_process(process)
    time.sleep(0.1)
    assert usage.of_process(process).wakeups == before.wakeups
    assert sleeper.stdin is not None
    assert sleeper.stdout is not None
    for _ in range(10):
        sleeper.stdin.write("\n")
        sleeper.stdin.flush()
        sleeper.stdout.readline()
    time.sleep(0.05)
    assert usage.of_process(process).wakeups >= before.wakeups + 10


def test_memory_counts_what_is_touched() -> None:
    before = usage.of_process(SELF)
    held = bytearray(b"x") * 50_000_000
    after = usage.of_process(SELF)
    del held
    assert after.rss - before.rss == pytest.approx(50e6, rel=0.1)
    assert after.pss - before.pss == pytest.approx(50e6, rel=0.1)
    assert 0 < before.pss <= before.rss


def test_one_that_has_ended_is_left_out(sleeper: subprocess.Popen[str]) -> None:
    process = Path(f"/proc/{sleeper.pid}")
    both = usage.of_all([process, process])
    assert both.rss == pytest.approx(2 * usage.of_process(process).rss, rel=0.01)
    sleeper.kill()
    sleeper.wait()
    assert usage.of_all([process]) == usage.Usage()
