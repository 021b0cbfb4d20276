"""README shows the very commands that the machine is installed with."""

from integration import install
from integration.host import CHECKOUT


def test_the_commands_of_readme_are_those_that_were_run() -> None:
    readme = CHECKOUT.joinpath("README.md").read_text("utf-8")
    for step in install.ALL:
        assert f"    {install.shown(step)}\n" in readme, f"README does not show: {step}"


def test_make_install_is_the_same() -> None:
    makefile = CHECKOUT.joinpath("Makefile").read_text("utf-8")
    steps = (*install.PREPARE, *install.PROGRAM)
    assert "".join(f"\t{install.shown(step)}\n" for step in steps) in makefile
