"""The configuration as it will be, and the example."""

from pathlib import Path

import pytest
import yaml

from fui.admin.setup import candidate, example
from fui.admin.setup.example import UNITS
from fui.admin.setup.services import Service
from fui.model.errors import ConfigError

DROP_IN = """\
object: Server
action-group:
    directory: {group: root}
    actions: [{name: Go, command: /bin/true}]
"""


@pytest.fixture
def etc(tmp_path: Path) -> Path:
    folder = tmp_path / "etc"
    folder.joinpath("conf.d").mkdir(parents=True)
    folder.joinpath("fui.yaml").write_text(f"share: {tmp_path}/the share\n")
    return folder


def write(etc: Path, text: str) -> None:
    etc.joinpath("conf.d/server.yaml").write_text(text)


def units(*there: str) -> dict[str, Service]:
    return {unit: Service(unit, loaded=unit.removesuffix(".service") in there) for unit in UNITS}


def test_what_setup_makes_may_be_missing(etc: Path) -> None:
    write(etc, DROP_IN.replace("group: root", "group: yet-to-be-made, user: fui"))
    found = candidate.read(etc, {}, {"yet-to-be-made"})
    assert found.menu.settings.share == f"{etc.parent}/the share"
    assert [str(action.id) for action in found.menu.actions] == ["Server/Go"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("group: root", "group: no-such-group"),
        ("group: root", "group: root, path: /no/such/directory"),
        ("/bin/true", "/no/such/program"),
    ],
)
def test_what_it_does_not_make_may_not(etc: Path, old: str, new: str) -> None:
    write(etc, DROP_IN.replace(old, new))
    with pytest.raises(ConfigError, match=r"server.yaml:\d+:\d+: cannot"):
        candidate.read(etc, {})


def test_new_files_are_checked_with_those_that_are_there(etc: Path) -> None:
    write(etc, DROP_IN)
    found = candidate.read(etc, {"conf.d/more.yaml": DROP_IN.replace("Server", "More")})
    assert {action.id.object for action in found.menu.actions} == {"Server", "More"}
    assert [path.name for path in etc.joinpath("conf.d").iterdir()] == ["server.yaml"]


def test_the_places_of_faults_are_those_of_the_real_files(etc: Path) -> None:
    write(etc, DROP_IN)
    with pytest.raises(ConfigError) as caught:
        candidate.read(etc, {"conf.d/zz.yaml": DROP_IN})
    text = str(caught.value)
    assert text.startswith(f"{etc}/conf.d/zz.yaml:")
    assert f"it stands in {etc}/conf.d/server.yaml:" in text


def test_a_folder_that_everybody_can_write_is_not_believed(etc: Path) -> None:
    write(etc, DROP_IN)
    etc.joinpath("conf.d").chmod(0o777)
    with pytest.raises(ConfigError, match="everybody can write"):
        candidate.read(etc, {"conf.d/more.yaml": DROP_IN.replace("Server", "More")})


def test_the_digest_stands_for_all_that_it_says(etc: Path) -> None:
    write(etc, DROP_IN)
    first = candidate.read(etc, {}).digest
    etc.joinpath("conf.d/note.txt").write_text("not read")
    assert candidate.read(etc, {}).digest == first
    write(etc, f"{DROP_IN}# a comment\n")
    second = candidate.read(etc, {}).digest
    etc.joinpath("fui.yaml").write_text(f"share: {etc.parent}/the share\ngrace: 5s\n")
    assert len({first, second, candidate.read(etc, {}).digest}) == 3


def test_the_text_of_a_new_fui_yaml_is_all_defaults(tmp_path: Path) -> None:
    tmp_path.joinpath("conf.d").mkdir()
    written = candidate.read(
        tmp_path, {candidate.MAIN: candidate.MAIN_TEXT, "conf.d/x.yaml": DROP_IN}
    )
    empty = candidate.read(tmp_path, {candidate.MAIN: "", "conf.d/x.yaml": DROP_IN})
    assert written.menu.settings == empty.menu.settings
    commented = "\n".join(
        line.removeprefix("#")
        for line in candidate.MAIN_TEXT.splitlines()
        if not line.startswith("# ")
    )
    assert candidate.read(
        tmp_path, {candidate.MAIN: commented, "conf.d/x.yaml": DROP_IN}
    ).menu.execute


def test_whether_there_is_a_menu(etc: Path) -> None:
    assert not candidate.has_menu(etc)
    etc.joinpath("conf.d/note.txt").write_text("")
    assert not candidate.has_menu(etc)
    write(etc, DROP_IN)
    assert candidate.has_menu(etc)
    assert not candidate.has_menu(etc / "none")


@pytest.mark.parametrize(
    ("there", "name", "command"),
    [
        (["apache2", "nginx"], "Apache", "/usr/bin/systemctl restart apache2"),
        (["httpd"], "Apache", "/usr/bin/systemctl restart httpd"),
        (["nginx"], "nginx", "/usr/bin/systemctl restart nginx"),
        ([], "Server", "/usr/bin/df -h"),
    ],
)
def test_the_example_is_of_what_the_machine_has(there: list[str], name: str, command: str) -> None:
    one = example.example(units(*there), "controls")
    said = yaml.safe_load(one.text)
    assert one.path == f"conf.d/{name.lower()}.yaml"
    assert said["object"] == name
    assert command in [action["command"] for action in said["action-group"]["actions"]]
    assert said["action-group"]["directory"] == {"group": "controls"}


@pytest.mark.skipif(not Path("/usr/bin/systemctl").exists(), reason="no systemd here")
@pytest.mark.parametrize("there", [["apache2"], ["nginx"], []])
@pytest.mark.parametrize("group", ["controls", "Domain Users", 'DOM\\a "b": c', "no"])
def test_the_example_is_a_menu_that_fui_check_accepts(
    tmp_path: Path, there: list[str], group: str
) -> None:
    one = example.example(units(*there), group)
    tmp_path.joinpath("conf.d").mkdir()
    added = {candidate.MAIN: "", one.path: one.text}
    menu = candidate.read(tmp_path, added, {group}).menu
    assert {folder.spec.group for folder in menu.folders} == {group}


def test_an_example_is_never_in_the_way_of_what_is_there() -> None:
    one = example.example(units("apache2"), "controls")
    assert example.obstacle(one, ["Server"], ["conf.d/server.yaml"]) == ""
    assert "an object Apache already" in example.obstacle(one, ["APACHE"], [])
    assert "conf.d/apache.yaml already" in example.obstacle(one, [], ["conf.d/apache.yaml"])
