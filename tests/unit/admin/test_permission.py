"""May this user press? With the accounts of the machine that the tests run on."""

import grp
import os
import pwd
import threading
import time
from collections.abc import Callable
from dataclasses import replace

import pytest

from fui.admin.permission import Person, answers, find, in_time, person
from fui.model.errors import EdgeError
from fui.model.menu import Access, ActionId, Menu, Subject, SubjectKind
from fui.model.states import FlagState
from fui.model.status import Standing, Status
from tests.playbook import MENU

ME = pwd.getpwuid(os.getuid())
MYSELF = Subject(SubjectKind.USER, ME.pw_name)
MY_GROUP = Subject(SubjectKind.GROUP, grp.getgrgid(ME.pw_gid).gr_name)
NOWHERE = Subject(SubjectKind.GROUP, "no-such-group-of-ours")
WHO = Person(ME.pw_name, ME.pw_uid)
QUIET = Status("/srv/controls", 4, 2)


def menu(*accesses: Access) -> Menu:
    """The menu, with these rules for its first actions."""
    changed = [replace(one, access=access) for one, access in zip(MENU.actions, accesses)]  # noqa: B905
    settings = replace(MENU.settings, lookup_timeout=5.0)
    return replace(MENU, settings=settings, actions=(*changed, *MENU.actions[len(changed) :]))


def said(*accesses: Access, status: Status | None = QUIET) -> list[tuple[bool, str, str]]:
    made = menu(*accesses)
    found = answers(made, made.actions[: len(accesses)], WHO, status, 1_800_000_000.0)
    return [(answer.may, answer.decision.rule, answer.now) for answer in found]


def test_each_action_by_its_own_rules() -> None:
    nobody = f"allowed is {Subject(SubjectKind.USER, 'nobody')}"
    assert said(
        Access((MYSELF,)),
        Access((MY_GROUP,)),
        Access((Subject(SubjectKind.USER, "nobody"),)),
        Access((MYSELF,), (MY_GROUP,)),
    ) == [
        (True, f"allow {MYSELF}", "it would start"),
        (True, f"allow {MY_GROUP}", "it would start"),
        (False, nobody, f"nothing would run: {nobody}"),
        (False, f"deny {MY_GROUP}", f"nothing would run: deny {MY_GROUP}"),
    ]


def test_a_rule_that_cannot_be_told_is_a_denial_of_its_action_only() -> None:
    (may, rule, now), (other, _, _) = said(Access((MYSELF,), (NOWHERE,)), Access((MYSELF,)))
    assert not may
    assert "there is no group no-such-group-of-ours" in rule
    assert now == f"nothing would run: {rule}"
    assert other


def test_who_may_cancel_only_may_not_press_and_would_end_it() -> None:
    made = menu(Access((Subject(SubjectKind.USER, "nobody"),)))
    cancelled = replace(made.actions[0], cancel=Access((MYSELF,)))
    made = replace(made, actions=(cancelled, *made.actions[1:]))
    runs = Standing(cancelled.id, FlagState.RUNNING, user="bob", job="j-1")
    (answer,) = answers(made, [cancelled], WHO, replace(QUIET, standings=(runs,)), 0.0)
    assert not answer.may
    assert answer.now == "it would end the job j-1, which runs for bob"


def test_while_the_daemon_does_not_run_the_rules_are_said_all_the_same() -> None:
    assert said(Access((MYSELF,)), status=None) == [(True, f"allow {MYSELF}", "FUI does not run")]


def test_a_name_service_that_hangs_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    hangs = threading.Event()

    def hang(*_: object) -> None:
        hangs.wait(20)
        raise KeyError

    monkeypatch.setattr(pwd, "getpwuid", hang)
    made = menu(Access((MYSELF,)))
    made = replace(made, settings=replace(made.settings, lookup_timeout=0.1))
    begin = time.perf_counter()
    (answer,) = answers(made, made.actions[:1], WHO, QUIET, 0.0)
    assert time.perf_counter() - begin < 5
    assert not answer.may
    assert "no answer within 0.1 s" in answer.decision.rule
    monkeypatch.setattr(pwd, "getpwnam", hang)
    with pytest.raises(EdgeError, match=r"cannot look up the user x within 0.1 s"):
        person("x", made)
    hangs.set()


def test_in_time_gives_what_was_found_or_raised() -> None:
    assert in_time(5, lambda: 7, "count") == 7
    with pytest.raises(ZeroDivisionError):
        in_time(5, lambda: 1 // 0, "divide")


def test_a_user_is_found_by_name() -> None:
    assert person(ME.pw_name, MENU) == WHO


@pytest.mark.parametrize("name", ["rooot", "", "a\0b", "x\x1b[2J"])
def test_of_an_unknown_user_the_names_that_are_near_are_said(name: str) -> None:
    with pytest.raises(EdgeError, match="there is no user") as caught:
        person(name, MENU)
    assert str(caught.value).isprintable()
    if name == "rooot":
        assert "; there is root" in str(caught.value)


def test_where_users_cannot_be_listed_there_is_none_that_is_near(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    hangs: Callable[[], object] = threading.Event().wait
    monkeypatch.setattr(pwd, "getpwall", hangs)
    made = replace(MENU, settings=replace(MENU.settings, lookup_timeout=0.1))
    with pytest.raises(EdgeError) as caught:
        person("no-such-user", made)
    assert str(caught.value) == "there is no user no-such-user"


def test_an_action_is_found_whatever_its_case() -> None:
    assert find(MENU, "apache/RESTART").id == ActionId("Apache", "Restart")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("Apach/Restart", "there is no object Apach; there is Apache"),
        ("zzz", "there is no object zzz; there is Apache, Backup"),
        (
            "apache/Restat",
            "there is no action apache/Restat; there is Apache/Restart, Apache/Start",
        ),
        ("Backup", "there is no action Backup; there is Backup/Run"),
        ("\x1b/x", r"there is no object \x1b; there is Apache, Backup"),
    ],
)
def test_of_an_unknown_action_it_is_said_what_there_is(text: str, sentence: str) -> None:
    with pytest.raises(EdgeError) as caught:
        find(MENU, text)
    assert str(caught.value).startswith(sentence)


def test_in_an_empty_menu_there_is_nothing_to_name() -> None:
    with pytest.raises(EdgeError) as caught:
        find(replace(MENU, actions=()), "a/b")
    assert str(caught.value) == "there is no object a"
