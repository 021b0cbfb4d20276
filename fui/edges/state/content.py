"""What stands in the files of the state directory: made of values, and made to values again.

Rules: what is read is checked in full before anything is made of it, types, ranges and numbers, for
somebody may have written into the file, or another version of FUI has; UnreadableError says what
is wrong. Lists have a limit. Knows nothing of files.
"""

import math
import re
import reprlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, fields, make_dataclass
from typing import Any, TypeGuard

from pydantic import TypeAdapter, ValidationError

from fui.edges.state.files import UnreadableError
from fui.model.job import HISTORY, History, Job, Queued, Run, Use
from fui.model.menu import Action, ActionId
from fui.model.states import Intervention, JobResult, JobState

_RUN = tuple(item.name for item in fields(Run))  # asdict() copies deeply, while a press waits

_ACTION = tuple(item.name for item in fields(Action) if item.name != "hours")
_action = TypeAdapter[Any](
    make_dataclass(
        "Action", [(item.name, item.type) for item in fields(Action) if item.name in _ACTION]
    )
)
"""An action as a job needs it: that runs already, so its hours do not matter any more."""

LIST_MAX = 10_000
"""Uses of an action, presses in the queue, and folders, at most; those beyond are forgotten."""

_RESULTS = [result.value for result in JobResult]
_JOB_ID = re.compile(r"[A-Za-z0-9-]{1,100}")
_WHY_MAX = 200
_UID_MAX = 2**32 - 1
_TIME_MAX = 253_402_214_399
"""The end of the year 9999 but for a day, as zones are ahead of UTC; later ones cannot be shown."""


def plain_history(action: ActionId, history: History) -> dict[str, object]:
    """Return the runs of an action as JSON can hold them."""
    return {
        "object": action.object,
        "action": action.action,
        "runs": [_plain_run(run) for run in history.runs],
        "uses": [(use.uid, use.started, use.ended) for use in history.uses],
    }


def plain_job(job: Job) -> dict[str, object]:
    """Return a job that is under way as JSON can hold it."""
    action = {name: getattr(job.action, name) for name in _ACTION}
    return {
        "action": _action.dump_python(action, mode="json", warnings=False),
        "run": _plain_run(job.run),
        "due": job.due,
        "state": job.state.value,
        "because": job.ended_because.value if job.ended_because else None,
        "by": job.ended_by,
        "told": job.told,
    }


def _plain_run(run: Run) -> dict[str, object]:
    return {name: getattr(run, name) for name in _RUN} | {
        "result": run.result.value if run.result else None
    }


def plain_queue(queued: Iterable[Queued]) -> dict[str, object]:
    """Return the queue as JSON can hold it."""
    return {"queued": [asdict(one) | {"action": list(one.action)} for one in queued]}


def history_of(action: ActionId) -> Callable[[Any], History]:
    """Return what reads the runs of an action; the spelling of its name may have changed."""

    def history(content: Any) -> History:  # noqa: ANN401 - JSON is whatever it is
        match content:
            case {"object": str(one), "action": str(two), "runs": list(runs), "uses": list(uses)}:
                if not _same(action, ActionId(one, two)):
                    raise UnreadableError(
                        f"it is about {reprlib.repr(one)} and {reprlib.repr(two)}"
                    )
            case _:
                raise UnreadableError("it holds no runs")
        return History(tuple(map(_run, runs[-HISTORY:])), tuple(map(_use, uses[-LIST_MAX:])))

    return history


def job(content: Any) -> Job:  # noqa: ANN401 - JSON is whatever it is
    """Return the job that was under way."""
    match content:
        case {
            "action": action,
            "run": run,
            "due": float() | None as due,
            "state": str(state),
            "because": str() | None as because,
            "by": str(by),
            "told": bool(told),
        } if due is None or math.isfinite(due):
            pass
        case _:
            raise UnreadableError("it holds no job")
    try:
        known = _action.validate_python(action)
        kept = Action(**{name: getattr(known, name) for name in _ACTION})
        why = None if because is None else Intervention(because)
        one = _run(run)
        if not _JOB_ID.fullmatch(one.job):
            raise UnreadableError(f"its job is {reprlib.repr(one.job)}")
        return Job(one.job, kept, one, due, JobState(state), why, by, told)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        what = f"{reprlib.repr(first['loc'])}: {first['msg']}"
        raise UnreadableError(f"it holds no job: {what}") from error
    except ValueError as error:
        raise UnreadableError(f"it holds no job: {error!s:.{_WHY_MAX}}") from error


