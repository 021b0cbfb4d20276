"""The configuration as the daemon uses it: resolved, validated, immutable."""

from dataclasses import dataclass, field
from datetime import UTC, tzinfo
from enum import Enum
from typing import NamedTuple

from fui.model.errors import Problem
from fui.model.instant import span
from fui.model.naming import Naming


def size(number: int) -> str:
    """Return how many bytes, as the configuration writes it: `512M`, in the largest unit that fits."""
    for power, unit in ((4, "T"), (3, "G"), (2, "M"), (1, "K")):
        if number >= 1024**power and number % 1024**power == 0:
            return f"{number // 1024**power}{unit}"
    return str(number)


class ActionId(NamedTuple):
    """An action's name within its object, in the spelling of the configuration."""

    object: str
    action: str

    def __str__(self) -> str:
        return f"{self.object}/{self.action}"


class SubjectKind(Enum):
    """What a name in allow or deny stands for."""

    USER = "user"
    GROUP = "group"


@dataclass(frozen=True, slots=True)
class Subject:
    """A user or a Unix or directory group, as `allow` and `deny` name them."""

    kind: SubjectKind
    name: str

    def __str__(self) -> str:
        return f"{self.kind.value} {self.name}"


@dataclass(frozen=True, slots=True)
class Access:
    """Who may press. Deny beats allow; whoever is in neither may not."""

    allow: tuple[Subject, ...]
    deny: tuple[Subject, ...] = ()


NOBODY = Access(())


@dataclass(frozen=True, slots=True)
class Command:
    """What a press runs.

    Attributes:
        argv: An absolute program path and its arguments; never seen by a shell.
        user: Whom sudo runs it as.
        group: The group sudo runs it with.
        timeout: Seconds after which the job is ended.
        tasks_max: How many processes and threads it may have at once; None: as many as FUI's unit.
        memory_max: How many bytes of memory it may use; None: as many as there are.
    """

    argv: tuple[str, ...]
    user: str
    group: str
    timeout: float
    tasks_max: int | None = None
    memory_max: int | None = None

    @property
    def most(self) -> str:
        """Say what its job may have at most: `10min, 1024 tasks, 512M of memory`."""
        parts = [span(self.timeout)]
        parts += [] if self.tasks_max is None else [f"{self.tasks_max} tasks"]
        parts += [] if self.memory_max is None else [f"{size(self.memory_max)} of memory"]
        return ", ".join(parts)


@dataclass(frozen=True, slots=True)
class FileSpec:
    """Owner, group and permission bits of what FUI makes; None leaves it as it is born."""

    user: str | None
    group: str | None
    mode: int


@dataclass(frozen=True, slots=True)
class Folder:
    """The folder of an object in the share.

    Attributes:
        path: Absolute, without symbolic links, as the audit record spells it.
        spec: Owner, group and mode of the folder itself.
    """

    path: str
    spec: FileSpec

    @property
    def staging(self) -> str:
        """Where FUI prepares files out of sight, on the same file system; a user cannot write there.

        Everything that FUI makes enters a folder by a rename from here, and leaves it by a rename
        to here. So a deletion in a folder is never FUI's own.
        """
        return f"{self.path.rpartition('/')[0]}/.fui"


@dataclass(frozen=True, slots=True)
class Limit:
    """How often an action may run.

    Attributes:
        count: How many runs may begin within the period; None: any number.
        period: Seconds.
        cooldown: Seconds from the end of a run until the next may begin.
        per_user: Whether each user is counted for himself; else all together.
    """

    count: int | None = None
    period: float = 0.0
    cooldown: float = 0.0
    per_user: bool = False

    def __str__(self) -> str:
        """Say it: `3 times in 10min, again 1min after its end, for each user`."""
        parts = [] if self.count is None else [f"{self.count} times in {span(self.period)}"]
        parts += [f"again {span(self.cooldown)} after its end"] if self.cooldown else []
        return ", ".join([*parts, *(["for each user"] if self.per_user else [])])


@dataclass(frozen=True, slots=True)
class Span:
    """A part of the week by the clock on the wall.

    Attributes:
        day: Of its beginning; 0 is Monday.
        begin: Minutes since midnight, 0 to 1439.
        end: Minutes since the midnight that `begin` counts from; over 1440 where it ends on the
            next day.
    """

    day: int
    begin: int
    end: int


