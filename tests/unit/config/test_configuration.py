"""The configuration over time: what holds, what is told, and what the folders show."""

import shutil
from pathlib import Path

import pytest

from fui.config.load import Configuration
from fui.model.errors import ConfigError
from fui.model.menu import Fault, FileSpec, Folder, Menu
from tests.unit.config.etc import APACHE, AnyHost, Etc

TOMCAT = APACHE.replace("Apache", "Tomcat")
STOP = APACHE.replace("Start", "Stop")
BROKEN = APACHE + "    nmae: x\n"
BROKEN_TEXT = 'cannot understand the key "nmae"; did you mean name?'


class Living(Etc):
    """A configuration that is read over and over."""

    def __init__(self, root: Path, main: str | None = "", host: AnyHost | None = None) -> None:
        super().__init__(root, main)
        self.machine = host or AnyHost()
        self.hosts: list[AnyHost] = []
        self.configuration = Configuration(self.main, self.drop_ins, self._host)

    def _host(self) -> AnyHost:
        self.hosts.append(AnyHost(self.machine.missing, self.machine.in_the_way))
        return self.hosts[-1]

    def read(self) -> Menu:
        return self.configuration.read()

    def told(self, menu: Menu) -> list[str]:
        assert list(menu.problems) == sorted(set(menu.problems))
        return [str(each).replace(f"{self.main.parent}/", "") for each in menu.problems]


def actions(menu: Menu) -> list[str]:
    return [str(each.id) for each in menu.actions]


def faults(menu: Menu) -> list[tuple[str, str, str | None, int]]:
    found = []
    for fault in menu.faults:
        assert set(fault.problems) <= set(menu.problems)
        found.append(
            (fault.object, fault.folder.path, fault.folder.spec.group, len(fault.problems))
        )
    return found


def test_what_is_right_is_as_strict_as_ever(tmp_path: Path) -> None:
    etc = Living(tmp_path)
    etc.write(a=APACHE, b=TOMCAT)
    assert etc.read() == etc.load()
    assert etc.read() == etc.load()
    assert len(etc.hosts) == 2


def test_new_drop_ins_come_in_and_old_ones_go(tmp_path: Path) -> None:
    etc = Living(tmp_path)
    etc.write(a=APACHE)
    assert actions(etc.read()) == ["Apache/Start"]
    etc.write(b=TOMCAT)
    assert actions(etc.read()) == ["Apache/Start", "Tomcat/Start"]
    (etc.drop_ins / "a.yaml").unlink()
    menu = etc.read()
    assert actions(menu) == ["Tomcat/Start"]
    assert (menu.problems, menu.faults) == ((), ())


def test_a_wrong_drop_in_keeps_what_was_good_in_it(tmp_path: Path) -> None:
    etc = Living(tmp_path)
    etc.write(a=APACHE, b=TOMCAT)
    good = etc.read()
    etc.write(a=BROKEN.replace("Start", "Other"), b=TOMCAT.replace("Start", "Go"))
    for _ in range(2):
        menu = etc.read()
        assert actions(menu) == ["Apache/Start", "Tomcat/Go"]
        assert etc.told(menu) == [f"conf.d/a.yaml:6:5: {BROKEN_TEXT}"]
        assert menu.faults == (Fault("Apache", good.actions[0].folder, menu.problems),)
    etc.write(a=APACHE.replace("Start", "Other"))
    menu = etc.read()
    assert actions(menu) == ["Apache/Other", "Tomcat/Go"]
    assert (menu.problems, menu.faults) == ((), ())


def test_at_first_a_wrong_drop_in_does_not_take_the_others_down(tmp_path: Path) -> None:
    etc = Living(tmp_path)
    etc.write(a=BROKEN, b=TOMCAT, c="object: [")
    menu = etc.read()
    assert actions(menu) == ["Tomcat/Start"]
    assert [each.partition(": ")[0] for each in etc.told(menu)] == [
        "conf.d/a.yaml:6:5",
        "conf.d/c.yaml:1:10",
    ]
    assert faults(menu) == [("Apache", "/srv/controls/Apache", "wwwadmins", 1)]
    assert [each.path for each in menu.folders] == ["/srv/controls/Tomcat", "/srv/controls/Apache"]


