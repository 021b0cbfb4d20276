from dataclasses import dataclass, field

from fui.config.memory import Memory


@dataclass
class Town:
    """Says who lives in it."""

    people: set[str]
    asked: list[str] = field(default_factory=list)

    def user(self, name: str) -> str:
        self.asked.append(name)
        return "" if name in self.people else f"no {name}"


class Works:
    """Something that is worked out, and how often it was."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self, town: Town) -> str:
        self.times += 1
        return town.user("alice") or town.user("bob")


def test_what_is_known_is_not_worked_out_again() -> None:
    memory, work = Memory(), Works()
    for _ in range(2):
        assert memory.recall("a", (1, "x"), Town({"alice"}), work) == "no bob"
    assert work.times == 1
    assert memory.recall("b", (1, "x"), Town({"alice"}), work) == "no bob"
    assert work.times == 2


def test_what_is_made_of_something_else_is_worked_out_anew() -> None:
    memory, work = Memory(), Works()
    for made_of in ((1,), (2,), (1,)):
        memory.recall("a", made_of, Town(set()), work)
    assert work.times == 3


def test_an_answer_holds_as_long_as_it_is_given() -> None:
    memory, work = Memory(), Works()
    assert memory.recall("a", (), Town({"alice"}), work) == "no bob"
    assert memory.recall("a", (), Town({"alice", "bob"}), work) == ""
    assert memory.recall("a", (), Town({"bob"}), work) == "no alice"
    assert work.times == 3


def test_all_that_was_asked_is_asked_anew_and_nothing_else() -> None:
    memory = Memory()
    memory.recall("a", (), Town({"bob"}), Works())
    town = Town({"bob"})
    memory.recall("a", (), town, Works())
    assert town.asked == ["alice"]


def test_what_is_needed_no_more_is_forgotten() -> None:
    memory, work = Memory(), Works()
    memory.recall("a", (), Town(set()), work)
    memory.forget_the_rest()
    memory.recall("a", (), Town(set()), work)
    assert work.times == 1
    memory.forget_the_rest()
    memory.forget_the_rest()
    memory.recall("a", (), Town(set()), work)
    assert work.times == 2
