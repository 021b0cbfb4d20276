"""The two parsers of a file say the same of what both can read."""

from hypothesis import example, given, settings

from fui.config import yaml_text
from fui.config.tree import plain
from tests.property.test_config import anything


@given(anything)
@example(b"a: {b: }\nc:\n- \n- d\n")
@settings(max_examples=1500, deadline=None)
def test_the_fast_one_reads_what_the_close_one_reads(data: bytes) -> None:
    fast, close = yaml_text.read(data, "f"), yaml_text._read_closely(data, "f")  # noqa: SLF001
    if fast.root is not None and close.root is not None:
        assert plain(fast.root) == plain(close.root)
    else:
        assert fast == close
