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

step = st.tuples(
    st.sampled_from(MAINS),
    st.dictionaries(st.sampled_from("abc"), st.sampled_from(TEXTS), max_size=3),
    st.sets(st.sampled_from(["wwwadmins", "root", "/usr/bin/systemctl", "/srv/else"])),
)


def read(configuration: Configuration) -> Menu | ConfigError:
    try:
        return configuration.read()
    except ConfigError as error:
        return error


def shown(outcome: Menu | ConfigError) -> object:
    return outcome.problems if isinstance(outcome, ConfigError) else outcome


@given(st.lists(step, min_size=2, max_size=5))
@settings(max_examples=150, deadline=None)
def test_a_reading_says_what_it_would_say_without_memory(
    steps: list[tuple[str, dict[str, str], set[str]]],
) -> None:
    with tempfile.TemporaryDirectory() as root:
        main, conf_d, host = Path(root, "fui.yaml"), Path(root, "conf.d"), AnyHost()
        conf_d.mkdir()
        remembers, forgets = (Configuration(main, conf_d, lambda: host) for _ in range(2))
        for text, drop_ins, missing in steps:
            main.write_text(text)
            for file in conf_d.iterdir():
                file.unlink()
            for name, content in drop_ins.items():
                Path(conf_d, f"{name}.yaml").write_text(content)
            host = AnyHost(missing)
            forgets._memory = Memory()  # noqa: SLF001 - what is compared with
            assert shown(read(remembers)) == shown(read(forgets))
