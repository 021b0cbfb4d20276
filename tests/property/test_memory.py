"""What a reading of the configuration remembers changes nothing of what it says."""

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from fui.config.load import Configuration
from fui.config.memory import Memory
from fui.model.errors import ConfigError
from fui.model.menu import Menu
from tests.unit.config.etc import APACHE, AnyHost

TEXTS = (
    APACHE,
    APACHE.replace("Apache", "Tomcat"),
    APACHE.replace("Start", "Stop"),
    APACHE.replace("action-group:", "action-group:\n    name: web\n    also-in: [db]"),
    APACHE.replace("Apache", "Db").replace("action-group:", "action-group:\n    name: db"),
    APACHE.replace("action-group:", "action-group:\n    directory: {path: /srv/else, group: web}"),
    APACHE.replace("Start", "End").replace(
        "action-group:", "action-group:\n    directory: {group: web}"
    ),
    APACHE + "    nmae: x\n",
    "object: [",
    f"# further down\n{APACHE}",
)
MAINS = ("", "language: de\n", "show-blocked: hide\n", "share: /srv/else\n", "shares: x\n")

files = st.tuples(st.sampled_from("abc"), st.sampled_from(TEXTS) | st.just(""))
mains = st.tuples(st.just("fui"), st.sampled_from(MAINS))
missing = st.sets(st.sampled_from(["wwwadmins", "root", "/usr/bin/systemctl", "/srv/else"]))
steps = st.lists(files | files | mains | missing, min_size=3, max_size=12)


def read(configuration: Configuration) -> Menu | ConfigError:
    try:
        return configuration.read()
    except ConfigError as error:
        return error


def shown(outcome: Menu | ConfigError) -> object:
    return outcome.problems if isinstance(outcome, ConfigError) else outcome


@given(steps)
@settings(max_examples=300, deadline=None)
def test_a_reading_says_what_it_would_say_without_memory(
    steps: list[tuple[str, str] | set[str]],
) -> None:
    with tempfile.TemporaryDirectory() as root:
        main, conf_d, host = Path(root, "fui.yaml"), Path(root, "conf.d"), AnyHost()
        conf_d.mkdir()
        main.touch()
        conf_d.joinpath("c.yaml").write_text(APACHE)
        remembers, forgets = (Configuration(main, conf_d, lambda: host) for _ in range(2))
        for each in steps:
            if isinstance(each, set):
                host = AnyHost(each)
            else:
                name, text = each
                file = main if name == "fui" else conf_d / f"{name}.yaml"
                file.write_text(text)
                if not text and file != main:
                    file.unlink()
            forgets._memory = Memory()  # noqa: SLF001 - what is compared with
            assert shown(read(remembers)) == shown(read(forgets))
