"""A press of what is busy waits for its turn, if the configuration says so; or the flag is hidden."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from integration.conftest import ClientOf
from integration.menu import Menu
from integration.smb import Client


def hold(menu: Menu, client: Client, *waiting: str) -> None:
    """Have Hold run, and others wait for it in this order."""
    client.delete("Queue/Hold [Ready].txt")
    menu.wait_for_names("Queue", "Hold [Running]")
    for place, name in enumerate(waiting, 1):
        client.delete(f"Queue/{name} [Ready].txt")
        menu.wait_for_names("Queue", f"{name} [Queued {place}]")


def ran(menu: Menu, number: int) -> list[str]:
    """Wait until so many runs are over; name what began, in its order."""
    menu.wait_for_facts("ended", number)
    return [fact["FUI_ACTION"] for fact in menu.story("started")]


@pytest.fixture
def mallory(client_of: ClientOf) -> Client:
    """Give mallory's client; he may press what alice may, in most groups."""
    return client_of("mallory")


def test_presses_wait_and_run_in_their_order(menu: Menu, alice: Client, mallory: Client) -> None:
    hold(menu, alice, "Two")
    mallory.delete("Queue/One [Ready].txt")
    menu.wait_for_names("Queue", "Two [Queued 1]", "One [Queued 2]")
    assert (
        "place 1; Queue/Hold is running for alice"
        in alice.read("Queue/Two [Queued 1].txt").decode()
    )
    assert "behind Queue/Two, which waits for alice" in menu.text("Queue", "One [Queued 2]")
    assert ran(menu, 3) == ["Hold", "Two", "One"]
    assert [fact["FUI_USER"] for fact in menu.story("started")] == ["alice", "alice", "mallory"]
    assert [fact["FUI_DECISION"] for fact in menu.story("queued")] == ["queued", "queued"]


def test_who_queued_it_takes_it_out_and_nobody_else(
    menu: Menu, alice: Client, mallory: Client
) -> None:
    hold(menu, alice, "One", "Two")
    mallory.delete("Queue/One [Queued 1].txt")
    fact = menu.wait_for_fact("denied")
    assert (fact["FUI_USER"], fact["FUI_REFUSAL"]) == ("mallory", "busy")
    menu.wait_for_names("Queue", "One [Queued 1]", "Two [Queued 2]")
    alice.delete("Queue/One [Queued 1].txt")
    assert menu.wait_for_fact("left")["FUI_ACTION"] == "One"
    menu.wait_for_names("Queue", "One [Ready]", "Two [Queued 1]")
    assert ran(menu, 2) == ["Hold", "Two"]


def test_a_full_queue_takes_no_more(menu: Menu, alice: Client) -> None:
    hold(menu, alice, "One", "Two")
    alice.delete("Queue/Three [Ready].txt")
    assert menu.wait_for_fact("denied")["FUI_REFUSAL"] == "queue-full"
    menu.wait_for_names("Queue", "Three [Ready]")
    assert "the queue is full, 2 may wait" in menu.text("Queue", "Three [Ready]")
    assert ran(menu, 3) == ["Hold", "One", "Two"]


@contextmanager
def outside(menu: Menu, user: str, group: str) -> Iterator[None]:
    """Have a user be no member of a group for a while."""
    menu.machine.run(["gpasswd", "--delete", user, group])
    try:
        yield
    finally:
        menu.machine.run(["gpasswd", "--add", user, group])


def test_rights_are_asked_for_again_when_the_turn_comes(menu: Menu, alice: Client) -> None:
    hold(menu, alice, "One")
    with outside(menu, "alice", "wwwadmins"):
        fact = menu.wait_for_fact("denied")
        menu.wait_for_names("Queue", "One [Denied]")
    assert (fact["FUI_USER"], fact["FUI_ACTION"]) == ("alice", "One")
    assert ran(menu, 1) == ["Hold"]


@pytest.mark.parametrize(("way", "result"), [("stopped", "interrupted"), ("killed", "done")])
def test_what_waited_when_fui_ended_is_told_and_not_run(
    menu: Menu, alice: Client, way: str, result: str
) -> None:
    hold(menu, alice, "One", "Two")
    if way == "stopped":
        with menu.stopped():
            assert {"One [Ready]", "Two [Ready]"} <= set(menu.names("Queue"))
    else:
        menu.machine.kill_unit("fui", "KILL")
    told = menu.wait_for_facts("not-run", 2)
    assert [(fact["FUI_ACTION"], fact["FUI_USER"]) for fact in told] == [
        ("One", "alice"),
        ("Two", "alice"),
    ]
    menu.wait_for_names("Queue", "Hold [Ready]", "One [Ready]", "Two [Ready]")
    assert [fact["FUI_ACTION"] for fact in menu.story("started")] == ["Hold"]
    assert [fact["FUI_RESULT"] for fact in menu.story("ended")] == [result]
    with menu.stopped():
        pass
    assert len(menu.story("not-run")) == 2


def test_a_group_of_another_object_is_waited_for(menu: Menu, alice: Client) -> None:
    alice.delete("Probe/Slow [Ready].txt")
    menu.wait_for_names("Probe", "Slow [Running]")
    alice.delete("Queue/Both [Ready].txt")
    menu.wait_for_names("Queue", "Both [Queued 1]")
    assert "Probe/Slow is running for alice" in menu.text("Queue", "Both [Queued 1]")
    alice.delete("Queue/One [Ready].txt")  # nobody else is held up
    menu.wait_for_names("Queue", "One [Done]", "Both [Queued 1]")
    menu.wait_for_names("Queue", "Both [Running]")
    menu.wait_for_names("Probe", "Slow [Blocked]", "Waiting [Blocked]")
    assert "Queue/Both is running for alice" in menu.text("Probe", "Waiting [Blocked]")
    menu.wait_for_names("Probe", "Slow [Ready]", "Waiting [Ready]")
    assert ran(menu, 3) == ["Slow", "One", "Both"]


def test_a_blocked_flag_is_hidden_where_that_is_wanted(menu: Menu, alice: Client) -> None:
    alice.delete("Queue/Show [Ready].txt")
    menu.wait_for_names("Queue", "Show [Running]")
    menu.wait_for(lambda: not _hiding(menu), "the other flag to be gone")
    assert not [name for name in alice.list("Queue") if name.startswith("Hide")]
    menu.wait_for_names("Queue", "Hide [Ready]")
    alice.delete("Queue/Hide [Ready].txt")
    assert ran(menu, 2) == ["Show", "Hide"]


def _hiding(menu: Menu) -> list[str]:
    return [name for name in menu.names("Queue") if name.startswith("Hide")]
