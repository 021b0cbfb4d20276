r"""What a command writes, as it comes: its output, of which the end is kept, and its progress.

Rules:
- A line `::progress 40 text` is progress and no output: one to three digits, 0 to 100, and then
  nothing, or a blank and a text of TEXT_BYTES at most. It ends in `\n` or `\r\n`, the last one need
  not. Every other byte is output as it is.
- What comes of it does not depend on where the stream was cut into pieces. Only the beginning of a
  line that may still become progress is held back, which never is much; all else flows on at once.
- Memory is bounded, and a piece costs its length, whatever is in it.

It must not know where the bytes come from, nor what is made of them.
"""

import re
from collections import deque

TEXT_BYTES = 1000
"""A line with a longer text is output; so what is held back has a limit."""
_TEXT_SHOWN = 200
"""Characters of the text that count."""
_MERGED = 4096
"""Bytes under which pieces are put together: a command may write each byte by itself."""

_PREFIX = b"::progress "
_NUMBER = rb"^::progress (0?[0-9]{1,2}|100)"
_LINE = re.compile(rb"%s(?: ([^\n]{0,%d}?))?\r?\n" % (_NUMBER, TEXT_BYTES), re.MULTILINE)
_BEGUN = re.compile(rb"%s(?: [^\n]{0,%d})?\r?" % (_NUMBER, TEXT_BYTES))


class Tail:
    """The end of a stream of bytes."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._pieces: deque[bytes] = deque()
        self._held = 0
        self.seen = 0
        """How many bytes there were."""

    def add(self, piece: bytes) -> None:
        """Take what comes next, and let go of what is over the limit."""
        if self._pieces and len(self._pieces[-1]) + len(piece) <= _MERGED:
            self._pieces[-1] += piece
        else:
            self._pieces.append(piece)
        self._held += len(piece)
        self.seen += len(piece)
        while self._held - len(self._pieces[0]) >= self._limit:
            self._held -= len(self._pieces.popleft())

    @property
    def content(self) -> bytes:
        """What is kept."""
        return self.end(self._limit)

    @property
    def lost(self) -> int:
        """How many bytes are not."""
        return max(0, self.seen - self._limit)

    def end(self, limit: int) -> bytes:
        """Return the last bytes of what is kept, as many as the limit says."""
        last: deque[bytes] = deque()
        size = 0
        for piece in reversed(self._pieces):
            if size >= limit:
                break
            last.appendleft(piece)
            size += len(piece)
        return b"".join(last)[-limit:]


class Output:
    """What one command writes."""

    def __init__(self, limit: int) -> None:
        """Begin.

        Args:
            limit: How many bytes of output are kept.
        """
        self.tail = Tail(limit)
        self.progress: tuple[int, str] | None = None
        """The last that was said."""
        self._held = b""  # the beginning of a line that may become progress
        self._within_line = False  # whether what comes next goes on with a line of output

    def add(self, piece: bytes) -> None:
        """Take what comes next."""
        data = self._held + piece
        begin = data.find(b"\n") + 1 if self._within_line else 0
        if self._within_line and not begin:
            self.tail.add(data)
            return
        end = data.rfind(b"\n") + 1
        rest = data[end:]
        self._held = rest if _may_become_progress(rest) else b""
        self._within_line = rest != self._held
        output = data[:begin] + self._without_progress(data[begin:end])
        self.tail.add(output + rest if self._within_line else output)

    def finish(self) -> None:
        """Take what was held back as the last line; nothing comes any more."""
        last, self._held = self._held, b""
        self.tail.add(last if self._without_progress(last + b"\n") else b"")

    def _without_progress(self, lines: bytes) -> bytes:
        """Return whole lines without those that are progress; the last of these is what counts."""
        if _PREFIX not in lines:
            return lines
        for match in deque(_LINE.finditer(lines), maxlen=1):
            text = (match[2] or b"").decode("utf-8", "surrogateescape")
            self.progress = int(match[1]), text[:_TEXT_SHOWN]
        return _LINE.sub(b"", lines)


def _may_become_progress(line: bytes) -> bool:
    """Tell whether a line that has not ended yet may be progress when it has."""
    return _PREFIX.startswith(line) or _BEGUN.fullmatch(line) is not None
