"""Ask whether weaknesses are known of what the tests are run with: `python -m tests.audit`.

pip-audit says "No known vulnerabilities found" also where nobody told it anything, as behind a mirror that
has packages and no advisories. So its report is read, and what nobody knows of is not called sound. Exit
status: 0 nothing is known, or nobody could be asked, which a sentence says; 1 something is known.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
PINNED = "constraints.txt"
WORDS = ("--no-deps", "--disable-pip", "--progress-spinner=off", "--timeout=10", "--format=json")
"""The versions are all there, so nothing has to be installed or resolved."""


def verdict(report: dict[str, Any] | None) -> tuple[str, bool]:
    """Return what a report comes to, in words, and whether something is known."""
    parts = report["dependencies"] if report else []
    asked = [part for part in parts if "skip_reason" not in part]
    if not asked:
        return f"cannot audit {PINNED}: the advisories cannot be had from here; going on", False
    known = [
        f"{part['name']} {part['version']}: {one['id']}"
        f" (put right in {', '.join(one['fix_versions']) or 'no version'})"
        for part in asked
        for one in part["vulns"]
    ]
    count = f"{len(asked)} of {len(parts)} packages of {PINNED}"
    if known:
        return "\n".join([f"weaknesses are known, {count} were asked for:", *known]), True
    return f"no weakness is known of {count}", False


def ask() -> dict[str, Any] | None:
    """Return pip-audit's report; None if it has none."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder, "report.json")
        argv = [sys.executable, "-m", "pip_audit", f"--requirement={PINNED}", *WORDS]
        subprocess.run([*argv, f"--output={out}"], cwd=ROOT, capture_output=True, check=False)
        report: dict[str, Any] | None = json.loads(out.read_bytes()) if out.exists() else None
        return report


if __name__ == "__main__":
    words, found = verdict(ask())
    sys.stdout.write(f"{words}\n")
    sys.exit(found)
