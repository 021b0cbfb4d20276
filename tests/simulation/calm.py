"""What is so in the end, when everything works, all was delivered and nothing more happens."""

from collections import Counter

from fui.model.menu import ActionId
from fui.model.naming import WORDS
from tests.simulation.cast import within
from tests.simulation.truth import read_name, require
from tests.simulation.world import World

_WORDS = WORDS["en"]


def check(world: World) -> None:
    """Hold the share, the ledger and the status against what is so."""
    require(world.daemon is not None, "FUI runs in the end")
    _share(world)
    _ledger(world)


def _share(world: World) -> None:
    """The share shows exactly the menu: each flag once, in the state that is so."""
    words: dict[str, str] = {}
    for folder in world.menu.folders:
        ours = sorted(name for name, one in world.disk.files(folder.path).items() if one.ours)
        mine = [action for action in world.menu.actions if action.folder == folder]
        faulty = any(fault.folder == folder for fault in world.menu.faults)
        expected = sorted(action.id.action for action in mine)
        shown = [read_name(name) or ("", name) for name in ours]
        actions = sorted(name for name, _ in shown if name)
        require(actions == expected, "the share shows exactly the menu", f"{folder.path}: {ours}")
        require(len(ours) == len(expected) + faulty, "the share shows exactly the menu", ours)
        for name, word in shown:
            words[f"{folder.path.rpartition('/')[2]}/{name}"] = word
    for action in world.menu.actions:
        wanted = {"Ready"}
        if action.hours is not None:
            near = {within(action.hours, world.wall + by) for by in (-2.0, 0.0, 2.0)}
            wanted = {"Ready" if inside else "Closed" for inside in near}
        word = words[str(action.id)]
        require(word in wanted, "no state is stale", f"{action.id} says {word}, not {wanted}")
    published = world.oracle.published
    require(published, "the status is published")
    if published is not None:
        told = {str(each.action): _WORDS[each.state] for each in published.standings}
        shown_now = {each: word for each, word in words.items() if word in _WORDS.values()}
        stale = {
            each: (word, told.get(each, "Ready"))
            for each, word in shown_now.items()
            if each.rpartition("/")[2] and told.get(each, "Ready") != word
        }
        require(not stale, "the status tells what the share shows", stale)


def _ledger(world: World) -> None:
    """Each press came to an outcome, as far as anybody could know of it."""
    attested: Counter[tuple[ActionId, int]] = Counter()
    for deed in world.oracle.deeds:
        if not deed.genuine or not deed.asks or deed.outcomes or deed.runs:
            continue
        if any(not each.genuine and each.action == deed.action for each in world.oracle.deeds):
            continue  # who deleted what can be mixed up there, if records are late as well
        witnessed = deed.seen is not None and not deed.orphaned and not deed.life.outcomes
        require(not witnessed, "each press has an outcome", deed)
        # What inotify lost and the journal showed late is told of nobody if FUI dies just then.
        late = deed.seen is None and world.daemons > 1
        if deed.heard is not None and deed.claimed and not deed.life.outcomes and not late:
            name = deed.action, deed.who.uid
            attested[name] += 1
            lost = world.oracle.lost[name] + 2 * world.oracle.doubtful[deed.action]
            require(attested[name] <= lost, "each press that was attested has an outcome", deed)
    for process in world.processes.values():
        require(not process.alive, "every job ends", process.job)
