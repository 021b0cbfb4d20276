import re
from dataclasses import replace
from pathlib import Path

import pytest

from fui.admin import smb_conf
from fui.admin.smb_conf import OPERATIONS, Share, include_line, includes, redirected, render
from fui.model.errors import EdgeError
from fui.model.menu import (
    Access,
    Action,
    ActionId,
    Command,
    FileSpec,
    Folder,
    Menu,
    Settings,
    Subject,
    SubjectKind,
)

ROOT = Path(__file__).parents[3]
SNIPPET = "/etc/samba/smb.conf.d/fui.conf"
DEFAULT = Share(
    "Controls", "/srv/controls", (Subject(SubjectKind.GROUP, "controls"),), 21, enforced=True
)


def group(name: str) -> Subject:
    return Subject(SubjectKind.GROUP, name)


def user(name: str) -> Subject:
    return Subject(SubjectKind.USER, name)


def settings_of(text: str) -> dict[str, str]:
    """What the share says, without its comments."""
    share = text.partition("[Controls]")[2]
    rows = (line.partition("=") for line in share.splitlines() if not line.strip().startswith("#"))
    return {key.strip(): value.strip() for key, equals, value in rows if equals}


def test_the_file_in_the_source_tree_is_what_the_defaults_give() -> None:
    assert ROOT.joinpath("smb.conf.d/fui.conf").read_text() == render(DEFAULT)


def test_every_setting_has_its_reason_above_it_or_above_its_neighbour() -> None:
    blocks = render(DEFAULT).split("\n\n")[2:]
    assert all("#" in block or block.startswith("[Controls]") for block in blocks)


def test_without_enforcement_nothing_of_it_is_left() -> None:
    said = settings_of(render(replace(DEFAULT, enforced=False)))
    assert said["vfs objects"] == "full_audit"
    assert said["full_audit:failure"] == "none"
    assert not [key for key in said if key.startswith("acl_xattr")]
    enforced = settings_of(render(DEFAULT))
    assert enforced["vfs objects"] == "full_audit acl_xattr"
    assert enforced["full_audit:failure"] == "create_file"
    assert {"acl_xattr:ignore system acls", "acl_xattr:security_acl_name"} <= enforced.keys()


def test_what_the_configuration_says_is_there() -> None:
    share = replace(DEFAULT, path="/srv/the flags", facility=16)
    said = settings_of(render(share))
    assert said["path"] == "/srv/the flags"
    assert said["full_audit:facility"] == "LOCAL0"
    assert "--facility=local0" in render(share)
    assert "[Buttons]" in render(replace(DEFAULT, name="Buttons"))


@pytest.mark.parametrize(
    ("people", "said"),
    [
        ([group("controls"), user("alice"), group("controls")], "@controls alice"),
        ([group("Domain Users")], '"@Domain Users"'),
        ([group("DOM\\web team"), user("DOM\\alice")], '"@DOM\\web team" "DOM\\alice"'),
        ([user("o'neil"), user("a,b")], 'o\'neil "a,b"'),
    ],
)
def test_names_are_spelled_as_samba_reads_them(people: list[Subject], said: str) -> None:
    assert settings_of(render(replace(DEFAULT, people=tuple(people))))["valid users"] == said


@pytest.mark.parametrize("name", ["100%", 'say "x"', "two\nlines", " x", "end\\"])
def test_what_smb_conf_cannot_spell_is_refused(name: str) -> None:
    for share in (
        replace(DEFAULT, people=(user(name),)),
        replace(DEFAULT, path=f"/srv/{name}" if name != " x" else name),
    ):
        with pytest.raises(EdgeError, match=r"^cannot write"):
            render(share)


@pytest.mark.parametrize("lacking", smb_conf.NEEDED)
def test_a_samba_that_cannot_tell_presses_is_refused(lacking: str) -> None:
    with pytest.raises(EdgeError, match=f"does not know {lacking};"):
        render(DEFAULT, [name for name in OPERATIONS if name != lacking])


def test_an_operation_that_this_samba_does_not_know_is_left_out() -> None:
    said = settings_of(render(DEFAULT, smb_conf.NEEDED))
    assert said["full_audit:success"] == "unlinkat renameat"
    assert said["full_audit:failure"] == "none"


def test_all_whom_the_menu_names_may_come_in() -> None:
    def action(name: str, access: Access, cancel: Access | None = None) -> Action:
        folder = Folder("/srv/controls/X", FileSpec(None, "seers", 0o2770))
        command = Command(("/bin/true",), "root", "root", 1)
        file = FileSpec(None, None, 0o640)
        return Action(ActionId("X", name), folder, ("x",), command, access, file, cancel=cancel)

    actions = (
        action("A", Access((group("webs"), user("alice")), (user("mallory"),))),
        action("B", Access((group("webs"),)), cancel=Access((user("chief"),))),
    )
    execute = Folder("/srv/controls/E", FileSpec(None, "droppers", 0o2770))
    share = Share.of(Menu(Settings("/srv/controls", enforce_in_samba=True), actions, execute))
    assert list(dict.fromkeys(share.people)) == [
        group("seers"),
        group("droppers"),
        group("webs"),
        user("alice"),
        user("chief"),
    ]
    assert replace(share, people=DEFAULT.people) == DEFAULT


@pytest.mark.parametrize(
    "line",
    [
        include_line(SNIPPET),
        f"\tInclude={SNIPPET}  ",
        "include = /etc/samba//smb.conf.d/../smb.conf.d/fui.conf",
    ],
)
def test_an_include_is_known_in_any_spelling(line: str) -> None:
    text = f"[global]\n\n{line}\n[homes]\n"
    assert includes(text, SNIPPET)
    assert redirected(text, SNIPPET, "/tmp/x") == "[global]\n\ninclude = /tmp/x\n[homes]\n"
    assert redirected(text, SNIPPET, "") == "[global]\n\n\n[homes]\n"


@pytest.mark.parametrize(
    "line",
    [
        f"# include = {SNIPPET}",
        f"; include = {SNIPPET}",
        "include = /etc/samba/other.conf",
        f"include = {SNIPPET}\0",
        "include = ",
        "path = x",
    ],
)
def test_nothing_else_is_an_include_of_it(line: str) -> None:
    text = f"{line}\n"
    assert not includes(text, SNIPPET)
    assert redirected(text, SNIPPET, "/tmp/x") == text


def test_names_of_shares_are_compared_as_samba_does() -> None:
    assert smb_conf.same_name("Controls", "con TROLS")
    assert not smb_conf.same_name("Controls", "Control")


def test_the_comment_of_the_share_names_the_share() -> None:
    assert re.search(
        r"^# \[Buttons\] behind", render(replace(DEFAULT, name="Buttons")), re.MULTILINE
    )