@dataclass(frozen=True, slots=True)
class Hours:
    """When an action may run.

    Attributes:
        spans: The parts of the week; at least one.
        zone: Whose clock.
        text: The same as the configuration says it, for people.
    """

    spans: tuple[Span, ...]
    zone: tzinfo
    text: str


@dataclass(frozen=True, slots=True)
class Action:
    """One configured entry of an object."""

    id: ActionId
    folder: Folder
    groups: tuple[str, ...]
    """Keys of its action groups, its own first: of the actions of each, one runs at a time."""
    command: Command
    access: Access
    file: FileSpec
    description: str = ""
    confirm: float | None = None
    """Seconds within which a press has to be repeated by the same user; None: once is enough."""
    cancel: Access | None = None
    """Who may end it while it runs, by deleting its flag; None: nobody."""
    limit: Limit | None = None
    hours: Hours | None = None
    queue: int | None = None
    """How many presses of its own action group may wait while one runs; None: they are refused."""
    hide_blocked: bool = False
    """Whether its flag is gone, not only renamed, while another action holds a group of it."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with an object's configuration, to be shown in the object's folder."""

    object: str
    folder: Folder
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Exposition:
    """Where the metrics can be had.

    Attributes:
        textfile: A file for node_exporter's textfile collector; empty: none is written.
        address: Where HTTP is served, if a port is named.
        port: None: HTTP is not served.
    """

    textfile: str = "/run/fui/metrics.prom"
    address: str = "127.0.0.1"
    port: int | None = None


@dataclass(frozen=True, slots=True)
class Settings:
    """What fui.yaml says for the whole share. Times are seconds.

    Attributes:
        share: Root of the share, absolute, without symbolic links.
        attribution_timeout: How long a press waits for its audit record.
        late_record_window: How long a record that did not come in time may still come; meanwhile it
            could be taken for that of a later press of the same name, which is refused.
        lookup_timeout: How long the account look-up may take.
        result_shown_for: How long a flag shows Done, Failed or Denied.
        grace: Between TERM and the kill of a job.
        reconcile_every: Between two looks at the whole share.
        naming: How the names of flags are made.
        settle: How long a press waits whether the same user presses more; 0: not at all.
        mass_limit: How many presses of one user within that time are none.
        samba_units: The units whose audit records are believed.
        facility: Syslog facility of the share's audit records, as its number.
        zone: The zone in which times are shown.
        share_name: What clients call the share.
        enforce_in_samba: Whether each flag bears an NT ACL, by which Samba itself refuses those who
            may not press it, and everything that is no press.
        metrics: Where the metrics can be had.
    """

    share: str
    attribution_timeout: float = 2.0
    late_record_window: float = 60.0
    lookup_timeout: float = 2.0
    result_shown_for: float = 60.0
    grace: float = 10.0
    reconcile_every: float = 300.0
    naming: Naming = field(default_factory=Naming)
    settle: float = 0.1
    mass_limit: int = 3
    samba_units: tuple[str, ...] = ("smbd.service", "smb.service", "samba-ad-dc.service")
    facility: int = 21
    zone: tzinfo = UTC
    share_name: str = "Controls"
    enforce_in_samba: bool = False
    metrics: Exposition = field(default_factory=Exposition)


@dataclass(frozen=True, slots=True)
class Menu:
    """All of it.

    Attributes:
        settings: What holds for the whole share.
        actions: Every action, in the order in which they are shown.
        execute: The folder into which flags can be moved to press them; None: there is none.
        problems: All that is wrong with the configuration, where it holds all the same.
        faults: Those of the problems that can be shown in an object's folder.
    """

    settings: Settings
    actions: tuple[Action, ...]
    execute: Folder | None = None
    problems: tuple[Problem, ...] = ()
    faults: tuple[Fault, ...] = ()

    @property
    def folders(self) -> tuple[Folder, ...]:
        """Each folder once, in the order of the actions; the execute folder is the last."""
        found = [action.folder for action in self.actions] + [each.folder for each in self.faults]
        found += [self.execute] if self.execute else []
        folders: dict[str, Folder] = {}
        for folder in found:
            folders.setdefault(folder.path, folder)
        return tuple(folders.values())
