"""The journal and ledger edges on a real journald: nothing is lost, nothing is told twice.

An agent in the machine holds the edge and tells what it hears; it stands where the daemon would.
"""

import json
import os
import select
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from integration.boot import SOURCE
from integration.machine import Machine

PYTHON = ["env", f"PYTHONPATH=/{SOURCE}", "/opt/fui/bin/python3", "-c"]

AGENT = """
import asyncio, json, sys
from fui.edges import clock
from fui.edges.journal import Journal
from fui.model.errors import EdgeError
from fui.model.events import EntryRead

def tell(**what):
    print(json.dumps(what), flush=True)

def post(events):
    now = clock.now()
    for event in events:
        if isinstance(event, EntryRead):
            entry = event.entry
            tell(message=entry.message, uid=entry.uid, gid=entry.gid, unit=entry.unit,
                 transport=entry.transport, facility=entry.facility, cursor=entry.cursor,
                 age=now.mono - entry.sent)
        else:
            tell(gap=event.why)

async def main():
    journal = Journal(21, clock.now, post)
    try:
        journal.open(sys.argv[1] or None)
    except EdgeError as error:
        tell(error=str(error))
        return
    tell(ready=True)
    loop, end = asyncio.get_running_loop(), asyncio.Event()
    def order():
        match sys.stdin.readline().strip():
            case "expect": journal.expect(clock.now().mono)
            case "idle": journal.expect(None)
            case _: end.set()
    loop.add_reader(0, order)
    await end.wait()
    journal.close()
asyncio.run(main())
"""

PRESSES = """
import asyncio, json, os, socket, sys, time
from fui.edges import clock
from fui.edges.journal import Journal

SMBD = '''
import os, socket, sys
log = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
log.connect("/dev/log")
for line in sys.stdin:
    uid, text = line.split()
    os.setresuid(int(uid), int(uid), 0)
    log.send(f"<173>Nov 14 22:13:20 smbd_audit: {text}\\\\n".encode())
    os.setresuid(0, 0, 0)
'''

async def main(count, uids):
    heard, came = {}, asyncio.Event()
    def post(events):
        for event in events:
            heard.setdefault(event.entry.message, []).append((time.monotonic(), event.entry.uid))
        came.set()
    journal = Journal(21, clock.now, post)
    journal.open(None)
    smbd = await asyncio.create_subprocess_exec(
        sys.executable, "-uc", SMBD, stdin=asyncio.subprocess.PIPE)
    await asyncio.sleep(0.3)
    delays, lost = [], []
    for number in range(count):
        text, uid = f"press-{number}", uids[number % len(uids)]
        came.clear()
        pressed = time.monotonic()
        smbd.stdin.write(f"{uid} {text}\\n".encode())
        journal.expect(pressed)
        try:
            await asyncio.wait_for(came.wait(), 2)
            delays.append(heard[text][0][0] - pressed)
            assert heard[text][0][1] == uid
        except TimeoutError:
            lost.append(text)
        journal.expect(None)
        await asyncio.sleep(0.002)
    smbd.stdin.close()
    await smbd.wait()
    await asyncio.sleep(1)
    twice = [text for text, times in heard.items() if len(times) > 1]
    print(json.dumps({"lost": lost, "twice": twice, "delays": sorted(delays)}))
    journal.close()
asyncio.run(main(int(sys.argv[1]), [int(uid) for uid in sys.argv[2:]]))
"""

LEDGER = """
import sys, time
from fui.edges.ledger import Ledger
from fui.model.facts import Fact, FactKind
from fui.model.menu import ActionId
ledger = Ledger()
missed = 0
for line in sys.stdin:
    kind, count = line.split()
    fact = Fact(FactKind(kind), ActionId("Apache", "Restart"), user="o'n\\udcffil", uid=1001,
                client="192.0.2.7", job="5f3a-1", reason="a\\nb\\x1b",
                output="one\\n\\ttwo\\x1b[31m\\0\\n" + "x" * 20000)
    began = time.monotonic()
    for _ in range(int(count)):
        missed += ledger.tell(fact)
    print(f"missed {missed} took {time.monotonic() - began:.3f}", flush=True)
"""


