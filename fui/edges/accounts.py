r"""Who a uid is, and which users and groups of the configuration it falls under, as NSS says.

Rules:
- Asked when it is needed, kept for nobody: a group that somebody left counts at once.
- NSS can hang (a domain controller that is away). So it is asked by a few threads beside the loop;
  they are daemonic, for a hanging one must not keep FUI from ending, which is why this is not a
  ThreadPoolExecutor. A question that is not answered in time is answered here: no proof.
- While every thread hangs in a question that has been given up, a new question fails at once.
- A member of a domain can have two names: with `winbind use default domain` NSS says `alice`, and
  Samba's text `DOMAIN\alice` (source3/auth/auth_util.c, smb_getpwnam). The answer has the longer one, if
  NSS says that it is the same account.
- Each question gets one answer. Whatever cannot be told for sure is a failure, also a subject of
  the configuration that does not exist: what it was to forbid, nobody knows.

It must not know what the answer is for, nor decide anything by it.
"""

import asyncio
import contextlib
import ctypes
import errno
import grp
import os
import pwd
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from queue import SimpleQueue

from tenacity import Retrying, retry_if_exception_type, stop_after_attempt, wait_exponential
from tenacity.nap import sleep_using_event

from fui.model.effects import LookUpAccount
from fui.model.events import AccountFailed, AccountFound, Event
from fui.model.menu import Subject, SubjectKind

_THREADS = 4
_ATTEMPTS = 8
_FIRST_PAUSE = 0.02
_LONGEST_PAUSE = 0.5
_GROUPS = 64
"""For so many there is room at first."""

_libc = ctypes.CDLL(None)
_libc.getgrouplist.argtypes = (
    ctypes.c_char_p,
    ctypes.c_uint32,
    ctypes.POINTER(ctypes.c_uint32),
    ctypes.POINTER(ctypes.c_int),
)


@dataclass(slots=True)
class _Question:
    effect: LookUpAccount
    loop: asyncio.AbstractEventLoop
    begun: bool = False
    answered: threading.Event = field(default_factory=threading.Event)
    deadline: asyncio.TimerHandle | None = None


class Accounts:
    """Answers LookUpAccount. Call it within the running loop."""

    def __init__(self, post: Callable[[list[Event]], None]) -> None:
        self._post = post
        self._questions: SimpleQueue[_Question] = SimpleQueue()
        self._threads = 0
        self._busy: list[_Question] = []
        """What the threads work on, or wait to be given; changed on the loop only."""

    def look_up(self, effect: LookUpAccount) -> None:
        """Ask; AccountFound or AccountFailed is posted, within effect.timeout."""
        stuck = sum(question.begun and question.answered.is_set() for question in self._busy)
        if stuck >= _THREADS:
            self._post([_failed(effect, "every earlier question still hangs in the name service")])
            return
        question = _Question(effect, asyncio.get_running_loop())
        if len(self._busy) >= self._threads < _THREADS:
            self._threads += 1
            threading.Thread(target=self._work, name=f"nss-{self._threads}", daemon=True).start()
        question.deadline = question.loop.call_later(effect.timeout, self._give_up, question)
        self._busy.append(question)
        self._questions.put(question)

    def _give_up(self, question: _Question) -> None:
        if not question.answered.is_set():
            seconds = f"{question.effect.timeout:g} s"
            self._answer(question, _failed(question.effect, f"no answer within {seconds}"))

    def _answer(self, question: _Question, event: Event) -> None:
        if not question.answered.is_set():
            question.answered.set()
            if question.deadline is not None:
                question.deadline.cancel()
            self._post([event])

    def _done(self, question: _Question, event: Event) -> None:
        self._busy.remove(question)
        self._answer(question, event)

    def _work(self) -> None:
        """Answer questions for good, in a thread of its own."""
        while True:
            question = self._questions.get()
            question.begun = True
            event = _ask(question.effect, question.answered)
            with contextlib.suppress(RuntimeError):  # the loop is closed: nobody wants to know
                question.loop.call_soon_threadsafe(self._done, question, event)


def _failed(effect: LookUpAccount, why: str) -> AccountFailed:
    return AccountFailed(
        effect.question,
        known=True,
        why=f"cannot look up uid {effect.uid}: {why}; see: getent passwd {effect.uid}",
    )


def _ask(effect: LookUpAccount, given_up: threading.Event) -> AccountFound | AccountFailed:
    """Ask NSS, again and again while the system refuses and somebody waits."""
    retrying = Retrying(
        retry=retry_if_exception_type(OSError),
        stop=stop_after_attempt(_ATTEMPTS),
        wait=wait_exponential(_FIRST_PAUSE, max=_LONGEST_PAUSE),
        sleep=sleep_using_event(given_up),
        reraise=True,
    )
    try:
        return retrying(_ask_once, effect)
    except OSError as error:
        return _failed(effect, str(error))


def _ask_once(effect: LookUpAccount) -> AccountFound | AccountFailed:
    try:
        account = pwd.getpwuid(effect.uid)
    except (KeyError, OverflowError):
        why = f"there is no user with uid {effect.uid}"
        return AccountFailed(effect.question, known=False, why=why)
    gids = _groups_of(account)
    within = set()
    for subject in sorted(effect.subjects, key=str):
        try:
            if _is_within(subject, effect.uid, gids):
                within.add(subject)
        except (KeyError, ValueError):
            return AccountFailed(
                effect.question,
                known=True,
                why=f"cannot tell whether {account.pw_name} may: there is no {subject}; "
                "make it, or correct allow and deny",
            )
    return AccountFound(effect.question, _in_full(account, effect.text_user), frozenset(within))


def _groups_of(account: pwd.struct_passwd) -> list[int]:
    """Return the groups of an account as getgrouplist(3) does.

    os.getgrouplist() is of no use here: while the name service keeps it waiting it holds on to the
    interpreter, and so the loop waits too (seen with CPython 3.11).
    """
    number = ctypes.c_int(_GROUPS)
    while True:
        room = number.value
        groups = (ctypes.c_uint32 * room)()
        found = _libc.getgrouplist(
            os.fsencode(account.pw_name), account.pw_gid, groups, ctypes.byref(number)
        )
        if found >= 0:
            return groups[:found]
        if number.value <= room:
            raise OSError(errno.ENOMEM, os.strerror(errno.ENOMEM))


def _in_full(account: pwd.struct_passwd, text_user: str) -> str:
    """Return the account's name with the domain that stands before it in Samba's text.

    Samba writes `_` for some characters, one for one, so the text says only what stands before.
    """
    domain = text_user[: -len(account.pw_name)]
    full = domain + account.pw_name
    try:
        same = domain and pwd.getpwnam(full).pw_uid == account.pw_uid
    except (KeyError, ValueError):
        same = False
    return full if same else account.pw_name


def _is_within(subject: Subject, uid: int, gids: list[int]) -> bool:
    """KeyError where there is no such subject, ValueError where no name can be like that."""
    match subject.kind:
        case SubjectKind.USER:
            return pwd.getpwnam(subject.name).pw_uid == uid
        case SubjectKind.GROUP:
            return grp.getgrnam(subject.name).gr_gid in gids
