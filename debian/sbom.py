"""The software bill of materials of the package, as CycloneDX JSON, on standard output.

Rules: what is shipped is FUI and nothing else, so FUI is the component that has a version. What it
depends on is named as debian/control declares it, for which version of it is there, the system
decides, and says (`dpkg-query --show`). Beside a Python library stands the version that the tests
were run with, of constraints.txt. The same source gives the same bytes: the time is that of
SOURCE_DATE_EPOCH, or left out, and the serial number follows from the content.

It needs Python alone, for it runs where the package is built.
"""

import json
import os
import re
import sys
import uuid
from datetime import UTC, datetime
from email.message import Message
from email.parser import Parser
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
LIBRARIES = {"python3-yaml": "PyYAML", "python3-systemd": "systemd-python"}
"""Python libraries that have another name in Debian than `python3-NAME`."""

_PACKAGE = re.compile(r"([a-z0-9][a-z0-9.+-]+)(?: \(([<>=]+ [^)]+)\))?")
_VERSION = re.compile(r"fui \(([^)]+)\)")
_MAINTAINER = re.compile(r"(.*) <(.*)>")


def bill() -> dict[str, Any]:
    """Return the bill of this source."""
    source, package = _paragraphs()
    version = _VERSION.match(_text("debian/changelog"))
    assert version  # noqa: S101 - dpkg reads it too
    fui = f"pkg:deb/debian/fui@{version[1]}?arch={package['Architecture']}"
    parts = [_component(*each) for each in _depends(package["Depends"])]
    content: dict[str, Any] = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": _metadata(source, package, version[1], fui),
        "components": parts,
        "dependencies": [
            {"ref": fui, "dependsOn": [part["bom-ref"] for part in parts]},
            *({"ref": part["bom-ref"]} for part in parts),
        ],
    }
    serial = uuid.uuid5(uuid.NAMESPACE_URL, json.dumps(content, sort_keys=True))
    return content | {"serialNumber": serial.urn}


def _metadata(source: Message, package: Message, version: str, fui: str) -> dict[str, Any]:
    maintainer = _MAINTAINER.fullmatch(source["Maintainer"])
    assert maintainer  # noqa: S101 - dpkg reads it too
    contact = {"name": maintainer[1], "contact": [{"email": maintainer[2]}]}
    component = {
        "type": "application",
        "bom-ref": fui,
        "name": package["Package"],
        "version": version,
        "description": package["Description"].splitlines()[0],
        "licenses": [{"license": {"id": "MIT"}}],
        "purl": fui,
    }
    found: dict[str, Any] = {"lifecycles": [{"phase": "build"}], "component": component}
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    if epoch:
        found["timestamp"] = datetime.fromtimestamp(int(epoch), UTC).isoformat()
    return found | {"supplier": contact}


def _component(name: str, versions: list[str], condition: str) -> dict[str, Any]:
    ref = f"pkg:deb/debian/{name}"
    said = [("fui:requires", ", ".join(versions)), ("fui:unless", condition)]
    library = LIBRARIES.get(name, name.removeprefix("python3-"))
    tested = _tested().get(library, "")
    if tested:
        said += [("fui:library", f"pkg:pypi/{library.lower()}"), ("fui:tested-with", tested)]
    return {
        "type": "library" if tested else "application",
        "bom-ref": ref,
        "name": name,
        "scope": "required",
        "purl": ref,
        "properties": [{"name": key, "value": value} for key, value in said if value],
    }


def _depends(text: str) -> list[tuple[str, list[str], str]]:
    """Give each package that is depended on, which versions, and what makes it needless."""
    found: dict[str, tuple[list[str], str]] = {}
    for relation in (each.strip() for each in text.split(",")):
        first, _, other = relation.partition(" | ")
        match = _PACKAGE.fullmatch(first)
        # Not ${misc:Depends}, which debhelper fills in; and samba from 4.20 on, or else its modules in a
        # package of their own, stands there without a condition as well.
        if match is not None and not (match[2] and other):
            versions, _ = found.get(match[1], ([], ""))
            found[match[1]] = [*versions, *filter(None, [match[2]])], other
    return [(name, *rest) for name, rest in sorted(found.items())]


def _tested() -> dict[str, str]:
    lines = _text("constraints.txt").splitlines()
    return dict(line.split("==", 1) for line in lines if "==" in line and line[0] != "#")


def _paragraphs() -> list[Message]:
    parse = Parser().parsestr
    return [parse(each) for each in _text("debian/control").split("\n\n") if each.strip()]


def _text(name: str) -> str:
    return ROOT.joinpath(name).read_text("utf-8")


if __name__ == "__main__":
    json.dump(bill(), sys.stdout, indent=2, ensure_ascii=False)
    sys.stdout.write("\n")
