"""What was worked out at an earlier reading, and still holds.

Rules: a result holds as long as what it was made of is the same and the machine answers the same to
all that was asked for it; that is asked anew each time, so nothing outlives what it rests on. What
a reading did not need is forgotten after it. Knows nothing of what is worked out.
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar, cast

Host = TypeVar("Host")
Result = TypeVar("Result")

_Answer = tuple[str, tuple[str, ...], object]


@dataclass(slots=True)
class _Listener(Generic[Host]):
    """Answers as the machine does, and keeps in mind what was asked."""

    host: Host
    heard: dict[_Answer, None] = field(default_factory=dict)

    def __getattr__(self, question: str) -> Callable[..., Any]:
        def ask(*about: str) -> object:
            answer = getattr(self.host, question)(*about)
            self.heard[question, about, answer] = None
            return answer

        return ask


@dataclass(frozen=True, slots=True)
class _Known:
    """A result, what it was made of, and what the machine said."""

    made_of: tuple[object, ...]
    answers: tuple[_Answer, ...]
    result: object

    def holds(self, made_of: tuple[object, ...], host: object) -> bool:
        return self.made_of == made_of and all(
            getattr(host, question)(*about) == answer for question, about, answer in self.answers
        )


class Memory:
    """Results by their keys."""

    def __init__(self) -> None:
        self._known: dict[Hashable, _Known] = {}
        self._needed: dict[Hashable, _Known] = {}

    def recall(
        self,
        key: Hashable,
        made_of: tuple[object, ...],
        host: Host,
        work: Callable[[Host], Result],
    ) -> Result:
        """Return what was worked out before, if it still holds; else work it out.

        Args:
            key: What it is the result of.
            made_of: All that it is made of, but for what the machine says.
            host: Who answers for the machine; what is asked takes texts, and answers can be compared.
            work: Works it out, and asks nobody but whom it is given.
        """
        known = self._known.get(key)
        if known is None or not known.holds(made_of, host):
            listener = _Listener(host)
            result = work(cast("Host", listener))
            known = _Known(made_of, tuple(listener.heard), result)
            self._known[key] = known
        self._needed[key] = known
        return cast("Result", known.result)

    def forget_the_rest(self) -> None:
        """Forget what was not asked for since this was called last."""
        self._known, self._needed = self._needed, {}
