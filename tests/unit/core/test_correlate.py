from fui.core.correlate import Correlator, Proven, Stray, Unproven
from fui.model.record import Operation, Record
from fui.model.states import Refusal

PATH = "/srv/controls/Apache/Restart [Ready].txt"
UNLINK, RENAME = Operation.UNLINK, Operation.RENAME
FENCE = 60.0


EXECUTED = "/srv/controls/Execute/Restart [Ready].txt"


def record(
    sent: float,
    uid: int = 1001,
    operation: Operation = UNLINK,
    path: str = PATH,
    target: str = "",
) -> Record:
    return Record(f"{sent}-{uid}", sent, 0.0, uid, "alice", "::1", operation, path, target)


def moved(sent: float, target: str = EXECUTED, uid: int = 1001) -> Record:
    return record(sent, uid, RENAME, target=target)


def correlator(born: float = 10.0) -> Correlator[str]:
    made: Correlator[str] = Correlator(2.0, FENCE)
    made.born(PATH, born)
    return made


def none_within(path: str = "first") -> Unproven[str]:
    return Unproven(path, Refusal.NO_RECORD, "no audit record within 2 s")


def test_event_then_record() -> None:
    one = correlator()
    assert one.ended(PATH, UNLINK, "first", 20.0) == []
    assert one.pending
    assert one.hear(record(19.9), 20.1) == [Proven("first", record(19.9))]
    assert not one.pending
    assert one.next_deadline() is None


def test_record_then_event() -> None:
    one = correlator()
    assert one.hear(record(19.9), 20.0) == []
    assert one.ended(PATH, UNLINK, "first", 20.1) == [Proven("first", record(19.9))]
    assert one.expire(99.0) == []


def test_an_end_that_nobody_saw_fences_the_name_in_both_ways() -> None:
    for operation in Operation:
        one = correlator()
        one.lost(PATH, 20.0)
        assert one.ended(PATH, operation, "unborn", 20.1) == []
        one.born(PATH, 20.2)
        one.ended(PATH, operation, "next", 21.0)
        (found,) = one.hear(record(21.1, operation=operation), 21.2)
        assert isinstance(found, Unproven)
        assert found.refusal is Refusal.CONTRADICTION


def test_a_name_that_had_no_life_is_not_lost() -> None:
    one = correlator()
    one.retire(PATH)
    one.lost(PATH, 20.0)
    one.born(PATH, 20.1)
    one.ended(PATH, UNLINK, "first", 20.2)
    assert one.hear(record(20.2), 20.3) == [Proven("first", record(20.2))]


def test_a_record_from_before_the_birth_names_nobody() -> None:
    one = correlator(born=10.0)
    one.ended(PATH, UNLINK, "first", 20.0)
    assert one.hear(record(9.9), 20.0) == []
    assert one.expire(22.0) == [none_within(), Stray(record(9.9))]


def test_one_from_its_very_moment_does() -> None:
    one = correlator(born=10.0)
    one.ended(PATH, UNLINK, "first", 20.0)
    assert one.hear(record(10.0), 20.0) == [Proven("first", record(10.0))]


def test_another_operation_or_path_names_nobody() -> None:
    one = correlator()
    one.ended(PATH, UNLINK, "first", 20.0)
    assert one.hear(record(20.0, operation=RENAME), 20.0) == []
    assert one.hear(record(20.0, path="/x"), 20.0) == []


def test_the_end_of_what_was_not_born_is_nothing() -> None:
    one = correlator()
    one.retire(PATH)
    assert one.ended(PATH, UNLINK, "first", 20.0) == []
    assert not one.pending


def test_two_records_that_fit_are_none() -> None:
    one = correlator()
    one.hear(record(19.0, 1001), 20.0)
    one.hear(record(19.1, 1002), 20.0)
    assert one.ended(PATH, UNLINK, "first", 20.0) == [
        Unproven("first", Refusal.CONTRADICTION, "2 records fit it, of uids 1001, 1002")
    ]
    assert one.expire(99.0) == []


def test_a_record_is_heard_once() -> None:
    one = correlator()
    one.ended(PATH, UNLINK, "first", 20.0)
    assert one.hear(record(20.0), 20.0) != []
    one.born(PATH, 15.0)
    one.ended(PATH, UNLINK, "second", 20.5)
    assert one.hear(record(20.0), 20.5) == []


def test_old_cursors_are_forgotten_in_their_order() -> None:
    one = correlator()
    for number in range(10_002):
        one.hear(record(float(number)), 0.0)
    one.expire(2.0)
    one.hear(record(10_001.0), 3.0)
    assert one.next_deadline() is None
    one.hear(record(0.0), 3.0)
    assert one.next_deadline() == 5.0


def test_after_an_unproven_end_the_name_is_fenced() -> None:
    one = correlator()
    one.ended(PATH, UNLINK, "first", 20.0)
    assert one.next_deadline() == 22.0
    assert one.expire(22.0) == [none_within()]
    one.born(PATH, 22.0)
    one.ended(PATH, UNLINK, "second", 30.0)
    assert one.hear(record(29.9), 30.0) == [
        Unproven(
            "second",
            Refusal.CONTRADICTION,
            "the record of uid 1001 may belong to an earlier deletion",
        )
    ]


