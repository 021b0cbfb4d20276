"""One enum per question: where is it, how did it end, why was it refused, what was lost."""

from collections.abc import Mapping
from enum import Enum


class FlagState(Enum):
    """What a flag's name says. The value is the key in `states:` of fui.yaml."""

    READY = "ready"
    RUNNING = "running"
    BLOCKED = "blocked"
    DONE = "done"
    FAILED = "failed"
    DENIED = "denied"
    CONFIRM = "confirm"
    CANCELLED = "cancelled"
    QUEUED = "queued"  # pressed, and waiting until its action groups are free
    WAIT = "wait"  # its limit is reached, or it cools down
    CLOSED = "closed"  # outside its hours
    ERROR = "configuration-error"  # stands for no action, but for what is wrong with its object


class JobState(Enum):
    """Where a job is."""

    RUNNING = "running"
    TERMINATING = "terminating"  # TERM was sent, the grace is running
    KILLING = "killing"  # the cgroup was killed, waiting until it is empty


class Intervention(Enum):
    """Why a job is ended from outside."""

    TIMEOUT = "timeout"
    STOPPING = "stopping"
    CANCELLED = "cancelled"


class JobResult(Enum):
    """How a job ended."""

    DONE = "done"
    FAILED = "failed"
    NOT_STARTED = "not-started"
    TIMED_OUT = "timed-out"
    INTERRUPTED = "interrupted"
    CANCELLED = "cancelled"

    @property
    def words(self) -> str:
        """The same for people."""
        if self is JobResult.TIMED_OUT:
            return "took too long and was ended"
        return str(self.value).replace("-", " ")


class Refusal(Enum):
    """Why a press started nothing."""

    NO_RECORD = "no-record"  # nobody known: no audit record within the time
    CONTRADICTION = "contradiction"  # two candidates are none
    DEFERRED_DELETE = "deferred-delete"  # the session that closed last is not the one that deleted
    UNKNOWN_USER = "unknown-user"
    NO_ANSWER = "no-answer"  # the account look-up failed or took too long
    DENY_RULE = "deny-rule"
    NOT_ALLOWED = "not-allowed"
    BUSY = "busy"  # a job of the same action group is running
    NOT_CONFIRMED = "not-confirmed"  # somebody else was asked to press once more
    MANY = "many-at-once"  # a folder was deleted, or a program deletes everything
    LIMIT = "limit"  # run too often, or too shortly after the last time
    CLOSED = "closed"  # outside the hours in which it may run
    QUEUE_FULL = "queue-full"
    REMOVED = "removed"  # the action was taken out of the configuration meanwhile
    MOVED = "moved"  # renamed or moved away: put back, not a press
    SAMBA = "refused-by-samba"  # the NT ACL of the flag: it was not deleted at all
    STOPPING = "stopping"  # FUI is shutting down


class Loss(Enum):
    """What was lost, or does not fit together. Each is counted; nothing runs by any of them."""

    STRAY = "record-without-event"  # Samba says that a flag was deleted, and nothing was seen
    NO_RECORD = "event-without-record"  # a flag went, and Samba said nothing within the time
    LATE = "late-record"  # Samba said it after that time
    CONTRADICTION = "contradiction"  # more than one record fits, or one fits more than one flag
    SUPPRESSED = "suppressed"  # messages of Samba that journald did not keep
    JOURNAL = "journal-gap"  # the journal could not be read for a while
    DISBELIEVED = "disbelieved"  # entries that claim to be audit records and are not
    WATCH = "file-events"  # inotify's queue overflowed, or a folder could not be watched
    SHARE = "share"  # the share or the state directory could not be read or written
    LEDGER = "ledger"  # entries of the ledger that journald did not take


NOBODY_PROVEN: Mapping[Refusal, Loss] = {
    Refusal.NO_RECORD: Loss.NO_RECORD,
    Refusal.CONTRADICTION: Loss.CONTRADICTION,
}
"""The refusals that name no principal, and what was lost: the ledger says "unattributed"."""
