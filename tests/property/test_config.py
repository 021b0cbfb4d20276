"""Whatever stands in the files, there is a Menu or a ConfigError that can be read."""

import re
import tempfile
from pathlib import Path
from unicodedata import normalize

import yaml
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from fui.config.json_schema import FILES, json_schema
from fui.config.load import Configuration, load
from fui.config.names import NAME_BYTES, file_name, fits, fold
from fui.config.sudo_rule import rule_for
from fui.config.tree import plain
from fui.config.yaml_text import read
from fui.model.errors import ConfigError
from fui.model.menu import Menu
from fui.model.naming import WORDS, Naming
from fui.model.states import FlagState
from tests.unit.config.etc import APACHE, AnyHost, Etc, drop_in, main_file

KEYS = (
    *("object", "action-group", "action-groups", "directory", "path", "user", "group", "mode"),
    *(
        "file",
        "command",
        "timeout",
        "tasks-max",
        "memory-max",
        "allow",
        "deny",
        "groups",
        "users",
        "actions",
        "action",
        "name",
    ),
    *("description", "share", "states", "ready", "grace", "facility", "samba-units"),
    *("limit", "cooldown", "limit-per", "only", "timezone", "when-busy", "queue-limit"),
    *("show-blocked", "also-in", "execute-folder", "settle", "mass-limit", "language"),
    *("brackets", "place", "extension", "configuration-error"),
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
    *("3 per 10min", "8:00-18:00", "Mon-Fri 8:00-9:00; 22:00-6:00", "UTC", "user", "queue", "hide"),
    *("64", "512M", "infinity"),
    *("3", "web", "db", "de", "[]", "()", "before", ".log", "Start [Done]", "true"),
]

texts = st.one_of(st.sampled_from(VALUES), st.text(max_size=8))
keys = st.one_of(st.sampled_from(KEYS), st.text(max_size=3))
data = st.recursive(
    st.one_of(texts, st.none(), st.integers()),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(keys, inner, max_size=5)),
    max_leaves=20,
)
rules = dict.fromkeys(
    [
        "limit",
        "cooldown",
        "limit-per",
        "only",
        "timezone",
        "when-busy",
        "queue-limit",
        "show-blocked",
    ],
    texts,
) | {"also-in": texts | st.lists(texts, max_size=2)}
actions = st.lists(
    st.fixed_dictionaries(
        {"name": texts, "command": st.one_of(texts, st.lists(texts, max_size=3))},
        optional={
            "allow": data,
            "deny": data,
            "timeout": texts,
            "tasks-max": texts,
            "memory-max": texts,
            "user": texts,
            "colour": texts,
        }
        | rules,
    ),
    max_size=3,
)
drop_ins = st.fixed_dictionaries(
    {
        "object": texts,
        "action-group": st.fixed_dictionaries(
            {"actions": actions},
            optional=dict.fromkeys(["directory", "file", "command", "allow", "deny", "name"], data)
            | rules,
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
            for state in FlagState:
                if state is FlagState.ERROR:
                    continue
                name = result.settings.naming.compose(action.id.action, state)
                assert len(name.encode()) <= NAME_BYTES
                assert result.settings.naming.parse(name) == (action.id.action, state)
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


@given(drop_ins | data, st.sampled_from(["drop-in", "fui.yaml"]))
@example({"object": "1", "action-group": {"name": "4.2", "actions": {}}}, "drop-in")
@settings(max_examples=300, deadline=None)
def test_an_editor_refuses_nothing_that_is_right(tree: object, which: str) -> None:
    text = yaml.safe_dump(tree, allow_unicode=True)
    checked = (drop_in if which == "drop-in" else main_file)(text) if loads(text) else None
    if checked is not None and checked.whole and checked.root is not None:
        assert [*VALIDATORS[which].iter_errors(yaml.safe_load(text) or {})] == []


def loads(text: str) -> bool:
    return read(text.encode(errors="replace"), "f").root is not None


VALIDATORS = {which: Draft202012Validator(json_schema(which)) for which in FILES}

FILE = st.sampled_from(
    [
        APACHE,
        APACHE.replace("Start", "Stop"),
        APACHE.replace("Apache", "Tomcat"),
        APACHE.replace("wwwadmins", "others"),
        APACHE.replace("{group", "{path: /srv/controls/Tomcat, group"),
        APACHE + "    name: web\n    also-in: db\n",
        APACHE.replace("Apache", "Tomcat") + "    name: db\n",
        APACHE.replace("Apache", "Tomcat") + "    name: db\n    also-in: web\n",
        APACHE + "    nmae: x\n",
        "object: Apache\n[",
        "",
    ]
)
MAIN_FILE = st.sampled_from(
    ["", "execute-folder: Run\n", "execute-folder: Tomcat\n", "grace: 0\n", "share: /x\n", "["]
)
ROUND = st.tuples(MAIN_FILE, st.dictionaries(st.sampled_from("abc"), FILE, max_size=3))


@given(st.lists(ROUND, min_size=1, max_size=4))
@settings(max_examples=300, deadline=None)
def test_once_there_is_a_menu_there_always_is(rounds: list[tuple[str, dict[str, str]]]) -> None:
    with tempfile.TemporaryDirectory() as root:
        etc = Etc(Path(root))
        configuration = Configuration(etc.main, etc.drop_ins, AnyHost)
        menu: Menu | None = None
        for main, files in rounds:
            etc.main.write_text(main)
            for old in etc.drop_ins.iterdir():
                old.unlink()
            etc.write(**files)
            try:
                menu = configuration.read()
            except ConfigError:
                assert menu is None
                continue
            if etc.faults():
                assert menu.problems
            elif not any("share" in text for text, _ in rounds):
                assert menu == etc.load()
            assert list(menu.problems) == sorted(set(menu.problems))
            assert all(set(fault.problems) <= set(menu.problems) for fault in menu.faults)
            names = [(fold(each.id.object), fold(each.id.action)) for each in menu.actions]
            assert len(set(names)) == len(names)
            paths = [f"{folder.path}/" for folder in menu.folders]
            assert not any(a != b and a.startswith(b) for a in paths for b in paths)


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


SHORT = dict.fromkeys(WORDS["en"], "x") | {FlagState.DONE: "Finished well"}


def refused(name: str) -> str:
    try:
        fits(file_name(name), Naming(SHORT))
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
    assert len(f"{kept} [Finished well].txt".encode()) <= NAME_BYTES


@given(st.text(max_size=40))
def test_all_cases_of_a_name_are_one(name: str) -> None:
    assert fold(fold(name)) == fold(name)
    assert fold(normalize("NFD", name)) == fold(normalize("NFC", name)) == fold(name)
    if name.isascii():
        assert fold(name.upper()) == fold(name.lower()) == fold(name)
