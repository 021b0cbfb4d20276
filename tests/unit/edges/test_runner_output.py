"""What is output and what is progress, however the stream is cut."""

import time
import tracemalloc
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from fui.edges.runner.output import TEXT_BYTES, Output, Tail

LIMIT = 1 << 20


def read(*pieces: bytes, limit: int = LIMIT) -> tuple[bytes, tuple[int, str] | None]:
    output = Output(limit)
    for piece in pieces:
        output.add(piece)
    output.finish()
    assert output.tail.seen - output.tail.lost == len(output.tail.content)
    return output.tail.content, output.progress


# ---- the grammar ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "progress"),
    [
        (b"::progress 40 copying files", (40, "copying files")),
        (b"::progress 40", (40, "")),
        (b"::progress 40 ", (40, "")),
        (b"::progress 0", (0, "")),
        (b"::progress 100 done", (100, "done")),
        (b"::progress 007 x", (7, "x")),
        (b"::progress 000", (0, "")),
        (b"::progress 5  two blanks ", (5, " two blanks ")),
        (b"::progress 5 \xff\0\x1b[31m\xc3\xa4", (5, "\udcff\0\x1b[31mä")),
        (b"::progress 5 a\rb", (5, "a\rb")),
        (b"::progress 5 " + "ä".encode() * 300, (5, "ä" * 200)),
        (b"::progress 100 " + b"x" * TEXT_BYTES, (100, "x" * 200)),
    ],
)
def test_progress(line: bytes, progress: tuple[int, str]) -> None:
    assert read(line + b"\n") == (b"", progress)
    assert read(line + b"\r\n") == (b"", progress)
    assert read(b"a\n" + line + b"\nb\n") == (b"a\nb\n", progress)
    assert read(b"a\n\n" + line + b"\r\n\nb") == (b"a\n\n\nb", progress)


@pytest.mark.parametrize("line", [b"::progress 40", b"::progress 40 the end", b"::progress 40\r"])
def test_the_last_line_need_not_end(line: bytes) -> None:
    content, progress = read(b"a\n" + line)
    assert content == b"a\n"
    assert progress is not None
    assert progress[0] == 40


NOT_PROGRESS = [
    b"::progress", b"::progress ", b"::progress  40", b"::progress\t40", b"::progress x",
    b"::progress 101", b"::progress 110 x", b"::progress 999", b"::progress 1000", b"::progress 0100",
    b"::progress -1", b"::progress +1", b"::progress 4.5", b"::progress 40%", b"::progress 40\tx",
    b"::progress 40\0", b"::progress 40\rx", b"::progress \xd9\xa3", b"::Progress 40",
    b" ::progress 40", b":::progress 40", b"\0::progress 40", b"\r::progress 40", b"x::progress 40",
    b"\xef\xbb\xbf::progress 40", b"\x0b::progress 40", b"::progress 40\r\r", b"::", b":", b"",
    b"::progress 100 " + b"x" * (TEXT_BYTES + 1),
]  # fmt: skip


@pytest.mark.parametrize("line", NOT_PROGRESS)
@pytest.mark.parametrize("end", [b"", b"\n", b"\r\n", b"\nnext\n"])
def test_anything_else_is_output_as_it_is(line: bytes, end: bytes) -> None:
    assert read(line + end) == (line + end, None)


def test_the_last_one_counts() -> None:
    lines = b"::progress 1 one\na\n::progress 3 three\n::progress 2 two\nb\n::progress 101 none\n"
    assert read(lines) == (b"a\nb\n::progress 101 none\n", (2, "two"))


def test_it_is_known_as_soon_as_its_line_has_ended() -> None:
    output = Output(LIMIT)
    output.add(b"working\n::progress 40 half")
    assert (output.tail.content, output.progress) == (b"working\n", None)
    output.add(b"way\n")
    assert (output.tail.content, output.progress) == (b"working\n", (40, "halfway"))


# ---- a stream ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "piece", [b"Password:", b"a\nname? ", b"::progress 40x", b"::progressing", b"::progress 101"]
)
def test_a_line_that_cannot_become_progress_flows_on_at_once(piece: bytes) -> None:
    output = Output(LIMIT)
    output.add(piece)
    assert output.tail.content == piece
    output.add(b"::progress 40\n")
    assert output.tail.content == piece + b"::progress 40\n"
    output.add(b"::progress 40\n")
    assert (output.tail.content, output.progress) == (piece + b"::progress 40\n", (40, ""))


def test_what_is_held_back_is_little() -> None:
    output = Output(LIMIT)
    held = b"::progress 100 " + b"x" * TEXT_BYTES + b"\r"
    output.add(held)
    assert output.tail.seen == 0
    output.add(b"x")
    assert output.tail.content == held + b"x"


def whole_lines(stream: bytes) -> tuple[bytes, tuple[int, str] | None]:
    """The same by splitting into lines, which holds all of it in memory."""
    output, progress = [], None
    for line in _lines(stream):
        found = _progress(line)
        progress = found or progress
        if not found:
            output.append(line)
    return b"".join(output), progress


def _lines(stream: bytes) -> list[bytes]:
    *whole, last = stream.split(b"\n")
    return [line + b"\n" for line in whole] + [last]


