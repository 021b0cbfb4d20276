"""The configuration's files, read strictly and by the daemon that lives by them."""

import tempfile
from pathlib import Path

from fui.config.load import Configuration, load
from fui.config.sudo_rule import rule_for
from fui.model.errors import ConfigError
from fui.model.menu import Menu
from tests.fuzz.pieces import pieces
from tests.property.test_config import KEYS, VALUES
from tests.unit.config.etc import APACHE, AnyHost, Etc

WORDS = (
    *(f"{key}: " for key in KEYS),
    *(value for value in VALUES if value.isprintable()),
    *(": ", "- ", "\n", "\n    ", "{", "}", "[", "]", ", ", "&a ", "*a", "!!str ", "? ", "---\n"),
    *(
        "%YAML 1.9\n",
        "\\U",
        "|\n",
        ">\n",
        "\x1e",
        "object: Apache\n",
        "action-group:\n    actions:\n",
    ),
)
MOST = 4


def check(data: bytes) -> None:
    """The input has fui.yaml and then drop-ins."""
    with tempfile.TemporaryDirectory() as root:
        etc = Etc(Path(root))
        etc.write(a=APACHE)
        forgiving = Configuration(etc.main, etc.drop_ins, AnyHost)
        good = forgiving.read()
        main, *others = pieces(data, MOST)
        etc.main.write_bytes(main)
        for name, content in zip("abc", others, strict=False):
            etc.drop_ins.joinpath(f"{name}.yaml").write_bytes(content)
        _strictly(etc)
        at_first = Configuration(etc.main, etc.drop_ins, AnyHost)
        try:
            _fine(at_first.read())
        except ConfigError as error:
            _told(error)
        _fine(forgiving.read())
        for path in etc.drop_ins.iterdir():
            path.unlink()
        etc.main.write_text("")
        etc.write(a=APACHE)
        assert forgiving.read() == good


def _strictly(etc: Etc) -> None:
    try:
        menu = load(etc.main, etc.drop_ins, AnyHost())
    except ConfigError as error:
        _told(error)
    else:
        _fine(menu)
        assert not menu.problems
        assert menu.actions


def _told(error: ConfigError) -> None:
    assert error.problems
    for problem in error.problems:
        assert problem.text.startswith("cannot ")
        assert str(problem).isprintable()
        assert len(str(problem)) < 10_000


def _fine(menu: Menu) -> None:
    for action in menu.actions:
        assert rule_for(action.command).isprintable()
        assert action.access.allow
    for fault in menu.faults:
        assert set(fault.problems) <= set(menu.problems)
