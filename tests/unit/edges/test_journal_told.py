"""What was told is not told again, and what is remembered has a limit."""

from fui.edges.journal.told import LIMIT, Told


def test_it_remembers() -> None:
    told = Told(5.0)
    told.add("a", 10.0)
    assert "a" in told
    assert "b" not in told
    assert told.floor == 5.0


def test_what_is_forgotten_is_behind_the_floor() -> None:
    told = Told(5.0)
    for number in range(LIMIT + 2):
        told.add(str(number), 10.0 + number)
    assert "0" not in told
    assert "1" not in told
    assert "2" in told
    assert told.floor == 11.0


def test_forgetting_an_entry_of_an_earlier_boot_does_not_lower_the_floor() -> None:
    told = Told(5.0)
    for number in range(LIMIT + 1):
        told.add(str(number), -1.0)
    assert told.floor == 5.0
