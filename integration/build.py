"""Build a layer: `python3 -m integration.build PLAN`, in a private mount namespace.

Rules: everything lands in the upper folder of an overlay over the base; the base stays as it
is. No service starts. What was borrowed from the host is gone when the layer is whole.
"""

import json
import shutil
import sys
from pathlib import Path

from integration import borrow
from integration.borrow import VENV, call
from integration.host import CACHE


def overlay(base: Path, layer: Path, root: Path, mode: str) -> None:
    """Mount a layer over its base, to be written (`rw`) or stood on (`ro`)."""
    options = f"{mode},lowerdir={base},upperdir={layer}/upper,workdir={layer}/work,index=off"
    call("mount", "-t", "overlay", "overlay", "-o", options, root)


def main() -> None:
    """Build what the plan says, then give it its name."""
    plan = json.loads(sys.argv[1])
    partial, root = Path(plan["partial"]), CACHE / "mnt"
    for name in ("upper", "work"):
        partial.joinpath(name).mkdir(parents=True)
    partial.joinpath("upper").chmod(0o755)
    overlay(Path(plan["base"]), partial, root, "rw")
    suite = borrow.codename(root)
    with borrow.kernel(root), borrow.network(root), borrow.apt(root, suite):
        _install_packages(root, plan["packages"])
        _install_requirements(root, plan["requirements"], plan["constraints"])
    call("umount", root)
    shutil.rmtree(partial / "work")
    partial.joinpath("work").mkdir()
    partial.rename(plan["folder"])


def _install_packages(root: Path, packages: list[str]) -> None:
    policy = root / "usr/sbin/policy-rc.d"
    before = policy.read_bytes() if policy.exists() else None
    policy.write_text("#!/bin/sh\nexit 101\n")
    policy.chmod(0o755)
    env = borrow.environment()
    call("chroot", root, "apt-get", "-q", "update", env=env)
    install = ("apt-get", "-q", "install", "--yes", "--no-install-recommends", *packages)
    call("chroot", root, *install, env=env)
    call("chroot", root, "apt-get", "clean", env=env)
    if before is None:
        policy.unlink()
    else:
        policy.write_bytes(before)


def _install_requirements(root: Path, requirements: list[str], constraints: list[str]) -> None:
    env = borrow.environment()
    shutil.rmtree(root / VENV.lstrip("/"), ignore_errors=True)
    call("chroot", root, "/usr/bin/python3", "-m", "venv", VENV, env=env)
    root.joinpath("tmp/constraints.txt").write_text("\n".join(constraints))
    pip = (f"{VENV}/bin/pip", "install", "--upgrade", "--no-cache-dir")
    call("chroot", root, *pip, "--constraint=/tmp/constraints.txt", *requirements, env=env)


if __name__ == "__main__":
    main()
