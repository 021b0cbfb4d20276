"""The audit entries of the journal, as they come: EntryRead, and JournalGap if some may be missing.

What journald itself says of entries that it has dropped is told as EntriesDropped.

Rules:
- It translates and never decides: whether an entry is believed is the core's business.
- Every entry is told once, and none is left out as long as journald keeps it. One that going back
  finds late is told late: the order is that of finding.
- Lives on one loop, and neither blocks nor sleeps: a long journal is read in batches. While
  nothing is expected there is no timer, and it runs only when journald wakes it; but where much comes
  it keeps up, for journald wakes it each quarter of a second, and a press would wait for all before it.
- What fails is told and tried again, at last with a new reader. Only `open` raises, for it runs
  before the daemon serves.

It must not know flags, presses or users, nor read a clock by itself.

The package is one edge: `reader` is systemd's reader, `entry` translates, `pace` says when to poll
and when to go back, `timer` wakes it then, `told` knows what was told already.
"""

import asyncio
import math
from collections.abc import Callable

from tenacity import AsyncRetrying, retry_if_exception_type, wait_exponential

from fui.edges.journal.entry import notice, translate
from fui.edges.journal.pace import Pace
from fui.edges.journal.reader import DROPPED, Reader, beginning, time_of
from fui.edges.journal.timer import Timer
from fui.edges.journal.told import Told
from fui.model.errors import EdgeError
from fui.model.events import EntriesDropped, EntryRead, Event, JournalGap
from fui.model.instant import Instant

BATCH = 500
"""Entries that are read before the loop gets its turn."""

MANY = 10
"""Entries read at once; after so many more are looked for soon, and again and again for a while."""

SOON, WHILE = 0.01, 0.5
"""Seconds."""

FIRST_RETRY, LONGEST_RETRY = 0.1, 30.0


