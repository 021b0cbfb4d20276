"""What people do. Each step knows its people and things by name, so it means the same alone.

Rules: a step that cannot be done any more, since the flag is gone by now, does nothing. How it is
printed is how a failing conversation is told.
"""

from dataclasses import dataclass, replace

from fui.model import events as on
from fui.model.menu import ActionId
from tests.simulation.cast import EXECUTE, FOLDERS, SHARE, Person
from tests.simulation.journal import FLAWS, Word, message, refusal
from tests.simulation.mishaps import Step
from tests.simulation.truth import RENAME, UNLINK
from tests.simulation.world import TICK, World


def standing(world: World, action: ActionId) -> on.Place | None:
    """Take the time that anything takes, and return where the flag of an action stands then."""
    world.advance(TICK)
    folder = f"{SHARE}/{action.object}"
    found = world.disk.flag(action, folder)
    return on.Place(folder, found[0]) if found else None


@dataclass(frozen=True, slots=True)
class Delete(Step):
    """Somebody deletes the flag of an action, over SMB or, where there is no word, with a shell."""

    who: Person
    action: ActionId
    word: Word | None

    def __str__(self) -> str:
        how = "with a shell" if self.word is None else f"(record {self.word})"
        return f"{self.who.text} deletes {self.action} {how}"

    def play(self, world: World) -> None:
        place = standing(world, self.action)
        if place is not None:
            remove(world, self.who, place, self.word)
            world.look()


def remove(world: World, who: Person, place: on.Place, word: Word | None) -> None:
    """Somebody deletes a file that may be gone by now."""
    if place.name in world.disk.files(place.folder):
        deed = world.did(who, place.path, UNLINK, word)
        world.disk.unlink(place.folder, place.name, deed)


@dataclass(frozen=True, slots=True)
class DeleteMany(Step):
    """Somebody deletes all flags of an object, or of all objects."""

    who: Person
    object: str
    pause: float
    word: Word | None

    def __str__(self) -> str:
        what = self.object or "all objects"
        return f"{self.who.text} deletes all of {what} with pauses of {self.pause:g} s"

    def play(self, world: World) -> None:
        places = [
            on.Place(folder.path, name)
            for of, folder in FOLDERS.items()
            if self.object in ("", of)
            for name in world.disk.files(folder.path)
        ]
        for place in places:
            world.advance(self.pause)
            remove(world, self.who, place, self.word)
            world.look()


@dataclass(frozen=True, slots=True)
class Phantom(Step):
    """Samba logs a deletion, and the file is still there."""

    who: Person
    action: ActionId
    word: Word

    def __str__(self) -> str:
        return f"{self.who.text} is said to delete {self.action}, which stays (record {self.word})"

    def play(self, world: World) -> None:
        place = standing(world, self.action)
        if place is not None:
            world.did(self.who, place.path, UNLINK, self.word, phantom=True)


@dataclass(frozen=True, slots=True)
class Forge(Step):
    """Somebody writes what Samba would write, and may delete the flag with a shell as well."""

    who: Person
    action: ActionId
    flaw: str
    deletes: bool

    def __str__(self) -> str:
        also = " and deletes it with a shell" if self.deletes else ""
        return f"a record by {self.who.text} of {self.action} is forged {self.flaw}{also}"

    def play(self, world: World) -> None:
        place = standing(world, self.action)
        if place is None:
            return
        if self.deletes:
            remove(world, self.who, place, None)
            world.look()
        text = message(self.who.text, UNLINK, place.path)
        who, flaw = self.who, dict(FLAWS[self.flaw])
        if "uid" in flaw:
            who = replace(who, uid=0)
            del flaw["uid"]
        world.write(who, str(flaw.pop("message", text)), None, Word(), **flaw)


@dataclass(frozen=True, slots=True)
class Move(Step):
    """Somebody moves a flag."""

    who: Person
    action: ActionId
    to: str
    word: Word | None

    def __str__(self) -> str:
        how = "with a shell" if self.word is None else f"(record {self.word})"
        return f"{self.who.text} moves {self.action} {self.to} {how}"

    def play(self, world: World) -> None:
        place = standing(world, self.action)
        if place is None:
            return
        target = self._target(world, place)
        if target == place:
            return
        path = target.path if target else "/srv/elsewhere/x"
        deed = world.did(self.who, place.path, RENAME, self.word, path)
        world.disk.move(place, target, deed)
        world.look()

    def _target(self, world: World, place: on.Place) -> on.Place | None:
        match self.to:
            case "into the execute folder":
                return on.Place(EXECUTE.path, place.name) if world.menu.execute else None
            case "to another folder":
                other = next(each for each in FOLDERS.values() if each.path != place.folder)
                known = world.disk.folders.get(other.path) is not None
                return on.Place(other.path, place.name) if known else None
            case "out":
                return None
            case name:
                return on.Place(place.folder, f"{self.action.action} [{name}].txt")


@dataclass(frozen=True, slots=True)
class Put(Step):
    """Somebody puts a file of his own where a flag could be."""

    who: Person
    action: ActionId
    word: str

    def __str__(self) -> str:
        return f"{self.who.text} puts a file in the place of {self.action} [{self.word}]"

    def play(self, world: World) -> None:
        world.advance(TICK)
        folder = f"{SHARE}/{self.action.object}"
        world.disk.create(folder, f"{self.action.action} [{self.word}].txt")
        world.look()


@dataclass(frozen=True, slots=True)
class Unput(Step):
    """Somebody deletes a file of that name, whosever it is."""

    who: Person
    action: ActionId
    word: str
    record: Word | None

    def __str__(self) -> str:
        return f"{self.who.text} deletes whatever is called {self.action} [{self.word}]"

    def play(self, world: World) -> None:
        world.advance(TICK)
        place = on.Place(f"{SHARE}/{self.action.object}", f"{self.action.action} [{self.word}].txt")
        remove(world, self.who, place, self.record)
        world.look()


@dataclass(frozen=True, slots=True)
class ReplaceFolder(Step):
    """A folder is removed with all that is in it, or moved away."""

    who: Person
    object: str
    deletes: bool

    def __str__(self) -> str:
        how = "is deleted" if self.deletes else "is moved away"
        return f"the folder of {self.object} {how} by {self.who.text}"

    def play(self, world: World) -> None:
        folder = FOLDERS[self.object].path
        world.advance(TICK)
        if self.deletes:
            for name in list(world.disk.files(folder)):
                remove(world, self.who, on.Place(folder, name), Word())
                world.advance(TICK / 10)
        if world.disk.folders.get(folder) is not None:
            world.disk.replace(folder)
        world.look()


@dataclass(frozen=True, slots=True)
class Refused(Step):
    """Samba does not let somebody delete a flag."""

    who: Person
    action: ActionId

    def __str__(self) -> str:
        return f"Samba does not let {self.who.text} delete {self.action}"

    def play(self, world: World) -> None:
        place = standing(world, self.action)
        if place is not None:
            world.write(self.who, refusal(self.who.text, place.path), None, Word())
