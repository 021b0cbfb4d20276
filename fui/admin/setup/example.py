"""The example: an object that works on this machine, and whom it is for.

Rules: pure. A web server if there is one, else what every machine with systemd can show of itself;
a drop-in that is there is never overwritten, an object that is there is not added again.
"""

import json
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from fui.admin.setup.services import Service

GROUP = "controls"
_SYSTEMCTL = "/usr/bin/systemctl"


@dataclass(frozen=True, slots=True)
class Example:
    """An object.

    Attributes:
        object: Its name.
        text: Of its drop-in.
    """

    object: str
    text: str

    @property
    def path(self) -> str:
        """Where it goes, in the folder of the configuration."""
        return f"conf.d/{self.object.lower()}.yaml"


def _web_server(name: str, unit: str, group: str) -> str:
    return f"""\
# A folder {name} in the share, with a flag for each action: whoever deletes the flag, and may, starts it.
# Made by `fui setup --example`, and yours from now on. All keys: man fui.yaml, or: fui schema
object: {name}
action-group:                       # of its actions one runs at a time
    directory:
        group: {group}              # who may see the folder, and press
    #allow: {{groups: [webmasters]}}  # who may press, if not all of them
    actions:
        - name: Restart
          description: Restarts the web server; requests under way are cut off
          command: {_SYSTEMCTL} restart {unit}
        - name: Reload
          description: The web server reads its configuration again
          command: {_SYSTEMCTL} reload {unit}
        - name: Stop
          description: Stops the web server; nobody is served until it is started
          command: {_SYSTEMCTL} stop {unit}
          confirm: 30s              # has to be pressed twice
        - name: Start
          description: Starts the web server
          command: {_SYSTEMCTL} start {unit}
"""


def _server(name: str, _: str, group: str) -> str:
    return f"""\
# A folder {name} in the share, with a flag for each action: whoever deletes the flag, and may, starts it.
# What the action says stands in the flag afterwards.
# Made by `fui setup --example`, and yours from now on. All keys: man fui.yaml, or: fui schema
object: {name}
action-group:                       # of its actions one runs at a time
    directory:
        group: {group}              # who may see the folder, and press
    command: {{user: nobody}}         # nothing here needs root
    actions:
        - name: Show status
          description: Shows what runs on this machine, and what has failed
          command: {_SYSTEMCTL} status --no-pager --lines=0
        - name: Show disk space
          description: Shows how full its disks are
          command: /usr/bin/df -h
"""


_KNOWN: tuple[tuple[str, str, Callable[[str, str, str], str]], ...] = (
    ("Apache", "apache2", _web_server),
    ("Apache", "httpd", _web_server),
    ("nginx", "nginx", _web_server),
)
UNITS = tuple(f"{unit}.service" for _, unit, _ in _KNOWN)
"""What is looked for."""


def example(units: Mapping[str, Service], group: str) -> Example:
    """Return the example for a machine that has these units, for a group of users."""
    name, unit, text = next(
        (each for each in _KNOWN if units[f"{each[1]}.service"].loaded), ("Server", "", _server)
    )
    return Example(name, text(name, unit, _yaml(group)))


def obstacle(wanted: Example, objects: Collection[str], files: Collection[str]) -> str:
    """Say why an example is not added; nothing if it can be.

    Args:
        wanted: The example.
        objects: The names of the objects of the menu.
        files: The paths of the drop-ins, in the folder of the configuration.
    """
    if wanted.object.casefold() in map(str.casefold, objects):
        return f"the menu has an object {wanted.object} already; no example was added"
    if wanted.path in files:
        return f"there is a {wanted.path} already, which stays as it is; no example was added"
    return ""


def _yaml(name: str) -> str:
    """Spell a name in YAML: as it is, or in quotes, which JSON has in common with it."""
    return name if re.fullmatch(r"[A-Za-z_][\w-]*", name) else json.dumps(name, ensure_ascii=False)
