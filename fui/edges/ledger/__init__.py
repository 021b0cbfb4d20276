"""The ledger: every fact is an entry of the journal that can be held against somebody.

Rules: nothing that can be told is kept back, and telling never stops the daemon: it does not raise,
and hardly waits. sd_journal_sendv(3) says nothing when journald is not there, and waits for ever
when it hangs; so it is asked first whether it would take an entry. What it does not take goes to
standard error if that can be had at once, is counted, and is told when it takes entries again.

It must not know why something is told, nor decide whether.

The package is one edge: `wording` makes sentences, `fields` the structured side.
"""

import contextlib
import os
import select
import socket
from collections.abc import Callable, Iterator

from systemd.journal import sendv

from fui.edges.ledger.fields import fields
from fui.edges.ledger.wording import chunks, sentence
from fui.model.facts import Fact, FactKind
from fui.model.states import Loss

SOCKET = "/run/systemd/journal/socket"

PATIENCE = 0.5
"""Seconds that a busy journald is waited for, for each entry; after it was in vain, not at all until
it takes one again."""

STDERR_LIMIT = 4000


class Ledger:
    """Tells facts to journald."""

    def __init__(
        self,
        send: Callable[..., None] = sendv,
        address: str = SOCKET,
        stderr: int = 2,
    ) -> None:
        """Make a ledger.

        Args:
            send: Sends an entry, field by field, to who listens at `address`.
            address: Where journald listens.
            stderr: The descriptor for what journald does not take.
        """
        self._untold = 0  # entries that were not taken, since that was last told
        self._patience = PATIENCE
        self._send = send
        self._address = address
        self._stderr = stderr

    def tell(self, fact: Fact) -> int:
        """Write a fact down; return how many of its entries journald did not take."""
        missed = 0
        for message in _messages(fact):
            if self._untold and self._write(self._gap(), sentence(self._gap())):
                self._untold = 0
            if not self._write(fact, message):
                missed += 1
                self._untold += 1
                self._say(message)
        return missed

    def _gap(self) -> Fact:
        reason = (
            f"journald did not take {self._untold} entries of the ledger;"
            " look for them at FUI's standard error"
        )
        return Fact(FactKind.LOST, reason=reason, loss=Loss.LEDGER, number=self._untold)

    def _write(self, fact: Fact, message: str) -> bool:
        """Send one entry; False if journald does not take it."""
        if not self._would_take():
            self._patience = 0.0
            return False
        self._patience = PATIENCE
        entry = {"MESSAGE": message.encode(), **fields(fact)}
        try:
            self._send(*(name.encode() + b"=" + value for name, value in entry.items()))
        except OSError:
            return False
        return True

    def _would_take(self) -> bool:
        """Tell whether journald is there and its queue is not full."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as probe:
            try:
                probe.connect(self._address)
            except OSError:
                return False
            poll = select.poll()
            poll.register(probe, select.POLLOUT)
            return bool(poll.poll(self._patience * 1000))

    def _say(self, message: str) -> None:
        """Write to standard error, unless that would have to wait."""
        poll = select.poll()
        poll.register(self._stderr, select.POLLOUT)
        with contextlib.suppress(OSError):
            if poll.poll(0):
                os.write(self._stderr, f"fui: {message}".encode()[:STDERR_LIMIT] + b"\n")


def _messages(fact: Fact) -> Iterator[str]:
    """Yield the text of each entry that a fact takes."""
    title = sentence(fact)
    pieces = list(chunks(fact.output)) if fact.kind is FactKind.OUTPUT else []
    if not pieces:
        yield title
    for number, piece in enumerate(pieces, start=1):
        part = f", part {number} of {len(pieces)}" if len(pieces) > 1 else ""
        yield f"{title}{part}:\n{piece}"
