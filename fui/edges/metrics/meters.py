"""What is counted and measured, in the words of Prometheus. The only importer of its client.

Rules: names, units and help as Prometheus has them (counters end in `_total`, times are in seconds).
A label has few values, all known beforehand: kinds of FUI's own, and what the menu names; of an action
that is taken out of the menu nothing is kept. Nothing of a user, of a client or of what a job wrote
gets in, for everybody may read it. Only the counter of jobs is by action, since a failing backup is what
somebody wants to be woken for, and it has few results; histograms are not, for each has a dozen
series.

It must not know how it is read, nor what a number means for FUI.
"""

from collections import Counter as Tally

import prometheus_client as prometheus

from fui import __version__
from fui.model.facts import Fact, FactKind
from fui.model.harmless import harmless
from fui.model.menu import ActionId, Menu
from fui.model.states import NOBODY_PROVEN, FlagState, JobResult, Loss, Refusal
from fui.model.status import Status

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

_OUTCOMES = {
    FactKind.STARTED: "started",
    FactKind.ASKED: "asked",
    FactKind.QUEUED: "queued",
    FactKind.LEFT: "left",
    FactKind.CANCELLED: "cancelled",
    FactKind.NOT_RUN: "not-run",
    FactKind.DENIED: "denied",
    FactKind.MANY: "denied",
    FactKind.UNATTRIBUTED: "unattributed",
}
"""What came of a press."""

_REFUSED = frozenset({"denied", "unattributed"})
_RELOADS = ("good", "faulty")

_DURATIONS = (0.1, 0.5, 1, 5, 15, 60, 300, 900, 3600, 14400)
_LATENCIES = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5)


class Meters:
    """All metrics of one daemon."""

    def __init__(self, menu: Menu, since: float) -> None:
        """Have everything at its beginning.

        Args:
            menu: What there is to press.
            since: When the daemon began, in seconds since the epoch.
        """
        prometheus.disable_created_metrics()  # type: ignore[no-untyped-call]
        self._registry = registry = prometheus.CollectorRegistry()
        self._presses = prometheus.Counter(
            "fui_presses",
            "Presses by what came of them; one that waited for its turn counts again when it comes.",
            ("result", "refusal"),
            registry=registry,
        )
        self._jobs = prometheus.Counter(
            "fui_jobs",
            "Jobs that have ended, by action and how.",
            ("object", "action", "result"),
            registry=registry,
        )
        self._durations = prometheus.Histogram(
            "fui_job_duration_seconds",
            "How long jobs took, by how they ended.",
            ("result",),
            buckets=_DURATIONS,
            registry=registry,
        )
        self._running = prometheus.Gauge(
            "fui_jobs_running", "Jobs that run now.", registry=registry
        )
        self._queue = prometheus.Gauge(
            "fui_queue_length",
            "Presses that wait for their turn now, by action group.",
            ("group",),
            registry=registry,
        )
        self._latencies = prometheus.Histogram(
            "fui_correlation_seconds",
            "Time from when a press was made until it was proven who did.",
            buckets=_LATENCIES,
            registry=registry,
        )
        self._losses = prometheus.Counter(
            "fui_losses",
            "Events, records, messages and files that were lost, by kind; nothing runs by them.",
            ("kind",),
            registry=registry,
        )
        self._reloads = prometheus.Counter(
            "fui_configuration_reloads",
            "How often the configuration was read again, by whether it had faults.",
            ("result",),
            registry=registry,
        )
        self._faults = prometheus.Gauge(
            "fui_configuration_faults", "Faults in the configuration now.", registry=registry
        )
        prometheus.Info("fui_build", "The version of FUI.", registry=registry).info(
            {"version": __version__}
        )
        prometheus.Gauge(
            "fui_start_time_seconds",
            "When the daemon began, in seconds since the epoch.",
            registry=registry,
        ).set(since)
        self._lost: Tally[Loss] = Tally()
        self._ended: set[tuple[ActionId, JobResult]] = set()
        self._begin_at_zero()
        self._take(menu)

    def _begin_at_zero(self) -> None:
        """Have each counter there from the beginning, so that the first increase can be seen."""
        for outcome in sorted({*_OUTCOMES.values()} - _REFUSED):
            self._presses.labels(outcome, "")
        for refusal in Refusal:
            if refusal is not Refusal.MOVED:  # which is no press
                outcome = "unattributed" if refusal in NOBODY_PROVEN else "denied"
                self._presses.labels(outcome, refusal.value)
        for result in JobResult:
            self._durations.labels(result.value)
        for loss in Loss:
            self._losses.labels(loss.value)
        for reload in _RELOADS:
            self._reloads.labels(reload)

    def text(self) -> bytes:
        """Return all of it in the text format, of the type CONTENT_TYPE."""
        return prometheus.generate_latest(self._registry)

    # -- what is fed ----------------------------------------------------------------------------

    def tell(self, fact: Fact) -> bool:
        """Take in what is told; return whether it changed anything."""
        if fact.kind is FactKind.PRESSED and fact.latency is not None:
            self._latencies.observe(fact.latency)
        elif fact.kind is FactKind.ENDED:
            self._end(fact)
        elif outcome := _OUTCOMES.get(fact.kind):
            refusal = fact.refusal.value if fact.refusal and outcome in _REFUSED else ""
            self._presses.labels(outcome, refusal).inc(fact.number or 1)
        else:
            return False
        return True

    def _end(self, fact: Fact) -> None:
        if fact.action is None or fact.result is None:
            return
        self._ended.add((fact.action, fact.result))
        self._jobs.labels(*_of_job(fact.action, fact.result)).inc()
        self._durations.labels(fact.result.value).observe(fact.duration or 0.0)

    def publish(self, status: Status) -> None:
        """Take in how things stand."""
        waiting = Tally[str]()
        running = 0
        for one in status.standings:
            running += one.state is FlagState.RUNNING
            if one.state is FlagState.QUEUED and one.action in self._groups:
                waiting[self._groups[one.action]] += 1
        self._running.set(running)
        for group in set(self._groups.values()):
            self._queue.labels(group).set(waiting[group])
        for loss, number in status.losses.items():
            self._losses.labels(loss.value).inc(number - self._lost[loss])
        self._lost = Tally(status.losses)

    def configure(self, menu: Menu) -> None:
        """Take in the configuration, which was read again."""
        self._reloads.labels(_RELOADS[bool(menu.problems)]).inc()
        self._take(menu)

    def _take(self, menu: Menu) -> None:
        self._faults.set(len(menu.problems))
        # Whose presses can wait, and in the queue of which action group.
        self._groups = {
            action.id: harmless(action.groups[0])
            for action in menu.actions
            if action.queue is not None
        }
        self._queue.clear()
        for group in self._groups.values():
            self._queue.labels(group)
        known = {action.id for action in menu.actions}
        for action, result in [*self._ended]:
            if action not in known:
                self._jobs.remove(*_of_job(action, result))
                self._ended.discard((action, result))


def _of_job(action: ActionId, result: JobResult) -> tuple[str, str, str]:
    return harmless(action.object), harmless(action.action), result.value
