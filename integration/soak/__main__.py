"""Press for a long time: `python -m integration.soak`, with the figures at the end; exit status 1 for complaints."""

import argparse
import random
import sys

from integration.host import MachineError
from integration.machine import Machine
from integration.soak.figures import figures
from integration.soak.press import Wanted, press
from integration.soak.reckoning import complaints


def main() -> int:
    """Run it and print what came of it."""
    parser = argparse.ArgumentParser(prog="python -m integration.soak", description=__doc__)
    parser.add_argument("--presses", type=int, default=10_000)
    parser.add_argument("--clients", type=int, default=20)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    options = parser.parse_args()
    wanted = Wanted(options.presses, options.clients, options.kills, options.seed)
    print(f"{wanted}", flush=True)
    try:
        with Machine(report=print) as machine:
            outcome = press(machine, wanted)
    except MachineError as error:
        print(error)
        return 1
    print(figures(outcome))
    wrong = [*outcome.complaints, *complaints(outcome.evidence)]
    for each in wrong:
        print(f"WRONG: {each}")
    print(f"complaints: {len(wrong)}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
