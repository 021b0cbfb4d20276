"""The files of the configuration, read and put together to a menu.

Rules: a wrong file keeps no other from being checked; what is wrong is told beside the menu, and
whether that may be used all the same is for others to say. It composes the other rooms of the
configuration and decides nothing itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from fui.config import files, words
from fui.config.execute import clashes, execute_folder
from fui.config.explain import Checked, check
from fui.config.folders import Folders
from fui.config.kinds import World
from fui.config.memory import Memory
from fui.config.placed import placed
from fui.config.resolve import Defaults, Facts, resolve
from fui.config.schema import DropIn, MainFile, written
from fui.config.tree import Step
from fui.config.unwrap import unwrapped
from fui.config.yaml_text import Document
from fui.model.errors import Problem
from fui.model.menu import Exposition, Menu, Settings

Main = Checked[MainFile]


class Host(World, Facts, Protocol):
    """Everything that is asked of the machine."""


@dataclass(frozen=True, slots=True)
class Source:
    """A drop-in as it was read.

    Attributes:
        document: What stands in it.
        checked: The same after its schema.
    """

    document: Document
    checked: Checked[DropIn]


@dataclass(frozen=True, slots=True)
class Files:
    """The configuration as it was read.

    Attributes:
        main: fui.yaml.
        drop_ins: Each drop-in, by its name, in the order of the names.
        problems: What is wrong with their directory.
    """

    main: Main
    drop_ins: dict[str, Source]
    problems: tuple[Problem, ...]


def read_files(main: Path, drop_ins: Path, host: Host, memory: Memory) -> Files:
    """Read and check fui.yaml and the drop-ins in a directory, each by itself."""
    first = _main(main, host)
    found, problems = files.drop_ins(drop_ins)
    sources = {files.name_of(path): _drop_in(path, host, memory) for path in found}
    return Files(first, sources, tuple(problems))


def compose(
    main: Main,
    sources: Sequence[Checked[DropIn]],
    host: Host,
    memory: Memory,
    *,
    complete: bool = True,
) -> tuple[Menu, set[Problem]]:
    """Return the menu, and what is wrong where files meet.

    Args:
        main: fui.yaml; where it is of no use, its defaults.
        sources: The drop-ins; of two that clash the later is at fault.
        host: Who answers for the machine.
        memory: What is known of earlier readings.
        complete: Whether there are no other drop-ins.
    """
    said = main.model or MainFile.model_construct()
    settings = _settings(said, host)
    groups = placed(sources, said.share)
    folders = Folders(groups, host)
    execute, problems = execute_folder(main, said.share, folders)
    whole = complete and all(source.whole for source in sources)
    defaults = Defaults(
        settings.naming, settings.zone, said.show_blocked, enforced=settings.enforce_in_samba
    )
    actions, more = resolve(groups, folders, defaults, host, memory=memory, complete=whole)
    told = {*problems, *folders.problems, *more, *clashes(main, said.share, groups)}
    return Menu(settings, actions, execute), told


def _main(path: Path, host: Host) -> Main:
    hint = "make it; an empty file means the defaults, with the share in /srv/controls"
    document = files.document(files.content(path, hint), files.name_of(path))
    checked = check(MainFile, document, files.name_of(path), host)
    if checked.model is None or document.root is None:
        return checked
    found = [
        _at(checked, text, "states", state.value)
        for state, text in words.complaints(checked.model.states)
    ]
    if "share" not in document.root.entries:
        # The schema asks about what is written only.
        complaint = host.directory(checked.model.share)
        found += [_at(checked, complaint)] if complaint else []
    execute = checked.model.execute_folder
    if execute is not None:
        complaint = host.folder(f"{checked.model.share}/{execute.name}")
        found += [_at(checked, complaint, written("execute_folder"))] if complaint else []
    return replace(checked, problems=(*checked.problems, *found))


def _at(checked: Main, text: str, *path: Step) -> Problem:
    spot = checked.spot(path)
    return Problem(checked.file, spot.line, spot.column, text)


def _drop_in(path: Path, host: Host, memory: Memory) -> Source:
    file = files.name_of(path)
    found = files.content(path, "make it readable, or take it away")

    def source(host: Host) -> Source:
        document = files.document(found, file)
        if document.root is not None:
            document = replace(document, root=unwrapped(document.root))
        return Source(document, check(DropIn, document, file, host))

    return memory.recall(file, (found,), host, source)


def _settings(said: MainFile, host: Host) -> Settings:
    return Settings(
        share=said.share,
        attribution_timeout=said.attribution_timeout,
        late_record_window=said.late_record_window,
        lookup_timeout=said.lookup_timeout,
        result_shown_for=said.result_shown_for,
        grace=said.grace,
        reconcile_every=said.reconcile_every,
        naming=words.naming(said.states),
        settle=said.settle,
        mass_limit=said.mass_limit,
        samba_units=tuple(dict.fromkeys(said.samba_units)),
        facility=said.facility,
        zone=host.zone(said.timezone or ""),
        share_name=said.share_name,
        enforce_in_samba=(
            host.attributes(said.share) if said.enforce_in_samba is None else said.enforce_in_samba
        ),
        metrics=Exposition(said.metrics.textfile, said.metrics.address, said.metrics.port),
    )