def test_at_first_all_drop_ins_may_be_wrong(tmp_path: Path) -> None:
    etc = Living(tmp_path, "execute-folder: Run\n")
    etc.write(a=BROKEN)
    menu = etc.read()
    assert actions(menu) == []
    assert menu.execute is None
    assert len(etc.told(menu)) == 2
    assert faults(menu) == [("Apache", "/srv/controls/Apache", "wwwadmins", 1)]
    etc.write(a=APACHE)
    menu = etc.read()
    assert actions(menu) == ["Apache/Start"]
    assert menu.execute is not None


@pytest.mark.parametrize(
    "main", ["grace: 0\n", "colour: red\n", "[", "states: {ready: Done}\n", None]
)
def test_at_first_fui_yaml_has_to_be_right(tmp_path: Path, main: str | None) -> None:
    etc = Living(tmp_path, main)
    etc.write(a=BROKEN)
    with pytest.raises(ConfigError) as caught:
        etc.read()
    assert [Path(each.file).name for each in caught.value.problems] == ["a.yaml", "fui.yaml"]
    etc.main.write_text("")
    etc.write(a=APACHE)
    assert actions(etc.read()) == ["Apache/Start"]


def test_at_first_fui_yaml_has_to_go_with_the_drop_ins(tmp_path: Path) -> None:
    etc = Living(tmp_path, "execute-folder: Run\n")
    etc.write(a=APACHE, b=TOMCAT.replace("wwwadmins", "others"))
    with pytest.raises(ConfigError, match="cannot tell the group of this folder"):
        etc.read()


def test_at_first_there_has_to_be_a_drop_in(tmp_path: Path) -> None:
    etc = Living(tmp_path)
    with pytest.raises(ConfigError, match="there is no drop-in"):
        etc.read()
    etc.write(a=APACHE)
    etc.drop_ins.chmod(0o777)
    with pytest.raises(ConfigError, match="everybody can write it"):
        etc.read()


def test_a_wrong_fui_yaml_keeps_the_settings(tmp_path: Path) -> None:
    etc = Living(tmp_path, "grace: 3s\n")
    etc.write(a=APACHE)
    etc.read()
    etc.main.write_text("grace: 0\nsettle: 0\n")
    etc.write(b=TOMCAT)
    menu = etc.read()
    assert (menu.settings.grace, menu.settings.settle) == (3, 0.1)
    assert actions(menu) == ["Apache/Start", "Tomcat/Start"]
    assert etc.told(menu) == ['fui.yaml:1:8: cannot use the time "0"; it has to be from 1ms to 1h']
    assert menu.faults == ()
    etc.main.unlink()
    assert etc.told(etc.read())[0].startswith("fui.yaml:1:1: cannot read this file")
    etc.main.write_text("grace: 4s\n")
    assert etc.read().settings.grace == 4
    etc.machine.missing = ["/srv/controls"]
    assert etc.read().settings.grace == 4


def test_what_cannot_change_while_fui_runs(tmp_path: Path) -> None:
    etc = Living(tmp_path, "facility: local5\n")
    etc.write(a=APACHE)
    etc.read()
    etc.main.write_text("grace: 1s\nfacility: local6\nshare: /srv/menu\n")
    menu = etc.read()
    assert (menu.settings.share, menu.settings.facility) == ("/srv/controls", 21)
    assert menu.settings.grace == 1
    assert menu.actions[0].folder.path == "/srv/controls/Apache"
    hint = "while FUI runs; run: systemctl restart fui"
    assert etc.told(menu) == [
        f'fui.yaml:2:11: cannot change "facility" {hint}',
        f'fui.yaml:3:8: cannot change "share" {hint}',
    ]
    assert etc.read() == menu
    etc.main.write_text("")
    assert etc.told(etc.read()) == []


