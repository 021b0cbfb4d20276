"""The Debian package says what pyproject.toml says."""

import re
import tomllib
from pathlib import Path

import fui

ROOT = Path(__file__).parents[2]
NAMES = {"PyYAML": "python3-yaml", "systemd-python": "python3-systemd"}


def required(requirement: str) -> tuple[str, str]:
    """Give Debian's name of a requirement, and the least version of it."""
    found = re.match(r"([\w-]+)>=([\d.]+)", requirement)
    assert found, requirement
    return NAMES.get(found[1], f"python3-{found[1]}"), found[2]


def test_it_has_the_version_of_the_program() -> None:
    first = ROOT.joinpath("debian/changelog").read_text("utf-8").splitlines()[0]
    assert first == f"fui ({fui.__version__}) unstable; urgency=medium"


def test_it_depends_on_what_the_program_needs() -> None:
    project = tomllib.loads(ROOT.joinpath("pyproject.toml").read_text("utf-8"))["project"]
    control = ROOT.joinpath("debian/control").read_text("utf-8")
    depends = re.sub(r"\s+", " ", control.split("\nDepends: ")[1].split("\nSuggests: ")[0])
    for requirement in project["dependencies"]:
        name, version = required(requirement)
        if "python_version" in requirement:
            assert f"{name} | python3 (<< 3.12)," in depends
        else:
            assert f"{name} (>= {version})," in depends
