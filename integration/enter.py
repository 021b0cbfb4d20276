"""Enter a cgroup, then become a command: `python -IS enter.py CGROUP COMMAND…`.

Rules: standard library only and no import of ours, for it runs as a bare file and must
start quickly. A child enters before it executes, so that it is never seen outside.
"""

import os
import sys
from pathlib import Path

if __name__ == "__main__":
    Path(sys.argv[1], "cgroup.procs").write_text("0", encoding="ascii")
    os.execvp(sys.argv[2], sys.argv[2:])
