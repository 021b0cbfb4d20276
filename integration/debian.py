"""Make a base from nothing: `python3 -m integration.debian PLAN`, in a private mount namespace.

Rules: the archive is the one that the host's apt uses, whichever that is.
"""

import json
import subprocess
import sys
from pathlib import Path

from integration import borrow

SCRIPTS = Path("/usr/share/debootstrap/scripts")
INCLUDE = ("systemd", "systemd-sysv", "ca-certificates")


def main() -> None:
    """Debootstrap what the plan says, then give it its name."""
    plan = json.loads(sys.argv[1])
    suite, partial = plan["suite"], Path(plan["partial"])
    env = borrow.environment()
    flags = ("--variant=minbase", f"--include={','.join(INCLUDE)}")
    # A suite that is newer than debootstrap is made as sid is.
    known = suite if SCRIPTS.joinpath(suite).exists() else "sid"
    borrow.call("debootstrap", *flags, suite, partial, archive(), SCRIPTS / known, env=env)
    borrow.call("chroot", partial, "apt-get", "clean", env=env)
    partial.rename(plan["folder"])


def archive() -> str:
    """Ask the host's apt where it gets the host's own suite from."""
    host = borrow.codename(Path("/"))
    filters = (f"Codename: {host}", "Created-By: Packages", "Component: main")
    argv = ["apt-get", "indextargets", "--format=$(SITE) $(REPO_URI)", *filters]
    rows = subprocess.run(argv, check=True, capture_output=True, text=True).stdout.split("\n")
    for row in rows:
        if row:
            return row.split()[1]
    msg = f"cannot find the archive of {host}: apt has no source for it"
    raise SystemExit(msg)


if __name__ == "__main__":
    main()
