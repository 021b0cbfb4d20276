"""In whatever order records come, the same presses are many at once, and the same ones are presses."""

from collections.abc import Sequence
from dataclasses import replace

from hypothesis import example, given
from hypothesis import strategies as st

from fui.core.burst import Bursts
from fui.model.menu import FileSpec, Folder
from fui.model.press import Press
from tests.playbook import action
from tests.unit.core.values import press

SETTLE = 16
"""With whole numbers, so that no rounding decides what is near."""

OBJECTS = ["Apache", "Backup", "Cache", "Database"]
users = st.sampled_from(["alice", "bob"])
times = st.integers(0, 40) | st.integers(0, 600)
delays = st.integers(0, 400)


@st.composite
def presses(draw: st.DrawFn) -> list[Press]:
    """Presses of two users, each at a time of its own."""
    made = []
    for number, at in enumerate(draw(st.lists(times, max_size=8, unique=True))):
        folder = Folder(f"/srv/controls/{draw(st.sampled_from(OBJECTS))}", FileSpec(None, None, 0))
        made.append(press(action(f"Action {number}", folder), draw(users), at))
    return made


def names(over: Sequence[Sequence[Press]]) -> set[frozenset[str]]:
    return {frozenset(f"{one.action.id} {one.at}" for one in burst) for burst in over}


def at_once(made: Sequence[Press]) -> set[frozenset[str]]:
    bursts = Bursts(SETTLE, 3)
    for one in made:
        bursts.add(one)
    return names(bursts.over(10_000, 10_000, ()))


@given(presses(), st.data())
def test_the_order_in_which_presses_are_proven_does_not_matter(
    made: list[Press], data: st.DataObject
) -> None:
    assert at_once(data.draw(st.permutations(made))) == at_once(made)


@given(
    presses().flatmap(
        lambda made: st.tuples(
            st.just(made), st.lists(delays, min_size=len(made), max_size=len(made)), delays
        )
    )
)
def test_nor_does_it_when_each_is_proven(known: tuple[list[Press], list[int], int]) -> None:
    """Each step of time is looked at, by somebody who sees everything with a delay."""
    made, waits, lag = known
    bursts = Bursts(SETTLE, 3)
    over: set[frozenset[str]] = set()
    seen = [one.at + lag for one in made]
    proven = [at + wait for at, wait in zip(seen, waits, strict=True)]
    for now in range(1_600):
        for one, at in zip(made, proven, strict=True):
            if at == now:
                bursts.add(one)
        unknown = [
            replace(one, at=saw)
            for one, saw, at in zip(made, seen, proven, strict=True)
            if saw <= now < at
        ]
        over |= names(bursts.over(now - lag, now, unknown))
    assert over == at_once(made)


@given(st.integers(2, 30), st.integers(1, SETTLE))
@example(20, 2)
def test_a_program_that_deletes_a_folder_runs_nothing(flags: int, pause: int) -> None:
    folder = Folder("/srv/controls/Apache", FileSpec(None, None, 0))
    made = [press(action(f"Action {n}", folder), "alice", n * pause) for n in range(flags)]
    assert [len(burst) for burst in at_once(made)] == [flags]
