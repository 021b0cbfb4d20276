import pytest

from fui.config.tree import Plain, Spot, key_spot, plain, value_spot
from fui.config.yaml_text import MAX_BYTES, MAX_DEPTH, MAX_VALUES, read


def data(text: str) -> Plain:
    document = read(text.encode(), "f")
    assert document.problems == ()
    assert document.root is not None
    return plain(document.root)


def fault(text: str | bytes) -> str:
    document = read(text if isinstance(text, bytes) else text.encode(), "f")
    assert document.root is None
    (problem,) = document.problems
    return str(problem)


def test_a_scalar_is_the_text_that_is_written() -> None:
    assert data("a: [no, on, 010, 0770, 1.0, ~, null, 2014-04-29, '', \"\\x41\", 1:20]") == {
        "a": ["no", "on", "010", "0770", "1.0", "~", "null", "2014-04-29", "", "A", "1:20"]
    }


def test_keys_too() -> None:
    assert data("no: 1\n010: 2\n'': 3\n<<: 4") == {"no": "1", "010": "2", "": "3", "<<": "4"}


def test_blocks_and_long_texts() -> None:
    assert data("a: |\n  one\n  two\nb: >\n  one\n  two\n") == {"a": "one\ntwo\n", "b": "one two\n"}


def test_every_part_has_its_place() -> None:
    root = read(b"# first\nobject: Apache\nlist:\n  - {name: Start}\n  - x\nblank:\n", "f").root
    assert root is not None
    assert value_spot(root, ()) == Spot(2, 1)
    assert key_spot(root, ("object",)) == Spot(2, 1)
    assert value_spot(root, ("object",)) == Spot(2, 9)
    assert value_spot(root, ("list",)) == Spot(4, 3)
    assert key_spot(root, ("list", 0, "name")) == Spot(4, 6)
    assert value_spot(root, ("list", 0, "name")) == Spot(4, 12)
    assert value_spot(root, ("list", 1)) == Spot(5, 5)
    assert value_spot(root, ("blank",)) == Spot(6, 7)


@pytest.mark.parametrize("text", ["", "# nothing\n", "---\n", "---\n...\n", "\ufeff"])
def test_an_empty_file_says_nothing(text: str) -> None:
    assert data(text) == {}


def test_a_byte_order_mark_moves_nothing() -> None:
    root = read("\ufeffa: b\n".encode(), "f").root
    assert root is not None
    assert value_spot(root, ("a",)) == Spot(1, 4)


def test_a_key_stands_once() -> None:
    document = read(b"a: 1\nb:\n  c: 1\n  c: [x]\na: 2\n", "f")
    assert document.root is not None
    assert plain(document.root) == {"a": "1", "b": {"c": "1"}}
    assert [str(each) for each in document.problems] == [
        'f:4:3: cannot use the key "c" twice; it stands in line 3 already',
        'f:5:1: cannot use the key "a" twice; it stands in line 1 already',
    ]


def test_faults_before_the_end_of_reading_are_told_with_it() -> None:
    document = read(b"a: 1\na: 2\nb: [\n", "f")
    assert document.root is None
    assert [each.line for each in document.problems] == [2, 4]


