"""From fui.yaml and the drop-ins to the menu, or to everything that is wrong with them.

Rules: all files are checked in one run and all faults told at once, a wrong file keeps no other
from being checked; there is no menu unless all are right. It composes the other rooms of the
configuration and decides nothing itself.
"""

from dataclasses import replace
from datetime import tzinfo
from pathlib import Path
from typing import Protocol

from fui.config import files
from fui.config.explain import Checked, check
from fui.config.machine import Machine
from fui.config.placed import placed
from fui.config.resolve import Facts, resolve
from fui.config.schema import DropIn, MainFile, World
from fui.config.unwrap import unwrapped
from fui.model.errors import ConfigError, Problem
from fui.model.menu import Menu, Settings


class Host(World, Facts, Protocol):
    """Everything that is asked of the machine."""

    def zone(self) -> tzinfo:
        """The zone in which people here read a clock."""


def load(main: Path, drop_ins: Path, host: Host | None = None) -> Menu:
    """Return the menu; raise ConfigError with every problem in all files.

    Args:
        main: fui.yaml.
        drop_ins: The directory of the drop-ins.
        host: Who answers for the machine; by default the one this runs on.
    """
    host = host or Machine()
    first = _main(main, host)
    found, problems = files.drop_ins(drop_ins)
    sources = [_drop_in(each, host) for each in found]
    # Where fui.yaml is of no use its defaults let the rest be checked all the same.
    said = first.model or MainFile.model_construct()
    longest = max(said.states.words().values(), key=lambda word: len(word.encode()))
    actions, more = resolve(placed(sources, said.share), longest, host)
    told = {*problems, *more, *first.problems}.union(*(source.problems for source in sources))
    if told:
        raise ConfigError(tuple(sorted(told)))
    return Menu(_settings(said, host.zone()), actions)


def _main(path: Path, host: Host) -> Checked[MainFile]:
    document = files.read(
        path, "make it; an empty file means the defaults, with the share in /srv/controls"
    )
    file = files.name_of(path)
    checked = check(MainFile, document, file, host)
    if checked.model is None or document.root is None or "share" in document.root.entries:
        return checked
    # The schema asks about what is written only.
    complaint = host.directory(checked.model.share)
    missing = [Problem(file, 1, 1, complaint)] if complaint else []
    return replace(checked, problems=(*checked.problems, *missing))


def _drop_in(path: Path, host: Host) -> Checked[DropIn]:
    document = files.read(path, "make it readable, or take it away")
    if document.root is not None:
        document = replace(document, root=unwrapped(document.root))
    return check(DropIn, document, files.name_of(path), host)


def _settings(said: MainFile, zone: tzinfo) -> Settings:
    return Settings(
        share=said.share,
        attribution_timeout=said.attribution_timeout,
        late_record_window=said.late_record_window,
        lookup_timeout=said.lookup_timeout,
        result_shown_for=said.result_shown_for,
        grace=said.grace,
        reconcile_every=said.reconcile_every,
        words=said.states.words(),
        samba_units=tuple(dict.fromkeys(said.samba_units)),
        facility=said.facility,
        zone=zone,
    )
