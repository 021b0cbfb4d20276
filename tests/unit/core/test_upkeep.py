from fui.core.upkeep import AT_ONCE, RETRY, SUSPICION_QUIET, Upkeep


def upkeep() -> Upkeep:
    made = Upkeep(300.0)
    made.looked(100.0)
    return made


def test_the_share_is_looked_at_now_and_then() -> None:
    assert upkeep().next_look == 400.0


def test_a_failure_is_news_once_and_tried_again_soon() -> None:
    one = upkeep()
    assert one.failed("/a", "disk full", 110.0)
    assert one.next_look == 110.0 + RETRY
    assert not one.failed("/a", "disk full", 112.0)
    assert one.next_look == 110.0 + RETRY
    assert one.failed("/a", "read-only", 112.0)
    assert one.seen("/a") == ()
    assert one.failed("/a", "read-only", 113.0)


def test_what_is_lost_is_watched_anew_once_it_is_seen() -> None:
    one = upkeep()
    assert one.lost("/a", 110.0) == (True, True)
    assert one.next_look == 400.0
    assert one.seen("/b") == ()
    assert one.seen("/a") == ("/a",)
    assert one.seen("/a") == ()


def test_all_may_be_lost() -> None:
    one = upkeep()
    assert one.lost(None, 110.0) == (True, True)
    assert one.lost("/a", 110.0) == (True, True)
    assert one.seen("/a") == ("/a", None)


def test_what_is_lost_again_at_once_waits() -> None:
    one = upkeep()
    told = [one.lost("/a", 110.0 + second) for second in range(AT_ONCE)]
    assert told == [(True, True)] + [(False, True)] * (AT_ONCE - 1)
    assert one.next_look == 400.0
    assert one.lost("/a", 113.0) == (False, False)
    assert one.next_look == 113.0 + RETRY
    assert one.lost("/a", 110.0 + RETRY) == (False, True)
    assert one.lost("/a", 130.0) == (True, True)


def test_what_cannot_be_watched_again_waits_for_the_next_look() -> None:
    """However often it is listed meanwhile: each attempt leads to a listing, so this would never end."""
    one = upkeep()
    for _ in range(AT_ONCE):
        one.lost(None, 110.0)
        assert one.seen("/a") == (None,)
    assert one.lost(None, 110.1) == (False, False)
    assert one.seen("/a") == ()
    one.looked(115.1)
    assert one.seen("/a") == (None,)


def test_suspicions_are_told_now_and_then() -> None:
    one = upkeep()
    assert [one.suspected(100.0), one.suspected(101.0)] == [True, False]
    assert one.suspected(100.0 + SUSPICION_QUIET)


def test_another_pace_counts_from_the_next_look_on() -> None:
    one = upkeep()
    one.every = 10.0
    assert one.next_look == 400.0
    one.looked(400.0)
    assert one.next_look == 410.0


def test_a_failure_does_not_put_off_a_look_that_is_nearer() -> None:
    one = upkeep()
    one.failed("/a", "disk full", 399.0)
    assert one.next_look == 400.0
    for _ in range(AT_ONCE + 1):
        one.lost("/b", 399.0)
    assert one.next_look == 400.0


def test_each_folder_has_its_own_troubles() -> None:
    one = upkeep()
    assert one.failed("/a", "disk full", 110.0)
    assert one.failed("/b", "disk full", 110.0)
    one.seen("/a")
    assert not one.failed("/b", "disk full", 111.0)
