from collections.abc import Collection
from dataclasses import replace

from fui.core.burst import CALM, Bursts
from fui.model.menu import FileSpec, Folder
from fui.model.press import Gesture, Press
from tests.playbook import action
from tests.unit.core.values import press

SETTLE = 0.25


def of(name: str, object_name: str = "Apache", user: str = "alice", at: float = 0.0) -> Press:
    folder = Folder(f"/srv/controls/{object_name}", FileSpec(None, None, 0o2770))
    return press(action(name, folder), user, at)


def bursts(*presses: Press, mass_limit: int = 3) -> Bursts:
    made = Bursts(SETTLE, mass_limit)
    for one in presses:
        made.add(one)
    return made


def judged(made: Bursts, now: float, unknown: Collection[Press] = ()) -> list[list[str]]:
    """What is over, as the names of the actions."""
    return [[one.action.id.action for one in burst] for burst in made.over(now, now, unknown)]


def test_a_single_press_is_over_after_exactly_the_time_to_settle() -> None:
    made = bursts(of("Start", at=10.0))
    assert made.pending
    assert made.next_due(()) == 10.25
    assert judged(made, 10.2499) == []
    assert judged(made, 10.25) == [["Start"]]
    assert not made.pending
    assert judged(made, 99.0) == []
    assert made.next_due(()) is None


def test_two_flags_of_one_object_are_many() -> None:
    made = bursts(of("Start", at=10.0), of("Stop", at=10.125))
    assert judged(made, 10.5) == []
    assert judged(made, 10.125 + CALM * SETTLE) == [["Start", "Stop"]]
    assert not made.pending


def test_one_flag_pressed_twice_at_once_is_many_too() -> None:
    made = bursts(of("Start", at=10.0), of("Start", at=10.125))
    assert judged(made, 13.0) == [["Start", "Start"]]


def test_flags_of_several_objects_are_each_a_press_below_the_mass_limit() -> None:
    made = bursts(of("Start", "Apache", at=10.0), of("Run", "Backup", at=10.125))
    assert judged(made, 10.375) == [["Start"], ["Run"]]


def test_as_many_as_the_mass_limit_are_none_whatever_their_objects() -> None:
    three = [of(name, name, at=10.0) for name in ("Apache", "Backup", "Cache")]
    assert judged(bursts(*three), 13.0) == [["Apache", "Backup", "Cache"]]
    assert judged(bursts(*three, mass_limit=4), 13.0) == [["Apache"], ["Backup"], ["Cache"]]
    assert judged(bursts(*three[:2], mass_limit=2), 13.0) == [["Apache", "Backup"]]


def test_what_many_are_is_asked_of_presses_made_at_once() -> None:
    made = bursts()
    assert not made.many((of("Start"),))
    assert not made.many((of("Start"), of("Run", "Backup")))
    assert made.many((of("Start"), of("Stop")))


def test_two_users_do_not_mix() -> None:
    made = bursts(
        of("Start", user="alice", at=10.0),
        of("Stop", user="bob", at=10.0),
        of("Restart", user="o'neil", at=10.0),
    )
    assert judged(made, 10.25) == [["Start"], ["Stop"], ["Restart"]]


def test_a_pause_as_long_as_the_time_to_settle_is_too_short() -> None:
    made = bursts(of("Start", at=10.0), of("Stop", at=10.25))
    assert judged(made, 13.0) == [["Start", "Stop"]]


def test_a_longer_pause_parts_two_presses() -> None:
    made = bursts(of("Start", at=10.0), of("Stop", at=10.2501))
    assert judged(made, 10.25) == [["Start"]]
    assert judged(made, 10.51) == [["Stop"]]


def test_many_at_once_are_not_parted_by_a_pause_that_would_part_presses() -> None:
    late = 10.125 + CALM * SETTLE
    made = bursts(of("Start", at=10.0), of("Stop", at=10.125), of("Restart", at=late))
    assert made.next_due(()) == late + CALM * SETTLE
    assert judged(made, late) == []
    assert judged(made, late + CALM * SETTLE) == [["Start", "Stop", "Restart"]]


def test_after_a_calm_a_press_is_one_again() -> None:
    late = 10.126 + CALM * SETTLE
    made = bursts(of("Start", at=10.0), of("Stop", at=10.125), of("Restart", at=late))
    assert judged(made, late) == [["Start", "Stop"]]
    assert judged(made, late + SETTLE) == [["Restart"]]


def test_twenty_flags_twenty_milliseconds_apart_are_one_burst() -> None:
    names = [f"Action {number}" for number in range(20)]
    made = bursts(*(of(name, at=10.0 + 0.02 * number) for number, name in enumerate(names)))
    assert judged(made, 10.38 + CALM * SETTLE - 0.001) == []
    assert judged(made, 10.38 + CALM * SETTLE) == [names]


