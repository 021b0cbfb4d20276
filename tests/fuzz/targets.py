"""The targets, by their names."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from tests.fuzz import (
    audit_line,
    drop_in,
    job_directory,
    journal_entry,
    nt_acl,
    output,
    smb_conf,
    state,
    status,
)

CORPUS = Path(__file__).with_name("corpus")


class Target(NamedTuple):
    """What is tried.

    Attributes:
        check: Takes an input.
        words: What means something in one.
        longest: How many bytes an input has at most.
    """

    check: Callable[[bytes], None]
    words: tuple[str, ...]
    longest: int


TARGETS = {
    "audit_line": Target(audit_line.check, audit_line.WORDS, 4096),
    "journal_entry": Target(journal_entry.check, journal_entry.WORDS, 4096),
    "drop_in": Target(drop_in.check, drop_in.WORDS, 4096),
    "job_directory": Target(job_directory.check, job_directory.WORDS, 4096),
    "nt_acl": Target(nt_acl.check, nt_acl.WORDS, 4096),
    "state": Target(state.check, state.WORDS, 4096),
    "status": Target(status.check, status.WORDS, 8192),
    "smb_conf": Target(smb_conf.check, smb_conf.WORDS, 4096),
    "output": Target(output.check, output.WORDS, 8192),
}