def _progress(line: bytes) -> tuple[int, str] | None:
    body = line.removesuffix(b"\n").removesuffix(b"\r")
    word, *rest = body.split(b" ", 2)
    number, text = (rest + [b""] * 2)[:2]
    if word != b"::progress" or not 1 <= len(number) <= 3 or not number.isdigit():
        return None
    if int(number) > 100 or len(text) > TEXT_BYTES:
        return None
    return int(number), text.decode("utf-8", "surrogateescape")[:200]


WORDS = [
    b"::progress ", b"::progress 40", b"::progress 100 ", b"\n", b"\r", b"\r\n", b"\n::progress 5 x\n",
    b" ", b"7", b"::", b"::pro", b"gress ", b"\xff", b"\0", b"text", "ä".encode(), b"x" * 990,
]  # fmt: skip
STREAMS = st.lists(st.sampled_from(WORDS), max_size=30).map(b"".join)


def cut(stream: bytes, places: list[int]) -> list[bytes]:
    at = sorted({0, len(stream), *(place % (len(stream) + 1) for place in places)})
    return [stream[begin:end] for begin, end in pairwise(at)]


@given(
    stream=STREAMS | st.binary(max_size=200), places=st.lists(st.integers(0, 10**6), max_size=20)
)
@example(stream=b"::progress 40\r\n", places=[14])
@example(stream=b"::progress 40\n::progress 50\nx", places=[5, 13, 14, 20])
def test_property_where_it_is_cut_does_not_matter(stream: bytes, places: list[int]) -> None:
    expected = whole_lines(stream)
    assert read(stream) == expected
    assert read(*cut(stream, places)) == expected
    assert read(*(bytes([byte]) for byte in stream)) == expected


@given(pieces=st.lists(STREAMS | st.binary(max_size=100), max_size=10))
def test_property_without_progress_every_byte_is_output(pieces: list[bytes]) -> None:
    broken = [piece.replace(b"progress ", b"progress-") for piece in pieces]
    stream = b"".join(broken).replace(b"progress ", b"progress-")
    assert read(*cut(stream, [len(piece) for piece in broken])) == (stream, None)


@given(stream=STREAMS, places=st.lists(st.integers(0, 10**6), max_size=5))
def test_property_never_more_than_little_is_held_back(stream: bytes, places: list[int]) -> None:
    output, written = Output(LIMIT), b""
    for piece in cut(stream, places):
        output.add(piece)
        written += piece
        before = output.tail.seen
        held = len(output._held)  # noqa: SLF001
        assert held <= len(b"::progress 100 \r") + TEXT_BYTES
        assert written.endswith(output._held)  # noqa: SLF001
        assert before + held <= len(written)


# ---- much of it ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("piece", "count"),
    [(b"\0" * 65536, 1600), (b"x" * 65536, 1600), (b"\xff\xfe\x80\xc3" * 16384, 1600),
     (b"::progress 5 x" + b"x" * 65536, 1600), (b":" * 65536, 1600), (b"\r" * 65536, 1600),
     (b"\n" * 65536, 1600), (b"::progress 100 x\n" * 4096, 100), (b"\n::progress 100" * 4096, 100)],
    ids=["NUL", "no newline", "not UTF-8", "like progress", "colons", "returns", "newlines",
         "progress", "progress across pieces"],
)  # fmt: skip
def test_a_hundred_megabytes_take_little_memory_and_time(piece: bytes, count: int) -> None:
    output = Output(LIMIT)
    begun = time.process_time()
    tracemalloc.start()
    try:
        for _ in range(count):
            output.add(piece)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert time.process_time() - begun < 20
    assert peak < 6 * LIMIT
    output.finish()
    assert len(output.tail.content) <= LIMIT


def test_tens_of_thousands_of_progress_lines_in_a_piece_are_cheap() -> None:
    output = Output(LIMIT)
    piece = b"::progress 1\n" * 50_000
    begun = time.process_time()
    output.add(piece + b"::progress 2 last\n")
    assert time.process_time() - begun < 0.5
    assert (output.tail.seen, output.progress) == (0, (2, "last"))


# ---- the end of a stream -------------------------------------------------------------------------


@pytest.mark.parametrize("sizes", [[1] * 30, [10], [11], [25], [3, 30, 3], [10, 10], []])
def test_tail_keeps_exactly_the_limit(sizes: list[int]) -> None:
    tail, everything = Tail(10), b""
    for number, size in enumerate(sizes):
        piece = bytes([number]) * size
        tail.add(piece)
        everything += piece
    assert tail.content == everything[-10:]
    assert tail.lost == max(0, len(everything) - 10)


@given(
    pieces=st.lists(st.binary(max_size=30) | st.binary(min_size=4000, max_size=4200), max_size=8),
    limit=st.integers(1, 9000),
    end=st.integers(1, 9000),
)
def test_property_tail(pieces: list[bytes], limit: int, end: int) -> None:
    tail = Tail(limit)
    for piece in pieces:
        tail.add(piece)
    everything = b"".join(pieces)
    assert (tail.content, tail.seen) == (everything[-limit:], len(everything))
    if end <= limit:
        assert tail.end(end) == everything[-end:]


def test_bytes_one_by_one_take_little_memory() -> None:
    tail = Tail(LIMIT)
    tracemalloc.start()
    try:
        for _ in range(200_000):
            tail.add(b"ab")
        assert tracemalloc.get_traced_memory()[1] < 2 * LIMIT
    finally:
        tracemalloc.stop()