def test_no_press_is_judged_while_it_is_unknown_who_pressed_another_in_its_time() -> None:
    """What is unknown may have been done earlier than it was seen, but not later."""
    made = bursts(of("Start", at=10.0))
    for at in (10.0 - CALM * SETTLE, 9.875, 10.0, 10.25, 99.0):
        assert judged(made, 99.0, [of("Stop", at=at)]) == []
        assert made.next_due([of("Stop", at=at)]) is None
    early = of("Stop", at=10.0 - CALM * SETTLE - 0.001)
    assert made.next_due([early]) == 10.25
    assert judged(made, 10.25, [early]) == [["Start"]]


def test_what_is_unknown_may_lead_on_to_more_so_it_is_waited_for_wherever_it_is() -> None:
    """One flag in each folder: the second belongs to the first, and only so the third does."""
    made = bursts(of("Start", at=10.0))
    second = of("Run", "Backup", at=10.25)
    assert judged(made, 10.25, [second]) == []
    made.add(of("Go", "Cache", at=10.5))
    assert judged(made, 10.75, [second]) == []
    made.add(second)
    assert judged(made, 13.0) == [["Start", "Run", "Go"]]


def test_what_goes_after_a_press_was_first_due_does_not_put_it_off() -> None:
    made = bursts(of("Start", at=10.0))
    assert judged(made, 10.25, [of("Stop", at=10.2)]) == []
    later = of("Stop", at=10.26)
    assert made.next_due([later]) == 10.25
    assert judged(made, 11.0, [later]) == [["Start"]]


def test_each_press_is_put_off_by_what_goes_until_it_is_due_itself() -> None:
    made = bursts(of("Start", at=10.0), of("Stop", at=10.5))
    assert judged(made, 10.25) == [["Start"]]
    assert judged(made, 10.75, [of("Go", at=10.6)]) == []


def test_what_was_seen_late_but_before_it_was_judged_counts() -> None:
    made = bursts(of("Start", at=10.0))
    late = of("Stop", at=10.6)
    assert [*made.over(10.3, 10.6, [late])] == []
    made.add(replace(late, at=10.1))
    assert judged(made, 13.0) == [["Start", "Stop"]]


def test_what_is_unknown_and_no_press_delays_nothing() -> None:
    made = bursts(of("Start", at=10.0))
    moved = replace(of("Stop", at=10.0), gesture=Gesture.MOVE)
    assert judged(made, 10.25, [moved]) == [["Start"]]


def test_a_press_whose_user_turns_out_to_have_pressed_more_is_none() -> None:
    made = bursts(of("Start", at=10.0))
    stop = of("Stop", at=10.125)
    assert judged(made, 10.3, [stop]) == []
    made.add(stop)
    assert judged(made, 13.0) == [["Start", "Stop"]]


def test_what_follows_on_many_waits_until_it_is_known_that_they_are_many() -> None:
    """The whole folder went, and the records of the first flags come last."""
    made = bursts(of("Restart", at=12.0))
    first, second = of("Start", at=10.0), of("Stop", at=10.125)
    assert judged(made, 12.25, [first, second]) == []
    made.add(second)
    assert judged(made, 12.5, [first]) == []
    made.add(first)
    assert judged(made, 14.5) == [["Start", "Stop", "Restart"]]


def test_a_later_press_is_not_judged_before_an_earlier_one_of_its_user() -> None:
    made = bursts(of("Start", at=10.0), of("Run", "Backup", at=20.0))
    unknown = [of("Stop", at=15.0)]
    assert judged(made, 30.0, unknown) == []
    assert made.next_due(unknown) is None
    made.add(of("Go", "Cache", user="bob", at=18.0))
    assert judged(made, 30.0, unknown) == [["Go"]]
    assert judged(made, 30.0) == [["Start"], ["Run"]]


def test_the_next_to_be_over_is_the_next_to_be_looked_at_though_it_is_past() -> None:
    made = bursts(of("Start", at=10.0), of("Run", "Backup", user="bob", at=10.125))
    assert made.next_due(()) == 10.25
    unknown = [of("Stop", at=10.125 - CALM * SETTLE - 0.0625)]
    assert made.next_due(unknown) == 10.25
    assert judged(made, 10.25, unknown) == []
    assert made.next_due(unknown) == 10.375


def test_other_settings_count_for_what_waits_too() -> None:
    made = bursts(of("Start", "Apache", at=10.0), of("Run", "Backup", at=10.0))
    made.settle, made.mass_limit = 0.0, 2
    assert judged(made, 10.0) == [["Start", "Run"]]
