"""A flag that is renamed or moved comes back and runs nothing; files of users are left alone."""

from integration.menu import SHARE, Menu
from integration.smb import Client

PROBE = ["Fail [Ready]", "Quick [Ready]"]


def test_a_renamed_flag_comes_back(menu: Menu, alice: Client) -> None:
    before = menu.names("Probe")
    alice.rename("Probe/Quick [Ready].txt", "Probe/mine.txt")
    fact = menu.wait_for_fact("restored")
    assert fact["FUI_USER"] == "alice"
    assert menu.names("Probe") == before
    alice.rename("Probe/Quick [Ready].txt", "Probe/Quick [Done].txt")
    menu.wait_for(lambda: len(menu.story("restored")) == 2, "the second return")
    assert menu.names("Probe") == before
    assert {fact.kind for fact in menu.story()} == {"restored"}
    alice.delete("Probe/Quick [Ready].txt")
    menu.wait_for_fact("ended")


def test_a_flag_moved_to_another_folder_comes_back(menu: Menu, alice: Client) -> None:
    before = menu.names("Probe"), menu.names("Apache")
    alice.rename("Probe/Quick [Ready].txt", "Apache/Quick [Ready].txt")
    menu.wait_for_fact("restored")
    assert (menu.names("Probe"), menu.names("Apache")) == before


def test_a_flag_moved_out_of_sight_comes_back(menu: Menu, alice: Client) -> None:
    before = menu.names("Probe")
    alice.mkdir("Probe/mine")
    alice.rename("Probe/Quick [Ready].txt", "Probe/mine/x.txt")
    menu.wait_for_fact("restored")
    assert menu.names("Probe") == sorted([*before, "mine"])
    assert menu.story("started") == []
    menu.machine.run(["rm", "-r", f"{SHARE}/Probe/mine"])


def test_a_flag_renamed_over_another_leaves_both_right(menu: Menu) -> None:
    before = menu.names("Probe")
    source, target = f"{SHARE}/Probe/Quick [Ready].txt", f"{SHARE}/Probe/Fail [Ready].txt"
    menu.machine.run(["mv", "--force", source, target], user="alice")
    menu.wait_for_fact("restored")
    menu.wait_for(lambda: menu.names("Probe") == before, "both flags")
    assert menu.text("Probe", "Fail [Ready]").startswith("Probe: Fail\n")
    assert menu.text("Probe", "Quick [Ready]").startswith("Probe: Quick\n")
    assert menu.story("started") == []


def test_files_of_users_are_left_alone(menu: Menu, alice: Client) -> None:
    alice.put("Probe/notes.txt", b"mine")
    alice.put("Probe/Quick [Later].txt", b"mine too")
    alice.delete("Probe/Quick [Ready].txt")
    menu.wait_for_names("Probe", "Quick [Done]")
    menu.wait_for_names("Probe", "Quick [Ready]")
    assert alice.read("Probe/notes.txt") == b"mine"
    assert alice.read("Probe/Quick [Later].txt") == b"mine too"
    alice.rename("Probe/notes.txt", "Probe/more notes.txt")
    alice.delete("Probe/more notes.txt")
    alice.delete("Probe/Quick [Later].txt")
    assert [fact.kind for fact in menu.story()] == ["pressed", "started", "ended"]


def test_files_of_users_outlive_every_look_at_the_share(menu: Menu, alice: Client) -> None:
    alice.put("Probe/notes.txt", b"mine")
    alice.put("Probe/Quick [Done].txt", b"mine too")
    alice.rename("Probe/Fail [Ready].txt", "Probe/Fail [Gone].txt")
    menu.wait_for_fact("restored")
    with menu.stopped():
        pass
    menu.wait_for_names("Probe", "Fail [Ready]", "Quick [Ready]")
    assert alice.read("Probe/notes.txt") == b"mine"
    assert alice.read("Probe/Quick [Done].txt") == b"mine too"
    alice.delete("Probe/notes.txt")
    alice.delete("Probe/Quick [Done].txt")


def test_a_users_file_in_the_place_of_a_flag_is_kept(menu: Menu) -> None:
    flag = f"{SHARE}/Probe/Quick [Ready].txt"
    menu.machine.run(["sh", "-c", 'rm "$0" && echo mine > "$0"', flag], user="alice")
    menu.wait_for_fact("unattributed")
    menu.wait_for_names("Probe", "Quick [Ready]", "Quick [Denied]")
    menu.wait_for_fact("restored")
    kept = [name for name in menu.names("Probe") if "kept" in name]
    assert len(kept) == 1
    assert menu.text("Probe", kept[0]) == "mine\n"
    assert menu.text("Probe", "Quick [Ready]").startswith("Probe: Quick\n")
    menu.machine.run(["rm", f"{SHARE}/Probe/{kept[0]}.txt"])
    assert menu.story("started") == []
