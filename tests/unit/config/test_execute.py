from pathlib import Path

import pytest

from fui.model.menu import FileSpec, Folder
from tests.unit.config.etc import APACHE, AnyHost, Etc

OTHER = APACHE.replace("Apache", "Tomcat")
ELSEWHERE = OTHER.replace("{group", "{path: /srv/other, group").replace("wwwadmins", "others")


def faults(root: Path, main: str, host: AnyHost | None = None, **drop_ins: str) -> list[str]:
    return Etc(root, main).write(**drop_ins).faults(host)


def test_there_is_none_unless_it_is_named(tmp_path: Path) -> None:
    menu = Etc(tmp_path).write(a=APACHE).load()
    assert menu.execute is None
    assert [folder.path for folder in menu.folders] == ["/srv/controls/Apache"]


def test_its_group_is_that_of_the_objects(tmp_path: Path) -> None:
    etc = Etc(tmp_path, "execute-folder: Execute\n").write(a=APACHE, b=OTHER, c=ELSEWHERE + "#")
    (etc.drop_ins / "c.yaml").write_text(ELSEWHERE.replace("Tomcat", "Elsewhere"))
    menu = etc.load()
    assert menu.execute == Folder("/srv/controls/Execute", FileSpec(None, "wwwadmins", 0o2770))
    assert menu.folders[-1] == menu.execute


def test_all_that_can_be_said_of_it(tmp_path: Path) -> None:
    main = "share: /srv/menu\nexecute-folder: {name: Run, user: root, group: staff, mode: 0750}\n"
    menu = Etc(tmp_path, main).write(a=APACHE).load()
    assert menu.execute == Folder("/srv/menu/Run", FileSpec("root", "staff", 0o750))


def test_its_group_has_to_be_known(tmp_path: Path) -> None:
    other = OTHER.replace("wwwadmins", "others")
    text = (
        "cannot tell the group of this folder, those of the objects do not say one and the same; "
        "write execute-folder: {name: Run, group: …}"
    )
    assert faults(tmp_path, "execute-folder: Run\n", a=APACHE, b=other) == [
        f"fui.yaml:1:17: {text}"
    ]


@pytest.mark.parametrize(
    "drop_in",
    [
        ELSEWHERE,
        "object: A\naction-group:\n  allow: {users: [x]}\n  actions: [{name: x, command: /x}]\n",
    ],
)
def test_no_object_of_the_share_names_a_group(tmp_path: Path, drop_in: str) -> None:
    (fault,) = faults(tmp_path, "execute-folder: {name: Run}\n", a=drop_in)
    assert fault.startswith("fui.yaml:1:17: cannot tell the group of this folder")


def test_no_object_has_its_name(tmp_path: Path) -> None:
    main = "share: /srv\nexecute-folder: {name: APACHE, group: g}\n"
    assert faults(tmp_path, main, a=APACHE) == [
        (
            'conf.d/a.yaml:1:9: cannot call an object "Apache" in the share, fui.yaml:2:17 gives that '
            "name to the execute folder; change one of them"
        )
    ]


def test_an_object_of_its_name_elsewhere_is_fine(tmp_path: Path) -> None:
    main = "execute-folder: {name: Tomcat, group: g}\n"
    assert faults(tmp_path, main, a=ELSEWHERE) == []


def test_no_object_is_inside_it(tmp_path: Path) -> None:
    inside = APACHE.replace("{group", "{path: /srv/controls/run/x, group")
    assert faults(tmp_path, "execute-folder: {name: Run, group: g}\n", a=inside) == [
        (
            'conf.d/a.yaml:3:23: cannot put "/srv/controls/run/x/Apache" there, the execute folder of '
            "fui.yaml:1:17 is in its way; name another directory"
        )
    ]


def test_it_is_inside_no_object(tmp_path: Path) -> None:
    around = APACHE.replace("{group", "{path: /srv, group").replace("Apache", "Controls")
    (fault,) = faults(tmp_path, "execute-folder: {name: Run, group: g}\n", a=around)
    assert fault.startswith('conf.d/a.yaml:3:23: cannot put "/srv/Controls" there')


def test_something_else_is_in_its_place(tmp_path: Path) -> None:
    host = AnyHost(in_the_way=["/srv/controls/Run"])
    assert faults(tmp_path, "execute-folder: Run\n", host, a=APACHE) == [
        "fui.yaml:1:17: cannot use /srv/controls/Run"
    ]


@pytest.mark.parametrize(
    ("value", "fault"),
    [
        ("CON", '17: cannot use the name "CON"; Windows keeps it for a device, choose another one'),
        ("Run.", '17: cannot end the name "Run." with a dot or a blank; leave it out'),
        (
            "'a:b'",
            '17: cannot use : in the name "a:b"; file names on Windows hold none of /\\:*?"<>|',
        ),
        (
            "readme.txt",
            '17: cannot call an object "readme.txt"; FUI puts its own README.txt there',
        ),
        (
            "[Run]",
            "17: cannot use a list here; write keys below it (name, user, group, mode)",
        ),
        ("{}", '17: cannot do without "name" here; write for example name: Start'),
        ("{name: Run, group: gone}", "36: cannot find the group gone"),
        (
            "{name: Run, mode: 0777}",
            "35: cannot use the mode 0777; it lets everybody write, write 0775",
        ),
        (
            "{name: Run, gruop: x}",
            '29: cannot understand the key "gruop"; did you mean group?',
        ),
    ],
)
def test_what_cannot_be_meant(tmp_path: Path, value: str, fault: str) -> None:
    main = f"execute-folder: {value}\n"
    assert faults(tmp_path, main, AnyHost(["gone"]), a=APACHE) == [f"fui.yaml:1:{fault}"]
