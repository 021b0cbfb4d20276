from fui.core.live import FRESH, LOOK, STALE, Live
from fui.model.events import JobSeen
from fui.model.job import Progress

FORTY, FIFTY = Progress(40, "half"), Progress(50, "half")


def live() -> Live:
    made = Live()
    made.begin("j1", 100.0)
    return made


def test_a_job_is_looked_at_once_a_second() -> None:
    one = live()
    assert one.next_due() == 100.0 + LOOK
    assert one.due(100.9) == []
    assert one.due(101.5) == ["j1"]
    assert one.next_due() == 102.5
    assert one.due(102.4) == []
    assert one.due(102.5) == ["j1"]


def test_only_jobs_that_run_are_looked_at() -> None:
    one = live()
    one.begin("j2", 100.5)
    assert one.next_due() == 101.0
    assert one.due(101.0) == ["j1"]
    assert one.next_due() == 101.5
    one.end("j1")
    assert one.due(200.0) == ["j2"]
    one.end("j2")
    one.end("j2")
    assert one.due(200.0) == []
    assert one.next_due() is None
    assert one.saw(JobSeen("j2", "out", 3), 200.0) is None


def test_new_output_is_shown_every_two_seconds_at_most() -> None:
    one = live()
    assert one.saw(JobSeen("j1", "a", 1), 101.0) is None
    assert one.saw(JobSeen("j1", "ab", 2), 100.0 + FRESH) == JobSeen("j1", "ab", 2)
    assert one.saw(JobSeen("j1", "abc", 3), 103.0) is None
    assert one.saw(JobSeen("j1", "abcd", 4), 104.0) == JobSeen("j1", "abcd", 4)


def test_it_is_new_if_more_was_written_though_it_looks_the_same() -> None:
    one = live()
    one.saw(JobSeen("j1", "a", 70_000), 102.0)
    assert one.saw(JobSeen("j1", "a", 70_001), 104.0) == JobSeen("j1", "a", 70_001)


def test_without_new_output_the_time_is_shown_anew_every_ten() -> None:
    one = live()
    same = JobSeen("j1", "a", 1)
    assert one.saw(same, 102.0) == same
    assert one.saw(same, 104.0) is None
    assert one.saw(same, 111.9) is None
    assert one.saw(same, 102.0 + STALE) == same
    assert one.saw(same, 113.0) is None


def test_a_job_that_writes_nothing_shows_its_time_too() -> None:
    one = live()
    assert one.saw(JobSeen("j1"), 109.0) is None
    assert one.saw(JobSeen("j1"), 110.0) == JobSeen("j1")


def test_progress_is_shown_at_once_and_the_text_stays_as_it_was() -> None:
    one = live()
    one.saw(JobSeen("j1", "a", 1), 102.0)
    assert one.saw(JobSeen("j1", "ab", 2, FORTY), 103.0) == JobSeen("j1", "a", 1, FORTY)
    assert one.saw(JobSeen("j1", "ab", 2, FORTY), 103.5) is None
    assert one.saw(JobSeen("j1", "ab", 2, FORTY), 104.0) == JobSeen("j1", "ab", 2, FORTY)
    assert one.saw(JobSeen("j1", "ab", 2, FIFTY), 105.0) == JobSeen("j1", "ab", 2, FIFTY)
