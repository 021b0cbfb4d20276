"""What a root folder borrows from the host while something is built in it.

Rules: runs in a private mount namespace and only there; nothing borrowed stays, for it may be
secret (a registry's password) or of this host alone (its certificates). No registry, proxy or
path of a host is named here: what pip and apt use on the host, they use in the root.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PIP_CONFIGURATIONS = (
    "/etc/pip.conf",
    "/etc/xdg/pip/pip.conf",
    "~/.pip/pip.conf",
    "~/.config/pip/pip.conf",
)
PASSED_ON = (
    "PIP_",
    "SSL_CERT_",
    "REQUESTS_CA_",
    "CURL_CA_",
    "HTTP_",
    "HTTPS_",
    "NO_PROXY",
    "ALL_PROXY",
)

VENV = "/opt/fui"


def call(*argv: str | Path, env: dict[str, str] | None = None) -> None:
    """Run a command to its end; a failure ends the build."""
    subprocess.run([str(word) for word in argv], check=True, env=env)


def environment() -> dict[str, str]:
    """Give the environment for commands in the root: a plain one, and the host's ways out."""
    plain = {
        "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
        "HOME": str(Path.home()),
        "LANG": "C.UTF-8",
        "DEBIAN_FRONTEND": "noninteractive",
    }
    return passed_on() | plain


def passed_on() -> dict[str, str]:
    """Give the variables that tell pip, apt and debootstrap their way out."""
    return {k: v for k, v in os.environ.items() if k.upper().startswith(PASSED_ON)}


@contextmanager
def kernel(root: Path) -> Iterator[None]:
    """Give the root its kernel file systems, and a /run that knows no systemd."""
    call("mount", "-t", "proc", "proc", root / "proc")
    call("mount", "--rbind", "/dev", root / "dev")
    call("mount", "-t", "tmpfs", "tmpfs", root / "run")
    call("mount", "-t", "tmpfs", "tmpfs", root / "tmp")
    try:
        yield
    finally:
        for name in ("tmp", "run", "dev", "proc"):
            call("umount", "--recursive", "--lazy", root / name)


@contextmanager
def network(root: Path) -> Iterator[None]:
    """Give the root what the host needs to reach package registries."""
    made: list[Path] = []
    mounted: list[Path] = []
    for path in sorted({*_pip_paths(), Path("/etc/resolv.conf")}):
        here, there = path.resolve(), root / path.resolve().relative_to("/")
        made += _make_place(here, there)
        call("mount", "--bind", "-o", "ro", here, there)
        mounted.append(there)
    try:
        yield
    finally:
        for there in reversed(mounted):
            call("umount", there)
        for there in reversed(made):
            there.rmdir() if there.is_dir() else there.unlink()


def _pip_paths() -> Iterator[Path]:
    """Find the files and folders that pip's configuration names, and itself."""
    names = [os.environ.get("PIP_CONFIG_FILE", ""), *PIP_CONFIGURATIONS]
    files = [path for name in names if name and (path := Path(name).expanduser()).is_file()]
    words = [word for text in passed_on().values() for word in text.split()]
    for file in files:
        yield file
        words += file.read_text(encoding="utf-8").split()
    for word in words:
        path = Path(word.removeprefix("file://"))
        if not path.is_absolute() or not path.exists():
            continue
        # The pages of an index that is a folder lead to files beside that folder.
        beside = word.startswith("file://") and path.parent not in Path(VENV).parents
        yield path.parent if beside else path


def _make_place(here: Path, there: Path) -> list[Path]:
    """Make the file or folder to mount on; give what was made, outermost first."""
    missing = [folder for folder in reversed(there.parents) if not folder.exists()]
    for folder in missing:
        folder.mkdir()
    if there.exists():
        return missing
    there.mkdir() if here.is_dir() else there.touch()
    return [*missing, there]


@contextmanager
def apt(root: Path, suite: str) -> Iterator[None]:
    """Give the root the host's apt configuration, its sources made to name the suite."""
    host = codename(Path("/"))
    call("mount", "-t", "tmpfs", "tmpfs", root / "etc/apt")
    try:
        shutil.copytree("/etc/apt", root / "etc/apt", dirs_exist_ok=True, symlinks=True)
        for pattern in ("*.list", "*.sources"):
            for file in root.joinpath("etc/apt").rglob(pattern):
                file.write_text(file.read_text().replace(host, suite))
        yield
    finally:
        call("umount", root / "etc/apt")


def codename(root: Path) -> str:
    """Read which suite a root folder is."""
    for line in root.joinpath("etc/os-release").read_text().splitlines():
        if line.startswith("VERSION_CODENAME="):
            return line.split("=", 1)[1].strip('"')
    msg = f"cannot tell which suite {root} is"
    raise SystemExit(msg)
