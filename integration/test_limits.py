"""What may not run too often shows Wait, what is outside its hours Closed, and both say until when."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from integration.conftest import ClientOf
from integration.menu import Menu
from integration.smb import Client

FAR = "Pacific/Kiritimati"  # fourteen hours before UTC
LIMITS = """
object: {object}
action-group:
    directory: {{group: controls}}
    allow: {{groups: [wwwadmins]}}
    {limit}
    actions:
      - {{name: {name}, command: /bin/true}}
"""
HOURS = """
object: Hours
action-group:
    directory: {{group: controls}}
    allow: {{groups: [wwwadmins]}}
    only: "{only}"
    {more}
    actions:
      - {{name: Open, command: /bin/true}}
"""


class Limited:
    """An object with one action that has a limit; of its own for each test, for runs are counted."""

    def __init__(self, menu: Menu, client: Client, action: str) -> None:
        self._menu = menu
        self.folder = f"Limits of {type(client).__name__}"
        self.action = action

    @contextmanager
    def configured(self, limit: str) -> Iterator[None]:
        text = LIMITS.format(object=self.folder, name=self.action, limit=limit)
        with self._menu.configured("conf.d/limits.yaml", text):
            self.wait_for("Ready")
            yield

    def wait_for(self, state: str) -> None:
        self._menu.wait_for_names(self.folder, self.name(state))

    def name(self, state: str) -> str:
        return f"{self.action} [{state}]"

    def press(self, client: Client, state: str) -> None:
        self.wait_for(state)
        client.delete(f"{self.folder}/{self.name(state)}.txt")

    def read(self, client: Client, state: str) -> str:
        return client.read(f"{self.folder}/{self.name(state)}.txt").decode()


def test_a_limit_outlives_a_restart(menu: Menu, alice: Client) -> None:
    flag = Limited(menu, alice, "Twice")
    with flag.configured("limit: 2 per 9s"):
        assert "2 times in 9s" in flag.read(alice, "Ready")
        flag.press(alice, "Ready")
        menu.wait_for_facts("ended", 1)
        flag.press(alice, "Done")
        menu.wait_for_facts("ended", 2)
        flag.wait_for("Wait")
        text = flag.read(alice, "Wait")
        assert re.search(r"Wait; not before \d{4}-\d\d-\d\d \d\d:\d\d:\d\d", text)
        with menu.stopped():
            pass
        flag.press(alice, "Wait")
        assert menu.wait_for_fact("denied")["FUI_REFUSAL"] == "limit"
        flag.wait_for("Wait")
        assert "a press by alice ran nothing: not before" in flag.read(alice, "Wait")
        flag.press(alice, "Ready")
        menu.wait_for_facts("ended", 3)


def test_it_rests_after_a_run(menu: Menu, alice: Client) -> None:
    flag = Limited(menu, alice, "Rest")
    with flag.configured("cooldown: 5s"):
        flag.press(alice, "Ready")
        flag.press(alice, "Done")
        assert menu.wait_for_fact("denied")["FUI_REFUSAL"] == "limit"
        flag.wait_for("Wait")
        assert "again 5s after its end" in flag.read(alice, "Wait")
        flag.press(alice, "Ready")
        menu.wait_for_facts("ended", 2)


def test_each_user_is_counted_for_himself(menu: Menu, alice: Client, client_of: ClientOf) -> None:
    flag = Limited(menu, alice, "Each")
    with flag.configured("limit: 1 per 1h\n    limit-per: user"):
        flag.press(alice, "Ready")
        flag.press(alice, "Done")
        fact = menu.wait_for_fact("denied")
        assert (fact["FUI_USER"], fact["FUI_REFUSAL"]) == ("alice", "limit")
        flag.press(client_of("mallory"), "Wait")
        menu.wait_for_facts("ended", 2)
        assert [fact["FUI_USER"] for fact in menu.story("ended")] == ["alice", "mallory"]


def spell(begin: datetime, hours: int = 2) -> str:
    """Say a part of every day that begins at a time, to the minute."""
    return f"{begin:%H:%M}-{begin + timedelta(hours=hours):%H:%M}"


def here(menu: Menu) -> datetime:
    """Look at the clock of the machine, as it hangs on its wall."""
    shown = menu.machine.run(["date", "+%Y-%m-%dT%H:%M"]).stdout.strip()
    return datetime.fromisoformat(shown)


@contextmanager
def hours(menu: Menu, only: str, more: str = "") -> Iterator[None]:
    text = HOURS.format(only=only, more=more)
    with menu.configured("conf.d/hours.yaml", text):
        menu.wait_for(lambda: len(menu.names("Hours")) == 1, "the flag of Hours")
        yield
    menu.wait_until_ready()


def test_outside_its_hours_it_is_closed_and_says_until_when(menu: Menu, alice: Client) -> None:
    begin = here(menu) + timedelta(hours=3)
    with hours(menu, spell(begin)):
        menu.wait_for_names("Hours", "Open [Closed]")
        text = alice.read("Hours/Open [Closed].txt").decode()
        assert f"closed until {begin:%Y-%m-%d %H:%M}:00" in text
        assert f"Hours           {spell(begin)}" in text
        alice.delete("Hours/Open [Closed].txt")
        assert menu.wait_for_fact("denied")["FUI_REFUSAL"] == "closed"
        menu.wait_for_names("Hours", "Open [Closed]")
        assert "a press by alice ran nothing" in menu.text("Hours", "Open [Closed]")
    assert menu.story("started") == []


def test_within_its_hours_it_runs(menu: Menu, alice: Client) -> None:
    with hours(menu, spell(here(menu) - timedelta(hours=1))):
        alice.delete("Hours/Open [Ready].txt")
        menu.wait_for_names("Hours", "Open [Done]")


def test_hours_go_by_the_clock_of_their_zone(menu: Menu, alice: Client) -> None:
    there = datetime.now(UTC).astimezone(ZoneInfo(FAR))
    zone = f"timezone: {FAR}"
    with hours(menu, spell(there - timedelta(hours=1)), zone):
        alice.delete("Hours/Open [Ready].txt")
        menu.wait_for_names("Hours", "Open [Done]")
    begin = there + timedelta(hours=3)
    with hours(menu, spell(begin), zone):
        menu.wait_for_names("Hours", "Open [Closed]")
        text = alice.read("Hours/Open [Closed].txt").decode()
        assert f"closed until {begin:%Y-%m-%d %H:%M}:00 +14" in text


def test_another_day_of_the_week_is_closed(menu: Menu, alice: Client) -> None:
    day = f"{here(menu) + timedelta(days=2):%a}"
    with hours(menu, f"{day} 00:00-24:00"):
        menu.wait_for_names("Hours", "Open [Closed]")
        assert f"({day} 00:00-24:00)" in alice.read("Hours/Open [Closed].txt").decode()