def test_a_directory_that_is_gone_or_empty_keeps_what_was_good(tmp_path: Path) -> None:
    etc = Living(tmp_path)
    etc.write(a=APACHE, b=TOMCAT)
    good = etc.read()
    (etc.drop_ins / "b.yaml").unlink()
    (etc.drop_ins / "a.yaml").unlink()
    menu = etc.read()
    assert menu.actions == good.actions
    assert etc.told(menu) == [
        "conf.d:1:1: cannot offer anything, there is no drop-in; write one for each object, as apache.yaml"
    ]
    shutil.rmtree(etc.drop_ins)
    menu = etc.read()
    assert menu.actions == good.actions
    assert etc.told(menu)[0].startswith("conf.d:1:1: cannot list the drop-ins")


def test_a_directory_that_everybody_can_write_is_not_believed(tmp_path: Path) -> None:
    etc = Living(tmp_path)
    etc.write(a=APACHE)
    good = etc.read()
    etc.write(b=TOMCAT)
    etc.drop_ins.chmod(0o777)
    menu = etc.read()
    assert menu.actions == good.actions
    assert etc.told(menu) == [
        "conf.d:1:1: cannot believe this, everybody can write it; chmod o-w it"
    ]


def test_of_two_files_that_clash_at_first_the_later_is_left_out(tmp_path: Path) -> None:
    etc = Living(tmp_path)
    etc.write(a=APACHE, b=APACHE.replace("Apache", "APACHE"))
    menu = etc.read()
    assert actions(menu) == ["Apache/Start"]
    assert etc.told(menu) == [
        'conf.d/b.yaml:5:18: cannot define "Apache/Start" twice; it stands in conf.d/a.yaml:5:18 already'
    ]
    assert faults(menu) == [("Apache", "/srv/controls/Apache", "wwwadmins", 1)]


def test_of_two_files_that_clash_the_one_that_changed_is_left_out(tmp_path: Path) -> None:
    etc = Living(tmp_path)
    etc.write(b=APACHE)
    etc.read()
    etc.write(a=APACHE)
    menu = etc.read()
    assert etc.told(menu) == [
        'conf.d/a.yaml:5:18: cannot define "Apache/Start" twice; it stands in conf.d/b.yaml:5:18 already'
    ]
    assert actions(menu) == ["Apache/Start"]
    etc.write(b=APACHE + "# a comment changes nothing\n")
    assert etc.told(etc.read()) == etc.told(menu)


def test_an_object_that_changes_places_between_two_files(tmp_path: Path) -> None:
    etc = Living(tmp_path)
    etc.write(a=APACHE, b=TOMCAT)
    etc.read()
    etc.write(a=TOMCAT, b=APACHE)
    menu = etc.read()
    assert (actions(menu), menu.problems) == (["Apache/Start", "Tomcat/Start"], ())


def test_both_versions_of_a_file_can_be_wrong(tmp_path: Path) -> None:
    etc = Living(tmp_path)
    etc.write(a=APACHE, b=STOP)
    etc.read()
    (etc.drop_ins / "b.yaml").rename(etc.drop_ins / "0.yaml")
    etc.write(a=STOP + "    nmae: x\n")
    assert actions(etc.read()) == ["Apache/Stop", "Apache/Start"]
    etc.write(**{"0": APACHE + "        - {name: Stop, command: /bin/x}\n", "a": STOP})
    menu = etc.read()
    assert len(menu.problems) == 2
    assert actions(menu) == ["Apache/Stop", "Apache/Start"]


def test_a_folder_around_another_ones_is_the_fault_of_the_new_file(tmp_path: Path) -> None:
    etc = Living(tmp_path)
    inner = TOMCAT.replace("{group", "{path: /srv/controls/Apache, group")
    etc.write(b=inner)
    etc.read()
    etc.write(a=APACHE)
    menu = etc.read()
    assert actions(menu) == ["Tomcat/Start"]
    assert etc.told(menu) == [
        (
            'conf.d/a.yaml:3:16: cannot put "/srv/controls/Apache" around the folder of another object; '
            "name a directory that holds no flags"
        )
    ]
    assert menu.faults == ()  # its folder is the fault


