"""What FUI counts and measures, for Prometheus: in a file, and over HTTP where that is asked for.

Rules:
- It is fed with facts, with the status and with the menu, and asks for nothing.
- The file is written at most every few seconds, and only when something has changed; HTTP hands out
  what is so at the time. Both have the same text, which is made anew only after a change.
- What goes wrong is said once and ends nothing.

It must not know what a fact means for FUI, nor decide anything.

The package is one edge: `meters` are the metrics, `textfile` and `endpoint` the ways to them.
"""

import asyncio
import os
from collections.abc import Callable
from pathlib import Path

from fui.edges.metrics.endpoint import Endpoint
from fui.edges.metrics.meters import CONTENT_TYPE, Meters
from fui.edges.metrics.textfile import Textfile
from fui.model.facts import Fact
from fui.model.menu import Exposition, Menu
from fui.model.status import Status

PAUSE = 5.0
"""Seconds between two writings of the file."""

DELAY = 0.5
"""Seconds from a change until it is written: a press is not held up by it, and has several."""


class Metrics:
    """The metrics of this process; from `open` on call it within the running loop."""

    def __init__(self, menu: Menu, since: float, say: Callable[[str], None]) -> None:
        """Hand out nothing yet.

        Args:
            menu: What there is to press, and where the metrics are handed out.
            since: When the daemon began, in seconds since the epoch.
            say: Takes a sentence for the administrator.
        """
        self._meters = Meters(menu, since)
        self._wanted = menu.settings.metrics
        self._exposed: Exposition | None = None
        self._say = say
        self._text = b""  # empty: it has to be made anew
        self._textfile: Textfile | None = None
        self._endpoint: Endpoint | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._next = 0.0

    def open(self) -> None:
        """Hand out the metrics from now on."""
        self._expose(self._wanted)

    def close(self) -> None:
        """Hand out nothing any more."""
        self._write_no_more()
        self._serve_no_more()

    # -- what is fed ----------------------------------------------------------------------------

    def tell(self, fact: Fact) -> None:
        """Take in what is told."""
        if self._meters.tell(fact):
            self._changed()

    def publish(self, status: Status) -> None:
        """Take in how things stand."""
        self._meters.publish(status)
        self._changed()

    def configure(self, menu: Menu) -> None:
        """Take in the configuration, which was read again."""
        self._meters.configure(menu)
        self._expose(menu.settings.metrics)
        self._changed()

    # -- where it is handed out -----------------------------------------------------------------

    def _expose(self, wanted: Exposition) -> None:
        before, self._exposed = self._exposed, wanted
        if before is None or before.textfile != wanted.textfile:
            self._write_no_more()
            self._textfile = Textfile(Path(wanted.textfile), self._say) if wanted.textfile else None
            self._next = 0.0
            self._changed(at_once=True)
        if before is None or (before.address, before.port) != (wanted.address, wanted.port):
            self._serve_no_more()
            self._serve(wanted)

    def _serve(self, wanted: Exposition) -> None:
        if wanted.port is None:
            return
        endpoint = Endpoint(wanted.address, wanted.port, CONTENT_TYPE, self._whole)
        try:
            endpoint.open()
        except OSError as error:
            self._say(
                f"fui: cannot serve the metrics on {wanted.address} port {wanted.port}:"
                f" {os.strerror(error.errno or 0)}; name others under metrics in fui.yaml, and reload"
            )
        else:
            self._endpoint = endpoint

    def _serve_no_more(self) -> None:
        if self._endpoint is not None:
            self._endpoint.close()
            self._endpoint = None

    def _write_no_more(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._textfile is not None:
            self._textfile.close()
            self._textfile = None

    def _changed(self, *, at_once: bool = False) -> None:
        self._text = b""
        if self._timer is None and self._textfile is not None:
            loop = asyncio.get_running_loop()
            at = max(self._next, loop.time() + (0.0 if at_once else DELAY))
            self._timer = loop.call_at(at, self._write, self._textfile)

    def _write(self, textfile: Textfile) -> None:
        self._timer = None
        self._next = asyncio.get_running_loop().time() + PAUSE
        textfile.write(self._whole())

    def _whole(self) -> bytes:
        self._text = self._text or self._meters.text()
        return self._text
