"""What the package is made of, and what is known of that."""

import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

import fui
from tests.audit import verdict

ROOT = Path(__file__).parents[2]


def bill(**environment: str) -> str:
    argv = [sys.executable, "-I", "debian/sbom.py"]
    plain = {key: value for key, value in os.environ.items() if key != "SOURCE_DATE_EPOCH"}
    done = subprocess.run(argv, cwd=ROOT, env=plain | environment, capture_output=True, check=True)
    return done.stdout.decode()


def components() -> dict[str, dict[str, Any]]:
    return {part["name"]: part for part in json.loads(bill())["components"]}


def said(part: dict[str, Any]) -> dict[str, str]:
    return {each["name"]: each["value"] for each in part["properties"]}


@pytest.mark.parametrize("epoch", ["", "1795000000"])
def test_the_bill_is_one_by_the_schema(epoch: str) -> None:
    text = bill(SOURCE_DATE_EPOCH=epoch)
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is None


def test_a_bill_that_is_none_would_be_noticed() -> None:
    wrong = bill().replace('"scope": "required"', '"scope": "wanted"', 1)
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(wrong) is not None


def test_the_same_source_gives_the_same_bill() -> None:
    assert bill() == bill()
    assert "timestamp" not in bill()
    at = json.loads(bill(SOURCE_DATE_EPOCH="0"))
    assert at["metadata"]["timestamp"] == "1970-01-01T00:00:00+00:00"
    assert at["serialNumber"] != json.loads(bill())["serialNumber"]


def test_it_is_about_this_version() -> None:
    about = json.loads(bill())["metadata"]["component"]
    assert (about["name"], about["version"]) == ("fui", fui.__version__)
    assert about["purl"] == f"pkg:deb/debian/fui@{fui.__version__}?arch=all"


def test_each_library_is_in_it_with_the_version_that_was_tested() -> None:
    project = tomllib.loads(ROOT.joinpath("pyproject.toml").read_text("utf-8"))["project"]
    pinned = ROOT.joinpath("constraints.txt").read_text("utf-8").splitlines()
    libraries = {said(part).get("fui:library"): said(part) for part in components().values()}
    for requirement in project["dependencies"]:
        found = re.match(r"([\w-]+)>=([\d.]+)", requirement)
        assert found
        name, least = found.groups()
        library = libraries[f"pkg:pypi/{name.lower()}"]
        assert f"{name}=={library['fui:tested-with']}" in pinned
        assert library.get("fui:requires", f">= {least}") == f">= {least}"


def test_each_package_is_in_it_and_nothing_that_debhelper_fills_in() -> None:
    found = components()
    assert {"samba", "sudo", "systemd", "python3-pydantic"} < set(found)
    assert all(re.fullmatch(r"[a-z0-9.+-]+", name) for name in found)
    assert said(found["systemd"]) == {"fui:requires": ">= 254"}
    assert said(found["samba"]) == {}
    assert said(found["python3-pyasyncore"])["fui:unless"] == "python3 (<< 3.12)"
    assert not any("version" in part for part in found.values())


SOUND = {"name": "rich", "version": "15.0.0", "vulns": []}
UNKNOWN = {"name": "attrs", "skip_reason": "not found"}
WEAK = {
    "name": "pyyaml",
    "version": "5.3",
    "vulns": [{"id": "PYSEC-2021-142", "fix_versions": ["5.4"]}],
}


@pytest.mark.parametrize(
    ("report", "words", "found"),
    [
        (None, "cannot audit constraints.txt: the advisories cannot be had from here", False),
        ({"dependencies": [UNKNOWN]}, "cannot audit constraints.txt: the advisories", False),
        ({"dependencies": [SOUND, UNKNOWN]}, "no weakness is known of 1 of 2 packages", False),
        ({"dependencies": [SOUND, WEAK]}, "pyyaml 5.3: PYSEC-2021-142 (put right in 5.4)", True),
    ],
)
def test_an_audit_of_nothing_is_not_taken_for_a_good_one(
    report: dict[str, Any] | None, words: str, *, found: bool
) -> None:
    told, known = verdict(report)
    assert words in told
    assert known is found
