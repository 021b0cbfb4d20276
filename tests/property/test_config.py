"""Whatever stands in the files, there is a Menu or a ConfigError that can be read."""

import re
import tempfile
from pathlib import Path
from unicodedata import normalize

import yaml
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from fui.config.load import load
from fui.config.names import NAME_BYTES, file_name, fits, fold
from fui.config.sudo_rule import rule_for
from fui.config.tree import plain
from fui.config.yaml_text import read
from fui.core.flag_name import compose, parse
from fui.model.errors import ConfigError
from fui.model.menu import DEFAULT_WORDS, Menu
from tests.unit.config.etc import APACHE, AnyHost

KEYS = (
    *("object", "action-group", "action-groups", "directory", "path", "user", "group", "mode"),
    *(
        "file",
        "command",
        "timeout",
        "allow",
        "deny",
        "groups",
        "users",
        "actions",
        "action",
        "name",
    ),
    *("description", "share", "states", "ready", "grace", "facility", "samba-units"),
)
VALUES = [
    *(
        "Apache",
        "Start",
        "/bin/x a",
        "/srv/controls",
        "root",
        "0770",
        "0777",
        "30s",
        "-1",
        "no",
        "~",
    ),
    *(
        "",
        "CON",
        "a|b",
        "/bin/x 'a b'",
        "\x00",
        "\ud800",
        "x" * 300,
        "*",
        "[",
        "local5",
        "a.service",
    ),
]

texts = st.one_of(st.sampled_from(VALUES), st.text(max_size=8))
keys = st.one_of(st.sampled_from(KEYS), st.text(max_size=3))
data = st.recursive(
    st.one_of(texts, st.none(), st.integers()),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(keys, inner, max_size=5)),
    max_leaves=20,
)
actions = st.lists(
    st.fixed_dictionaries(
        {"name": texts, "command": st.one_of(texts, st.lists(texts, max_size=3))},
        optional={"allow": data, "deny": data, "timeout": texts, "user": texts, "colour": texts},
    ),
    max_size=3,
)
drop_ins = st.fixed_dictionaries(
    {
        "object": texts,
        "action-group": st.fixed_dictionaries(
            {"actions": actions},
            optional=dict.fromkeys(["directory", "file", "command", "allow", "deny", "name"], data),
        ),
    },
    optional={"action-groups": data},
)
yamls = st.one_of(data, drop_ins).map(lambda each: yaml.safe_dump(each, allow_unicode=True))
# Pieces that mean something to YAML, in any order.
noise = st.lists(
    st.sampled_from([*KEYS, ": ", "- ", "\n", "  ", "\n    ", "{", "}", "[", "]", ", ", "&a ", "*a",
                     "'", '"', "|", ">", "#", "!!str ", "? ", "---\n", "%YAML 1.9\n", "\t", "\\", "x"]),
    max_size=40,
).map("".join)  # fmt: skip
anything = st.one_of(
    st.binary(max_size=60),
    st.one_of(st.text(max_size=80), noise, yamls).map(lambda each: each.encode(errors="replace")),
)
hosts = st.builds(AnyHost, missing=st.sets(st.sampled_from(["root", "/bin/x", "/srv/controls"])))


def outcome(main: bytes, *contents: bytes, host: AnyHost | None = None) -> Menu | ConfigError:
    with tempfile.TemporaryDirectory() as root:
        conf_d = Path(root, "conf.d")
        conf_d.mkdir()
        Path(root, "fui.yaml").write_bytes(main)
        for number, content in enumerate(contents):
            (conf_d / f"{number}.yaml").write_bytes(content)
        try:
            return load(Path(root, "fui.yaml"), conf_d, host or AnyHost())
        except ConfigError as error:
            return error


