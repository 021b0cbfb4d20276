"""The metrics: what they say of what is told, as Prometheus reads it, in a file and over HTTP."""

import asyncio
import os
import stat
from collections.abc import Callable, Coroutine
from dataclasses import replace
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families as parsed

import fui.edges.metrics as edge
from fui import __version__
from fui.edges.metrics import Metrics
from fui.edges.metrics.meters import Meters
from fui.model.errors import Problem
from fui.model.facts import Fact, FactKind
from fui.model.menu import ActionId, Exposition, Menu
from fui.model.states import FlagState, JobResult, Loss, Refusal
from fui.model.status import Standing, Status
from tests.playbook import MENU, action

RESTART, START, STOP = (MENU.actions[2].id, MENU.actions[0].id, MENU.actions[1].id)
BEGAN = 1_800_000_000.0
FAULT = Problem("a.yaml", 1, 2, "cannot read it")
QUEUEING = replace(MENU, actions=(action("Start", queue=3), action("Stop", group='B"1', queue=2)))


def samples(text: bytes) -> dict[str, float]:
    """Read a text as Prometheus does."""
    return {
        sample.name
        + ("{" + ",".join(f"{k}={v}" for k, v in sorted(sample.labels.items())) + "}")
        * bool(sample.labels): sample.value
        for family in parsed(text.decode())
        for sample in family.samples
    }


def meters(menu: Menu = MENU) -> Meters:
    return Meters(menu, BEGAN)


def count(one: Meters, name: str) -> float:
    return samples(one.text())[name]


def ended(result: JobResult, seconds: float | None, of: ActionId = RESTART) -> Fact:
    return Fact(FactKind.ENDED, of, result=result, duration=seconds)


class TestNames:
    def test_they_are_as_prometheus_wants_them(self) -> None:
        one = meters()
        one.tell(ended(JobResult.DONE, 1.5))
        families = {family.name: family for family in parsed(one.text().decode())}
        assert {name: family.type for name, family in families.items()} == {
            "fui_build_info": "gauge",
            "fui_configuration_faults": "gauge",
            "fui_configuration_reloads": "counter",
            "fui_correlation_seconds": "histogram",
            "fui_job_duration_seconds": "histogram",
            "fui_jobs": "counter",
            "fui_jobs_running": "gauge",
            "fui_losses": "counter",
            "fui_presses": "counter",
            "fui_queue_length": "gauge",
            "fui_start_time_seconds": "gauge",
        }
        for family in families.values():
            assert family.documentation.endswith(".")
            names = {sample.name for sample in family.samples}
            if family.type == "counter":
                assert names == {f"{family.name}_total"}
            if family.type == "histogram":
                assert names == {f"{family.name}_{each}" for each in ("bucket", "count", "sum")}

    def test_every_counter_of_fuis_own_kinds_is_there_from_the_beginning(self) -> None:
        found = samples(meters().text())
        for loss in Loss:
            assert found[f"fui_losses_total{{kind={loss.value}}}"] == 0
        for refusal in set(Refusal) - {Refusal.MOVED}:
            unknown = refusal in {Refusal.NO_RECORD, Refusal.CONTRADICTION}
            result = "unattributed" if unknown else "denied"
            assert found[f"fui_presses_total{{refusal={refusal.value},result={result}}}"] == 0
        assert found["fui_presses_total{refusal=,result=started}"] == 0
        for result in JobResult:
            assert found[f"fui_job_duration_seconds_count{{result={result.value}}}"] == 0
        assert found["fui_configuration_reloads_total{result=good}"] == 0
        assert found["fui_configuration_reloads_total{result=faulty}"] == 0

    def test_which_version_runs_since_when(self) -> None:
        one = meters()
        assert count(one, f"fui_build_info{{version={__version__}}}") == 1
        assert count(one, "fui_start_time_seconds") == BEGAN


