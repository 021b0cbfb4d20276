"""The two parsers of a file say the same of what both can read."""

from hypothesis import example, given, settings

from fui.config import yaml_text
from fui.config.tree import plain
from tests.property.test_config import anything


@given(anything)
@example(b"a: {b: }\nc:\n- \n- d\n")
@example(b"a: b\t\n")
@example(b"? .\t")
@settings(max_examples=1500, deadline=None)
def test_the_fast_one_reads_what_the_close_one_reads(data: bytes) -> None:
    fast, close = yaml_text.read(data, "f"), yaml_text._read_closely(data, "f")  # noqa: SLF001
    if fast.root is None:
        assert fast == close
    elif close.root is None:
        # YAML allows a tab behind a value, and PyYAML's own parser does not.
        assert ["'\\t'" in problem.text for problem in close.problems] == [True]
    else:
        assert plain(fast.root) == plain(close.root)
