from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from pydantic import BaseModel

from fui.config.json_schema import FILES, json_schema
from tests.unit.config.etc import APACHE, drop_in, main_file
from tests.unit.config.test_load import SEED

EXAMPLES = Path(__file__).parents[3] / "integration" / "etc"

ACTION = "{name: Start, command: /bin/x}"
RICH = """\
object: 42
action-groups:
  - name: web
    directory: {path: /srv/x, user: root, group: 7, mode: 0770}
    file: {mode: 640}
    command: {user: root, group: root, timeout: 90, tasks-max: 64, memory-max: 1073741824}
    allow: {groups: [wwwadmins], users: ["o'neil", 1000]}
    deny: {users: []}
    confirm: 1.5s
    cancel: true
    limit: 3 per 10 min
    cooldown: 1min
    limit-per: user
    only: "Mon - Fri , sun 8:00-18:00; 22:00 - 6:00"
    timezone: Europe/Berlin
    when-busy: queue
    queue-limit: 3
    show-blocked: rename
    also-in: [database, backup]
    actions:
      - {name: "Start [fast]", command: [/bin/x, 1, -v, true], also-in: database, cancel: {users: [x]}, tasks-max: infinity, memory-max: 2G}
      - action: {name: Console, command: "'/bin/x' z", only: [Sat 9:00-12:00], cancel: false}
"""
RICH_MAIN = """\
share: /srv/menu
execute-folder: {name: Execute, group: g, mode: 2770}
attribution-timeout: 500ms
settle: 0
mass-limit: 5
timezone: UTC
show-blocked: hide
states: {language: de, ready: "", done: 0k, brackets: "()", place: before, extension: .log,
         configuration-error: Kaputt}
samba-units: [smbd.service]
metrics: {textfile: /run/x.prom, address: "::1", port: 9847}
facility: LOCAL3
"""


def errors(which: str, text: str) -> list[str]:
    schema = json_schema(which)
    jsonschema.Draft202012Validator.check_schema(schema)
    found = jsonschema.Draft202012Validator(schema).iter_errors(yaml.safe_load(text))
    return [error.message for error in found]


@pytest.mark.parametrize("path", sorted(EXAMPLES.rglob("*.yaml")), ids=lambda path: path.name)
def test_the_examples(path: Path) -> None:
    assert errors("fui.yaml" if path.name == "fui.yaml" else "drop-in", path.read_text()) == []


@pytest.mark.parametrize(
    "text", [SEED, APACHE, RICH, f"object: A\naction-group: [{{actions: [{ACTION}]}}]\n"]
)
def test_what_a_drop_in_may_be(text: str) -> None:
    assert drop_in(text).problems == ()
    assert errors("drop-in", text) == []


@pytest.mark.parametrize(
    "text", ["{}", RICH_MAIN, "execute-folder: Execute\n", 'metrics: {textfile: ""}\n']
)
def test_what_fui_yaml_may_be(text: str) -> None:
    assert main_file(text).problems == ()
    assert errors("fui.yaml", text) == []


@pytest.mark.parametrize(
    "line",
    [
        "nmae: x",
        "name: CON",
        "name: nul.txt",
        "name: COM1",
        "name: 'a:b'",
        "name: a.",
        "name: ' a'",
        "name: '42'",
        "directory: x",
        "directory: {path: srv}",
        "directory: {path: /}",
        "directory: {mode: rwx}",
        "file: {mode: '9'}",
        "allow: [x]",
        "allow: {users: x}",
        "allow: {users: [-u]}",
        "deny:",
        "confirm: soon",
        "confirm: -1",
        "confirm: 100000",
        "cancel: perhaps",
        "cancel: {user: [x]}",
        "limit: 3",
        "limit: [3]",
        "limit: 3 in 1h",
        "cooldown: 0.5",
        "limit-per: group",
        "only: noon",
        "only: []",
        "only: [1]",
        "timezone: [x]",
        "when-busy: wait",
        "queue-limit: 0",
        "queue-limit: 1000",
        "queue-limit: 2.5",
        "show-blocked: true",
        "also-in: {}",
        "also-in: [a/b]",
        "actions: []",
        "actions: x",
        "actions: [{name: x}]",
        "actions: [{command: /x}]",
        "actions: [{name: x, command: x}]",
        "actions: [{name: x, command: []}]",
        "actions: [{name: x, command: /x, colour: red}]",
        "actions: [{action: {name: x}}]",
        f"actions: [{{action: {ACTION}, name: x}}]",
    ],
)
def test_drop_ins_that_are_wrong(line: str) -> None:
    actions = "" if line.startswith("actions:") else f"  actions: [{ACTION}]\n"
    text = f"object: A\naction-group:\n  {line}\n{actions}"
    assert drop_in(text).problems
    assert errors("drop-in", text)


@pytest.mark.parametrize(
    "text",
    ["{}", "object: A", "action-group: {}", "object: A\naction-groups: []", "object: A\naction-group:",
     f"object: a|b\naction-group: {{actions: [{ACTION}]}}", f"object: A\naction-group: {{actions: [{ACTION}]}}\nx: y"],
)  # fmt: skip
def test_files_that_lack_something(text: str) -> None:
    assert drop_in(text).problems
    assert errors("drop-in", text)


@pytest.mark.parametrize(
    "line",
    [
        "shares: /x",
        "share: srv",
        "execute-folder: a/b",
        "execute-folder: {group: g}",
        "settle: 11",
        "settle: -1",
        "mass-limit: 1",
        "mass-limit: many",
        "reconcile-every: 0.5",
        "states: {language: es}",
        "states: {place: above}",
        "states: {brackets: '[]]'}",
        "states: {extension: txt}",
        "states: {redy: x}",
        "samba-units: []",
        "samba-units: [smbd]",
        "metrics: 9847",
        "metrics: {textfile: x.prom}",
        "metrics: {textfile: /x.txt}",
        "metrics: {address: localhost}",
        "metrics: {port: 0}",
        "metrics: {port: 65536}",
        "metrics: {path: /x}",
        "facility: local8",
    ],
)
def test_settings_that_are_wrong(line: str) -> None:
    assert main_file(line).problems
    assert errors("fui.yaml", line)


def described(schema: Any) -> list[str]:  # noqa: ANN401 - JSON
    """Return the keys that have no description."""
    if isinstance(schema, list):
        return [key for each in schema for key in described(each)]
    if not isinstance(schema, dict):
        return []
    bare = [
        key
        for key, value in schema.get("properties", {}).items()
        if "description" not in value and key != "action"
    ]
    return bare + [key for value in schema.values() for key in described(value)]


@pytest.mark.parametrize(("which", "model"), FILES.items())
def test_every_key_is_described_and_none_is_null(which: str, model: type[BaseModel]) -> None:
    schema = json_schema(which)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert described(schema) == []
    assert "'null'" not in str(schema)
    assert schema["description"].startswith(str(model.__doc__)[:10])
