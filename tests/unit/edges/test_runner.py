"""The runner on real processes and, as root, real control groups. A small script stands for sudo."""

import asyncio
import contextlib
import fcntl
import json
import os
import resource
import signal
import sys
import threading
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import pytest

from fui.edges.runner import spare
from fui.edges.runner.job import Job
from fui.edges.runner.runner import Runner
from fui.model.effects import AdoptJobs, StartJob
from fui.model.events import Event, JobAdopted, JobEnded, JobSeen, JobStarted
from fui.model.job import Ending, Progress
from fui.model.menu import Command

SUDO = """#!/bin/sh
echo "$0 $*" >"$0.called"
while [ "$1" != -- ]; do shift; done
shift
exec "$@"
"""


class Stage:
    """A runner in a running loop, and what it posted."""

    def __init__(self, root: Path, limit: int = 1 << 20) -> None:
        self.events: list[Event] = []
        self.news = asyncio.Event()
        self.sudo = root / "sudo"
        self.sudo.write_text(SUDO, encoding="ascii")
        self.sudo.chmod(0o755)
        self.jobs = root / "jobs"
        self.jobs.mkdir(exist_ok=True)
        rule = "RULE {0.argv[0]}".format
        self.runner = Runner(self.post, self.jobs, rule, str(self.sudo), limit)

    def post(self, events: list[Event]) -> None:
        self.events += events
        self.news.set()

    def start(
        self, *argv: str, job: str = "1", environment: tuple[tuple[str, str], ...] = ()
    ) -> None:
        self.runner.start(StartJob(job, Command(argv, "root", "adm", 10), environment))

    def called(self) -> str:
        return Path(f"{self.sudo}.called").read_text(encoding="utf-8")

    async def wait(self, count: int, seconds: float = 10) -> list[Event]:
        async with asyncio.timeout(seconds):
            while len(self.events) < count:
                self.news.clear()
                await self.news.wait()
        return self.events

    async def ended(self, job: str = "1") -> Ending:
        """Wait until a job has ended; it must have been told to have started before."""
        while True:
            for at, event in enumerate(self.events):
                if isinstance(event, JobEnded) and event.job == job:
                    assert JobStarted(job) in self.events[:at]
                    return event.ending
            await self.wait(len(self.events) + 1)


def run(root: Path, scene: Callable[[Stage], Awaitable[None]], limit: int = 1 << 20) -> None:
    async def play() -> None:
        stage = Stage(root, limit)
        try:
            await scene(stage)
            await asyncio.sleep(0)
        finally:
            stage.runner.close()

    asyncio.run(play())


@pytest.fixture(params=["cgroup", "process group"])
def mode(request: pytest.FixtureRequest) -> str:
    """Most is the same with and without control groups."""
    if request.param == "cgroup":
        request.getfixturevalue("delegated")
    else:
        request.getfixturevalue("undelegated")
    return str(request.param)


