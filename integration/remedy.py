"""Follow a remedy of the doctor to the letter, as an administrator would who knows nothing else.

Rules: what stands behind `run: ` is run, as it stands; lines in backquotes are written where the
remedy says, or taken out there. A remedy that leaves more to a person is not for this: `follow`
refuses it, and the test says what the person did.
"""

import re

from integration.machine import Machine

ETC = "/etc/samba"
FILES = (f"{ETC}/smb.conf", f"{ETC}/smb.conf.d/fui.conf")
_LINE = re.compile(r"`([^`]+)`(?: in ([^ ;]+))?")


def follow(machine: Machine, remedy: str) -> None:
    """Do what a remedy says, exactly."""
    words, run, command = remedy.partition("run: ")
    assert words or run, "no remedy"
    places = [(line, place) for line, place in _LINE.findall(words)]
    last = next((place for _, place in reversed(places) if place), "")
    for line, place in places:
        _edit(machine, line, place or last, words)
    assert places or run, f"a person has to do that: {remedy}"
    if run:
        machine.run(["sh", "-c", command])


def _edit(machine: Machine, line: str, place: str, words: str) -> None:
    if words.startswith("take"):
        for file in FILES:
            machine.write(file, without(machine.read(file).decode(), line))
    elif place.startswith("["):
        put_into_section(machine, place, line)
    else:
        path = "/etc/sudoers.d/remedy" if words.endswith("in a file of /etc/sudoers.d") else place
        put_into_file(machine, path, line)


def without(text: str, line: str) -> str:
    """Return a text without a line."""
    return "\n".join(each for each in text.split("\n") if each.strip() != line)


def put_into_section(machine: Machine, section: str, line: str) -> None:
    """Have a section of smb.conf say this, in place of what it says by that name."""
    file = next(f for f in reversed(FILES) if section in machine.read(f).decode())
    key = line.partition("=")[0].strip()
    lines, inside = [], False
    for each in machine.read(file).decode().split("\n"):
        if each.strip().startswith("["):
            inside = each.strip() == section
        if not (inside and each.partition("=")[0].strip() == key):
            lines.append(each)
        if each.strip() == section:
            lines.append(f"    {line}")
    machine.write(file, "\n".join(lines))


def put_into_file(machine: Machine, path: str, line: str) -> None:
    """Have a file say this, in place of what it says by that name."""
    there = machine.read(path).decode().splitlines() if machine.path(path).exists() else []
    key, colon, _ = line.partition(":")
    kept = [
        each
        for each in there
        if path.endswith(".yaml") is False or not each.startswith(key + colon)
    ]
    mode = 0o440 if "sudoers" in path else 0o644
    machine.write(path, "\n".join([*kept, line]) + "\n", mode=mode)
