"""What may stand in fui.yaml and in a drop-in: keys, types, defaults, and what each is for.

Rules: pure; an unknown key is an error; how a value is read is for `kinds` to say. Python's names
are the file's keys with `_` for `-`. What a key means where it is not written stands here for
fui.yaml, and in `resolve` for drop-ins, whose defaults come from several places. Knows nothing of
places in files and nothing beyond one file.
"""

from typing import Annotated, Any, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WrapValidator

from fui.config import kinds, values
from fui.config.tree import KeyPath
from fui.model.states import FlagState


def written(name: str) -> str:
    """Return a key as the file has it."""
    return name.replace("_", "-")


def _key(text: str, default: Any = None) -> Any:  # noqa: ANN401 - as pydantic's Field
    return Field(default, description=text)


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, alias_generator=written)


class Who(_Model):
    """People: users, and members of Unix or directory groups."""

    groups: list[kinds.Group] = _key("Unix or directory groups", [])
    users: list[kinds.User] = _key("users", [])


SAME, NOBODY = Who(), Who()
"""What `cancel: true` means, whoever may press it, and `cancel: false`; told apart by identity."""


def _true_or_who(raw: object, read: Any) -> Who:  # noqa: ANN401 - pydantic's handler
    """Read `true`, `false`, or people."""
    if raw in ("true", "false"):
        return SAME if raw == "true" else NOBODY
    if isinstance(raw, str):
        values.refuse(raw, 'write true, false, or people as in "allow"')
    people: Who = read(raw)
    return people


Cancel = Annotated[
    Who, WrapValidator(_true_or_who), kinds.Also({"enum": [True, False, "true", "false"]})
]


class DirectoryPart(_Model):
    """Where an object's folder is made, and what it looks like."""

    path: kinds.Directory | None = _key("the directory in which it is made; by default the share")
    user: kinds.User | None = _key("its owner, if FUI may change owners; by default FUI's user")
    group: kinds.Group | None = _key(
        "its group: who may see it, and press where nothing else is said; by default FUI's"
    )
    mode: kinds.DirectoryMode | None = _key("its permission bits, octal; by default 2770")


class FilePart(_Model):
    """What the flags look like."""

    user: kinds.User | None = _key("their owner, if FUI may change owners; by default FUI's user")
    group: kinds.Group | None = _key("their group; by default that of the directory")
    mode: kinds.FileMode | None = _key(
        "their permission bits, octal; by default 0640, or 0660 without enforce-in-samba"
    )


class CommandPart(_Model):
    """What actions have in common that do not say otherwise."""

    user: kinds.User | None = _key("whom the commands run as; by default root")
    group: kinds.Group | None = _key("the group they run with; by default the user's own")
    timeout: kinds.Timeout | None = _key("after which a job is ended; by default 10min")
    tasks_max: kinds.TasksMax | None = _key(
        "how many processes and threads a job may have at a time, so that one that multiplies does not "
        "take the machine; what is more cannot be started. By default 1024"
    )
    memory_max: kinds.MemoryMax | None = _key(
        "how much memory a job may have; the kernel ends what needs more. By default infinity"
    )


class RulesPart(_Model):
    """Who may press an action, how and when; what an action does not say its group says."""

    allow: Who | None = _key("who may press; by default the group of the directory")
    deny: Who | None = _key("who may not press, whatever allow says")
    confirm: kinds.Show | None = _key("time in which the same user has to press once more")
    cancel: Cancel | None = _key("who may end it by deleting its flag; true: whoever may press it")
    limit: kinds.Rate | None = _key("how often it may run within a time, as 3 per 10min")
    cooldown: kinds.Cooldown | None = _key("time from the end of a run until the next may begin")
    limit_per: kinds.LimitPer | None = _key("for whom limit and cooldown count; by default action")
    only: kinds.Only | None = _key('when it may run, as "Mon-Fri 08:00-18:00; Sat 09:00-12:00"')
    timezone: kinds.Zone | None = _key("whose clock `only` goes by; by default that of fui.yaml")
    when_busy: kinds.WhenBusy | None = _key(
        "what becomes of a press while another action of the group runs; by default refuse"
    )
    queue_limit: kinds.QueueLimit | None = _key("how many presses may wait; by default 10")
    show_blocked: kinds.ShowBlocked | None = _key(
        "whether a flag that is blocked is renamed or gone meanwhile; by default as fui.yaml says"
    )
    also_in: kinds.GroupNames | None = _key(
        "further action groups, of any object: it runs only when all of them are free"
    )


class ActionPart(RulesPart):
    """One action: a flag in the object's folder, and what a press of it runs."""

    name: kinds.Name = _key("its name, as users see it", ...)
    command: kinds.Argv = _key("an absolute path and its arguments; no shell sees it", ...)
    user: kinds.User | None = _key("whom it runs as; by default as the group's command says")
    group: kinds.Group | None = _key("the group it runs with; by default as that says")
    timeout: kinds.Timeout | None = _key("after which it is ended; by default as that says")
    tasks_max: kinds.TasksMax | None = _key(
        "how many processes and threads it may have at a time; by default as that says"
    )
    memory_max: kinds.MemoryMax | None = _key(
        "how much memory it may have; by default as that says"
    )
    description: kinds.Description = _key("what it does, for those who look into the flag", "")


