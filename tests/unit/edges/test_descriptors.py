import subprocess
import sys

PROGRAM = """
import resource
from fui.edges import descriptors
resource.setrlimit(resource.RLIMIT_NOFILE, (50, 90))
print(descriptors.raise_limit(), *resource.getrlimit(resource.RLIMIT_NOFILE))
"""


def test_the_limit_is_raised_as_far_as_may_be() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["50", "90", "90"]
