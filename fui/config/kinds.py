"""The kinds of single values in the files: how each is read, and what an editor is told about it.

Rules: every value is read by a function of `values`, `names`, `hours` or `sudo_rule` from the text
in the file; what concerns the machine is asked of a `World`, so that one pass finds every fault in
a file. The JSON Schema beside it accepts whatever is read, as an editor sees it, to whom `30` is a
number; it may accept more. Pure; knows nothing of keys.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, Protocol, cast

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    GetJsonSchemaHandler,
    PlainValidator,
    ValidationInfo,
    WithJsonSchema,
)
from pydantic_core import CoreSchema

from fui.config import hours, names, sudo_rule, values
from fui.model.naming import WORDS


class World(Protocol):
    """What the machine says. Each answer is a complaint, or empty when all is well."""

    def user(self, name: str) -> str:
        """Whether there is such a user."""

    def group(self, name: str) -> str:
        """Whether there is such a group."""

    def program(self, path: str) -> str:
        """Whether it can be executed, and not everybody can change it."""

    def directory(self, path: str) -> str:
        """Whether it is there, and spelled without symbolic links."""

    def timezone(self, name: str) -> str:
        """Whether there is such a zone."""


@dataclass(frozen=True, slots=True, eq=False)
class Also:
    """Another form of a value for editors, beside the one that pydantic sees in its type."""

    form: dict[str, Any]

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """Say so in pydantic's way."""
        return {"anyOf": [self.form, handler(schema)]}


def listed(raw: object) -> object:
    """Take one text for a list of one."""
    return [raw] if isinstance(raw, str) else raw


def _text(read: Callable[[str], str]) -> PlainValidator:
    return PlainValidator(lambda raw: read(values.text(raw)))


def _word(raw: object) -> str:
    return names.state_word(values.text(raw, 'write a word, or "" for none'))


def _asked(read: Callable[[object], str], question: Callable[[World, str], str]) -> PlainValidator:
    """Read a value, then ask the World about it."""

    def check(raw: object, info: ValidationInfo) -> str:
        return _fine(value := read(raw), question(_world(info), value))

    return PlainValidator(check)


def _world(info: ValidationInfo) -> World:
    return cast("dict[str, World]", info.context)["world"]


def _fine(value: str, complaint: str) -> str:
    if complaint:
        raise ValueError(complaint)
    return value


def _split(raw: object) -> list[object]:
    if isinstance(raw, str):
        raw = values.words(values.text(raw.rstrip("\n")))  # as `>` and `|` leave it
    if not isinstance(raw, list):
        values.refuse(raw, "write a command, or a list of its words")
    if not raw:
        raise ValueError("cannot run an empty command; write the absolute path of a program")
    return raw


def _runnable(argv: list[str], info: ValidationInfo) -> list[str]:
    _fine(sudo_rule.program(argv[0]), _world(info).program(argv[0]))
    return argv


def _any_case(word: str) -> str:
    """A regular expression for a word in any case; editors know no flags."""
    return "".join(f"[{c}{c.upper()}]" if c.isalpha() else re.escape(c) for c in word)


_TEXT: dict[str, Any] = {"type": ["string", "number", "boolean"]}
_PLAIN: dict[str, Any] = {"type": ["string", "number"]}
_DEVICE = "|".join(
    [
        *map(_any_case, ("con", "prn", "aux", "nul", "conin$", "conout$")),
        f"(?:{_any_case('com')}|{_any_case('lpt')})[0-9¹²³]",
    ]
)
_IN_NAME = r'/\\:*?"<>|'  # names.FORBIDDEN, as it stands in brackets
NAME: dict[str, Any] = _TEXT | {
    "pattern": rf"^(?!(?:{_DEVICE})\s*(?:\.|$))(?![.\s])[^{_IN_NAME}]*[^{_IN_NAME}.\s]$",
    "maxLength": names.NAME_BYTES,
}
"""A name as an editor can check it."""
_NUMBER = {"anyOf": [{"type": "integer"}, {"type": "string", "pattern": "^[0-9]+$"}]}
_GROUP_NAME = {"allOf": [NAME, {"not": _NUMBER}]}