class TestPresses:
    @pytest.mark.parametrize(
        ("kind", "refusal", "labels"),
        [
            (FactKind.STARTED, None, "refusal=,result=started"),
            (FactKind.ASKED, None, "refusal=,result=asked"),
            (FactKind.QUEUED, None, "refusal=,result=queued"),
            (FactKind.LEFT, None, "refusal=,result=left"),
            (FactKind.CANCELLED, None, "refusal=,result=cancelled"),
            (FactKind.NOT_RUN, None, "refusal=,result=not-run"),
            (FactKind.DENIED, Refusal.BUSY, "refusal=busy,result=denied"),
            (FactKind.UNATTRIBUTED, Refusal.NO_RECORD, "refusal=no-record,result=unattributed"),
        ],
    )
    def test_what_came_of_them(self, kind: FactKind, refusal: Refusal | None, labels: str) -> None:
        one = meters()
        before = samples(one.text())
        assert one.tell(Fact(kind, RESTART, user="alice", refusal=refusal))
        after = samples(one.text())
        changed = {name for name in after if after[name] != before.get(name, 0)}
        assert changed == {f"fui_presses_total{{{labels}}}"}

    def test_many_at_once_are_many(self) -> None:
        one = meters()
        one.tell(Fact(FactKind.MANY, refusal=Refusal.MANY, number=7))
        assert count(one, "fui_presses_total{refusal=many-at-once,result=denied}") == 7

    @pytest.mark.parametrize(
        "kind",
        [
            FactKind.OUTPUT,
            FactKind.RESTORED,
            FactKind.CONFIGURED,
            FactKind.MISCONFIGURED,
            FactKind.LOST,
            FactKind.SUSPICIOUS,
        ],
    )
    def test_what_is_no_press_changes_nothing(self, kind: FactKind) -> None:
        one = meters()
        before = one.text()
        assert not one.tell(Fact(kind, RESTART, refusal=Refusal.MOVED))
        assert one.text() == before

    def test_how_long_their_proof_took(self) -> None:
        one = meters()
        one.tell(Fact(FactKind.PRESSED, RESTART, latency=0.002))
        assert not one.tell(Fact(FactKind.PRESSED, RESTART))
        found = samples(one.text())
        assert found["fui_correlation_seconds_sum"] == 0.002
        assert found["fui_correlation_seconds_bucket{le=0.001}"] == 0
        assert found["fui_correlation_seconds_bucket{le=0.0025}"] == 1
        assert found["fui_correlation_seconds_count"] == 1


class TestJobs:
    def test_how_they_ended_and_how_long_they_took(self) -> None:
        one = meters()
        one.tell(ended(JobResult.DONE, 1.5))
        one.tell(ended(JobResult.DONE, 30.0))
        one.tell(ended(JobResult.NOT_STARTED, None, START))
        found = samples(one.text())
        assert found["fui_jobs_total{action=Restart,object=Apache,result=done}"] == 2
        assert found["fui_jobs_total{action=Start,object=Apache,result=not-started}"] == 1
        assert found["fui_job_duration_seconds_sum{result=done}"] == 31.5
        assert found["fui_job_duration_seconds_bucket{le=5.0,result=done}"] == 1
        assert found["fui_job_duration_seconds_count{result=not-started}"] == 1

    def test_an_end_without_a_result_is_nothing(self) -> None:
        one = meters()
        before = one.text()
        one.tell(Fact(FactKind.ENDED))
        assert one.text() == before

    def test_of_an_action_that_is_gone_nothing_is_kept(self) -> None:
        one = meters()
        for each in (RESTART, START):
            one.tell(ended(JobResult.DONE, 1.0, each))
        one.configure(replace(MENU, actions=MENU.actions[:2]))
        found = samples(one.text())
        assert "fui_jobs_total{action=Restart,object=Apache,result=done}" not in found
        assert found["fui_jobs_total{action=Start,object=Apache,result=done}"] == 1
        one.tell(ended(JobResult.FAILED, 1.0, RESTART))  # it ran on
        one.configure(MENU)
        assert "fui_jobs_total{action=Restart,object=Apache,result=failed}" in samples(one.text())

    def test_what_runs_and_what_waits(self) -> None:
        one = meters(QUEUEING)
        found = samples(one.text())
        assert (found["fui_jobs_running"], found["fui_queue_length{group=Apache/1}"]) == (0, 0)
        standings = (
            Standing(RESTART, FlagState.RUNNING),
            Standing(START, FlagState.QUEUED),
            Standing(RESTART, FlagState.QUEUED),  # in no queue that is known
        )
        one.publish(Status("/srv/controls", 2, 1, standings=standings))
        found = samples(one.text())
        assert found["fui_jobs_running"] == 1
        assert found["fui_queue_length{group=Apache/1}"] == 1
        assert found['fui_queue_length{group=B"1}'] == 0
        one.publish(Status("/srv/controls", 2, 1))
        found = samples(one.text())
        assert (found["fui_jobs_running"], found["fui_queue_length{group=Apache/1}"]) == (0, 0)

    def test_a_queue_that_is_gone_is_not_told(self) -> None:
        one = meters(QUEUEING)
        one.configure(MENU)
        assert not any(name.startswith("fui_queue_length") for name in samples(one.text()))

    def test_no_name_can_break_the_text(self) -> None:
        one = meters()
        odd = ActionId('A"\n} x', "\udcff\\")
        one.tell(ended(JobResult.DONE, 1.0, odd))
        labels = {
            tuple(value for _, value in sorted(sample.labels.items()))
            for family in parsed(one.text().decode())
            for sample in family.samples
            if sample.name == "fui_jobs_total"
        }
        assert labels == {("\\xff\\", 'A"\\x0a} x', "done")}


