"""The cached layer: what the machine has beyond its base, made once.

Rules: a layer's name is a hash of all that goes into it, so a layer is never out of date, only
superseded. It appears whole (built under another name, then renamed) or not at all. One build
at a time; a layer in use is locked and is not removed under a running machine.
"""

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from integration import keeper
from integration.host import CACHE, CHECKOUT, MachineError, require
from integration.install import PACKAGES

EXTRAS = ("smbclient", "apache2", "inotify-tools", "iproute2", "procps", "attr", "acl")
CLIENTS = ("smbclient",)
SUDO_RS = "sudo-rs"
BUILDERS = ("debian.py", "borrow.py")
SUITES = ("bookworm", "trixie", "forky")

Report = Callable[[str], None]


@dataclass(frozen=True)
class Recipe:
    """What a layer is made of.

    Attributes:
        name: What its folder's name begins with.
        suite: The suite of its base; the host is the base if it is empty.
        module: What builds it.
        packages: Debian's packages, and options of apt-get install.
        requirements: What pip knows.
    """

    name: str
    suite: str
    module: str
    packages: list[str]
    requirements: list[str]


@dataclass(frozen=True)
class Layer:
    """A layer on disk and the base below it."""

    base: Path
    folder: Path
    lock: int

    def release(self) -> None:
        """Let the layer be removed again."""
        os.close(self.lock)


def ready(report: Report, purpose: str = "", more: Sequence[str] = ()) -> Layer:
    """Give the layer for this checkout and this host, building it when there is none.

    Args:
        report: Told what takes long.
        purpose: What a layer with more packages is for; such layers stand beside the plain one.
        more: Those packages.
    """
    suite = os.environ.get("FUI_BASE", "")
    if suite and suite not in SUITES:
        msg = f"cannot use FUI_BASE={suite}: it is one of {', '.join(SUITES)}, or not set"
        raise MachineError(msg)
    sudo = os.environ.get("FUI_SUDO", "")
    if sudo not in {"", SUDO_RS}:
        raise MachineError(f"cannot use FUI_SUDO={sudo}: it is {SUDO_RS}, or not set")
    name = "-".join(filter(None, (purpose, sudo, suite or "host")))
    packages = [*PACKAGES, *EXTRAS, *filter(None, [sudo]), *more]
    return _ready(Recipe(name, suite, "integration.build", packages, _requirements()), report)


def stock(suite: str, report: Report) -> Layer:
    """Give the layer of a base machine: what its apt and pip would fetch, and nothing installed.

    Args:
        suite: A virtual environment is for bookworm, FUI's package for the later ones.
        report: Told what takes long.
    """
    require(("dpkg-scanpackages", "dpkg-dev"))
    packages, requirements = [*_dependencies(), *CLIENTS, SUDO_RS], list[str]()
    if suite == "bookworm":
        # What compilers recommend takes longer to install than all the rest, and is not needed.
        packages = ["--no-install-recommends", *PACKAGES, *CLIENTS]
        requirements = [*_requirements(), "wheel"]
    recipe = Recipe(f"stock-{suite}", suite, "integration.stock", packages, requirements)
    return _ready(recipe, report)


def _ready(recipe: Recipe, report: Report) -> Layer:
    CACHE.joinpath("mnt").mkdir(parents=True, exist_ok=True)
    with _locked(CACHE / "lock"):
        base = _base(recipe.suite, report)
        parts = _parts(base, recipe)
        folder = CACHE / f"{recipe.name}-{_hash(parts)}"
        if not folder.exists():
            report(f"building the layer {folder.name}: {len(recipe.packages)} packages")
            require()
            _build(recipe.module, {"base": str(base), "folder": str(folder), **parts})
        layer = Layer(base, folder, _share(folder))
        for old in CACHE.glob(f"{recipe.name}-*"):
            if old != folder:
                _remove_unused(old)
        return layer


def _base(suite: str, report: Report) -> Path:
    if not suite:
        for folder in ("/usr", "/var", "/etc", "/opt"):
            if Path(folder).is_mount():
                msg = (
                    f"cannot use this host as base, for {folder} is a mount: set FUI_BASE=bookworm"
                )
                raise MachineError(msg)
        return Path("/")
    base = CACHE / f"base-{suite}"
    if not base.exists():
        require(("debootstrap", "debootstrap"))
        report(f"debootstrapping {suite}")
        _build("integration.debian", {"suite": suite, "folder": str(base)})
    return base


def _requirements() -> list[str]:
    """Name what pip builds and installs FUI with."""
    project = tomllib.loads(CHECKOUT.joinpath("pyproject.toml").read_text(encoding="utf-8"))
    return [*project["build-system"]["requires"], *project["project"]["dependencies"]]


def _dependencies() -> list[str]:
    """Name the packages that FUI's own depends on; of two that are possible the first."""
    control = CHECKOUT.joinpath("debian/control").read_text(encoding="utf-8")
    depends = control.split("\nDepends:")[1].split("\nSuggests:")[0].split(",")
    names = [depend.split("|")[0].split("(")[0].strip() for depend in depends]
    return [name for name in names if not name.startswith("$")]


def _parts(base: Path, recipe: Recipe) -> dict[str, list[str]]:
    """Collect what goes into the layer; all of it goes into its name too."""
    constraints = CHECKOUT / "constraints.txt"
    return {
        "packages": recipe.packages,
        "requirements": recipe.requirements,
        "constraints": constraints.read_text().splitlines() if constraints.exists() else [],
        "id": [_digest(base / "var/lib/dpkg/status"), _digest(base / "etc/os-release")],
        "builders": [
            _digest(CHECKOUT / "integration" / name)
            for name in (f"{recipe.module.removeprefix('integration.')}.py", *BUILDERS)
        ],
    }


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _hash(parts: dict[str, list[str]]) -> str:
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:16]


def _build(module: str, plan: dict[str, object]) -> None:
    """Build a folder of the cache under another name, by a module run under a keeper."""
    for left in CACHE.glob("partial-*"):
        shutil.rmtree(left, ignore_errors=True)  # its own keeper may be at it too
    partial = CACHE / f"partial-{Path(str(plan['folder'])).name}"
    argv = [sys.executable, "-m", module, json.dumps({**plan, "partial": str(partial)})]
    argv = keeper.command(keeper.fresh_name(), argv, remove=[partial])
    with subprocess.Popen(
        argv,
        cwd=CHECKOUT,
        start_new_session=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="backslashreplace",
    ) as build:
        assert build.stdout is not None
        tail = build.stdout.readlines()[-30:]
    if build.returncode != 0:
        msg = f"cannot build {plan['folder']}:\n{''.join(tail)}"
        raise MachineError(msg)


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _share(folder: Path) -> int:
    lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    fcntl.flock(lock, fcntl.LOCK_SH)
    return lock


def _remove_unused(folder: Path) -> None:
    lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return  # a machine stands on it
    else:
        shutil.rmtree(folder)
    finally:
        os.close(lock)
