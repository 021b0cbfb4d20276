"""What there is to press, by whom, and the program that every action runs.

Rules: who may press what is known here, beside the configuration that is made of it, so that it need not
be asked of FUI. Each run of the program leaves lines in a file of the machine; it holds a lock of its action
group while it runs, so that two at a time are seen.
"""

from dataclasses import dataclass
from itertools import cycle, islice

from integration.menu import ETC, EXECUTE, SHARE, Menu

TRACE = "/var/lib/soak/trace"
LOCKS = "/run/soak"
PROGRAM = "/usr/local/bin/soak-job"
PROGRAM_TEXT = f"""\
#!/bin/sh
# GROUP SECONDS STATUS
echo "start $FUI_JOB $FUI_USER $FUI_OBJECT/$FUI_ACTION" >> {TRACE}
exec 9>> "{LOCKS}/$1"
flock --nonblock 9 || echo "overlap $FUI_JOB $1" >> {TRACE}
sleep "$2"
echo "end $FUI_JOB $3" >> {TRACE}
exit "$3"
"""
SETTINGS = f"""\
share: {SHARE}
execute-folder: {EXECUTE}
result-shown-for: 2s
late-record-window: 2s
grace: 1s
enforce-in-samba: false
"""
"""Samba lets everybody press, so that FUI has to refuse."""

OBJECTS = 12
BARRED = ("barred1", "barred2")
"""The first is in `deny`, though in the group that may press; the second is in no such group."""

DROP_IN = """\
object: Object {number:02}
action-groups:
  - directory: {{group: controls}}
    allow: {{groups: [pressers]}}
    deny: {{users: [barred1]}}
    actions:
      - {{name: At once, command: {program} {number}-short 0 0}}
      - {{name: Fails, command: {program} {number}-short 0.05 3}}
      - {{name: Short, command: {program} {number}-short 0.2 0}}
  - allow: {{groups: [pressers]}}
    deny: {{users: [barred1]}}
    when-busy: queue
    queue-limit: 3
    actions:
      - {{name: Waits 1, command: {program} {number}-queue 0.1 0}}
      - {{name: Waits 2, command: {program} {number}-queue 0.1 4}}
      - {{name: Waits for others, command: {program} {number}-queue 0.05 0, also-in: shared}}
  - allow: {{groups: [pressers]}}
    deny: {{users: [barred1]}}
    confirm: 10s
    actions:
      - {{name: Careful, command: {program} {number}-careful 0.1 0}}
  - allow: {{groups: [pressers]}}
    deny: {{users: [barred1]}}
    cancel: true
    actions:
      - {{name: Long, command: {program} {number}-long 3 0}}
      - {{name: Too long, command: {program} {number}-long 5 0, timeout: 1s}}
"""


@dataclass(frozen=True)
class People:
    """Who there is."""

    allowed: tuple[str, ...]

    @classmethod
    def of(cls, number: int) -> "People":
        """Have about half as many people as there are clients."""
        return cls(tuple(f"presser{each}" for each in range(1, max(2, number // 2) + 1)))

    @property
    def all(self) -> tuple[str, ...]:
        """Everybody."""
        return self.allowed + BARRED

    def clients(self, number: int) -> list[str]:
        """Name the user of each client; somebody may have several."""
        return list(islice(cycle(self.all), number))


def install(menu: Menu, people: People) -> None:
    """Give a machine the offer."""
    machine = menu.machine
    for name in people.allowed:
        machine.add_user(name, ("controls", "pressers"))
    machine.add_user(BARRED[0], ("controls", "pressers"))
    machine.add_user(BARRED[1], ("controls",))
    machine.write(TRACE, "")
    machine.run(["mkdir", LOCKS])
    machine.write(PROGRAM, PROGRAM_TEXT, mode=0o755)
    for old in machine.path(f"{ETC}/conf.d").iterdir():
        old.unlink()
    machine.write(f"{ETC}/fui.yaml", SETTINGS)
    for number in range(1, OBJECTS + 1):
        text = DROP_IN.format(number=number, program=PROGRAM)
        machine.write(f"{ETC}/conf.d/object{number:02}.yaml", text)
    menu.set_up()
    menu.wait_until_ready()
