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


def judged(bursts: Bursts, now: float, unknown: Sequence[Press] = ()) -> set[frozenset[str]]:
    return {
        frozenset(f"{one.action.id} {one.at}" for one in burst)
        for burst in bursts.over(now, unknown)
    }


def at_once(made: Sequence[Press]) -> set[frozenset[str]]:
    bursts = Bursts(SETTLE, 3)
    for one in made:
        bursts.add(one)
    return judged(bursts, 10_000)


@given(presses(), st.data())
def test_the_order_in_which_presses_are_proven_does_not_matter(
    made: list[Press], data: st.DataObject
) -> None:
    assert at_once(data.draw(st.permutations(made))) == at_once(made)


@given(
    presses().flatmap(
        lambda made: st.tuples(
            st.just(made), st.lists(delays, min_size=len(made), max_size=len(made))
        )
    )
)
def test_nor_does_it_when_each_is_proven(known: tuple[list[Press], list[int]]) -> None:
    """Each step of time is looked at; what is gone and not proven yet may be seen just then."""
    made, waits = known
    bursts = Bursts(SETTLE, 3)
    seen: set[frozenset[str]] = set()
    proven = [one.at + wait for one, wait in zip(made, waits, strict=True)]
    for now in range(1_400):
        for one, at in zip(made, proven, strict=True):
            if at == now:
                bursts.add(one)
        gone = [one for one, at in zip(made, proven, strict=True) if one.at <= now < at]
        unknown = [replace(one, at=now) for one in gone]
        seen |= judged(bursts, now, unknown)
    assert seen == at_once(made)


@given(st.integers(2, 30), st.integers(1, SETTLE))
@example(20, 2)
def test_a_program_that_deletes_a_folder_runs_nothing(flags: int, pause: int) -> None:
    folder = Folder("/srv/controls/Apache", FileSpec(None, None, 0))
    made = [press(action(f"Action {n}", folder), "alice", n * pause) for n in range(flags)]
    assert [len(burst) for burst in at_once(made)] == [flags]
