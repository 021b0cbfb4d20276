"""What may stand in fui.yaml and in a drop-in: keys, types, defaults.

Rules: pure; an unknown key is an error; every value is read by a function of `values` or `names`
from the text in the file, and what concerns the machine is asked of a `World`, so that one pass
finds every fault in a file. Python's names are the file's keys with `_` for `-`. Knows nothing of
places in files and nothing beyond one file.
"""

from collections.abc import Callable
from typing import Annotated, Protocol, cast, get_args

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainValidator,
    ValidationInfo,
    WrapValidator,
    model_validator,
)

from fui.config import names, sudo_rule, values
from fui.config.tree import KeyPath
from fui.model.menu import DEFAULT_WORDS
from fui.model.states import FlagState


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


def _text(read: Callable[[str], str]) -> PlainValidator:
    return PlainValidator(lambda raw: read(values.text(raw)))


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


_DIRECTORY_BITS = 0o7775
_FILE_BITS = 0o0775

User = Annotated[str, _asked(values.account, lambda world, name: world.user(name))]
Group = Annotated[str, _asked(values.account, lambda world, name: world.group(name))]
Directory = Annotated[str, _asked(values.path, lambda world, path: world.directory(path))]
Name = Annotated[str, _text(names.file_name)]
Word = Annotated[str, _text(names.state_word)]
DirectoryMode = Annotated[int, PlainValidator(values.mode(_DIRECTORY_BITS, "2770"))]
FileMode = Annotated[int, PlainValidator(values.mode(_FILE_BITS, "0640"))]
Argument = Annotated[str, _text(sudo_rule.argument)]
Argv = Annotated[list[Argument], BeforeValidator(_split), AfterValidator(_runnable)]
Timeout = Annotated[float, PlainValidator(values.seconds(0.001, values.LONGEST))]
Wait = Annotated[float, PlainValidator(values.seconds(0.001, 3600.0))]
Show = Annotated[float, PlainValidator(values.seconds(0.001, values.DAY))]
Period = Annotated[float, PlainValidator(values.seconds(1.0, values.DAY))]


class _Model(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        alias_generator=lambda name: name.replace("_", "-"),
    )


class Who(_Model):
    """People, named in `allow` and `deny`."""

    groups: list[Group] = []
    users: list[User] = []


SAME, NOBODY = Who(), Who()
"""What `cancel: true` means, whoever may press it, and `cancel: false`; told apart by identity."""


def _true_or_who(raw: object, read: Callable[[object], Who]) -> Who:
    """Read `true`, `false`, or people."""
    if raw in ("true", "false"):
        return SAME if raw == "true" else NOBODY
    if isinstance(raw, str):
        values.refuse(raw, 'write true, false, or people as in "allow"')
    return read(raw)


Cancel = Annotated[Who, WrapValidator(_true_or_who)]


class DirectoryPart(_Model):
    """Where an object's folder is made, and what it looks like."""

    path: Directory | None = None
    user: User | None = None
    group: Group | None = None
    mode: DirectoryMode | None = None


class FilePart(_Model):
    """What the flags look like."""

    user: User | None = None
    group: Group | None = None
    mode: FileMode | None = None


class CommandPart(_Model):
    """What actions have in common that do not say otherwise."""

    user: User | None = None
    group: Group | None = None
    timeout: Timeout | None = None


class ActionPart(_Model):
    """One action."""

    name: Name
    command: Argv
    user: User | None = None
    group: Group | None = None
    timeout: Timeout | None = None
    allow: Who | None = None
    deny: Who | None = None
    confirm: Show | None = None
    cancel: Cancel | None = None
    description: Annotated[str, PlainValidator(values.description)] = ""


class GroupPart(_Model):
    """One action group: the actions of which one runs at a time."""

    name: Annotated[str, _text(names.group_name)] | None = None
    directory: DirectoryPart = DirectoryPart()
    file: FilePart = FilePart()
    command: CommandPart = CommandPart()
    allow: Who | None = None
    deny: Who | None = None
    confirm: Show | None = None
    cancel: Cancel | None = None
    actions: Annotated[list[ActionPart], Field(min_length=1)]


class DropIn(_Model):
    """One file of conf.d."""

    object: Annotated[str, _text(names.object_name)]
    action_groups: Annotated[list[GroupPart], Field(min_length=1)]


class States(_Model):
    """The words for the states in the names of flags."""

    ready: Word = DEFAULT_WORDS[FlagState.READY]
    running: Word = DEFAULT_WORDS[FlagState.RUNNING]
    blocked: Word = DEFAULT_WORDS[FlagState.BLOCKED]
    done: Word = DEFAULT_WORDS[FlagState.DONE]
    failed: Word = DEFAULT_WORDS[FlagState.FAILED]
    denied: Word = DEFAULT_WORDS[FlagState.DENIED]
    confirm: Word = DEFAULT_WORDS[FlagState.CONFIRM]
    cancelled: Word = DEFAULT_WORDS[FlagState.CANCELLED]

    @model_validator(mode="after")
    def _differ(self) -> "States":
        seen: dict[str, str] = {}
        for state, word in self.words().items():
            other = seen.setdefault(names.fold(word), state.value)
            if other != state.value:
                raise ValueError(
                    f'cannot use the word {names.shown(word)} for "{other}" and for "{state.value}"; '
                    "choose words that differ"
                )
        return self

    def words(self) -> dict[FlagState, str]:
        """The word of each state."""
        return {state: getattr(self, state.value) for state in FlagState}


class MainFile(_Model):
    """fui.yaml."""

    share: Directory = "/srv/controls"
    attribution_timeout: Wait = 2.0
    late_record_window: Wait = 60.0
    lookup_timeout: Wait = 2.0
    result_shown_for: Show = 60.0
    grace: Wait = 10.0
    reconcile_every: Period = 300.0
    states: States = States()
    samba_units: Annotated[
        list[Annotated[str, PlainValidator(values.service)]], Field(min_length=1)
    ] = ["smbd.service", "smb.service", "samba-ad-dc.service"]
    facility: Annotated[int, PlainValidator(values.facility)] = 21


def keys_at(model: type[BaseModel], path: KeyPath) -> list[str]:
    """Return the keys that may stand at a path of keys and indices."""
    for step in path:
        if isinstance(step, str):
            model = _model_in(_fields(model)[step]) or model
    return list(_fields(model))


def _fields(model: type[BaseModel]) -> dict[str, object]:
    return {field.alias or name: field.annotation for name, field in model.model_fields.items()}


def _model_in(annotation: object) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next(filter(None, map(_model_in, get_args(annotation))), None)
