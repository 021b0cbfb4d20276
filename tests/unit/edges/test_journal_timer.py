"""Pauses below a millisecond."""

import asyncio
import itertools
import os
import time
from collections.abc import Callable

import pytest

from fui.edges.journal.timer import Timer


def run(scene: Callable[[Timer, list[float]], None], *, seconds: float = 0.1) -> list[float]:
    """Play a scene with a timer, and give the times at which it called."""

    async def play() -> list[float]:
        calls: list[float] = []
        timer = Timer(asyncio.get_running_loop(), lambda: calls.append(time.monotonic()))
        scene(timer, calls)
        await asyncio.sleep(seconds)
        timer.close()
        return calls

    return asyncio.run(play())


def test_it_calls_once() -> None:
    assert len(run(lambda timer, _: timer.set(0.01))) == 1


def test_at_once_is_not_from_there() -> None:
    def scene(timer: Timer, calls: list[float]) -> None:
        timer.set(0)
        assert calls == []

    assert len(run(scene)) == 1


def test_it_was_cleared() -> None:
    def scene(timer: Timer, _: list[float]) -> None:
        timer.set(0.01)
        timer.clear()

    assert run(scene) == []


def test_set_anew_replaces_the_time() -> None:
    def scene(timer: Timer, _: list[float]) -> None:
        timer.set(0.001)
        timer.set(0.05)

    began = time.monotonic()
    calls = run(scene)
    assert len(calls) == 1
    assert calls[0] - began >= 0.05


def test_set_anew_after_it_became_readable() -> None:
    async def play() -> list[str]:
        calls: list[str] = []

        def first() -> None:
            calls.append("first")
            two.set(10)

        def second() -> None:
            calls.append("second")
            one.set(10)

        one = Timer(asyncio.get_running_loop(), first)
        two = Timer(asyncio.get_running_loop(), second)
        one.set(0)
        two.set(0)
        time.sleep(0.005)  # noqa: ASYNC251 - both are readable when the loop looks
        await asyncio.sleep(0.05)
        one.close()
        two.close()
        return calls

    assert len(asyncio.run(play())) == 1


def test_pauses_below_a_millisecond() -> None:
    async def play() -> list[float]:
        calls: list[float] = []

        def call() -> None:
            calls.append(time.monotonic())
            timer.set(0.0002)

        timer = Timer(asyncio.get_running_loop(), call)
        timer.set(0)
        await asyncio.sleep(0.1)
        timer.close()
        return calls

    pauses = [later - earlier for earlier, later in itertools.pairwise(asyncio.run(play()))]
    assert 0.0002 <= min(pauses) < 0.0009  # asyncio's own are of 1 ms at least


def test_an_error_of_the_call_is_not_swallowed() -> None:
    async def play() -> list[BaseException]:
        errors: list[BaseException] = []
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda _, context: errors.append(context["exception"]))

        def call() -> None:
            raise BlockingIOError

        timer = Timer(loop, call)
        timer.set(0)
        await asyncio.sleep(0.02)
        timer.close()
        return errors

    assert [type(error) for error in asyncio.run(play())] == [BlockingIOError]


def test_a_closed_timer_says_so() -> None:
    async def play() -> None:
        timer = Timer(asyncio.get_running_loop(), lambda: None)
        timer.close()
        with pytest.raises(OSError, match=os.strerror(9)):
            timer.set(1)

    asyncio.run(play())
