"""One enum per question: where is it, how did it end, why was it refused."""

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


NOBODY_PROVEN = frozenset({Refusal.NO_RECORD, Refusal.CONTRADICTION})
"""The refusals that name no principal: the ledger says "unattributed"."""