@pytest.fixture
def undelegated(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no control group is delegated."""
    monkeypatch.setattr("fui.edges.runner.cgroup._MOUNTS", ())


def open_descriptors() -> int:
    return len([*Path("/proc/self/fd").iterdir()])


def groups(base: Path) -> int:
    return len([*base.glob("job-*"), *base.glob("supervisor-*")])


NOBODY_KNOWS = "its supervisor was ended from outside; nobody can say how it ended"


def sh(script: str) -> tuple[str, ...]:
    return ("/bin/sh", "-c", script)


# ---- what is run ---------------------------------------------------------------------------------


def test_runs_through_sudo_as_the_user_and_group(tmp_path: Path, mode: str) -> None:
    async def scene(stage: Stage) -> None:
        assert bool(stage.runner.degraded) == (mode != "cgroup")
        stage.start("/bin/echo", "a b", "$HOME", "ä")
        assert await stage.ended() == Ending(0, "a b $HOME ä\n")
        called = stage.called()
        assert called == f"{stage.sudo} -n -u root -g adm -- /bin/echo a b $HOME ä\n"
        assert stage.events == [JobStarted("1"), JobEnded("1", Ending(0, "a b $HOME ä\n"))]

    run(tmp_path, scene)


@pytest.mark.usefixtures("mode")
def test_environment_is_exactly_this(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LD_LIBRARY_PATH", "/nowhere")

    async def scene(stage: Stage) -> None:
        stage.start("/usr/bin/env", environment=(("FUI_USER", "o'neil=\udcff"),))
        ending = await stage.ended()
        lines = sorted(
            line
            for line in ending.output.splitlines()
            if not line.startswith(("PWD=", "_=", "OLDPWD="))
        )
        assert lines == [
            "FUI_USER=o'neil=\udcff",
            "LANG=C.UTF-8",
            "PATH=/usr/sbin:/usr/bin:/sbin:/bin",
        ]

    run(tmp_path, scene)


@pytest.mark.usefixtures("mode")
def test_nothing_of_the_daemon_reaches_the_command(tmp_path: Path) -> None:
    """No descriptor, no ignored or blocked signal, no directory, no session, no stdin."""
    inherited = os.open("/etc/passwd", os.O_RDONLY)
    os.set_inheritable(inherited, True)  # noqa: FBT003 - the name says it
    high = fcntl.fcntl(inherited, fcntl.F_DUPFD, 500)
    before = signal.signal(signal.SIGUSR1, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR2])
    script = (
        "ls -m /proc/self/fd; readlink /proc/self/fd/0; pwd; "
        "grep -E 'Sig(Blk|Ign)' /proc/self/status; cut -d' ' -f1,5,6 /proc/$$/stat; echo $$"
    )

    async def scene(stage: Stage) -> None:
        stage.start(*sh(script))
        lines = (await stage.ended()).output.splitlines()
        assert lines[:3] == ["0, 1, 2, 3", "/dev/null", "/"], "3 is of ls itself"
        blocked, ignored = (int(line.split()[1], 16) for line in lines[3:5])
        libc_keeps_for_itself = 0b11 << 31
        assert (blocked, ignored & ~libc_keeps_for_itself) == (0, 0)
        assert lines[5] == " ".join([lines[6]] * 3), "pid, process group and session"

    try:
        run(tmp_path, scene)
    finally:
        os.close(inherited)
        os.close(high)
        signal.signal(signal.SIGUSR1, before)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGUSR2])


@pytest.mark.usefixtures("mode")
def test_stdout_and_stderr_are_one_in_order(tmp_path: Path) -> None:
    async def scene(stage: Stage) -> None:
        stage.start(*sh("echo 1; echo 2 >&2; echo 3; exit 7"))
        assert await stage.ended() == Ending(7, "1\n2\n3\n")

    run(tmp_path, scene)


@pytest.mark.usefixtures("mode")
def test_a_signal_is_128_and_its_number(tmp_path: Path) -> None:
    async def scene(stage: Stage) -> None:
        stage.start(*sh("kill -SEGV $$"))
        assert (await stage.ended()).status == 128 + signal.SIGSEGV

    run(tmp_path, scene)


@pytest.mark.usefixtures("mode")
def test_output_that_is_not_utf8(tmp_path: Path) -> None:
    async def scene(stage: Stage) -> None:
        stage.start("/usr/bin/printf", r"\377\303\244")
        assert await stage.ended() == Ending(0, "\udcffä")

    run(tmp_path, scene)


@pytest.mark.usefixtures("mode")
def test_the_end_of_much_output_is_kept(tmp_path: Path) -> None:
    async def scene(stage: Stage) -> None:
        stage.start(*sh("head -c 3000000 /dev/zero; echo; echo the end"))
        ending = await stage.ended()
        assert len(ending.output) == 100_000
        assert ending.output.endswith("\0\nthe end\n")
        assert ending.lost == 3_000_009 - 100_000

    run(tmp_path, scene, limit=100_000)


@pytest.mark.usefixtures("mode")
def test_jobs_run_side_by_side(tmp_path: Path) -> None:
    async def scene(stage: Stage) -> None:
        for number in range(5):
            stage.start(*sh(f"sleep 0.2; echo {number}"), job=str(number))
        for number in range(5):
            assert (await stage.ended(str(number))).output.endswith(f"{number}\n")

    run(tmp_path, scene)


def test_many_one_after_another_leave_nothing_behind(tmp_path: Path, delegated: Path) -> None:
    async def scene(stage: Stage) -> None:
        stage.start("/bin/true", job="first")
        await stage.ended("first")
        await until(lambda: stage.runner._ready is not None)  # noqa: SLF001
        descriptors = open_descriptors()
        for number in range(20):
            stage.start("/bin/true", job=str(number))
            await stage.ended(str(number))
            stage.runner.forget(str(number))
        stage.runner.forget("first")
        stage.runner.forget("never")
        await until(lambda: stage.runner._ready is not None)  # noqa: SLF001
        assert open_descriptors() == descriptors
        await until(lambda: not stage.runner._tree.sweep() and groups(delegated) == 2)  # type: ignore[union-attr,func-returns-value]  # noqa: SLF001
        assert len([*stage.jobs.iterdir()]) == 1, "the one that waits"

    run(tmp_path, scene)
    assert [*(tmp_path / "jobs").iterdir()] == []


# ---- when a job has ended ------------------------------------------------------------------------


@pytest.mark.usefixtures("delegated")
def test_ended_when_the_last_process_is_gone(tmp_path: Path) -> None:
    """The child has a session of its own and holds no pipe; only the control group knows it."""

    async def scene(stage: Stage) -> None:
        begun = time.perf_counter()
        stage.start(*sh("setsid sleep 0.4 </dev/null >/dev/null 2>&1 & exit 3"))
        assert await stage.ended() == Ending(3)
        assert 0.4 <= time.perf_counter() - begun < 2

    run(tmp_path, scene)


def test_nobody_waits_for_a_pipe_that_others_hold(tmp_path: Path, delegated: Path) -> None:
    async def scene(stage: Stage) -> None:
        elsewhere = delegated / "elsewhere"
        elsewhere.mkdir()
        stage.start(*sh(f"(echo 0 >{elsewhere}/cgroup.procs; exec sleep 60) & sleep 0.1; echo out"))
        begun = time.perf_counter()
        assert await stage.ended() == Ending(0, "out\n")
        assert time.perf_counter() - begun < 5

    run(tmp_path, scene)


@pytest.mark.usefixtures("undelegated")
def test_without_control_groups_it_ends_with_the_pipe(tmp_path: Path) -> None:
    async def scene(stage: Stage) -> None:
        assert stage.runner.degraded.startswith("cannot use control groups")
        begun = time.perf_counter()
        stage.start(*sh("(sleep 0.3; echo late) & exit 3"))
        assert await stage.ended() == Ending(3, "late\n")
        assert time.perf_counter() - begun >= 0.3

    run(tmp_path, scene)


@pytest.mark.usefixtures("mode")
def test_terminate_asks(tmp_path: Path) -> None:
    async def scene(stage: Stage) -> None:
        stage.start(*sh("trap 'echo asked; exit 5' TERM; echo up; while :; do sleep 0.02; done"))
        await stage.wait(1)
        await asyncio.sleep(0.2)
        stage.runner.terminate("1")
        assert await stage.ended() == Ending(5, "up\nasked\n")
        stage.runner.terminate("1")
        stage.runner.kill("1")

    run(tmp_path, scene)


@pytest.mark.usefixtures("mode")
def test_one_that_is_asked_before_it_can_listen_is_asked_nevertheless(tmp_path: Path) -> None:
    async def scene(stage: Stage) -> None:
        ready = stage.runner._ready  # noqa: SLF001
        assert ready is not None
        stage.runner._discard(ready)  # noqa: SLF001
        stage.runner._ready = None  # noqa: SLF001
        stage.start("/bin/sleep", "100")  # by a process that is only just spawned
        stage.runner.terminate("1")
        (*_, event) = await stage.wait(1)
        while not isinstance(event, JobEnded):
            (*_, event) = await stage.wait(len(stage.events) + 1)
        assert not event.ending.interrupted
        assert event.ending.status == 143 or "ended from outside; try again" in event.ending.error

    run(tmp_path, scene)


def test_kill_gets_everybody(tmp_path: Path, delegated: Path) -> None:
    """One that ignores TERM, one in a session of its own, one whose parents are gone."""
    stubborn = "trap '' TERM HUP INT; echo up; while :; do sleep 1; done"

    async def scene(stage: Stage) -> None:
        stage.start(*sh(f'setsid sh -c "{stubborn}" & (sleep 100 &) ; {stubborn}'))
        await stage.wait(1)
        await asyncio.sleep(0.3)
        stage.runner.terminate("1")
        await asyncio.sleep(0.1)
        assert len(stage.events) == 1
        begun = time.perf_counter()
        stage.runner.kill("1")
        assert await stage.ended() == Ending(137, "up\nup\n")
        assert time.perf_counter() - begun < 1
        await asyncio.sleep(0.1)
        assert groups(delegated) == 2, "the one that waits"

    run(tmp_path, scene)


@pytest.mark.usefixtures("delegated")
def test_kill_after_the_main_process_has_ended(tmp_path: Path) -> None:
    async def scene(stage: Stage) -> None:
        stage.start(*sh("setsid sleep 100 >/dev/null 2>&1 & exit 4"))
        await asyncio.sleep(0.3)
        assert stage.events == [JobStarted("1")]
        stage.runner.terminate("1")
        stage.runner.kill("1")
        assert (await stage.ended()).status == 4

    run(tmp_path, scene)


def test_kill_of_one_that_was_looked_at_before_it_was_heard(tmp_path: Path, mode: str) -> None:
    """What the supervisor reports is in a pipe and in a file, and a busy daemon reads either first."""

    async def scene(stage: Stage) -> None:
        stage.start("/bin/sleep", "100")
        deadline = time.perf_counter() + 10
        while not (stage.jobs / "1/seen").exists():
            assert time.perf_counter() < deadline
            time.sleep(0.01)  # noqa: ASYNC251 - the loop is busy, and reads no pipe
        stage.runner.look("1")
        assert stage.events == [JobStarted("1")]
        await asyncio.sleep(0.05)
        stage.runner.kill("1")
        ending = await stage.ended()
        assert (ending.status, ending.interrupted) == (137, ""), mode

    run(tmp_path, scene)


@pytest.mark.usefixtures("undelegated")
def test_kill_without_control_groups(tmp_path: Path) -> None:
    async def scene(stage: Stage) -> None:
        stage.start(*sh("trap '' TERM; setsid sleep 1 & echo up; sleep 100"))
        await stage.wait(1)
        await asyncio.sleep(0.1)
        begun = time.perf_counter()
        stage.runner.kill("1")
        assert (await stage.ended()).status == 137
        assert time.perf_counter() - begun < 0.5, "the escapee's pipe is not waited for"

    run(tmp_path, scene)


def test_output_that_nobody_has_read_yet_is_not_lost(tmp_path: Path) -> None:
    process = spare.spawn(None, tmp_path, 1 << 20)
    job = Job("1", Command(("/bin/true",), "root", "adm", 10), None, tmp_path, process)
    process.become(sh("head -c 60000 /dev/zero; echo end"), ())
    os.waitid(os.P_PIDFD, process.pidfd, os.WEXITED | os.WNOWAIT)
    job.reap()
    ending = job.ending("RULE")
    assert (ending.status, len(ending.output), ending.output[-4:]) == (0, 60_004, "end\n")


def test_a_job_may_open_as_many_files_as_it_is_told(tmp_path: Path) -> None:
    """FUI itself may open more, with which programs that use select(2) cannot deal."""
    process = spare.spawn(None, tmp_path, 1 << 20, files=77)
    job = Job("1", Command(("/bin/true",), "root", "adm", 10), None, tmp_path, process)
    process.become(sh("ulimit -Sn; ulimit -Hn"), ())
    os.waitid(os.P_PIDFD, process.pidfd, os.WEXITED | os.WNOWAIT)
    job.reap()
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    assert job.ending("RULE").output.split() == ["77", str(hard)]


@pytest.mark.usefixtures("mode")
def test_started_is_told_before_ended_in_whatever_order_the_kernel_tells(tmp_path: Path) -> None:
    async def scene(stage: Stage) -> None:
        stage.start("/bin/echo", "x")
        job = stage.runner._jobs["1"]  # noqa: SLF001
        assert job.supervisor is not None
        os.waitid(os.P_PIDFD, job.supervisor, os.WEXITED | os.WNOWAIT)  # noqa: ASYNC222
        stage.runner._on_exit(job)  # noqa: SLF001
        await stage.ended()
        assert stage.events[0] == JobStarted("1")

    run(tmp_path, scene)


# ---- what is seen of a job while it runs ---------------------------------------------------------


async def until(said: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not said():  # noqa: ASYNC110 - a look is not told, it is asked for
            await asyncio.sleep(0.01)


@pytest.mark.usefixtures("mode")
def test_what_it_wrote_until_now(tmp_path: Path) -> None:
    go = tmp_path / "go"
    script = (
        "echo one; printf '::progress 40 half'; sleep 0.1; echo way; echo two >&2;"
        f" while [ ! -e {go} ]; do sleep 0.02; done;"
        " echo ::progress 90 >&2; printf '\\377\\n::progress 100'"
    )

    async def scene(stage: Stage) -> None:
        assert stage.runner.look("1") is None
        stage.start(*sh(script))
        assert stage.runner.look("1") == JobSeen("1")
        assert stage.runner.look("2") is None
        await until(lambda: (stage.runner.look("1") or JobSeen("1")).written == 8)
        assert stage.runner.look("1") == JobSeen("1", "one\ntwo\n", 8, Progress(40, "halfway"))
        go.touch()
        assert await stage.ended() == Ending(0, "one\ntwo\n\udcff\n")
        assert stage.runner.look("1") is None

    run(tmp_path, scene)


@pytest.mark.usefixtures("mode")
def test_of_much_output_the_last_64_kib_are_seen(tmp_path: Path) -> None:
    async def scene(stage: Stage) -> None:
        stage.start(*sh("head -c 3000000 /dev/zero; echo end; sleep 100"))
        await until(lambda: (stage.runner.look("1") or JobSeen("1")).written == 3_000_004)
        seen = stage.runner.look("1")
        assert seen == JobSeen("1", "\0" * (65536 - 4) + "end\n", 3_000_004)
        stage.runner.kill("1")
        await stage.ended()

    run(tmp_path, scene)


@pytest.mark.usefixtures("mode")
@pytest.mark.parametrize("words", ["y", "::progress 40 x", "::progress 400"])
def test_the_loop_answers_while_a_job_writes_without_end(tmp_path: Path, words: str) -> None:
    async def scene(stage: Stage) -> None:
        stage.start("/usr/bin/yes", words)
        loop, longest = asyncio.get_running_loop(), 0.0
        deadline = loop.time() + 0.7
        while (begun := loop.time()) < deadline:
            await asyncio.sleep(0)
            longest = max(longest, loop.time() - begun)
        assert longest < 0.2
        seen = stage.runner.look("1")
        assert seen is not None
        assert (seen.progress, bool(seen.written)) == (
            (Progress(40, "x"), False) if words == "::progress 40 x" else (None, True)
        )
        stage.runner.kill("1")
        ending = await stage.ended()
        assert ending.status == 137
        assert len(ending.output) <= 1 << 20

    run(tmp_path, scene)


# ---- what goes wrong -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        "sudo: a password is required",
        "Sorry, user fui is not allowed to execute '/bin/x' as root on host.",
        "fui is not in the sudoers file.",
        "sudo: I'm sorry fui. I'm afraid I can't do that",
        "sudo: interactive authentication is required",
    ],
)
@pytest.mark.usefixtures("mode")
def test_a_missing_rule_is_told_with_the_rule(tmp_path: Path, words: str) -> None:
    async def scene(stage: Stage) -> None:
        stage.sudo.write_text(f'#!/bin/sh\necho "{words}" >&2\nexit 1\n', encoding="ascii")
        stage.start("/bin/x")
        assert await stage.ended() == Ending(
            None,
            f"{words}\n",
            error="sudo has no rule for this; add to /etc/sudoers.d/fui: RULE /bin/x",
        )

    run(tmp_path, scene)


@pytest.mark.usefixtures("mode")
def test_a_command_that_says_such_words_is_not_a_missing_rule(tmp_path: Path) -> None:
    async def scene(stage: Stage) -> None:
        stage.start(*sh("seq 10; echo sudo: a password is required; exit 1"))
        assert (await stage.ended()).status == 1
        stage.start(*sh("echo sudo: a password is required; exit 2"), job="2")
        assert (await stage.ended("2")).status == 2

    run(tmp_path, scene)


@pytest.mark.usefixtures("mode")
def test_sudo_cannot_be_executed(tmp_path: Path) -> None:
    async def scene(stage: Stage) -> None:
        stage.sudo.unlink()
        stage.start("/bin/true")
        (event,) = await stage.wait(1)
        error = (
            "cannot execute sudo: No such file or directory; install sudo, or mend its permissions"
        )
        assert event == JobEnded("1", Ending(None, error=error))

    run(tmp_path, scene)


@pytest.mark.usefixtures("mode")
def test_there_is_no_sudo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fui.edges.runner.runner._SUDO_PLACES", ("/nowhere/sudo",))

    async def scene(stage: Stage) -> None:
        runner = Runner(stage.post, stage.jobs, lambda _: "")
        runner.start(StartJob("1", Command(("/bin/true",), "root", "root", 1), ()))
        assert stage.events == [
            JobEnded("1", Ending(None, error="cannot find sudo in /nowhere/sudo; install it"))
        ]
        runner.close()

    run(tmp_path, scene)


@pytest.mark.usefixtures("mode")
def test_an_order_that_is_too_long(tmp_path: Path) -> None:
    async def scene(stage: Stage) -> None:
        stage.start("/bin/echo", "x" * spare.ORDER_MAX)
        (event,) = stage.events
        assert isinstance(event, JobEnded)
        assert event.ending.error == (
            "cannot start the command: Argument list too long; "
            "make the command shorter, for example by a script"
        )
        stage.start("/bin/echo", "x" * (spare.ORDER_MAX - 1000), job="2")
        assert (await stage.ended("2")).status == 0

    run(tmp_path, scene)


@pytest.mark.usefixtures("mode")
def test_a_word_with_a_nul_is_not_two_words(tmp_path: Path) -> None:
    async def scene(stage: Stage) -> None:
        stage.start("/bin/echo", "a\0b")
        (event,) = stage.events
        error = "cannot start the command: an argument holds a NUL character; correct the command"
        assert event == JobEnded("1", Ending(None, error=error))

    run(tmp_path, scene)


@pytest.mark.usefixtures("mode")
@pytest.mark.parametrize(
    "words", [("", "", ""), ("", "a"), ("\n", "=", "-n", "--"), ("x=y" * 9000, "")]
)
def test_every_word_arrives(tmp_path: Path, words: tuple[str, ...]) -> None:
    async def scene(stage: Stage) -> None:
        stage.start("/usr/bin/printf", "<%s>", *words, environment=(("FUI_USER", ""),))
        assert (await stage.ended()).output == "".join(f"<{word}>" for word in words)

    run(tmp_path, scene)


def test_an_order_that_is_cut_short_is_not_followed(tmp_path: Path) -> None:
    """As when the daemon dies while it writes."""
    waiting = spare.spawn(None, tmp_path, 1)
    touch = b"2\0/bin/touch\0" + os.fsencode(tmp_path / "made") + b"\0"
    os.write(waiting.order, b"%08d" % (len(touch) + 1) + touch)
    os.close(waiting.order)
    assert os.waitpid(waiting.pid, 0)[1] == 0
    for descriptor in (waiting.pidfd, waiting.report):
        os.close(descriptor)
    assert not (tmp_path / "made").exists()


def test_waiting_says_what_went_wrong_by_its_number(tmp_path: Path) -> None:
    waiting = spare.spawn(None, tmp_path, 1)
    waiting.become(("/nowhere/program",), ())
    assert os.waitpid(waiting.pid, 0)[1] == 0
    assert os.read(waiting.report, 100) == b"wx2"
    assert json.loads((tmp_path / "ending").read_bytes()) == {
        "report": "wx2",
        "status": 127,
        "lost": 0,
    }
    waiting.close()


@pytest.mark.usefixtures("mode")
def test_the_process_that_waits_was_killed(tmp_path: Path) -> None:
    async def scene(stage: Stage) -> None:
        ready = stage.runner._ready  # noqa: SLF001
        assert ready is not None
        await asyncio.sleep(0.3)  # until who waits is there as well, and outlives it
        os.kill(ready.process.pid, signal.SIGKILL)
        await asyncio.sleep(0.1)
        stage.start("/bin/echo", "x")
        assert await stage.ended() == Ending(0, "x\n")

    run(tmp_path, scene)


@pytest.mark.usefixtures("mode")
def test_the_process_is_killed_with_its_order_in_hand(tmp_path: Path) -> None:
    async def scene(stage: Stage) -> None:
        ready = stage.runner._ready  # noqa: SLF001
        assert ready is not None
        os.kill(ready.process.pid, signal.SIGSTOP)
        stage.start("/bin/echo", "x")
        stage.runner.kill("1")
        (event,) = await stage.wait(1)
        assert event == JobEnded("1", Ending(None, interrupted=NOBODY_KNOWS))

    run(tmp_path, scene)


@pytest.mark.usefixtures("delegated")
def test_the_group_cannot_be_entered(tmp_path: Path) -> None:
    """A control group with a limit of no process at all, as a stand-in for any refusal."""

    async def scene(stage: Stage) -> None:
        tree = stage.runner._tree  # noqa: SLF001
        assert tree is not None
        stage.runner._discard(stage.runner._ready)  # type: ignore[arg-type]  # noqa: SLF001
        stage.runner._ready = None  # noqa: SLF001
        real = tree.make

        def removed() -> object:
            group = real()
            group.path.rmdir()
            return group

        tree.make = removed  # type: ignore[assignment,method-assign]
        stage.start("/bin/true")
        (event,) = await stage.wait(1)
        assert isinstance(event, JobEnded)
        assert event.ending.error.startswith("cannot enter a control group: No such device")

    run(tmp_path, scene)


@pytest.mark.usefixtures("mode")
def test_no_process_can_be_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def scene(stage: Stage) -> None:
        stage.runner._discard(stage.runner._ready)  # type: ignore[arg-type]  # noqa: SLF001
        stage.runner._ready = None  # noqa: SLF001
        monkeypatch.setattr(sys, "executable", "/nowhere/python")
        before = open_descriptors()
        stage.start("/bin/true")
        assert open_descriptors() == before
        (event,) = stage.events
        assert isinstance(event, JobEnded)
        assert event.ending.error.startswith("cannot start the command: No such file or directory")

    run(tmp_path, scene)


# ---- the process that waits ----------------------------------------------------------------------


def test_the_process_that_waits_goes_with_the_daemon(tmp_path: Path) -> None:
    waiting = spare.spawn(None, tmp_path, 1)
    time.sleep(0.1)
    os.close(waiting.order)
    assert os.waitpid(waiting.pid, 0)[1] == 0
    for descriptor in (waiting.pidfd, waiting.report):
        os.close(descriptor)


@pytest.mark.usefixtures("mode")
def test_the_next_one_waits_before_it_is_needed(tmp_path: Path) -> None:
    async def scene(stage: Stage) -> None:
        stage.start("/bin/true")
        assert stage.runner._ready is None  # noqa: SLF001
        await stage.ended()
        await asyncio.sleep(0.15)
        assert stage.runner._ready is not None  # noqa: SLF001

    run(tmp_path, scene)


@pytest.mark.usefixtures("mode")
def test_threads_do_not_matter(tmp_path: Path) -> None:
    """Python 3.12 and later warn of a fork with threads; nothing is forked here."""
    leave = threading.Event()
    thread = threading.Thread(target=leave.wait)
    thread.start()

    async def scene(stage: Stage) -> None:
        stage.start("/bin/true")
        assert (await stage.ended()).status == 0

    try:
        run(tmp_path, scene)
    finally:
        leave.set()
        thread.join()


# ---- jobs that outlive the daemon ----------------------------------------------------------------


TRUE = Command(("/bin/true",), "root", "adm", 10)
JobOf = Callable[[Stage], Awaitable[None]]


def succeed(root: Path, before: JobOf, scene: JobOf, *jobs: str) -> None:
    """One daemon has jobs, and goes; another one adopts them."""
    run(root, before)

    async def then(stage: Stage) -> None:
        stage.runner.adopt(AdoptJobs(tuple((job, TRUE) for job in jobs or ("1",))))
        await scene(stage)

    run(root, then)


def the_supervisor(stage: Stage, delegated: Path) -> int:
    """The supervisor of job 1, by what its directory and its group say."""
    name = (stage.jobs / "1/group").read_text(encoding="ascii")
    return members(delegated / f"supervisor-{name}")[0]


def members(path: Path) -> list[int]:
    return [int(line) for line in (path / "cgroup.procs").read_text(encoding="ascii").split()]


@pytest.mark.usefixtures("delegated")
def test_one_that_runs_goes_on_with_all_that_it_writes(tmp_path: Path) -> None:
    async def before(stage: Stage) -> None:
        stage.start(
            *sh(f"echo one; while [ ! -e {tmp_path}/go ]; do sleep 0.02; done; echo two; exit 3")
        )
        await stage.wait(1)

    async def scene(stage: Stage) -> None:
        assert stage.events == [JobAdopted("1"), JobStarted("1")]
        await until(lambda: stage.runner.look("1") == JobSeen("1", "one\n", 4))
        (tmp_path / "go").touch()
        assert await stage.ended() == Ending(3, "one\ntwo\n")
        assert stage.runner.look("1") is None
        stage.runner.forget("1")
        assert not (tmp_path / "jobs/1").exists()

    succeed(tmp_path, before, scene)


@pytest.mark.usefixtures("delegated")
def test_of_one_that_ended_meanwhile_all_is_known(tmp_path: Path) -> None:
    async def before(stage: Stage) -> None:
        stage.start(*sh(f"sleep 0.2; echo x; touch {tmp_path}/done"))
        await stage.wait(1)

    async def scene(stage: Stage) -> None:
        assert await stage.ended() == Ending(0, "x\n")
        assert JobAdopted("1") not in stage.events

    def wait_and(root: Path) -> None:
        deadline = time.perf_counter() + 10
        while not (root / "jobs/1/ending").exists():
            assert time.perf_counter() < deadline
            time.sleep(0.02)

    run(tmp_path, before)
    wait_and(tmp_path)
    succeed(tmp_path, no_job, scene)


async def no_job(_stage: Stage) -> None:
    """Have nothing run."""


@pytest.mark.usefixtures("delegated")
def test_it_can_be_terminated_and_killed_as_any_other(tmp_path: Path) -> None:
    async def before(stage: Stage) -> None:
        for job in ("1", "2"):
            script = f"trap 'echo asked; touch {tmp_path}/{job}' TERM; touch {tmp_path}/t{job}; while :; do sleep 0.02; done"
            stage.start(*sh(script), job=job)
        await until(lambda: all((tmp_path / f"t{job}").exists() for job in ("1", "2")))

    async def scene(stage: Stage) -> None:
        stage.runner.terminate("1")
        await until((tmp_path / "1").exists)
        assert not (tmp_path / "2").exists()
        for job in ("1", "2"):
            stage.runner.kill(job)
        assert await stage.ended("1") == Ending(137, "asked\n")
        assert await stage.ended("2") == Ending(137)

    succeed(tmp_path, before, scene, "1", "2")


def test_what_is_not_adopted_is_ended(tmp_path: Path, delegated: Path) -> None:
    async def before(stage: Stage) -> None:
        for job in ("1", "2"):
            stage.start(*sh("setsid sleep 100 & sleep 100"), job=job)
        await stage.wait(2)

    async def scene(stage: Stage) -> None:
        await until(lambda: not (stage.jobs / "2").exists())
        assert stage.events == [JobAdopted("1"), JobStarted("1")]
        await until(lambda: len([p for p in delegated.glob("job-*") if members(p)]) <= 2)
        stage.runner.kill("1")
        assert (await stage.ended()).status == 137
        await until(lambda: not stage.runner._tree.sweep() and groups(delegated) == 2)  # type: ignore[union-attr,func-returns-value]  # noqa: SLF001
        assert {path.name.split("-")[0] for path in stage.jobs.iterdir()} == {"1", "spare"}

    succeed(tmp_path, before, scene)


@pytest.mark.parametrize("adopted", [False, True])
def test_without_its_supervisor_a_job_is_killed(
    tmp_path: Path, delegated: Path, *, adopted: bool
) -> None:
    async def before(stage: Stage) -> None:
        stage.start(*sh(f"echo x; setsid sleep 100 & touch {tmp_path}/up; sleep 100"))
        await until((tmp_path / "up").exists)
        await until(lambda: stage.runner.look("1") == JobSeen("1", "x\n", 2))
        if not adopted:
            await scene(stage)

    async def scene(stage: Stage) -> None:
        os.kill(the_supervisor(stage, delegated), signal.SIGKILL)
        assert await stage.ended() == Ending(None, "x\n", interrupted=NOBODY_KNOWS)

    if adopted:
        succeed(tmp_path, before, scene)
    else:
        run(tmp_path, before)


def test_nor_is_one_adopted_whose_supervisor_died_before(tmp_path: Path, delegated: Path) -> None:
    async def before(stage: Stage) -> None:
        stage.start(*sh(f"touch {tmp_path}/up; sleep 100"))
        await until((tmp_path / "up").exists)
        os.kill(the_supervisor(stage, delegated), signal.SIGKILL)

    async def scene(stage: Stage) -> None:
        assert await stage.ended() == Ending(None, interrupted=NOBODY_KNOWS)

    succeed(tmp_path, before, scene)


@pytest.mark.usefixtures("delegated")
def test_one_that_was_never_ordered_is_told_so(tmp_path: Path) -> None:
    async def scene(stage: Stage) -> None:
        why = "FUI ended before it could start it"
        assert stage.events == [JobEnded("1", Ending(None, interrupted=why))]
        await no_job(stage)

    succeed(tmp_path, no_job, scene)


@pytest.mark.usefixtures("delegated")
@pytest.mark.parametrize("group", ["", "../daemon", "ff-1\n", "é"])
def test_a_group_that_is_none_is_not_believed(tmp_path: Path, group: str) -> None:
    directory = tmp_path / "jobs/1"
    directory.mkdir(parents=True)
    (directory / "group").write_text(group, encoding="utf-8")

    async def scene(stage: Stage) -> None:
        assert stage.events == [JobEnded("1", Ending(None, interrupted=NOBODY_KNOWS))]
        await no_job(stage)

    succeed(tmp_path, no_job, scene)


@pytest.mark.usefixtures("delegated")
@pytest.mark.parametrize(
    "wrong", [b"", b"x", b"[]\n", b"\xff\n", b'{"report": 7, "progress": [1]}\n']
)
def test_what_somebody_else_wrote_into_its_directory_is_nothing(
    tmp_path: Path, wrong: bytes
) -> None:
    async def before(stage: Stage) -> None:
        stage.start("/bin/sleep", "100")
        await stage.wait(1)
        (stage.jobs / "1/seen").write_bytes(wrong)
        assert stage.runner.look("1") == JobSeen("1")

    run(tmp_path, before)


@pytest.mark.usefixtures("undelegated")
def test_without_control_groups_a_job_is_asked_to_end_when_the_daemon_goes(tmp_path: Path) -> None:
    async def before(stage: Stage) -> None:
        stage.start(
            *sh(
                f"trap 'touch {tmp_path}/asked; exit' TERM; touch {tmp_path}/up; while :; do sleep 0.02; done"
            )
        )
        await until((tmp_path / "up").exists)

    run(tmp_path, before)
    deadline = time.perf_counter() + 10
    while not (tmp_path / "asked").exists():
        assert time.perf_counter() < deadline


@pytest.mark.usefixtures("delegated")
def test_memory_that_cannot_be_limited_is_not_left_unlimited(tmp_path: Path) -> None:
    async def scene(stage: Stage) -> None:
        tree = stage.runner._tree  # noqa: SLF001
        assert tree is not None
        if "memory" in (tree._base / "cgroup.controllers").read_text():  # noqa: SLF001
            pytest.skip("it can be here")
        stage.runner.start(StartJob("1", replace(TRUE, memory_max=1 << 20), ()))
        (event,) = stage.events
        assert isinstance(event, JobEnded)
        assert event.ending.error.startswith(
            "cannot start the command: its memory cannot be limited"
        )
        assert [path.name for path in stage.jobs.iterdir()] == []

    run(tmp_path, scene)


@pytest.mark.usefixtures("delegated")
def test_close_leaves_running_jobs_alone(tmp_path: Path) -> None:
    marker = tmp_path / "done"

    async def scene(stage: Stage) -> None:
        stage.start(*sh(f"sleep 0.3; touch {marker}"))
        await stage.wait(1)

    run(tmp_path, scene)
    deadline = time.perf_counter() + 5
    while not marker.exists():
        assert time.perf_counter() < deadline
    with contextlib.suppress(ChildProcessError):
        os.waitpid(-1, 0)
