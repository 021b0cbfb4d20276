import os
from pathlib import Path

import pytest

from fui.config import files
from fui.config.tree import plain
from fui.config.yaml_text import MAX_BYTES, Document


def read(path: Path) -> Document:
    return files.document(files.content(path, "make it"), str(path))


def faults(path: Path) -> list[str]:
    document = read(path)
    assert document.root is None
    return [str(each).replace(str(path), "f") for each in document.problems]


def test_a_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("a: b\n")
    document = read(path)
    assert document.problems == ()
    assert document.root is not None
    assert plain(document.root) == {"a": "b"}


def test_a_file_that_is_missing(tmp_path: Path) -> None:
    assert faults(tmp_path / "a") == [
        "f:1:1: cannot read this file (No such file or directory); make it"
    ]


def test_a_file_that_cannot_be_read_to_its_end() -> None:
    assert faults(Path("/proc/self/mem")) == [
        "f:1:1: cannot read this file (Input/output error); make it"
    ]


def test_a_directory_and_a_pipe_are_no_files(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    text = "f:1:1: cannot read this, it is no file; take it out of the way"
    assert faults(tmp_path / "pipe") == [text]
    assert faults(tmp_path) == [text]


def test_a_file_is_not_read_beyond_the_limit(tmp_path: Path) -> None:
    path = tmp_path / "big"
    with path.open("wb") as file:
        file.truncate(MAX_BYTES * 1000)
    assert faults(path) == ["f:1:1: cannot read more than 1048576 bytes; split the file"]


def test_what_everybody_can_write_is_not_believed(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("a: b\na: c\n")
    path.chmod(0o646)
    document = read(path)
    assert document.root is not None
    assert [str(each).replace(str(path), "f") for each in document.problems] == [
        "f:1:1: cannot believe this, everybody can write it; chmod o-w it",
        'f:2:1: cannot use the key "a" twice; it stands in line 1 already',
    ]
    tmp_path.chmod(0o777)
    found, problems = files.drop_ins(tmp_path)
    assert found == [path]
    assert [each.text for each in problems] == [
        "cannot believe this, everybody can write it; chmod o-w it"
    ]


def test_drop_ins_are_known_by_their_extension_and_sorted(tmp_path: Path) -> None:
    for name in ("b.yaml", "a.yml", ".hidden.yaml", "c.yaml~", "d.YAML", "e.txt", "yaml", "a.yaml"):
        (tmp_path / name).write_text("")
    found, problems = files.drop_ins(tmp_path)
    assert [each.name for each in found] == ["a.yaml", "a.yml", "b.yaml"]
    assert problems == []


def test_there_has_to_be_a_drop_in(tmp_path: Path) -> None:
    found, (problem,) = files.drop_ins(tmp_path)
    assert found == []
    assert str(problem) == (
        f"{tmp_path}:1:1: cannot offer anything, there is no drop-in; "
        "write one for each object, as apache.yaml"
    )


def test_there_has_to_be_a_directory(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for name, why in (("gone", "No such file or directory"), ("file", "Not a directory")):
        found, (problem,) = files.drop_ins(tmp_path / name)
        assert found == []
        assert problem.text == (
            f"cannot list the drop-ins ({why}); make a directory with a drop-in in it"
        )


@pytest.mark.parametrize(
    ("path", "name"), [(b"/etc/a\xff", "/etc/a\\xff"), ("/etc/ä\n".encode(), "/etc/ä\\n")]
)
def test_a_name_can_be_printed(path: bytes, name: str) -> None:
    assert files.name_of(Path(os.fsdecode(path))) == name