@given(anything, st.lists(anything, max_size=3), hosts)
@example(b"", [APACHE.encode()], AnyHost())
@settings(max_examples=400, deadline=None)
def test_any_files_make_a_menu_or_a_complaint(
    main: bytes, contents: list[bytes], host: AnyHost
) -> None:
    result = outcome(main, *contents, host=host)
    if isinstance(result, Menu):
        assert result.actions
        for action in result.actions:
            assert rule_for(action.command)
            assert action.access.allow
            for state in DEFAULT_WORDS:
                name = compose(action.id.action, state, result.settings.words)
                assert len(name.encode()) <= NAME_BYTES
                assert parse(name, result.settings.words) == (action.id.action, state)
        names = [(fold(each.id.object), fold(each.id.action)) for each in result.actions]
        assert len(set(names)) == len(names)
        return
    assert result.problems
    assert list(result.problems) == sorted(set(result.problems))
    for problem in result.problems:
        assert problem.text.startswith("cannot ")
        assert str(problem).isprintable()
        assert problem.line >= 1
        assert problem.column >= 1


@given(yamls)
@settings(max_examples=200, deadline=None)
def test_every_complaint_stands_inside_the_file(text: str) -> None:
    result = outcome(b"", text.encode(errors="replace"))
    if isinstance(result, ConfigError):
        lines = re.split("\r\n|[\n\r\x85\u2028\u2029]", text)
        for problem in result.problems:
            assert problem.line <= len(lines)
            assert problem.column <= len(lines[problem.line - 1]) + 1


@given(st.recursive(st.text(), lambda inner: st.dictionaries(st.text(), inner), max_leaves=30))
def test_every_text_is_read_as_it_is_written(tree: object) -> None:
    text = yaml.safe_dump({"root": tree}, allow_unicode=True, default_style='"')
    document = read(text.encode(), "f")
    if document.root is None:
        assert "half a character" in document.problems[0].text
    else:
        assert plain(document.root) == {"root": tree}


@given(
    st.permutations(["Start", "Stop", "Restart"]),
    st.permutations(range(2)),
    st.permutations(range(2)),
)
def test_the_order_of_definition_does_not_matter(
    names: list[str], turned: list[int], files: list[int]
) -> None:
    actions = "".join(f"      - {{name: {name}, command: /bin/x {name}}}\n" for name in names)
    group = f"action-group:\n    name: web\n    actions:\n{actions}"
    parts = ["object: Apache\n", group]
    one = "".join(parts[at] for at in turned)
    two = (
        "object: Apache\naction-group:\n"
        "    name: other\n    directory: {group: web}\n    actions: [{name: Look, command: /bin/y}]\n"
    )
    texts = [one.encode(), two.encode()]
    result = outcome(b"", *(texts[at] for at in files))
    assert isinstance(result, Menu)
    first = outcome(b"", two.encode(), one.encode())
    assert isinstance(first, Menu)
    assert sorted(result.actions, key=str) == sorted(first.actions, key=str)


def refused(name: str) -> str:
    try:
        fits(file_name(name), "Running")
    except ValueError as error:
        return str(error)
    return ""


@given(st.text(max_size=300) | st.text(st.sampled_from("aß.[ %'ö"), min_size=1, max_size=130))
def test_a_name_is_refused_or_fit_for_windows(name: str) -> None:
    complaint = refused(name)
    assert not complaint or complaint.startswith("cannot ")
    assume(not complaint)
    kept = file_name(name)
    assert fold(kept) == fold(name)
    assert file_name(kept) == kept
    assert not set(kept) & set('/\\:*?"<>|\0\n')
    assert kept.strip() == kept
    assert not kept.startswith(".")
    assert not kept.endswith(".")
    assert len(f"{kept} [Running].txt".encode()) <= NAME_BYTES


@given(st.text(max_size=40))
def test_all_cases_of_a_name_are_one(name: str) -> None:
    assert fold(fold(name)) == fold(name)
    assert fold(normalize("NFD", name)) == fold(normalize("NFC", name)) == fold(name)
    if name.isascii():
        assert fold(name.upper()) == fold(name.lower()) == fold(name)