class Journal:
    """The audit entries, told to `post` as they are found."""

    def __init__(
        self,
        facility: int,
        now: Callable[[], Instant],
        post: Callable[[list[Event]], None],
        folder: str | None = None,
    ) -> None:
        """Make a journal that is not open yet.

        Args:
            facility: The syslog facility of the share's audit, as its number.
            now: Reads the clocks.
            post: Told what is found; it may call expect() and close().
            folder: Where the journal files are; None for the journal of this system.
        """
        self._facility = facility
        self._now = now
        self._post = post
        self._folder = folder
        self._reader: Reader | None = None
        self._reopening: asyncio.Task[None] | None = None
        self.since = 0.0
        """From when on it is read (seconds since the epoch), once it is open."""
        self._cursor = ""  # of the last entry that was read, or a beginning
        self._told: Told | None = None
        self._behind = False  # there is more to read, and that is under way
        self._back: float | None = None  # while going back: behind which time
        self._pace: Pace | None = None
        self._timer: Timer | None = None
        self._soon: asyncio.TimerHandle | None = None
        self._much_at = -math.inf  # when so much was read last that more is looked for soon

    def open(self, cursor: str | None) -> str:
        """Read on behind the entry that the cursor names; None: what comes from now on.

        Returns:
            A cursor to go on from where nothing is read from now on.

        Raises:
            EdgeError: The journal cannot be read.
        """
        self._loop = asyncio.get_running_loop()
        self._cursor = begin = cursor if cursor is not None else beginning(self._now().wall)
        gaps: list[Event] = []
        try:
            self._start(gaps)
        except OSError as error:
            raise EdgeError(f"cannot read the journal: {error.strerror}") from error
        self._timer = Timer(self._loop, self._poll)
        self._loop.call_soon(self._tell, gaps)
        self._loop.call_soon(self._read)
        return begin

    def expect(self, since: float | None) -> None:
        """Poll for entries sent after that time of CLOCK_MONOTONIC; None: nothing is expected.

        Of several times the first counts, until nothing is expected.
        """
        assert self._timer is not None  # noqa: S101 - it is open
        if since is None:
            self._pace = None
            self._timer.clear()
            return
        now = self._now()
        if self._pace is None:
            self._pace = Pace(Instant(since, now.wall - (now.mono - since)), now.mono)
        else:
            self._pace.expect(now.mono)
        self._timer.set(0)

    def close(self) -> None:
        """Read no more; a second time does nothing."""
        if self._timer is not None:
            self._timer.close()
            self._timer = None
        self._much_at = -math.inf
        if self._soon is not None:
            self._soon.cancel()
            self._soon = None
        if self._reopening is not None:
            self._reopening.cancel()
        self._shut()

    def _poll(self) -> None:
        margin = 0.0 if self._pace is None else self._pace.goes_back(self._now().mono)
        self._read(margin=0.0 if self._behind else margin)
        if self._pace is not None and self._timer is not None:
            self._timer.set(self._pace.pause(self._now().mono))

    def _read(self, *, margin: float = 0.0) -> None:
        """Tell what is new. Called by journald's wake-up, a poll, or for the rest of a batch.

        Args:
            margin: How many seconds before what is expected to go back to; 0: not at all.
        """
        if self._reader is None:
            return
        events: list[Event] = []
        try:
            self._drain(self._reader, events, margin)
        except OSError as error:
            events.append(JournalGap(f"cannot read the journal: {error.strerror}; trying again"))
            try:
                self._drain(self._reader, events)
            except OSError:
                self._shut()
                self._reopening = self._loop.create_task(self._reopen())
                self._reopening.add_done_callback(_surface)
        self._tell(events)

    def _drain(self, reader: Reader, events: list[Event], margin: float = 0.0) -> None:
        reader.process()  # without it the reader knows of no new file
        if margin and self._pace is not None:
            self._go_back(reader, self._pace.since, margin)
        for number in range(BATCH):
            if not reader.step():
                self._back = None
                if number >= MANY:
                    self._much_at = self._now().mono
                    self._look_soon()
                return
            self._take(reader, events)
        if not self._behind:
            self._behind = True
            self._loop.call_soon(self._read_on)

    def _look_soon(self) -> None:
        if self._soon is None:
            self._soon = self._loop.call_later(SOON, self._keep_up)

    def _keep_up(self) -> None:
        self._soon = None
        self._read()
        if self._now().mono - self._much_at < WHILE:
            self._look_soon()

    def _read_on(self) -> None:
        self._behind = False
        self._read()

    def _go_back(self, reader: Reader, since: Instant, margin: float) -> None:
        """Stand before everything that can have come since then.

        The clock on the wall can have been stepped meanwhile, either way: so of the two times that
        it may have been the earlier one is taken. What that brings too much, `_back` leaves out.
        """
        assert self._told is not None  # noqa: S101 - there is a reader
        now = self._now()
        self._back = max(since.mono - margin, self._told.floor)
        wall = min(since.wall, now.wall - (now.mono - since.mono))
        reader.go_to_time(wall - (since.mono - self._back))

    def _take(self, reader: Reader, events: list[Event]) -> None:
        assert self._told is not None  # noqa: S101 - there is a reader
        self._cursor = cursor = reader.cursor()
        stamp = reader.stamp()
        if cursor in self._told or (self._back is not None and stamp.mono <= self._back):
            return
        fields = reader.fields()
        if fields.get("MESSAGE_ID") == DROPPED.encode():
            events.append(EntriesDropped(notice(fields, cursor, stamp)))
        else:
            events.append(EntryRead(translate(fields, cursor, stamp)))
        self._told.add(cursor, stamp.mono)  # an entry that could not be read may be found again

    def _tell(self, events: list[Event]) -> None:
        if events:
            self._post(events)

    def _start(self, events: list[Event]) -> Reader:
        """Open a reader where the last one was; if that fails, there is none."""
        now = self._now()
        self._reader = reader = Reader.connect(self._facility, self._folder)
        floor, self.since = 0.0, now.wall
        try:
            self._loop.add_reader(reader.fileno(), self._read)
            if (since := time_of(self._cursor)) is not None:
                ago = max(now.wall - since, 0.0)  # the clock on the wall may have been put back
                reader.go_to_time(now.wall - ago)
                floor, self.since = now.mono - ago, now.wall - ago
            elif reader.go_behind(self._cursor, otherwise=now.wall):
                floor, self.since = reader.stamp().mono, reader.stamp().wall
            else:
                events.append(JournalGap("the journal has lost the entry to go on from"))
        except BaseException:
            self._shut()
            raise
        self._told = self._told or Told(floor)
        return reader

    async def _reopen(self) -> None:
        """Try until the journal can be read again."""
        events: list[Event] = []
        async for attempt in AsyncRetrying(
            retry=retry_if_exception_type((OSError, EdgeError)),
            wait=wait_exponential(multiplier=FIRST_RETRY, max=LONGEST_RETRY),
        ):
            with attempt:
                self._resume(events)
        self._tell(events)

    def _resume(self, events: list[Event]) -> None:
        reader = self._start(events)
        try:
            self._drain(reader, events)
        except OSError:
            self._shut()
            raise

    def _shut(self) -> None:
        self._back = None
        if self._reader is not None:
            self._loop.remove_reader(self._reader.fileno())
            self._reader.close()
            self._reader = None


def _surface(task: asyncio.Task[None]) -> None:
    """Let the loop know of a bug in a task that nobody waits for."""
    if not task.cancelled():
        task.result()