def _time(low: float, high: float, *examples: str) -> WithJsonSchema:
    pattern = r"^[0-9]{1,9}(?:\.[0-9]{1,3})? ?(?:ms|s|min|h|d)?$"
    bounds: dict[str, Any] = {"minimum": low, "maximum": high, "examples": list(examples)}
    return WithJsonSchema(_PLAIN | {"pattern": pattern} | bounds)


def _whole(low: int, high: int) -> WithJsonSchema:
    digits = {"pattern": "^[0-9]+$", "minimum": low, "maximum": high}
    return WithJsonSchema({"type": ["string", "integer"]} | digits)


def _most(pattern: str, low: int, high: int, example: str) -> WithJsonSchema:
    form = {"pattern": f"^(?:{pattern}|{values.NO_LIMIT})$", "minimum": low, "maximum": high}
    return WithJsonSchema(
        {"type": ["string", "integer"], "examples": [example, values.NO_LIMIT]} | form
    )


def _mode(example: str) -> WithJsonSchema:
    digits = {"pattern": "^(?:0o?)?[0-7]{3,4}$", "minimum": 0, "examples": [example]}
    return WithJsonSchema({"type": ["string", "integer"]} | digits)


def _as(form: dict[str, Any], *examples: Any, **more: Any) -> WithJsonSchema:  # noqa: ANN401 - JSON
    return WithJsonSchema(form | more | ({"examples": list(examples)} if examples else {}))


_DIRECTORY_BITS = 0o7775
_FILE_BITS = 0o0775
_ACCOUNT = _TEXT | {"pattern": "^[^#-]"}
_DIRECTORY = {"type": "string", "pattern": r"^/[^|]*[^|/][^|]*$"}
_FACILITY = {"type": "string", "pattern": f"^(?:{'|'.join(map(_any_case, values.FACILITIES))})$"}
_PARTS = rf"^\s*{hours.PART}\s*(?:;\s*{hours.PART}\s*)*$"