class GroupPart(RulesPart):
    """One action group: the actions of which one runs at a time, and what they have in common."""

    name: kinds.GroupName | None = _key("its name, for also-in and for other files of the object")
    directory: DirectoryPart = _key("the object's folder", DirectoryPart())
    file: FilePart = _key("its flags", FilePart())
    command: CommandPart = _key("what its commands have in common", CommandPart())
    actions: Annotated[list[ActionPart], Field(min_length=1)] = _key("its actions", ...)


class DropIn(_Model):
    """One file of conf.d: an object, which is a folder, and its actions, which are its flags."""

    object: kinds.ObjectName = _key("its name, as users see it", ...)
    action_groups: Annotated[list[GroupPart], Field(min_length=1)] = _key("its action groups", ...)


class States(_Model):
    """The names of flags: a word for each state, and where it stands."""

    language: kinds.Language = _key(
        "which words are used where none is written; by default en", "en"
    )
    ready: kinds.Word | None = _key("can be pressed")
    running: kinds.Word | None = _key("its command runs")
    blocked: kinds.Word | None = _key("another action of the group runs")
    done: kinds.Word | None = _key("the last run went well")
    failed: kinds.Word | None = _key("the last run did not go well")
    denied: kinds.Word | None = _key("a press was refused")
    confirm: kinds.Word | None = _key("has to be pressed once more")
    cancelled: kinds.Word | None = _key("the last run was cancelled")
    queued: kinds.Word | None = _key("waits for its turn; its place in the queue follows")
    wait: kinds.Word | None = _key("its limit is reached, or it cools down")
    closed: kinds.Word | None = _key("pressed outside its hours")
    configuration_error: kinds.Word | None = _key("what is wrong with the object stands inside")
    brackets: kinds.Brackets = _key("the two characters around the word; by default []", "[]")
    place: kinds.Side = _key(
        "whether it stands before or after the name; by default after", "after"
    )
    extension: kinds.Extension = _key("what each name ends in; by default .txt", ".txt")

    def own_words(self) -> dict[FlagState, str]:
        """The words that are written there."""
        words = ((state, getattr(self, state.value.replace("-", "_"))) for state in FlagState)
        return {state: word for state, word in words if word is not None}


class ExecutePart(_Model):
    """The folder into which flags can be moved to press them."""

    name: kinds.ObjectName = _key("its name in the share", ...)
    user: kinds.User | None = _key("its owner, if FUI may change owners; by default FUI's user")
    group: kinds.Group | None = _key("its group; by default that of all objects' folders")
    mode: kinds.DirectoryMode = _key("its permission bits, octal; by default 2770", 0o2770)


Execute = Annotated[
    ExecutePart,
    BeforeValidator(lambda raw: {"name": raw} if isinstance(raw, str) else raw),
    kinds.Also(kinds.NAME),
]


class MetricsPart(_Model):
    """Where the metrics for Prometheus can be had."""

    textfile: kinds.Textfile = _key(
        'a file for node_exporter\'s textfile collector, or "" for none; by default '
        "/run/fui/metrics.prom",
        "/run/fui/metrics.prom",
    )
    address: kinds.Address = _key(
        "where HTTP is served, if a port is named; by default 127.0.0.1", "127.0.0.1"
    )
    port: kinds.Port | None = _key("on which port /metrics is served; by default on none")


class MainFile(_Model):
    """fui.yaml: what holds for the whole share."""

    share: kinds.Directory = _key("its root; by default /srv/controls", "/srv/controls")
    execute_folder: Execute | None = _key(
        "a folder in the share: a flag that is moved into it is pressed; by default there is none"
    )
    attribution_timeout: kinds.Wait = _key(
        "how long a press waits for its audit record; by default 2s", 2.0
    )
    late_record_window: kinds.Wait = _key(
        "how long a missing record may still come; by default 60s", 60.0
    )
    lookup_timeout: kinds.Wait = _key(
        "how long the look-up of a user's groups may take; by default 2s", 2.0
    )
    result_shown_for: kinds.Show = _key(
        "how long a flag shows how the last run ended; by default 60s", 60.0
    )
    grace: kinds.Wait = _key("between TERM and the kill of a job; by default 10s", 10.0)
    reconcile_every: kinds.Period = _key(
        "between two looks at the whole share; by default 5min", 300.0
    )
    settle: kinds.Settle = _key(
        "how long a press waits whether the same user presses more; 0: not at all; by default 100ms",
        0.1,
    )
    mass_limit: kinds.MassLimit = _key(
        "how many presses within that time are none; by default 3", 3
    )
    show_blocked: kinds.ShowBlocked = _key(
        "whether flags that are blocked are renamed or gone, where no drop-in says it", "rename"
    )
    timezone: kinds.Zone | None = _key(
        "the zone of times in flags, and of `only`; by default the machine's"
    )
    states: States = _key("the names of flags", States())
    samba_units: Annotated[list[kinds.Unit], Field(min_length=1)] = _key(
        "whose audit records are believed; by default those of smbd",
        ["smbd.service", "smb.service", "samba-ad-dc.service"],
    )
    share_name: kinds.ShareName = _key(
        "what clients call the share in Samba; by default Controls", "Controls"
    )
    enforce_in_samba: kinds.Switch | None = _key(
        "whether Samba itself refuses whoever may not press a flag, by an NT ACL on each; "
        "by default where the share's file system has user attributes"
    )
    metrics: MetricsPart = _key("the metrics for Prometheus", MetricsPart())
    facility: kinds.Facility = _key("the share's full_audit:facility; by default local5", 21)


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
