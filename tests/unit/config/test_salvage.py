import pytest

from fui.config.salvage import Remains, faults, from_wrong
from fui.config.schema import DirectoryPart
from fui.config.unwrap import unwrapped
from fui.config.yaml_text import Document, read
from fui.model.errors import Problem
from fui.model.menu import FileSpec, Folder, Menu, Settings
from tests.unit.config.etc import AnyHost

PROBLEM = Problem("a.yaml", 1, 1, "cannot")


def remains(text: str | bytes, *missing: str) -> Remains | None:
    document = read(text if isinstance(text, bytes) else text.encode(), "a.yaml")
    if document.root is not None:
        document = Document(unwrapped(document.root))
    return from_wrong(document, "a.yaml", AnyHost(missing))


def name(text: str | bytes) -> str | None:
    found = remains(text)
    return found.object if found else None


def menu(*folders: str) -> Menu:
    execute = Folder(folders[0], FileSpec(None, None, 0)) if folders else None
    return Menu(Settings("/srv/controls"), (), execute)


def test_what_stands_in_a_file_that_can_be_read() -> None:
    text = (
        "object: Apache\naction-groups:\n  - x\n  - {directory: x}\n  - {}\n"
        "  - {directory: {path: /srv/a, group: gone, mode: 9, user: u}}\n"
        "  - {directory: {path: /srv/b, group: g, mode: 0750}}\n"
    )
    found = remains(text, "gone")
    assert found is not None
    assert found.object == "Apache"
    said = found.directory
    assert (said.path, said.user, said.group, said.mode) == ("/srv/a", "u", "g", 0o750)


@pytest.mark.parametrize(
    "text", ["", "objekt: A", "object: [A]", "object: a/b", "object:", "action-group: {}"]
)
def test_a_file_that_names_no_object(text: str) -> None:
    assert remains(text) is None


def test_what_a_file_lacks_has_a_default() -> None:
    assert remains("object: A") == Remains("A", DirectoryPart())
    assert remains("object: A\naction-group: x") == Remains("A", DirectoryPart())


@pytest.mark.parametrize(
    ("text", "object_name"),
    [
        ("object: Apache\nx: [", "Apache"),
        ("\tx\nobject: \t My Apache   # comment\n", "My Apache"),
        ("x: {\nobject: C#\n", "C#"),
        ('[\nobject: "A #1" # x\n', "A #1"),
        ("[\r\nobject: 'A b'\r\n", "A b"),
        (b"\xffx\nobject: A\n", "A"),
        ("[\nobject: A\nobject: A\n", "A"),
        ("\ufeff[\nobject: A\n", "A"),
        ("\ufeffobject: A\n[", "A"),
    ],
)
def test_a_line_of_a_file_that_cannot_be_read(text: str | bytes, object_name: str) -> None:
    assert name(text) == object_name


@pytest.mark.parametrize(
    "text",
    [
        "[",
        "[\n object: A\n",
        "[\n# object: A\n",
        "[\nobject:A\n",
        "[\nobject:\nA\n",
        "[\nobject: A\nobject: B\n",
        "[\nobject: a/b\n",
        "[\nobject: [A]\n",
        "[\nobject: 'it''s'\n",
        '[\nobject: "a" b\n',
        '[\nobject: "a\\n"\n',
        "[\nobject: 'a\n",
        "[\nobject: &a A\n",
        b"[\nobject: A\xff\n",
        "[\nmy object: A\n",
    ],
)
def test_a_line_that_does_not_say_it_for_sure(text: str | bytes) -> None:
    assert name(text) is None


def test_what_everybody_can_write_says_nothing() -> None:
    assert from_wrong(Document(None, (), "object: A\n", believed=False), "a", AnyHost()) is None


def test_a_folder_for_what_is_wrong() -> None:
    wrong = [(Remains("A", DirectoryPart()), [PROBLEM])]
    (fault,) = faults(wrong, menu(), AnyHost())
    assert fault.folder == Folder("/srv/controls/A", FileSpec(None, None, 0o2770))
    assert fault.problems == (PROBLEM,)


@pytest.mark.parametrize("other", ["/srv/controls/a", "/srv/controls", "/srv/controls/A/x", "/srv"])
def test_there_is_no_folder_where_another_one_is(other: str) -> None:
    wrong = [(Remains("A", DirectoryPart()), [PROBLEM])]
    assert faults(wrong, menu(other), AnyHost()) == ()
    assert len(faults(wrong, menu("/srv/controls/A2"), AnyHost())) == 1
    assert faults(wrong, menu(), AnyHost(in_the_way=["/srv/controls/A"])) == ()


def test_two_wrong_files_are_in_each_others_way_too() -> None:
    inner = DirectoryPart.model_construct(path="/srv/controls/A")
    wrong = [(Remains("A", DirectoryPart()), [PROBLEM]), (Remains("B", inner), [PROBLEM])]
    assert [each.object for each in faults(wrong, menu(), AnyHost())] == ["A"]