class TestLosses:
    def test_they_are_those_of_the_status(self) -> None:
        one = meters()
        for losses in ({Loss.LATE: 1}, {Loss.LATE: 3, Loss.SUPPRESSED: 14}):
            one.publish(Status("/srv/controls", 4, 2, losses=losses))
        assert count(one, "fui_losses_total{kind=late-record}") == 3
        assert count(one, "fui_losses_total{kind=suppressed}") == 14
        assert count(one, "fui_losses_total{kind=ledger}") == 0


class TestConfiguration:
    def test_its_faults_and_how_often_it_was_read(self) -> None:
        one = meters(replace(MENU, problems=(FAULT,)))
        assert count(one, "fui_configuration_faults") == 1
        one.configure(replace(MENU, problems=(FAULT, FAULT)))
        one.configure(MENU)
        one.configure(MENU)
        assert count(one, "fui_configuration_faults") == 0
        assert count(one, "fui_configuration_reloads_total{result=faulty}") == 1
        assert count(one, "fui_configuration_reloads_total{result=good}") == 2


# -- where they are handed out ---------------------------------------------------------------------

STARTED = Fact(FactKind.STARTED, RESTART)


def exposing(path: Path | None, port: int | None = None, address: str = "127.0.0.1") -> Menu:
    exposition = Exposition(str(path or ""), address, port)
    return replace(MENU, settings=replace(MENU.settings, metrics=exposition))


def running(
    menu: Menu,
    script: Callable[[Metrics], Coroutine[None, None, None]],
    say: Callable[[str], None] = pytest.fail,
) -> None:
    async def run() -> None:
        metrics = Metrics(menu, BEGAN, say)
        metrics.open()
        try:
            await script(metrics)
        finally:
            metrics.close()
            metrics.close()

    asyncio.run(run())


async def until(true: Callable[[], bool]) -> None:
    """Wait until something is so."""
    for _ in range(500):
        if true():
            return
        await asyncio.sleep(0.01)
    pytest.fail("it did not come to be so")


def started(text: bytes) -> float:
    return samples(text)["fui_presses_total{refusal=,result=started}"]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "metrics.prom"


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(edge, "PAUSE", 0.1)
    monkeypatch.setattr(edge, "DELAY", 0.02)