def test_so_it_is_for_records_of_that_time_when_an_end_is_seen_late() -> None:
    one = correlator()
    one.ended(PATH, UNLINK, "first", 20.0)
    one.expire(22.0)
    one.born(PATH, 22.0)
    held = 22.0 + FENCE + 1
    one.expire(held)
    one.ended(PATH, UNLINK, "second", held)
    (verdict,) = one.hear(record(21.9 + FENCE), held)
    assert isinstance(verdict, Unproven)
    assert verdict.refusal is Refusal.CONTRADICTION
    one.born(PATH, held)
    one.expire(held + 2 * FENCE)
    one.ended(PATH, UNLINK, "third", held + 2 * FENCE)
    late = record(held + FENCE)
    assert one.hear(late, held + 2 * FENCE) == [Proven("third", late)]


def test_a_record_that_comes_while_the_name_is_fenced_is_late() -> None:
    one = correlator()
    one.ended(PATH, UNLINK, "first", 20.0)
    one.expire(22.0)
    one.hear(record(20.0), 21.9 + FENCE)
    assert one.expire(23.9 + FENCE) == [Stray(record(20.0), late=True)]


def test_one_of_another_operation_or_after_the_fence_is_not() -> None:
    one = correlator()
    one.ended(PATH, UNLINK, "first", 20.0)
    one.expire(22.0)
    one.hear(record(20.0, operation=RENAME), 22.0)
    assert one.expire(24.0) == [Stray(record(20.0, operation=RENAME))]
    one.hear(record(20.1), 22.0 + FENCE)
    assert one.expire(24.0 + FENCE) == [Stray(record(20.1))]


def test_the_fence_falls() -> None:
    one = correlator()
    one.ended(PATH, UNLINK, "first", 20.0)
    one.expire(22.0)
    one.expire(22.0 + FENCE)
    one.born(PATH, 22.0)
    one.ended(PATH, UNLINK, "second", 23.0 + FENCE)
    assert one.hear(record(23.0 + FENCE), 23.0 + FENCE) == [Proven("second", record(23.0 + FENCE))]


def test_a_contradiction_fences_too() -> None:
    one = correlator()
    one.hear(record(19.0, 1001), 20.0)
    one.hear(record(19.1, 1002), 20.0)
    one.ended(PATH, UNLINK, "first", 20.0)
    one.born(PATH, 20.0)
    one.hear(record(21.0), 21.0)
    (verdict,) = one.ended(PATH, UNLINK, "second", 21.0)
    assert isinstance(verdict, Unproven)


def test_a_second_end_of_a_name_gives_the_first_one_up() -> None:
    one = correlator()
    one.ended(PATH, RENAME, "first", 20.0)
    one.born(PATH, 20.5)
    assert one.ended(PATH, RENAME, "second", 21.0) == [none_within()]
    assert one.pending


def test_one_path_waits_for_several_records() -> None:
    one = correlator()
    one.hear(record(1.0), 20.0)
    one.hear(record(2.0), 21.0)
    assert one.next_deadline() == 22.0
    assert one.expire(22.0) == [Stray(record(1.0))]
    assert one.next_deadline() == 23.0


def test_the_fence_of_a_rename_does_not_stand_in_the_way_of_a_deletion() -> None:
    one = correlator()
    one.ended(PATH, RENAME, "first", 20.0)
    one.expire(22.0)
    one.born(PATH, 22.0)
    one.ended(PATH, UNLINK, "second", 30.0)
    assert one.hear(record(30.0), 30.0) == [Proven("second", record(30.0))]


def test_what_ended_and_is_not_proven_yet_is_unknown() -> None:
    one = correlator()
    assert one.unknown == ()
    one.born("/y", 10.0)
    one.ended(PATH, UNLINK, "first", 20.0)
    one.ended("/y", RENAME, "second", 20.5)
    assert one.unknown == ("first", "second")
    one.hear(record(20.0), 20.6)
    assert one.unknown == ("second",)
    one.expire(22.5)
    assert one.unknown == ()


def test_a_rename_to_a_certain_target_is_proven_by_a_record_of_that_target_only() -> None:
    one = correlator()
    one.ended(PATH, RENAME, "first", 20.0, EXECUTED)
    assert one.hear(moved(19.8, "/srv/controls/Apache/x"), 20.0) == []
    assert one.hear(record(19.9), 20.0) == []
    assert one.hear(moved(19.95), 20.0) == [Proven("first", moved(19.95))]


def test_it_does_not_matter_which_comes_first() -> None:
    one = correlator()
    one.hear(moved(19.8, "/srv/controls/Apache/x", uid=1002), 20.0)
    one.hear(moved(19.9), 20.0)
    assert one.ended(PATH, RENAME, "first", 20.1, EXECUTED) == [Proven("first", moved(19.9))]


def test_a_rename_of_which_the_target_does_not_matter_is_proven_by_any() -> None:
    one = correlator()
    one.ended(PATH, RENAME, "first", 20.0)
    assert one.hear(moved(19.9), 20.0) == [Proven("first", moved(19.9))]


def test_two_records_of_one_target_are_none() -> None:
    one = correlator()
    one.hear(moved(19.8, uid=1002), 20.0)
    one.hear(moved(19.9), 20.0)
    assert one.ended(PATH, RENAME, "first", 20.1, EXECUTED) == [
        Unproven("first", Refusal.CONTRADICTION, "2 records fit it, of uids 1002, 1001")
    ]


def test_other_windows_hold_for_what_comes_after() -> None:
    one = correlator()
    one.ended(PATH, UNLINK, "first", 20.0)
    one.window, one.fence = 5.0, 7.0
    assert one.next_deadline() == 22.0
    (verdict,) = one.expire(22.0)
    assert isinstance(verdict, Unproven)
    one.born(PATH, 22.0)
    one.ended(PATH, UNLINK, "second", 28.9)
    assert one.next_deadline() == 33.9
    assert isinstance(one.hear(record(28.9), 28.9)[0], Unproven)
