"""The configuration as the daemon uses it: resolved, validated, immutable."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, tzinfo
from enum import Enum
from typing import NamedTuple

from fui.model.states import FlagState


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


@dataclass(frozen=True, slots=True)
class Command:
    """What a press runs.

    Attributes:
        argv: An absolute program path and its arguments; never seen by a shell.
        user: Whom sudo runs it as.
        group: The group sudo runs it with.
        timeout: Seconds after which the job is ended.
    """

    argv: tuple[str, ...]
    user: str
    group: str
    timeout: float


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
class Action:
    """One configured entry of an object."""

    id: ActionId
    folder: Folder
    group: str
    """Key of the action group: of its actions one runs at a time."""
    command: Command
    access: Access
    file: FileSpec
    description: str = ""
    confirm: float | None = None
    """Seconds within which a press has to be repeated by the same user; None: once is enough."""
    cancel: Access | None = None
    """Who may end it while it runs, by deleting its flag; None: nobody."""


DEFAULT_WORDS: Mapping[FlagState, str] = {
    **{state: state.value.capitalize() for state in FlagState},
    FlagState.CONFIRM: "Delete again to confirm",
}


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
        words: The word that stands for each state in a flag's name; all different.
        samba_units: The units whose audit records are believed.
        facility: Syslog facility of the share's audit records, as its number.
        zone: The zone in which times are shown.
    """

    share: str
    attribution_timeout: float = 2.0
    late_record_window: float = 60.0
    lookup_timeout: float = 2.0
    result_shown_for: float = 60.0
    grace: float = 10.0
    reconcile_every: float = 300.0
    words: Mapping[FlagState, str] = field(default_factory=lambda: DEFAULT_WORDS)
    samba_units: tuple[str, ...] = ("smbd.service", "smb.service", "samba-ad-dc.service")
    facility: int = 21
    zone: tzinfo = UTC


@dataclass(frozen=True, slots=True)
class Menu:
    """All of it: the settings and every action, in the order in which they are shown."""

    settings: Settings
    actions: tuple[Action, ...]

    @property
    def folders(self) -> tuple[Folder, ...]:
        """Each folder once, in the order of the actions."""
        return tuple({action.folder.path: action.folder for action in self.actions}.values())
