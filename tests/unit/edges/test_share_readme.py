"""README.txt: what it says, and whose it is."""

import os
import stat
from dataclasses import replace
from datetime import UTC
from pathlib import Path

import pytest

from fui.edges.share import Share, readme
from fui.model.menu import Fault, FileSpec, Folder, Hours, Limit, Menu, Settings, Span
from fui.model.naming import WORDS, Naming
from fui.model.states import FlagState
from tests.unit.edges.share_stage import STRANGER, Stage, as_root

ALWAYS = {
    FlagState.READY, FlagState.RUNNING, FlagState.BLOCKED, FlagState.DONE, FlagState.FAILED,
    FlagState.DENIED,
}  # fmt: skip


def told(menu: Menu) -> set[FlagState]:
    """The states that the text explains; the words of all of them differ from all else in it."""
    words = {state: f"word-{state.value}." for state in FlagState}
    naming = replace(menu.settings.naming, words=words)
    text = readme.text(replace(menu, settings=replace(menu.settings, naming=naming)))
    return {state for state, word in words.items() if f"[{word}]" in text}


def everything(stage: Stage) -> Menu:
    """A menu in which every state can be."""
    hours = Hours((Span(0, 480, 1080),), UTC, "Mon 08:00-18:00")
    action = replace(
        stage.action, confirm=30.0, cancel=stage.action.access, queue=3, limit=Limit(3, 60.0),
        hours=hours,
    )  # fmt: skip
    spec = FileSpec(None, None, 0o770)
    fault = Fault("Mail", Folder(str(stage.mail), spec), ())
    execute = Folder(str(stage.root / "Execute"), spec)
    return Menu(stage.menu.settings, (action,), execute, (), (fault,))


def test_the_readme_is_written_anew_with_the_words_that_are_used(stage: Stage) -> None:
    path = stage.root / "README.txt"
    before = path.stat().st_ino
    naming = Naming(words=WORDS["de"], opening="(", closing=")")
    menu = Menu(Settings(share=str(stage.root), naming=naming), stage.menu.actions)
    assert Share(menu).prepare() == []
    text = path.read_text(encoding="utf-8")
    assert path.stat().st_ino != before
    assert stat.S_IMODE(path.stat().st_mode) == 0o644
    assert "  (Bereit)          delete the file, and the action runs\n" in text
    assert "  (Läuft)           it is running now" in text


def test_the_readme_explains_what_can_always_be(stage: Stage) -> None:
    assert told(stage.menu) == ALWAYS
    assert told(Menu(stage.menu.settings, ())) == ALWAYS


def test_the_readme_explains_what_can_be(stage: Stage) -> None:
    menu = everything(stage)
    action = menu.actions[0]
    assert told(menu) == set(FlagState)
    only = {
        FlagState.CONFIRM: replace(stage.action, confirm=action.confirm),
        FlagState.CANCELLED: replace(stage.action, cancel=action.cancel),
        FlagState.QUEUED: replace(stage.action, queue=action.queue),
        FlagState.WAIT: replace(stage.action, limit=action.limit),
        FlagState.CLOSED: replace(stage.action, hours=action.hours),
    }
    for state, one in only.items():
        assert told(Menu(menu.settings, (stage.action, one))) == ALWAYS | {state}
    faulty = Menu(menu.settings, (stage.action,), None, (), menu.faults)
    assert told(faulty) == ALWAYS | {FlagState.ERROR}


@pytest.mark.parametrize("language", WORDS)
def test_the_readme_is_short_and_narrow(stage: Stage, language: str) -> None:
    most = everything(stage)
    enforced = replace(most, settings=replace(most.settings, enforce_in_samba=True))
    for menu, lines in ((stage.menu, 10), (most, 16), (enforced, 17)):
        naming = Naming(words=WORDS[language])
        text = readme.text(replace(menu, settings=replace(menu.settings, naming=naming)))
        assert len(text.splitlines()) == lines
        assert max(map(len, text.splitlines())) <= 110
        assert "delete its file" in text


def test_a_state_without_a_word(stage: Stage) -> None:
    naming = Naming(words={**WORDS["en"], FlagState.READY: ""})
    settings = replace(stage.menu.settings, naming=naming)
    text = readme.text(replace(stage.menu, settings=settings))
    assert "  no word    delete the file, and the action runs\n" in text
    assert "[]" not in text


def test_flags_that_are_gone_while_another_runs(stage: Stage) -> None:
    hidden = replace(stage.action, hide_blocked=True)
    assert "  no file    another action" in readme.text(Menu(stage.menu.settings, (hidden,)))
    some = Menu(stage.menu.settings, (hidden, stage.action))
    assert "  [Blocked]  another action" in readme.text(some)


def test_the_readme_names_the_execute_folder(stage: Stage) -> None:
    moving = (
        'Moving a file into the folder "Execute" runs it as well; moved elsewhere, it comes back.'
    )
    assert moving in readme.text(everything(stage)).splitlines()
    text = readme.text(stage.menu)
    assert "A file that is moved or renamed comes back, and nothing runs." in text.splitlines()
    assert "Execute" not in text


def test_the_readme_says_what_samba_refuses(stage: Stage) -> None:
    settings = replace(stage.menu.settings, enforce_in_samba=True)
    refused = "What you may not run you cannot delete, and nothing else here can be changed."
    for menu, before in ((everything(stage), "runs it as well."), (stage.menu, "see inside")):
        lines = readme.text(replace(menu, settings=settings)).splitlines()
        assert lines[lines.index(refused) - 1].endswith(before)
        assert not [line for line in lines if "comes back" in line and "moved" in line]


@as_root
@pytest.mark.root
def test_somebody_elses_readme_is_left_alone(stage: Stage) -> None:
    path = stage.root / readme.NAME
    path.write_text("mine", encoding="utf-8")
    os.chown(path, STRANGER, STRANGER)
    Share(stage.menu).prepare()
    assert path.read_text(encoding="utf-8") == "mine"


def test_a_link_for_a_readme_is_left_alone(stage: Stage) -> None:
    path = stage.root / readme.NAME
    path.unlink()
    path.symlink_to(stage.root / "victim")
    Share(stage.menu).prepare()
    assert path.is_symlink()
    assert not (stage.root / "victim").exists()


def test_the_readme_of_a_share_elsewhere_names_the_whole_path(stage: Stage, tmp_path: Path) -> None:
    menu = replace(everything(stage), execute=Folder("/srv/run", FileSpec(None, None, 0o770)))
    assert not tmp_path.is_relative_to("/srv")
    assert 'the folder "/srv/run" runs' in readme.text(menu)