def test_an_alias_stands_for_what_it_names() -> None:
    assert data("a: &x [1]\nb: *x\nc: {d: *x}\n") == {"a": ["1"], "b": ["1"], "c": {"d": ["1"]}}
    assert data("a: &x 1\nb: *x\n&k e: *k\n") == {"a": "1", "b": "1", "e": "e"}
    assert data("a: &x 1\nb: &x 2\nc: *x\n") == {"a": "1", "b": "2", "c": "2"}
    assert data("a: &x\nb: *x\n")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a: *b\n", "f:1:4: cannot find &b; it has to stand above the *b"),
        ("a: &b [*b]\n", "f:1:8: cannot follow *b; it stands inside &b itself"),
        ("a: &b {c: {d: *b}}\n", "f:1:15: cannot follow *b; it stands inside &b itself"),
        ("a: 1\n---\nb: 1\n", "f:2:1: cannot read a second document; give it a file of its own"),
        ("- a\n", 'f:1:1: cannot read this file; it has to consist of lines like "key: value"'),
        ("text\n", 'f:1:1: cannot read this file; it has to consist of lines like "key: value"'),
        ("{a: 1}: 2\n", "f:1:1: cannot use this as a key; a key is a word before a colon"),
        ("? [a]\n: 2\n", "f:1:3: cannot use this as a key; a key is a word before a colon"),
        ("?\n: 2\n", "f:1:2: cannot use this as a key; a key is a word before a colon"),
        (
            "a: !!python/name:os.system x\n",
            'f:1:4: cannot use the tag "tag:yaml.org,2002:python/name:os.system"; write plain values',
        ),
        ("a: !!int 3\n", 'f:1:4: cannot use the tag "tag:yaml.org,2002:int"; write plain values'),
        ("!x {}\n", 'f:1:1: cannot use the tag "!x"; write plain values'),
        (
            'a: "\\ud800"\n',
            "f:1:4: cannot use half a character (\\ud800 to \\udfff); write it whole",
        ),
        ("a: b\n\nc: \0\n", "f:3:4: cannot read the character U+0000; take it out"),
        ("ü: \x1b\n", "f:1:4: cannot read the character U+001B; take it out"),
        ("\ufeffa: \x07\n", "f:1:4: cannot read the character U+0007; take it out"),
        (
            b"a: b\n\xc3\xbc: \xff\n",
            "f:2:4: cannot read the byte 0xff as UTF-8; save the file as UTF-8",
        ),
        (
            "a: b\n".encode("utf-16"),
            "f:1:1: cannot read the byte 0xff as UTF-8; save the file as UTF-8",
        ),
        (
            "a:\n\tb: c\n",
            (
                "f:2:1: cannot read this as YAML: found character '\\t' that cannot start any token; "
                "indent with blanks, not tabs"
            ),
        ),
        (
            "object: Apache\n    # comment\n    action-group: x\n",
            (
                "f:3:5: cannot read this as YAML: expected <block end>, but found '<block mapping start>'; "
                "look at the indentation and quotes around it"
            ),
        ),
        (
            "a: [b\n",
            (
                "f:2:1: cannot read this as YAML: expected ',' or ']', but got '<stream end>'; "
                "look at the indentation and quotes around it"
            ),
        ),
        (
            'a: "\\UFFFFFFFF"\n',
            (
                "f:1:1: cannot read this as YAML, a number is too large; "
                "look for a \\ or a line with %"
            ),
        ),
        (
            "%YAML 1." + "9" * 5000 + "\n---\na: b\n",
            (
                "f:1:1: cannot read this as YAML, a number is too large; "
                "look for a \\ or a line with %"
            ),
        ),
    ],
)
def test_what_cannot_be_read(text: str | bytes, problem: str) -> None:
    assert fault(text) == problem


def test_a_file_has_a_limit() -> None:
    head = b"a: b\n#"
    assert read(head + b"x" * (MAX_BYTES - len(head)), "f").problems == ()
    assert fault(head + b"x" * (MAX_BYTES - len(head) + 1)) == (
        "f:1:1: cannot read more than 1048576 bytes; split the file"
    )


def test_a_bomb_of_aliases_is_cut_short() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{i + 1}: &a{i + 1} [{', '.join([f'*a{i}'] * 10)}]" for i in range(9)]
    assert fault("\n".join(lines)) == (
        f"f:4:45: cannot read more than {MAX_VALUES} values (aliases in full); write less"
    )


def test_the_number_of_values_has_a_limit() -> None:
    assert data("a: [" + "x, " * (MAX_VALUES - 3) + "]")
    assert "values" in fault("a: [" + "x, " * (MAX_VALUES - 2) + "]")


def test_the_depth_has_a_limit() -> None:
    assert data("a: " + "[" * (MAX_DEPTH - 1) + "]" * (MAX_DEPTH - 1))
    assert fault("a: " + "[" * MAX_DEPTH + "]" * MAX_DEPTH) == (
        "f:1:23: cannot read more than 20 levels; nest it less"
    )
    assert "levels" in fault("a: " + "[" * 500_000)


def test_the_depth_counts_through_aliases() -> None:
    deep = f"a: &a {'[' * 12}{']' * 12}\n"
    assert data(deep + "b: [*a]\n")
    assert "levels" in fault(f"{deep}b: {'[' * 8}*a{']' * 8}\n")
