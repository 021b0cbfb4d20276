from dataclasses import replace
from datetime import UTC
from pathlib import Path
from zoneinfo import ZoneInfo

from fui.admin.explain import explain
from fui.model.menu import (
    Access,
    Action,
    ActionId,
    Command,
    FileSpec,
    Folder,
    Hours,
    Limit,
    Menu,
    Settings,
    Span,
    Subject,
    SubjectKind,
)
from fui.model.naming import WORDS, Naming
from fui.model.states import FlagState

OPS, BOB = Subject(SubjectKind.GROUP, "ops"), Subject(SubjectKind.USER, "bob")
FOLDER = Folder("/srv/controls/Apache", FileSpec(None, "web", 0o2770))
START = Action(
    ActionId("Apache", "Start"),
    FOLDER,
    ("Apache/1",),
    Command(("/bin/x", "start"), "root", "adm", 600),
    Access((OPS,)),
    FileSpec(None, None, 0o660),
)
FULL = replace(
    START,
    id=ActionId("Apache", "Restart"),
    groups=("Apache/1", "*/db"),
    command=Command(("/bin/x", "it's", "$HOME"), "www", "www", 90, 64, 1024**3),
    access=Access((OPS, BOB), (Subject(SubjectKind.USER, "mallory"),)),
    description="Restarts it;\nusers wait",
    confirm=30,
    cancel=Access((BOB,)),
    limit=Limit(3, 600, 60, per_user=True),
    hours=Hours((Span(0, 480, 1080),), UTC, "Mon 08:00-18:00"),
    queue=10,
)
SETTINGS = Settings("/srv/controls")


def lines(action: Action, settings: Settings = SETTINGS) -> list[str]:
    return explain(Menu(settings, (action,))).splitlines()


def test_the_whole_menu() -> None:
    tomcat = replace(
        START,
        id=ActionId("Tomcat", "Stop"),
        folder=Folder("/srv/controls/Tomcat", FileSpec("root", None, 0o750)),
    )
    execute = Folder("/srv/controls/Execute", FileSpec(None, "web", 0o2770))
    assert (
        explain(Menu(SETTINGS, (START, FULL, tomcat), execute))
        == """\
share /srv/controls, times in UTC
execute folder /srv/controls/Execute (its maker:web 2770): a flag that is moved there is pressed
3 presses of the share by one user within 100ms, or 2 of an object, are none

Apache: /srv/controls/Apache (its maker:web 2770)

  Start [Ready].txt
    runs        /bin/x start
    as          root:adm, at most 10min
    may press   group ops
    may cancel  nobody
    groups      Apache/1
    when busy   refused, and its flag shows [Blocked]

  Restart [Ready].txt
    is for      Restarts it;
    is for      users wait
    runs        /bin/x 'it'"'"'s' '$HOME'
    as          www:www, at most 90s, 64 tasks, 1G of memory
    may press   group ops, user bob
    may not     user mallory
    confirm     by the same user within 30s
    may cancel  user bob
    limit       3 times in 10min, again 1min after its end, for each user
    only        Mon 08:00-18:00 (UTC)
    groups      Apache/1, */db
    when busy   waits for its turn, 10 presses at most

Tomcat: /srv/controls/Tomcat (root:its parent 0750)

  Stop [Ready].txt
    runs        /bin/x start
    as          root:adm, at most 10min
    may press   group ops
    may cancel  nobody
    groups      Apache/1
    when busy   refused, and its flag shows [Blocked]
"""
    )


def test_whoever_may_press_may_cancel() -> None:
    assert "    may cancel  who may press" in lines(replace(START, cancel=START.access))
    assert "    may cancel  nobody" in lines(replace(START, cancel=Access(())))


def test_a_limit_that_is_a_cool_down_only() -> None:
    limited = replace(START, limit=Limit(cooldown=60))
    assert "    limit       again 1min after its end" in lines(limited)
    limited = replace(START, limit=Limit(1, 86400))
    assert "    limit       1 times in 1d" in lines(limited)


def test_what_becomes_of_the_flag_while_it_is_blocked() -> None:
    hidden = replace(START, hide_blocked=True)
    assert "    when busy   refused, and its flag is gone meanwhile" in lines(hidden)
    bare = Naming({**WORDS["en"], FlagState.BLOCKED: ""})
    shown = lines(START, replace(SETTINGS, naming=bare))
    assert "    when busy   refused, and its flag shows no state" in shown


def test_zones() -> None:
    assert lines(START, replace(SETTINGS, zone=ZoneInfo("Asia/Tokyo")))[0].endswith(" Asia/Tokyo")
    with Path("/usr/share/zoneinfo/Asia/Tokyo").open("rb") as file:
        bare = ZoneInfo.from_file(file)
    assert lines(START, replace(SETTINGS, zone=bare))[0].endswith(" in the machine's zone")


def test_presses_that_do_not_wait() -> None:
    assert not any("are none" in line for line in lines(START, replace(SETTINGS, settle=0)))


def test_what_others_wrote_harms_no_terminal() -> None:
    foreign = replace(
        START,
        id=ActionId("A\x1b[31m", "B\n"),
        groups=("\x07",),
        command=Command(("/bin/x", "\x1b"), "r\n", "r", 1),
        description="\x1b[2J",
    )
    assert explain(Menu(SETTINGS, (foreign,))).replace("\n", "").isprintable()