def test_a_change_of_fui_yaml_that_makes_drop_ins_wrong_is_not_taken(tmp_path: Path) -> None:
    etc = Living(tmp_path)
    etc.write(a=APACHE, b=TOMCAT)
    etc.read()
    etc.main.write_text("execute-folder: Tomcat\ngrace: 1s\n")
    menu = etc.read()
    assert actions(menu) == ["Apache/Start", "Tomcat/Start"]
    assert (menu.execute, menu.settings.grace) == (None, 10)
    (told,) = etc.told(menu)
    assert told.startswith(
        'conf.d/b.yaml:1:9: cannot call an object "Tomcat" in the share, fui.yaml'
    )
    assert menu.faults == ()


def test_an_execute_folder_whose_group_is_no_longer_clear_stays_as_it_was(tmp_path: Path) -> None:
    etc = Living(tmp_path, "execute-folder: Run\n")
    etc.write(a=APACHE)
    execute = etc.read().execute
    assert execute is not None
    etc.write(b=TOMCAT.replace("wwwadmins", "others"))
    menu = etc.read()
    assert menu.execute == execute
    assert actions(menu) == ["Apache/Start", "Tomcat/Start"]
    (told,) = etc.told(menu)
    assert told.startswith("fui.yaml:1:17: cannot tell the group of this folder")
    assert menu.faults == ()
    etc.main.write_text("execute-folder: Other\n")
    assert etc.read().execute == execute
    etc.main.write_text("grace: 1s\n")
    menu = etc.read()
    assert (menu.execute, menu.problems) == (None, ())


def test_a_file_that_makes_another_wrong_is_not_taken(tmp_path: Path) -> None:
    etc = Living(tmp_path)
    user = APACHE + "    also-in: db\n"
    etc.write(a=user, b=TOMCAT + "    name: db\n", c=STOP)
    before = etc.read()
    etc.write(b=TOMCAT + "    name: database\n", c=STOP + "    confirm: 1s\n")
    menu = etc.read()
    assert actions(menu) == actions(before)
    assert menu.actions[0].groups == ("Apache/1", "Tomcat/db")
    assert menu.actions[1].confirm == 1
    (told,) = etc.told(menu)
    assert told.startswith('conf.d/a.yaml:6:14: cannot find an action group "db"')
    assert faults(menu) == [("Tomcat", "/srv/controls/Tomcat", "wwwadmins", 1)]
    etc.write(a=user.replace("db", "database"))
    menu = etc.read()
    assert (menu.actions[0].groups[1], menu.problems) == ("Tomcat/database", ())


def test_a_name_that_a_wrong_file_may_have_is_not_told(tmp_path: Path) -> None:
    etc = Living(tmp_path)
    etc.write(a=APACHE + "    also-in: db\n", b=TOMCAT + "    name: db\n    nmae: x\n")
    menu = etc.read()
    assert actions(menu) == ["Apache/Start"]
    assert len(menu.problems) == 1


def test_changed_files_do_not_stand_for_what_is_not_their_fault(tmp_path: Path) -> None:
    etc = Living(tmp_path)
    etc.write(a=APACHE, b=TOMCAT)
    etc.read()
    etc.machine.in_the_way = ["/srv/controls/Apache"]
    etc.write(b=TOMCAT.replace("Start", "Go"))
    menu = etc.read()
    assert actions(menu) == ["Tomcat/Go"]
    assert etc.told(menu) == ["conf.d/a.yaml:3:16: cannot use /srv/controls/Apache"]


