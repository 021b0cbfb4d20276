"""The one reader of clocks."""

import asyncio
import time

from fui.edges import clock


def test_both_clocks_of_one_moment() -> None:
    before = time.monotonic(), time.time()
    now = clock.now()
    after = time.monotonic(), time.time()
    assert before[0] <= now.mono <= after[0]
    assert before[1] <= now.wall <= after[1]


def test_it_is_the_clock_of_the_loop() -> None:
    async def difference() -> float:
        return asyncio.get_running_loop().time() - clock.now().mono

    assert abs(asyncio.run(difference())) < 0.1
