"""A drop-in that is written to do harm: it is refused within its limits, and the others' menu holds."""

from collections.abc import Iterator

import pytest

from integration.menu import ETC, Menu
from integration.smb import Library
from integration.test_reload import ERROR

HEAD = "object: Hostile\n"
LAUGHS = 15
RELOAD = 60.0
"""Seconds that a reload may take on a busy machine, of which the daemon holds up nobody."""

BOMB = HEAD + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}' if n else 'ha'] * 9)}]\n" for n in range(LAUGHS)
)
MEGABYTE = 1 << 20

TEXTS: dict[str, str | bytes] = {
    "a bomb of aliases": BOMB,
    "an alias of itself": f"{HEAD}a: &a [*a, *a]\n",
    "merges": HEAD + "".join(f"b{n}: {{<<: *b{n - 1}}}\n" for n in range(1, 999)),
    "ten megabytes": f"{HEAD}a: {'x' * 10 * MEGABYTE}\n",
    "a huge scalar": f"{HEAD}a: {'x' * (MEGABYTE - 100)}\n",
    "a huge object": f"object: {'x' * (MEGABYTE - 100)}\n",
    "a huge quoted scalar": f'{HEAD}a: "{"x " * (MEGABYTE // 2 - 100)}"\n',
    "a huge block": HEAD + "a: |\n" + "    x\n" * (MEGABYTE // 6 - 100),
    "a huge comment": HEAD + "#" * (MEGABYTE - 100),
    "deep lists": HEAD + "a: " + "[" * 400_000,
    "deep tables": HEAD + "a: " + "{b: " * 200_000,
    "deep blocks": HEAD + "".join(f"{' ' * n}a:\n" for n in range(1200)),
    "dashes": HEAD + "a:\n" + "- " * 400_000,
    "questions": HEAD + "? " * 400_000,
    "many values": HEAD + "a: [" + "x, " * 300_000 + "]\n",
    "many keys": HEAD + "".join(f"k{n}: 1\n" for n in range(90_000)),
    "many anchors": HEAD + "".join(f"k{n}: &a{n} x\n" for n in range(60_000)),
    "a key of a table": HEAD + "? {a: {b: c}}\n: x\n",
    "tags": HEAD + 'a: !!python/object/apply:os.system ["touch /tmp/owned"]\n',
    "a new tag": "%TAG ! tag:yaml.org,2002:python/\n---\na: !object/new:os.system [x]\n",
    "many documents": "---\nobject: Hostile\n" * 50_000,
    "no UTF-8": b"object: Hostile\xff\xfe\n" * 1000,
    "UTF-16": "object: Hostile\n".encode("utf-16"),
    "NUL": b"object: Hostile\0\n",
    "escapes": 'object: "\\uD800\\U0010FFFF\\x1b[2J"\n',
    "a number that is too large": 'object: "\\UFFFFFFFF"\n',
    "an object that leads elsewhere": "object: ../../etc\n",
}

THINGS: dict[str, list[str]] = {
    "a pipe": ["mkfifo"],
    "a folder": ["mkdir"],
    "a link to nothing": ["ln", "-s", "/nothing"],
    "a link to itself": ["ln", "-s", "hostile-03.yaml"],
    "a link without an end": ["ln", "-s", "/dev/zero"],
    "a link to secrets": ["ln", "-s", "/etc/shadow"],
    "a link to a terminal": ["ln", "-s", "/dev/tty"],
    "a link to memory": ["ln", "-s", "/proc/self/mem"],
    "a link to the kernel": ["ln", "-s", "/proc/kmsg"],
    "a socket": ["cp", "--archive", "/run/systemd/journal/dev-log"],
}
DEVICES = {"a device": ["c", "1", "5"], "another": ["c", "1", "9"]}
NO_FILES = {"a pipe", "a folder", "a link without an end", *DEVICES}
"""What can be opened, and may not be read: what comes of that is somebody else's to say."""


def path(number: int) -> str:
    """Name a drop-in."""
    return f"{ETC}/conf.d/hostile-{number:02}.yaml"


@pytest.fixture
def _away(menu: Menu) -> Iterator[None]:
    """Take the hostile drop-ins away in the end, and see that FUI is the one it was."""
    main = menu.machine.unit_property("fui", "MainPID")
    yield
    menu.machine.run(["find", f"{ETC}/conf.d", "-name", "hostile-*", "-delete"])
    menu.reload()
    menu.wait_until_ready()
    assert menu.machine.unit_property("fui", "MainPID") == main


def hold(menu: Menu) -> list[str]:
    """Have all be read, and press something else meanwhile and after it; give what is told of them."""
    with Library(menu.machine.smb_port, "alice") as alice:
        alice.list()
        reloaded = menu.machine.spawn(["systemctl", "reload", "fui"])
        alice.delete("Probe/Quick [Ready].txt")
        menu.wait_for_facts("ended", 1)
        said, _ = reloaded.communicate(timeout=RELOAD)
        assert reloaded.returncode == 0, said
        menu.machine.wait_for(
            lambda: menu.story("configured"), timeout=RELOAD, what="the configuration to be read"
        )
        menu.wait_for_names("Probe", "Quick [Ready]")
        alice.delete("Probe/Quick [Ready].txt")
        menu.wait_for_facts("ended", 2)
    assert "0 are gone" in menu.story("configured")[0]["MESSAGE"]
    told = [fact["MESSAGE"] for fact in menu.story("misconfigured")]
    assert max(map(len, told)) < 2000
    return told


@pytest.mark.usefixtures("_away")
def test_hostile_texts(menu: Menu) -> None:
    for number, text in enumerate(TEXTS.values()):
        menu.machine.write(path(number), text)
    told = hold(menu)
    untold = [
        name
        for number, name in enumerate(TEXTS)
        if not any(f"{path(number)}:" in each and "cannot" in each for each in told)
    ]
    assert untold == []
    assert set(menu.names("Hostile")) <= {ERROR}
    assert not menu.machine.path("/tmp/owned").exists()


@pytest.mark.usefixtures("_away")
def test_what_is_no_file(menu: Menu) -> None:
    for number, argv in enumerate(THINGS.values()):
        menu.machine.run([*argv, path(number)])
    for number, device in enumerate(DEVICES.values(), len(THINGS)):
        menu.machine.run(["mknod", path(number), *device])
    told = hold(menu)
    for number, name in enumerate([*THINGS, *DEVICES]):
        lines = [each for each in told if f"{path(number)}:" in each]
        assert ["it is no file" in line for line in lines] == [name in NO_FILES], lines
        assert all("cannot" in line and "root:" not in line for line in lines), name


def test_fui_check_survives_them_too(menu: Menu) -> None:
    menu.machine.run(["mkdir", "-p", "/tmp/hostile/conf.d"])
    menu.machine.write("/tmp/hostile/fui.yaml", "share: /srv/controls\n")
    for number, text in enumerate(TEXTS.values()):
        menu.machine.write(f"/tmp/hostile/conf.d/{number:02}.yaml", text)
    argv = ["/opt/fui/bin/fui", "--config", "/tmp/hostile", "check"]
    done = menu.machine.run(argv, check=False, timeout=240)
    menu.machine.run(["rm", "-r", "/tmp/hostile"])
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    for number, name in enumerate(TEXTS):
        assert f"/tmp/hostile/conf.d/{number:02}.yaml:" in done.stderr, name