def test_what_the_machine_no_longer_has(tmp_path: Path) -> None:
    etc = Living(tmp_path)
    etc.write(a=APACHE)
    etc.read()
    etc.machine.missing = ["/sbin/service"]
    menu = etc.read()
    assert actions(menu) == ["Apache/Start"]
    assert etc.told(menu) == ["conf.d/a.yaml:5:34: cannot find the program /sbin/service"]
    etc.machine.missing, etc.machine.in_the_way = [], ["/srv/controls/Apache"]
    etc.write(b=TOMCAT)
    menu = etc.read()
    assert actions(menu) == ["Tomcat/Start"]
    assert etc.told(menu) == ["conf.d/a.yaml:3:16: cannot use /srv/controls/Apache"]
    assert menu.faults == ()


def test_a_group_that_is_gone_leaves_other_files_where_they_are(tmp_path: Path) -> None:
    etc = Living(tmp_path)
    etc.write(a=APACHE + "    also-in: db\n", b=TOMCAT + "    name: db\n", c=STOP)
    etc.read()
    (etc.drop_ins / "b.yaml").unlink()
    menu = etc.read()
    assert actions(menu) == ["Apache/Stop"]
    assert faults(menu) == [("Apache", "/srv/controls/Apache", "wwwadmins", 1)]


def test_two_wrong_files_of_one_object(tmp_path: Path) -> None:
    etc = Living(tmp_path)
    etc.write(a=BROKEN, b=BROKEN.replace("Apache", "APACHE"), c=TOMCAT)
    menu = etc.read()
    assert faults(menu) == [("Apache", "/srv/controls/Apache", "wwwadmins", 1)] * 2
    assert [each.problems[0].file[-6:] for each in menu.faults] == ["a.yaml", "b.yaml"]


def test_the_folder_of_an_object_that_was_good_once(tmp_path: Path) -> None:
    etc = Living(tmp_path)
    good = APACHE.replace("{group", "{path: /srv/other, mode: 0750, user: root, group")
    etc.write(a=good, b=TOMCAT)
    etc.read()
    etc.write(a="object: Else\n", b=TOMCAT)
    menu = etc.read()
    folder = Folder("/srv/other/Apache", FileSpec("root", "wwwadmins", 0o750))
    assert menu.faults == (Fault("Apache", folder, menu.problems),)


class TestReadAgain:
    """What was read last is read once more: a directory service can come up late."""

    def test_what_the_machine_has_by_now_holds(self, tmp_path: Path) -> None:
        etc = Living(tmp_path, host=AnyHost(missing=["wwwadmins"]))
        etc.write(a=APACHE, b=TOMCAT.replace("wwwadmins", "others"))
        assert actions(etc.read()) == ["Tomcat/Start"]
        again = etc.configuration.read_again()
        assert again is not None
        assert actions(again) == ["Tomcat/Start"]
        assert again.problems
        etc.machine = AnyHost()
        again = etc.configuration.read_again()
        assert again is not None
        assert actions(again) == ["Apache/Start", "Tomcat/Start"]
        assert not again.problems

    @pytest.mark.parametrize("text", [STOP, BROKEN, ""])
    def test_a_file_that_was_changed_holds_when_somebody_says_so(
        self, tmp_path: Path, text: str
    ) -> None:
        etc = Living(tmp_path)
        etc.write(a=APACHE)
        etc.read()
        etc.write(a=text)
        assert etc.configuration.read_again() is None
        etc.write(a=APACHE)
        assert etc.configuration.read_again() is not None

    def test_so_does_a_file_that_is_new(self, tmp_path: Path) -> None:
        etc = Living(tmp_path)
        etc.write(a=APACHE)
        etc.read()
        etc.write(b=TOMCAT)
        assert etc.configuration.read_again() is None

    def test_so_does_fui_yaml(self, tmp_path: Path) -> None:
        etc = Living(tmp_path)
        etc.write(a=APACHE)
        etc.read()
        etc.main.write_text("settle: 1s\n")
        assert etc.configuration.read_again() is None
        assert etc.read().settings.settle == 1
