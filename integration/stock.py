"""Stock a base machine: `python3 -m integration.stock PLAN`, in a private mount namespace.

Rules: a base machine has nothing but its base, and no network. What its apt and pip would fetch lies
in one folder of its own, as a source of packages and as files, and is not installed. All of it was
fetched in a scratch copy of the base, of which nothing else is kept.
"""

import json
import shutil
import subprocess
import sys
from pathlib import Path

from integration import borrow
from integration.borrow import call
from integration.build import overlay
from integration.host import CACHE

STOCK = "var/cache/stock"
SOURCES = f"deb [trusted=yes] file:/{STOCK} ./\n"
PIP_CONF = f"[global]\nno-index = true\nfind-links = /{STOCK}\nroot-user-action = ignore\n"


def main() -> None:
    """Fetch what the plan says, then give the layer its name."""
    plan = json.loads(sys.argv[1])
    partial, root = Path(plan["partial"]), CACHE / "mnt"
    partial.joinpath("work").mkdir(parents=True)
    stock = partial / "upper" / STOCK
    stock.mkdir(parents=True)
    partial.joinpath("upper").chmod(0o755)
    call("mount", "-t", "tmpfs", "-o", "mode=755", "tmpfs", root)
    scratch, copy = root / "scratch", root / "copy"
    for folder in (scratch / "upper", scratch / "work", copy):
        folder.mkdir(parents=True)
    overlay(Path(plan["base"]), scratch, copy, "rw")
    suite = borrow.codename(copy)
    with borrow.kernel(copy), borrow.network(copy), borrow.apt(copy, suite):
        _fetch_packages(copy, plan["packages"], stock)
        if plan["requirements"]:
            _fetch_requirements(copy, plan, stock)
    _describe(stock)
    for name, text in {"etc/apt/sources.list": SOURCES, "etc/pip.conf": PIP_CONF}.items():
        file = partial / "upper" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    partial.rename(plan["folder"])


def _fetch_packages(root: Path, packages: list[str], stock: Path) -> None:
    env = borrow.environment()
    apt = ("chroot", root, "apt-get", "-q", "--yes")
    call(*apt, "update", env=env)
    call(*apt, "--download-only", "install", *packages, env=env)
    for file in root.glob("var/cache/apt/archives/*.deb"):
        shutil.copy(file, stock)


def _fetch_requirements(root: Path, plan: dict[str, list[str]], stock: Path) -> None:
    """Fetch what pip would; it can ask a source package what it needs only where that can be built."""
    env = borrow.environment()
    policy = root / "usr/sbin/policy-rc.d"
    policy.write_text("#!/bin/sh\nexit 101\n")
    policy.chmod(0o755)
    call("chroot", root, "apt-get", "-q", "--yes", "install", *plan["packages"], env=env)
    root.joinpath("tmp/constraints.txt").write_text("\n".join(plan["constraints"]))
    call("chroot", root, "python3", "-m", "venv", "/tmp/venv", env=env)
    pip = (
        "/tmp/venv/bin/pip",
        "download",
        "--dest=/tmp/stock",
        "--constraint=/tmp/constraints.txt",
    )
    call("chroot", root, *pip, *plan["requirements"], env=env)
    for file in root.glob("tmp/stock/*"):
        shutil.copy(file, stock)


def _describe(stock: Path) -> None:
    """Write the index that apt reads a source of packages by."""
    argv = ["dpkg-scanpackages", "--multiversion", "."]
    index = subprocess.run(argv, cwd=stock, check=True, capture_output=True).stdout
    stock.joinpath("Packages").write_bytes(index)


if __name__ == "__main__":
    main()