class TestTextfile:
    def test_it_is_there_at_once_for_everybody_and_goes_with_the_daemon(self, path: Path) -> None:
        async def script(_: Metrics) -> None:
            await asyncio.sleep(0.01)
            assert started(path.read_bytes()) == 0
            assert stat.S_IMODE(path.stat().st_mode) == 0o644
            assert list(path.parent.iterdir()) == [path]

        before = os.umask(0o077)
        try:
            running(exposing(path), script)
        finally:
            os.umask(before)
        assert list(path.parent.iterdir()) == []

    def test_it_is_not_written_for_each_change(
        self, path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        pause = 0.2
        monkeypatch.setattr(edge, "PAUSE", pause)
        monkeypatch.setattr(edge, "DELAY", 0.0)
        written = []
        rename = Path.rename

        def noted(self: Path, target: Path) -> Path:
            written.append(started(self.read_bytes()))
            return rename(self, target)

        async def script(metrics: Metrics) -> None:
            clock = asyncio.get_running_loop().time
            began = clock()
            for _ in range(20):
                await asyncio.sleep(0.001)
                metrics.tell(STARTED)
            await until(lambda: written[-1] == 20)
            assert len(written) <= 2 + (clock() - began) / pause

        monkeypatch.setattr(Path, "rename", noted)
        running(exposing(path), script)

    def test_what_belongs_together_is_written_once(
        self, path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(edge, "PAUSE", 0.0)
        monkeypatch.setattr(edge, "DELAY", 0.2)

        async def script(metrics: Metrics) -> None:
            await asyncio.sleep(0.01)
            metrics.tell(STARTED)
            await asyncio.sleep(0.1)
            assert started(path.read_bytes()) == 0
            metrics.tell(STARTED)
            await asyncio.sleep(0.2)
            assert started(path.read_bytes()) == 2

        running(exposing(path), script)

    @pytest.mark.usefixtures("quick")
    def test_what_changes_nothing_writes_nothing(self, path: Path) -> None:
        async def script(metrics: Metrics) -> None:
            await asyncio.sleep(0.01)
            path.unlink()
            metrics.tell(Fact(FactKind.OUTPUT, RESTART, output="secret"))
            await asyncio.sleep(0.2)
            assert not path.exists()
            metrics.publish(Status("/srv/controls", 4, 2))
            await asyncio.sleep(0.2)
            assert path.exists()

        running(exposing(path), script)

    @pytest.mark.usefixtures("quick")
    def test_another_place_counts_at_once(self, path: Path) -> None:
        async def script(metrics: Metrics) -> None:
            await asyncio.sleep(0.01)
            other = path.with_name("other.prom")
            metrics.configure(exposing(other))
            await asyncio.sleep(0.01)
            assert list(path.parent.iterdir()) == [other]
            metrics.configure(exposing(None))
            metrics.tell(STARTED)
            await asyncio.sleep(0.2)
            assert list(path.parent.iterdir()) == []

        running(exposing(path), script)

    @pytest.mark.usefixtures("quick")
    def test_what_cannot_be_written_is_said_once_until_it_can(self, path: Path) -> None:
        away = path.parent / "away" / path.name
        said: list[str] = []

        async def script(metrics: Metrics) -> None:
            for _ in range(3):
                metrics.tell(STARTED)
                await asyncio.sleep(0.15)
            assert len(said) == 1
            assert f"cannot write the metrics to {away}: No such file or directory;" in said[0]
            away.parent.mkdir()
            metrics.tell(STARTED)
            await asyncio.sleep(0.15)
            assert started(away.read_bytes()) == 4
            away.unlink()
            away.parent.rmdir()
            metrics.tell(STARTED)
            await asyncio.sleep(0.15)
            assert len(said) == 2

        running(exposing(away), script, said.append)

    @pytest.mark.parametrize("kind", ["symlink_to", "hardlink_to"])
    def test_a_link_in_the_way_is_not_written_to(self, path: Path, kind: str) -> None:
        target = path.parent / "target"
        target.write_text("mine")
        getattr(path.with_name("metrics.prom.new"), kind)(target)

        async def script(_: Metrics) -> None:
            await asyncio.sleep(0.01)
            assert started(path.read_bytes()) == 0
            assert sorted(path.parent.iterdir()) == [path, target]

        running(exposing(path), script)
        assert target.read_text() == "mine"
