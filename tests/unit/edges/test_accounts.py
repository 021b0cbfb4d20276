"""The look-up of accounts: on this machine's real NSS, and with functions that hang in its place."""

import asyncio
import grp
import os
import pwd
import subprocess
import sys
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from types import SimpleNamespace

import pytest

from fui.edges import accounts
from fui.edges.accounts import Accounts
from fui.model.effects import LookUpAccount
from fui.model.events import AccountFailed, AccountFound, Event
from fui.model.menu import Subject, SubjectKind

ME = pwd.getpwuid(os.getuid())
MY_GROUP = Subject(SubjectKind.GROUP, grp.getgrgid(ME.pw_gid).gr_name)
MYSELF = Subject(SubjectKind.USER, ME.pw_name)
OTHER = next(account for account in pwd.getpwall() if account.pw_uid != ME.pw_uid)
SOMEBODY_ELSE = Subject(SubjectKind.USER, OTHER.pw_name)
MINE = set(os.getgrouplist(ME.pw_name, ME.pw_gid))
NOT_MINE = Subject(
    SubjectKind.GROUP, next(group for group in grp.getgrall() if group.gr_gid not in MINE).gr_name
)
UNKNOWN_UID = 4_000_000_001


class Stage:
    """Accounts in a running loop, and what it posted."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.news = asyncio.Event()
        self.accounts = Accounts(self.post)

    def post(self, events: list[Event]) -> None:
        self.events += events
        self.news.set()

    def ask(
        self,
        uid: int,
        *subjects: Subject,
        question: int = 1,
        text_user: str = "",
        timeout: float = 5,
    ) -> None:
        self.accounts.look_up(LookUpAccount(question, uid, text_user, frozenset(subjects), timeout))

    async def wait(self, count: int = 1) -> list[Event]:
        async with asyncio.timeout(10):
            while len(self.events) < count:
                self.news.clear()
                await self.news.wait()
        return self.events


def run(scene: Callable[[Stage], Awaitable[None]]) -> None:
    async def play() -> None:
        await scene(Stage())

    asyncio.run(play())


@pytest.fixture
def hang() -> Iterator[threading.Event]:
    """What hangs, hangs until this is set."""
    event = threading.Event()
    yield event
    event.set()


def test_who_it_is_and_what_it_is_within() -> None:
    async def scene(stage: Stage) -> None:
        stage.ask(ME.pw_uid, MYSELF, SOMEBODY_ELSE, MY_GROUP, NOT_MINE)
        assert await stage.wait() == [AccountFound(1, ME.pw_name, frozenset({MYSELF, MY_GROUP}))]

    run(scene)


def test_membership_that_is_not_the_primary_group() -> None:
    members = [
        (name, group.gr_name)
        for group in grp.getgrall()
        for name in group.gr_mem
        if any(
            account.pw_name == name and account.pw_gid != group.gr_gid for account in pwd.getpwall()
        )
    ]
    if not members:
        pytest.skip("nobody on this machine is in a second group")
    name, group = members[0]
    subject = Subject(SubjectKind.GROUP, group)

    async def scene(stage: Stage) -> None:
        stage.ask(pwd.getpwnam(name).pw_uid, subject)
        assert await stage.wait() == [AccountFound(1, name, frozenset({subject}))]

    run(scene)


DOMAIN = {"FUIAD\\o'neil": 11103, "o'neil": 11103, "OTHER\\o'neil": 12103, "xo'neil": 997}


@pytest.mark.parametrize(
    ("text_user", "name"),
    [
        ("o_neil", "o'neil"),
        ("FUIAD\\o_neil", "FUIAD\\o'neil"),
        ("OTHER\\o_neil", "o'neil"),
        ("NOBODYS\\o_neil", "o'neil"),
        ("xo_neil", "o'neil"),
        ("FUIAD\\bob", "o'neil"),
        ("nul\0nul o_neil", "o'neil"),
    ],
)
def test_a_domain_is_part_of_the_name_if_nss_says_so(
    monkeypatch: pytest.MonkeyPatch, text_user: str, name: str
) -> None:
    """As winbind answers with `winbind use default domain = yes`."""

    def account(name: str) -> SimpleNamespace:
        if "\0" in name:
            raise ValueError
        return SimpleNamespace(pw_name="o'neil", pw_uid=DOMAIN[name], pw_gid=ME.pw_gid)

    domain = SimpleNamespace(getpwnam=account, getpwuid=lambda _: account("o'neil"))
    monkeypatch.setattr(accounts, "pwd", domain)

    async def scene(stage: Stage) -> None:
        stage.ask(11103, text_user=text_user)
        assert await stage.wait() == [AccountFound(1, name, frozenset())]

    run(scene)


@pytest.mark.parametrize("uid", [UNKNOWN_UID, 2**32 - 1, 2**40, -5])
def test_a_uid_that_nobody_has(uid: int) -> None:
    async def scene(stage: Stage) -> None:
        stage.ask(uid, MYSELF)
        assert await stage.wait() == [AccountFailed(1, False, f"there is no user with uid {uid}")]  # noqa: FBT003

    run(scene)


@pytest.mark.parametrize("kind", SubjectKind)
@pytest.mark.parametrize("name", ["no-such-name", "nul\0nul"])
def test_a_subject_that_does_not_exist_is_a_failure(kind: SubjectKind, name: str) -> None:
    """Were it in `deny`, to skip it would let somebody in."""
    subject = Subject(kind, name)

    async def scene(stage: Stage) -> None:
        stage.ask(ME.pw_uid, MYSELF, subject)
        (event,) = await stage.wait()
        assert event == AccountFailed(
            1,
            known=True,
            why=f"cannot tell whether {ME.pw_name} may: there is no {kind.value} {name}; "
            "make it, or correct allow and deny",
        )

    run(scene)


def test_nothing_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """A group that somebody left counts at once."""

    async def scene(stage: Stage) -> None:
        stage.ask(ME.pw_uid, MY_GROUP)
        await stage.wait(1)
        monkeypatch.setattr(accounts, "_groups_of", lambda *_: [])
        stage.ask(ME.pw_uid, MY_GROUP, question=2)
        assert (await stage.wait(2))[1] == AccountFound(2, ME.pw_name, frozenset())

    run(scene)


def test_more_groups_than_there_is_room_for_at_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(accounts, "_GROUPS", 0)
    for account in pwd.getpwall():
        expected = os.getgrouplist(account.pw_name, account.pw_gid)
        assert accounts._groups_of(account) == expected  # noqa: SLF001


def test_an_error_that_passes_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    real, calls = accounts._groups_of, []  # noqa: SLF001

    def twice_broken(account: pwd.struct_passwd) -> list[int]:
        calls.append(account)
        if len(calls) < 3:
            raise OSError(5, "Input/output error")
        return real(account)

    monkeypatch.setattr(accounts, "_groups_of", twice_broken)

    async def scene(stage: Stage) -> None:
        stage.ask(ME.pw_uid, MYSELF)
        assert await stage.wait() == [AccountFound(1, ME.pw_name, frozenset({MYSELF}))]
        assert len(calls) == 3

    run(scene)


def test_an_error_that_stays_is_a_failure_within_the_time(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> list[int]:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(accounts, "_groups_of", broken)

    async def scene(stage: Stage) -> None:
        begun = time.perf_counter()
        stage.ask(ME.pw_uid, MYSELF, timeout=0.2)
        (event,) = await stage.wait()
        assert isinstance(event, AccountFailed)
        assert event.known
        assert "no answer within 0.2 s" in event.why
        assert 0.15 < time.perf_counter() - begun < 1
        await asyncio.sleep(0.1)
        assert len(stage.events) == 1
        assert stage.accounts._busy == [], "the thread gave up as well"  # noqa: SLF001

    run(scene)


def test_the_attempts_have_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> list[int]:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(accounts, "_groups_of", broken)
    monkeypatch.setattr(accounts, "_ATTEMPTS", 2)

    async def scene(stage: Stage) -> None:
        stage.ask(ME.pw_uid, MYSELF)
        (event,) = await stage.wait()
        assert isinstance(event, AccountFailed)
        assert "Input/output error" in event.why

    run(scene)


def hang_for(monkeypatch: pytest.MonkeyPatch, hang: threading.Event, uids: set[int]) -> None:
    real = pwd.getpwuid

    def maybe(uid: int) -> pwd.struct_passwd:
        if uid in uids:
            hang.wait()
        return real(uid)

    monkeypatch.setattr(accounts, "pwd", SimpleNamespace(getpwuid=maybe, getpwnam=pwd.getpwnam))


def test_no_answer_in_time_and_one_that_comes_late(
    monkeypatch: pytest.MonkeyPatch, hang: threading.Event
) -> None:
    hang_for(monkeypatch, hang, {ME.pw_uid})

    async def scene(stage: Stage) -> None:
        stage.ask(ME.pw_uid, timeout=0.1)
        assert await stage.wait() == [
            AccountFailed(
                1,
                known=True,
                why=f"cannot look up uid {ME.pw_uid}: no answer within 0.1 s; "
                f"see: getent passwd {ME.pw_uid}",
            )
        ]
        hang.set()
        await asyncio.sleep(0.1)
        assert len(stage.events) == 1
        stage.ask(ME.pw_uid, question=2)
        assert (await stage.wait(2))[1] == AccountFound(2, ME.pw_name, frozenset())

    run(scene)


def test_one_that_hangs_does_not_hold_up_the_others(
    monkeypatch: pytest.MonkeyPatch, hang: threading.Event
) -> None:
    hang_for(monkeypatch, hang, {OTHER.pw_uid})

    async def scene(stage: Stage) -> None:
        for number in range(3):
            stage.ask(OTHER.pw_uid, question=number, timeout=0.2)
        for number in range(10, 60):
            stage.ask(ME.pw_uid, question=number, timeout=5)
        await stage.wait(53)
        found = [event.question for event in stage.events if isinstance(event, AccountFound)]
        assert sorted(found) == list(range(10, 60))

    run(scene)


def test_when_all_hang_a_question_fails_at_once(
    monkeypatch: pytest.MonkeyPatch, hang: threading.Event
) -> None:
    hang_for(monkeypatch, hang, {OTHER.pw_uid})
    before = set(threading.enumerate())

    async def scene(stage: Stage) -> None:
        for number in range(6):
            stage.ask(OTHER.pw_uid, question=number, timeout=0.1)
        await stage.wait(6)
        stage.ask(ME.pw_uid, question=7)
        event = stage.events[6]
        assert isinstance(event, AccountFailed)
        assert event.question == 7
        assert "every earlier question still hangs" in event.why
        hang.set()
        await asyncio.sleep(0.2)
        stage.ask(ME.pw_uid, question=8)
        assert (await stage.wait(8))[7] == AccountFound(8, ME.pw_name, frozenset())
        threads = {thread for thread in threading.enumerate() if thread.name.startswith("nss-")}
        assert len(threads - before) == 4

    run(scene)


def test_a_hanging_thread_does_not_keep_the_process_alive() -> None:
    code = (
        "import asyncio, pwd, threading\n"
        "from fui.edges.accounts import Accounts\n"
        "from fui.model.effects import LookUpAccount\n"
        "pwd.getpwuid = lambda uid: threading.Event().wait()\n"
        "async def main():\n"
        "    Accounts(print).look_up(LookUpAccount(1, 0, '', frozenset(), 0.05))\n"
        "    await asyncio.sleep(0.1)\n"
        "asyncio.run(main())\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], timeout=10, check=True, capture_output=True, text=True
    )
    assert "AccountFailed" in done.stdout
    assert done.stderr == ""


def test_an_answer_after_the_loop_is_closed_is_nobodys(
    monkeypatch: pytest.MonkeyPatch, hang: threading.Event
) -> None:
    hang_for(monkeypatch, hang, {ME.pw_uid})
    stages = []

    async def scene(stage: Stage) -> None:
        stages.append(stage)
        stage.ask(ME.pw_uid)
        await asyncio.sleep(0.05)

    run(scene)
    hang.set()
    time.sleep(0.1)
    assert stages[0].events == []
