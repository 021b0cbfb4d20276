"""`fui run`: be the daemon."""

import argparse
import os
import sys
from pathlib import Path

from fui.cli import arguments


def add(commands: arguments.Commands) -> None:
    """Add the command."""
    parser = arguments.add(commands, "run", "be the daemon", _run)
    parser.add_argument(
        "--give-back",
        action="store_true",
        help="only take back the controllers that the unit's control group hands out; for ExecStopPost=",
    )


def _run(options: argparse.Namespace) -> int:
    if options.give_back:
        from fui.edges.runner import cgroup

        cgroup.give_back()
        return 0

    import asyncio

    from fui.admin import samba, sudoers
    from fui.config.load import Configuration
    from fui.daemon import Daemon

    configuration = Configuration(*arguments.files(options))
    menu = configuration.read()
    samba.refuse_unattributable(menu.settings.share, menu.settings.facility, _say)
    state = Path(os.environ.get("STATE_DIRECTORY", arguments.DEFAULT_STATE))

    runtime = Path(os.environ.get("RUNTIME_DIRECTORY", arguments.DEFAULT_RUNTIME))

    async def run() -> None:
        places = state, runtime
        rule = sudoers.rule_for
        await Daemon(menu, configuration, *places, missing_rule=rule, say=_say).run()

    asyncio.run(run())
    return 0


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
