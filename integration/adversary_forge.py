"""Send one line to journald as somebody who wants it to be taken for Samba's; runs in the machine.

Rules: knows nothing of FUI, and needs nothing but Python. It becomes whom it is told to be, says that it
is ready, waits for a line on stdin, sends, and stays for a moment, so that journald can see whose process
it is. `python3 -I adversary_forge.py JSON`, the keys being the fields of `integration.adversary.Forgery`.
"""

import json
import os
import socket
import sys
import time
from pathlib import Path
from typing import Any

STAY = 0.6
NATIVE = "/run/systemd/journal/socket"
SYSLOG = "/dev/log"
STDOUT = "/run/systemd/journal/stdout"


def main() -> None:
    """Become, wait, send, stay."""
    forgery: dict[str, Any] = json.loads(sys.argv[1])
    if forgery["cgroup"]:
        cgroup = Path(forgery["cgroup"])
        cgroup.mkdir(exist_ok=True)
        cgroup.joinpath("cgroup.procs").write_text("0", encoding="ascii")
    if forgery["ids"]:
        uid, gid = forgery["ids"]
        os.setgroups([])
        os.setresgid(gid, gid, gid)
        os.setresuid(uid, uid, uid)
    print("ready", flush=True)
    sys.stdin.readline()
    {"syslog": syslog, "native": native, "stdout": stdout}[forgery["via"]](forgery)
    time.sleep(STAY)


def syslog(forgery: dict[str, Any]) -> None:
    """Send by the protocol of syslog, as smbd does."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as journald:
        journald.connect(SYSLOG)
        priority = forgery["facility"] << 3 | 5
        journald.send(f"<{priority}>{forgery['identifier']}: {forgery['line']}\n".encode())


def native(forgery: dict[str, Any]) -> None:
    """Send by journald's own protocol, in which a sender names the fields; also those it may not."""
    fields = {
        "MESSAGE": forgery["line"],
        "SYSLOG_IDENTIFIER": forgery["identifier"],
        "SYSLOG_FACILITY": forgery["facility"],
        **forgery["fields"],
    }
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as journald:
        journald.connect(NATIVE)
        journald.send("".join(f"{name}={value}\n" for name, value in fields.items()).encode())


def stdout(forgery: dict[str, Any]) -> None:
    """Send as a service's output, of which the sender says from which unit it is."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as journald:
        journald.connect(STDOUT)
        journald.send(f"{forgery['identifier']}\nsmbd.service\n5\n0\n0\n0\n0\n".encode())
        journald.send(f"{forgery['line']}\n".encode())
        time.sleep(STAY)


if __name__ == "__main__":
    main()