def cursor(content: Any) -> str:  # noqa: ANN401 - JSON is whatever it is
    """Return the journal's cursor."""
    match content:
        case {"cursor": str(found)}:
            return found
        case _:
            raise UnreadableError("it holds no cursor")


def queue(content: Any) -> tuple[Queued, ...]:  # noqa: ANN401 - JSON is whatever it is
    """Return the presses that waited."""
    match content:
        case {"queued": list(found)}:
            return tuple(map(_queued, found[:LIST_MAX]))
        case _:
            raise UnreadableError("it holds no queue")


def folders(content: Any) -> tuple[str, ...]:  # noqa: ANN401 - JSON is whatever it is
    """Return the paths of folders; each is absolute and leads nowhere else."""
    match content:
        case {"folders": list(found)}:
            paths = tuple(found[:LIST_MAX])
        case _:
            raise UnreadableError("it holds no folders")
    for path in paths:
        if not _is_path(path):
            raise UnreadableError(f"{reprlib.repr(path)} is no path of a folder")
    return paths


def _same(one: ActionId, other: ActionId) -> bool:
    return [part.casefold() for part in one] == [part.casefold() for part in other]


def _is_text(value: object) -> TypeGuard[str]:
    """Tell whether it is a text, of characters and of bytes that are not UTF-8."""
    if not isinstance(value, str):
        return False
    try:
        value.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return False
    return True


def _is_number(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_uid(value: object) -> bool:
    return _is_number(value) and 0 <= value <= _UID_MAX


def _is_time(value: object) -> bool:
    return (isinstance(value, float) or _is_number(value)) and 0 <= value <= _TIME_MAX


def _is_path(value: object) -> bool:
    if not _is_text(value) or "\0" in value:
        return False
    root, *names = value.split("/")
    return not root and bool(names) and all(name not in ("", ".", "..") for name in names)


_CHECKS: Mapping[str, Callable[[object], bool]] = {
    "job": _is_text,
    "user": _is_text,
    "uid": _is_uid,
    "client": _is_text,
    "cursor": _is_text,
    "started": _is_time,
    "ended": lambda value: value is None or _is_time(value),
    "result": lambda value: value is None or value in _RESULTS,
    "status": lambda value: value is None or _is_number(value),
    "tail": _is_text,
    "error": _is_text,
}
"""What a field of a run, a use or a queued press may be."""


def _checked(kind: type, content: object) -> dict[str, Any]:
    names = [field.name for field in fields(kind)]
    if not isinstance(content, dict) or set(content) != set(names):
        raise UnreadableError(f"{reprlib.repr(content)} is of another version, or is none of FUI's")
    for name in names:
        if name in _CHECKS and not _CHECKS[name](content[name]):
            raise UnreadableError(f"its {name} is {reprlib.repr(content[name])}")
    return content


def _run(content: object) -> Run:
    values = _checked(Run, content)
    result = values["result"]
    return Run(**values | {"result": None if result is None else JobResult(result)})


def _use(content: object) -> Use:
    names = [field.name for field in fields(Use)]
    if not isinstance(content, list) or len(content) != len(names):
        raise UnreadableError(f"{reprlib.repr(content)} is of another version, or is none of FUI's")
    return Use(**_checked(Use, dict(zip(names, content, strict=True))))


def _queued(content: object) -> Queued:
    values = _checked(Queued, content)
    match values["action"]:
        case [str(object_name), str(action_name)]:
            return Queued(**values | {"action": ActionId(object_name, action_name)})
        case other:
            raise UnreadableError(f"its action is {reprlib.repr(other)}")
