"""What a job writes, cut into pieces anywhere."""

from fui.core.flag_text import tail
from fui.edges.runner.output import Output

WORDS = (
    "::progress ",
    "::progress 100 ",
    "\n::progress 40 text\r\n",
    "\r\n",
    "100",
    "007",
    "\x1b[2J",
)
LIMIT = 4096
_SLACK = 8192
"""What may be kept beside the limit: what is held back, and the piece that goes over it."""


def check(data: bytes) -> None:
    """The first two bytes say how long the pieces are, the rest is what it writes."""
    long, short, written = *(max(1, each) for each in (data + b"\1\1")[:2]), data[2:]
    whole = _output([written])
    cut = _output(list(_cut(written, long, short)))
    bytewise = _output([written[at : at + 1] for at in range(len(written[:300]))])
    assert (cut.tail.content, cut.tail.seen, cut.progress) == (
        whole.tail.content,
        whole.tail.seen,
        whole.progress,
    )
    if len(written) <= 300:
        assert (bytewise.tail.content, bytewise.progress) == (whole.tail.content, whole.progress)
    assert len(whole.tail.content) <= LIMIT
    if b"::progress" not in written:
        assert whole.progress is None
        assert whole.tail.content == written[-LIMIT:]
        assert whole.tail.lost == max(0, len(written) - LIMIT)
    if whole.progress is not None:
        assert 0 <= whole.progress[0] <= 100
        assert len(whole.progress[1]) <= 200
    tail(whole.tail.content.decode(errors="surrogateescape")).encode()


def _output(parts: list[bytes]) -> Output:
    output = Output(LIMIT)
    for part in parts:
        output.add(part)
        assert len(output.tail.end(1 << 30)) <= LIMIT + max(_SLACK, len(part))
    output.finish()
    return output


def _cut(written: bytes, long: int, short: int) -> list[bytes]:
    parts, at = [], 0
    while at < len(written):
        size = long if len(parts) % 2 else short
        parts.append(written[at : at + size])
        at += size
    return parts
