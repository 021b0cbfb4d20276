"""Writes the man pages of docs/man from what the program says of itself: `python -m tests.man`.

Rules: commands, options and keys come from the parser and the schema, so a page cannot name one that
is not there, or leave one out; the prose between them stands here. What is written depends on
nothing but the checkout.
"""

from pathlib import Path

from tests.man import command, configuration, service

PAGES = {
    "fui.1": command.page,
    "fui.yaml.5": configuration.page,
    "fui.service.8": service.page,
}
FOLDER = Path(__file__).parents[2] / "docs/man"