class Agent:
    """The edge in the machine."""

    def __init__(self, machine: Machine, cursor: str = "", user: str = "fui") -> None:
        argv = [*PYTHON, AGENT, cursor]
        self.process = machine.spawn(argv, user=user, stdin=subprocess.PIPE)
        self._heard = b""
        self.first = self.hear()
        self.told: list[dict[str, Any]] = []

    def order(self, word: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(f"{word}\n")
        self.process.stdin.flush()

    def hear(self, patience: float = 10.0) -> dict[str, Any]:
        """Give the next thing that is told; nothing is an empty dictionary."""
        assert self.process.stdout is not None
        until = time.monotonic() + patience
        while b"\n" not in self._heard:
            left = max(until - time.monotonic(), 0)
            if not select.select([self.process.stdout], [], [], left)[0]:
                return {}
            piece = os.read(self.process.stdout.fileno(), 65536)
            assert piece, self._heard.decode()
            self._heard += piece
        line, self._heard = self._heard.split(b"\n", 1)
        told: dict[str, Any] = json.loads(line)
        return told

    def hears(self, *messages: str) -> None:
        """Wait for these messages and no others, in this order."""
        for message in messages:
            self.told.append(self.hear())
            assert self.told[-1].get("message") == message, self.told[-1]

    def hears_both(self, *messages: str) -> None:
        """Wait for these messages and no others; one that was found by going back comes late."""
        heard = [self.hear() for _ in messages]
        assert sorted(each.get("message", "") for each in heard) == sorted(messages), heard
        self.told += heard

    def hears_no_more(self, patience: float = 0.8) -> None:
        assert self.hear(patience) == {}

    def stop(self) -> None:
        self.process.kill()
        self.process.communicate()


@pytest.fixture
def agent(machine: Machine) -> Iterator[Agent]:
    agent = Agent(machine)
    assert agent.first == {"ready": True}
    yield agent
    agent.stop()


def log(machine: Machine, text: str, *, user: str = "alice", facility: str = "local5") -> None:
    """Log as this user what smbd would."""
    argv = ["logger", "--tag=smbd_audit", f"--priority={facility}.notice", "--", text]
    machine.run(argv, user=user)


def test_who_may_not_read_the_journal_is_told_what_to_do(machine: Machine) -> None:
    agent = Agent(machine, user="bob")
    agent.stop()
    assert agent.first["error"].startswith("cannot read the journal of this system: let FUI's user")
    assert "usermod --append --groups systemd-journal fui" in agent.first["error"]


def test_an_entry_bears_the_kernels_word(machine: Machine, agent: Agent) -> None:
    log(machine, "alice|192.0.2.7|Controls|unlinkat|ok|/srv/a file  ")
    log(machine, "not of this share", facility="local6")
    log(machine, "second", user="bob")
    agent.hears("alice|192.0.2.7|Controls|unlinkat|ok|/srv/a file  ", "second")
    first, second = agent.told
    assert (first["uid"], first["gid"]) == machine.ids("alice")
    assert (second["uid"], second["gid"]) == machine.ids("bob")
    assert (first["transport"], first["facility"]) == ("syslog", 21)
    assert 0 < first["age"] < 3


def test_the_first_entry_of_a_new_user(machine: Machine, agent: Agent) -> None:
    machine.add_user("newcomer")
    agent.order("expect")
    log(machine, "first", user="newcomer")
    agent.hears("first")
    agent.order("idle")
    agent.hears_no_more()


@pytest.mark.parametrize("expecting", [False, True])
def test_journald_is_restarted_rotated_and_vacuumed(
    machine: Machine, agent: Agent, *, expecting: bool
) -> None:
    if expecting:
        agent.order("expect")
    number = 0
    for argv in (
        ["systemctl", "restart", "systemd-journald"],
        ["journalctl", "--rotate"],
        ["journalctl", "--vacuum-time=1s"],
        ["journalctl", "--rotate", "--vacuum-files=1"],
        ["systemctl", "kill", "--signal=KILL", "systemd-journald"],
    ):
        for _ in range(2):
            for user in ("alice", "bob"):
                number += 1
                log(machine, f"{number}", user=user)
            agent.hears_both(f"{number - 1}", f"{number}")
            machine.run(["systemctl", "reset-failed"])  # or systemd would give it up
            machine.run(argv)
    agent.hears_no_more()


def test_it_goes_on_behind_the_cursor(machine: Machine, agent: Agent) -> None:
    log(machine, "one")
    log(machine, "two", user="bob")
    agent.hears("one", "two")
    agent.stop()
    log(machine, "three")
    log(machine, "four", user="bob")
    later = Agent(machine, agent.told[-1]["cursor"])
    later.hears("three", "four")
    later.order("expect")
    later.hears_no_more()
    later.stop()


def test_the_entry_to_go_on_from_is_gone(machine: Machine, agent: Agent) -> None:
    log(machine, "one")
    agent.hears("one")
    agent.stop()
    machine.run(["sh", "-c", "journalctl --rotate; sleep 1.1; journalctl --vacuum-time=1s"])
    log(machine, "two")
    later = Agent(machine, agent.told[-1]["cursor"])
    assert later.hear() == {"gap": "the journal has lost the entry to go on from"}
    later.hears("two")
    later.stop()


def test_no_press_is_lost_and_none_is_told_twice(machine: Machine) -> None:
    """Without going back about one in a hundred of these is not seen until the next is written."""
    uids = [str(machine.ids(user)[0]) for user in ("root", "alice", "bob")]
    said = machine.run([*PYTHON, PRESSES, "600", *uids], timeout=300).stdout
    found = json.loads(said)
    delays = found["delays"]
    print(f"median {delays[300] * 1e3:.2f} ms, p99 {delays[-6] * 1e3:.2f} ms")
    assert found["lost"] == []
    assert found["twice"] == []
    assert delays[300] < 0.02


def test_idle_costs_nothing(machine: Machine, agent: Agent) -> None:
    log(machine, "one")
    agent.hears("one")
    machine.run(["journalctl", "--rotate"])
    for _ in range(20):
        machine.run(["logger", "something else"])
    time.sleep(0.5)
    before = switches(agent)
    time.sleep(2)
    assert switches(agent) == before


def switches(agent: Agent) -> int:
    """Count how often the agent has been waked."""
    process = agent.process.pid
    while children := Path(f"/proc/{process}/task/{process}/children").read_text().split():
        process = int(children[0])
    status = Path(f"/proc/{process}/status").read_text()
    return sum(int(line.split()[1]) for line in status.splitlines() if "voluntary_ctxt" in line)


class TestLedger:
    """What is told arrives in the journal, whole."""

    @pytest.fixture
    def tell(self, machine: Machine) -> Iterator[subprocess.Popen[str]]:
        process = machine.spawn([*PYTHON, LEDGER], user="fui", stdin=subprocess.PIPE)
        yield process
        process.kill()
        process.communicate()

    def say(self, process: subprocess.Popen[str], what: str) -> tuple[int, float]:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(f"{what}\n")
        process.stdin.flush()
        lines: list[str] = []
        while not (line := process.stdout.readline()).startswith("missed"):
            assert line, lines
            lines.append(line)
        _, missed, _, took = line.split()
        return int(missed), float(took)

    def test_a_fact_has_its_fields(self, machine: Machine, tell: subprocess.Popen[str]) -> None:
        assert self.say(tell, "pressed 1")[0] == 0
        number = "MESSAGE_ID=4d44b3cfda624e448adf476aaa7b8807"
        entry = machine.wait_for(lambda: machine.journal(number), what="the fact")[-1]
        assert entry["MESSAGE"] == "o'n\\xffil (192.0.2.7) pressed Apache/Restart"
        assert bytes(entry["FUI_USER"]) == b"o'n\xffil"
        assert entry["FUI_REASON"] == "a\\x0ab\\x1b"
        assert (entry["FUI_UID"], entry["PRIORITY"]) == ("1001", "6")
        assert entry["SYSLOG_IDENTIFIER"] == "fui"
        assert entry["_UID"] == str(machine.ids("fui")[0])

    def test_output_can_be_read(self, machine: Machine, tell: subprocess.Popen[str]) -> None:
        assert self.say(tell, "output 1")[0] == 0
        entries = machine.wait_for(lambda: machine.journal("FUI_JOB=5f3a-1"), what="the output")
        messages = [entry["MESSAGE"] for entry in entries if "output of" in entry["MESSAGE"]]
        assert messages[0].startswith(
            "output of Apache/Restart (job 5f3a-1); a\\x0ab\\x1b, part 1 of"
        )
        assert "\none\n\ttwo\\x1b[31m\\x00\n" in messages[0]
        assert "".join(message.split(":\n", 1)[1] for message in messages).count("x" * 3616) >= 1
        read = machine.run(["journalctl", "--no-pager", "FUI_JOB=5f3a-1"]).stdout
        assert "blob data" not in read
        assert "two\\x1b[31m\\x00" in read

    def test_journald_hangs(self, machine: Machine, tell: subprocess.Popen[str]) -> None:
        assert self.say(tell, "pressed 1")[0] == 0
        machine.run(["systemctl", "kill", "--signal=STOP", "systemd-journald"])
        try:
            missed, took = self.say(tell, "pressed 2000")
        finally:
            machine.run(["systemctl", "kill", "--signal=CONT", "systemd-journald"])
        assert missed > 0
        assert took < 2
        machine.wait_for(lambda: self.say(tell, "pressed 1")[0] == missed, what="journald")
        gap = f"trouble: journald did not take {missed} entries of the ledger"
        machine.wait_for(
            lambda: [e for e in machine.journal("-t", "fui") if gap in e["MESSAGE"]],
            what="the gap being told",
        )

    def test_the_catalogue_explains_it(self, machine: Machine, tell: subprocess.Popen[str]) -> None:
        machine.run(["install", "-D", "-m", "0644", f"/{SOURCE}/journald/fui.catalog",
                     "/usr/lib/systemd/catalog/fui.catalog"])  # fmt: skip
        machine.run(["journalctl", "--update-catalog"])
        self.say(tell, "pressed 1")
        number = "MESSAGE_ID=4d44b3cfda624e448adf476aaa7b8807"
        machine.wait_for(lambda: machine.journal(number), what="the fact")
        text = machine.run(["journalctl", "--no-pager", "-x", number]).stdout
        assert "Subject: Somebody asked for an action" in text
        assert "deleted the flag of Apache/Restart in the share, or moved it into" in text
