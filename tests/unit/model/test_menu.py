from dataclasses import replace
from datetime import UTC

import pytest

from fui.model.errors import Problem
from fui.model.menu import (
    ActionId,
    Command,
    Fault,
    FileSpec,
    Folder,
    Hours,
    Limit,
    Menu,
    Settings,
    Span,
    Subject,
    SubjectKind,
    size,
)
from tests.playbook import BACKUP, FOLDER, MENU, action

THIRD, EXECUTE = (
    Folder(f"/srv/controls/{name}", FileSpec(None, None, 0o2770)) for name in ("Third", "Execute")
)


def test_names_are_said_as_people_write_them() -> None:
    assert str(ActionId("Apache", "Restart")) == "Apache/Restart"
    assert str(Subject(SubjectKind.GROUP, "wwwadmins")) == "group wwwadmins"
    assert str(Subject(SubjectKind.USER, "bob")) == "user bob"


def test_each_folder_once() -> None:
    assert MENU.folders == (FOLDER, BACKUP)


def test_the_folders_of_faults_follow_and_the_execute_folder_is_the_last() -> None:
    problems = (Problem("a.yaml", 1, 1, "cannot"),)
    faults = (Fault("Apache", FOLDER, problems), Fault("Third", THIRD, problems))
    menu = Menu(MENU.settings, MENU.actions, EXECUTE, problems, faults)
    assert menu.folders == (FOLDER, BACKUP, THIRD, EXECUTE)
    assert Menu(MENU.settings, (), None).folders == ()


def test_of_two_that_are_one_folder_the_first_counts() -> None:
    again = Folder(FOLDER.path, FileSpec("root", None, 0))
    menu = Menu(Settings("/srv/controls"), (action("Start"), action("Stop", again)))
    assert menu.folders == (FOLDER,)


def test_staging_is_beside_the_folder() -> None:
    assert Folder("/srv/controls/Apache", FileSpec(None, None, 0)).staging == "/srv/controls/.fui"


@pytest.mark.parametrize(
    ("limit", "said"),
    [
        (Limit(3, 600.0), "3 times in 10min"),
        (Limit(cooldown=90.0), "again 90s after its end"),
        (
            Limit(3, 600.0, 60.0, per_user=True),
            "3 times in 10min, again 1min after its end, for each user",
        ),
    ],
)
def test_a_limit_says_what_it_has(limit: Limit, said: str) -> None:
    assert str(limit) == said


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (0, "0"),
        (1000, "1000"),
        (1024, "1K"),
        (1536 * 1024, "1536K"),
        (512 * 1024**2, "512M"),
        (2 * 1024**3, "2G"),
        (3 * 1024**5, "3072T"),
    ],
)
def test_a_size_is_said_as_the_configuration_would(number: int, said: str) -> None:
    assert size(number) == said


def test_a_command_says_what_its_job_may_have() -> None:
    command = Command(("/bin/x",), "root", "root", 600.0)
    assert command.most == "10min"
    assert replace(command, tasks_max=64).most == "10min, 64 tasks"
    both = replace(command, tasks_max=64, memory_max=1024**3)
    assert both.most == "10min, 64 tasks, 1G of memory"


def test_what_a_menu_is_made_of_can_be_compared_and_does_not_change() -> None:
    """A reload is told by what is equal, so equal configurations are equal menus."""
    hours = [Hours((Span(0, 0, 60),), UTC, "Mon") for _ in range(2)]
    assert action("Start", hours=hours[0]) == action("Start", hours=hours[1])
    assert action("Start") != action("Start", queue=1)
    with pytest.raises(AttributeError):
        MENU.actions[0].queue = 1  # type: ignore[misc]
