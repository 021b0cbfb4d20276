"""The metrics say what was done, in the file and over HTTP alike, and nothing of anybody."""

import urllib.request
from collections.abc import Iterator

import pytest
from prometheus_client.parser import text_string_to_metric_families as parsed

from integration.host import free_port
from integration.menu import PROBE, SHARE, Menu
from integration.smb import Client, Library

FILE = "/run/fui/metrics.prom"
MAIN = PROBE.joinpath("fui.yaml").read_text("utf-8")
COUNTERS = ("fui_presses_total", "fui_jobs_total", "fui_configuration_reloads_total")


def samples(text: str) -> dict[str, float]:
    """Read a text as Prometheus does, by name and labels."""
    return {
        " ".join([sample.name, *(value for _, value in sorted(sample.labels.items()) if value)]): (
            sample.value
        )
        for family in parsed(text)
        for sample in family.samples
    }


def said(menu: Menu, path: str = FILE) -> dict[str, float]:
    return samples(menu.machine.read(path).decode())


def counted(menu: Menu) -> dict[str, float]:
    """Give those of the counters that are not at zero."""
    found = said(menu).items()
    return {name: value for name, value in found if name.startswith(COUNTERS) and value}


def asked(port: int) -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5) as answer:
        text: bytes = answer.read()
    return text.decode()


@pytest.fixture
def alice(menu: Menu) -> Iterator[Client]:
    with Library(menu.machine.smb_port, "alice") as alice:
        yield alice


@pytest.fixture
def bob(menu: Menu) -> Iterator[Client]:
    with Library(menu.machine.smb_port, "bob") as bob:
        yield bob


def test_presses_and_jobs(anew: Menu, alice: Client, bob: Client) -> None:
    alice.delete("Probe/Quick [Ready].txt")
    anew.wait_for_facts("ended", 1)
    anew.wait_for_names("Probe", "Fail [Ready]")
    alice.delete("Probe/Fail [Ready].txt")
    anew.wait_for_facts("ended", 2)
    bob.delete("Probe/Slow [Ready].txt")
    anew.wait_for_fact("denied")
    anew.machine.run(["rm", f"{SHARE}/Probe/Waiting [Ready].txt"])
    anew.wait_for_fact("unattributed")
    wanted = {
        "fui_presses_total started": 2,
        "fui_presses_total not-allowed denied": 1,
        "fui_presses_total no-record unattributed": 1,
        "fui_jobs_total Quick Probe done": 1,
        "fui_jobs_total Fail Probe failed": 1,
    }
    anew.wait_for(lambda: counted(anew) == wanted, f"{wanted}, where there is {counted(anew)}")
    found = said(anew)
    assert found["fui_correlation_seconds_count"] == 3  # bob's is proven as well
    latencies = [float(fact["FUI_LATENCY"]) for fact in anew.story("pressed")]
    assert found["fui_correlation_seconds_sum"] == pytest.approx(sum(latencies), abs=1e-5)
    assert found["fui_job_duration_seconds_count done"] == 1
    assert found["fui_job_duration_seconds_count failed"] == 1
    assert found["fui_losses_total event-without-record"] == 1
    text = anew.machine.read(FILE).decode()
    assert not any(word in text for word in ("alice", "bob", "127.0.0.1", "/bin/true"))


def test_what_runs_and_waits_now(anew: Menu, alice: Client) -> None:
    alice.delete("Long/Front [Ready].txt")
    anew.wait_for_names("Long", "Front [Running]")
    alice.delete("Long/Next [Ready].txt")
    anew.wait_for_names("Long", "Next [Queued 1]")

    def waiting() -> float:
        return sum(v for name, v in said(anew).items() if name.startswith("fui_queue_length"))

    anew.wait_for(lambda: (said(anew)["fui_jobs_running"], waiting()) == (1, 1), "both of them")
    alice.delete("Long/Next [Queued 1].txt")
    anew.wait_for_fact("left")
    alice.delete("Long/Front [Running].txt")
    anew.wait_for(lambda: (said(anew)["fui_jobs_running"], waiting()) == (0, 0), "none of them")


def test_over_http_on_request_and_in_another_file(anew: Menu, alice: Client) -> None:
    port, file = free_port(), "/var/lib/fui/fui.prom"
    more = f"metrics: {{port: {port}, textfile: {file}}}\n"
    with anew.configured("fui.yaml", MAIN + more):
        alice.delete("Probe/Quick [Ready].txt")
        anew.wait_for_fact("ended")
        anew.wait_for(
            lambda: said(anew, file).get("fui_jobs_total Quick Probe done") == 1, "the job"
        )
        anew.wait_for(lambda: anew.machine.read(file).decode() == asked(port), "the same text")
        assert not anew.machine.path(FILE).exists()
        found = samples(asked(port))
        assert found["fui_configuration_reloads_total good"] == 1
        assert found["fui_jobs_total Quick Probe done"] == 1
        listening = anew.machine.run(["ss", "--listening", "--tcp", "--numeric"]).stdout
        assert f"127.0.0.1:{port}" in listening
    with pytest.raises(OSError, match="refused"):
        asked(port)
    assert not anew.machine.path(file).exists()
    anew.wait_for(lambda: said(anew)["fui_configuration_reloads_total good"] == 2, "the file")


def test_what_cannot_be_written_ends_nothing(anew: Menu, alice: Client) -> None:
    with anew.configured("fui.yaml", MAIN + "metrics: {textfile: /root/fui.prom}\n"):
        alice.delete("Probe/Quick [Ready].txt")
        anew.wait_for_fact("ended")
        entries = anew.machine.journal("--unit=fui", "--grep=cannot write the metrics")
        assert (
            "cannot write the metrics to /root/fui.prom: Permission denied"
            in (entries[-1]["MESSAGE"])
        )


def test_a_fault_in_the_configuration(anew: Menu) -> None:
    with anew.configured("conf.d/wrong.yaml", "object: Wrong\naction: none\n"):
        anew.wait_for(lambda: said(anew)["fui_configuration_faults"] > 0, "the fault")
        assert said(anew)["fui_configuration_reloads_total faulty"] == 1