User = Annotated[str, _asked(values.account, lambda world, name: world.user(name)), _as(_ACCOUNT)]
Group = Annotated[str, _asked(values.account, lambda world, name: world.group(name)), _as(_ACCOUNT)]
Directory = Annotated[
    str, _asked(values.path, lambda world, path: world.directory(path)), _as(_DIRECTORY)
]
Zone = Annotated[
    str,
    _asked(values.text, lambda world, name: world.timezone(name)),
    _as({"type": "string"}, "Europe/Berlin", "UTC"),
]
Name = Annotated[str, _text(names.file_name), _as(NAME, "Restart")]
ObjectName = Annotated[str, _text(names.object_name), _as(NAME, "Apache")]
ShareName = Annotated[
    str,
    _text(names.share_name),
    _as({"type": "string", "maxLength": 80, "pattern": r"^[^\[\]%+=;,]+$"}, "Controls"),
]
GroupName = Annotated[str, _text(names.group_name), _as(_GROUP_NAME)]
GroupNames = Annotated[list[GroupName], BeforeValidator(listed), Also(_GROUP_NAME)]
Word = Annotated[str, PlainValidator(_word), _as(_TEXT)]
Language = Annotated[str, PlainValidator(values.choice(*WORDS)), _as({"enum": list(WORDS)})]
Brackets = Annotated[
    str, _text(names.brackets), _as({"type": "string"}, "[]", "()", minLength=2, maxLength=2)
]
Side = Annotated[
    str, PlainValidator(values.choice("after", "before")), _as({"enum": ["after", "before"]})
]
Extension = Annotated[
    str, _text(names.extension), _as({"type": "string"}, ".txt", pattern=r"^\.[A-Za-z0-9]{1,10}$")
]
DirectoryMode = Annotated[int, PlainValidator(values.mode(_DIRECTORY_BITS, "2770")), _mode("2770")]
FileMode = Annotated[int, PlainValidator(values.mode(_FILE_BITS, "0640")), _mode("0640")]
Argument = Annotated[str, _text(sudo_rule.argument), _as(_TEXT)]
Argv = Annotated[
    list[Argument],
    BeforeValidator(_split),
    AfterValidator(_runnable),
    _as(
        {
            "anyOf": [
                {"type": "string", "pattern": r"^\s*['\"\\]*/"},
                {"type": "array", "items": _TEXT, "minItems": 1},
            ]
        },
        "/usr/bin/systemctl restart apache2",
    ),
]
Timeout = Annotated[
    float,
    PlainValidator(values.seconds(0.001, values.LONGEST)),
    _time(0.001, values.LONGEST, "10min"),
]
TasksMax = Annotated[
    values.AtMost,
    PlainValidator(values.tasks),
    _most(r"[0-9]{1,9}", values.FEWEST_TASKS, values.MOST_TASKS, "256"),
]
MemoryMax = Annotated[
    values.AtMost,
    PlainValidator(values.memory),
    _most(r"[0-9]{1,16}[KMGT]?", values.LEAST_MEMORY, values.MOST_MEMORY, "512M"),
]
Wait = Annotated[float, PlainValidator(values.seconds(0.001, 3600.0)), _time(0.001, 3600.0, "10s")]
Show = Annotated[
    float, PlainValidator(values.seconds(0.001, values.DAY)), _time(0.001, values.DAY, "30s")
]
Period = Annotated[
    float, PlainValidator(values.seconds(1.0, values.DAY)), _time(1.0, values.DAY, "5min")
]
Cooldown = Annotated[
    float, PlainValidator(values.seconds(1.0, values.LONGEST)), _time(1.0, values.LONGEST, "1min")
]
Settle = Annotated[float, PlainValidator(values.seconds(0.0, 10.0)), _time(0.0, 10.0, "100ms", "0")]
Switch = Annotated[
    bool,
    PlainValidator(lambda raw: values.choice("true", "false")(raw) == "true"),
    _as({"enum": [True, False, "true", "false"]}),
]
MassLimit = Annotated[int, PlainValidator(values.whole(2, 1000)), _whole(2, 1000)]
QueueLimit = Annotated[int, PlainValidator(values.whole(1, 999)), _whole(1, 999)]
Rate = Annotated[
    values.Rate,
    PlainValidator(values.rate),
    _as(
        {"type": "string"},
        "3 per 10min",
        pattern=r"^[0-9]{1,9} +per +[0-9.]+ ?(?:ms|s|min|h|d)?\s*$",
    ),
]
Part = Annotated[
    hours.Part,
    PlainValidator(hours.read),
    _as({"type": "string"}, "Mon-Fri 08:00-18:00", "22:00-06:00", pattern=_PARTS),
]
Only = Annotated[
    list[Part],
    Field(min_length=1),
    BeforeValidator(listed),
    Also({"type": "string", "pattern": _PARTS, "examples": ["Mon-Fri 08:00-18:00"]}),
]
LimitPer = Annotated[
    str, PlainValidator(values.choice("action", "user")), _as({"enum": ["action", "user"]})
]
WhenBusy = Annotated[
    str, PlainValidator(values.choice("refuse", "queue")), _as({"enum": ["refuse", "queue"]})
]
ShowBlocked = Annotated[
    str, PlainValidator(values.choice("rename", "hide")), _as({"enum": ["rename", "hide"]})
]
Description = Annotated[str, PlainValidator(values.description), _as(_TEXT)]
Unit = Annotated[
    str,
    PlainValidator(values.service),
    _as({"type": "string"}, "smbd.service", pattern=r"^[A-Za-z0-9:_.@\\-]+\.service$"),
]
Textfile = Annotated[
    str,
    PlainValidator(values.textfile),
    _as(
        {"type": "string"},
        "/var/lib/prometheus/node-exporter/fui.prom",
        pattern=r"^(?:/.*\.prom)?$",
    ),
]
Address = Annotated[
    str,
    PlainValidator(values.address),
    _as({"type": "string"}, "127.0.0.1", pattern="^[0-9a-fA-F:.]+$"),
]
Port = Annotated[int, PlainValidator(values.whole(1, 65535)), _whole(1, 65535)]
Facility = Annotated[int, PlainValidator(values.facility), _as(_FACILITY, "local5")]
