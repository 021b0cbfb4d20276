"""What may stand in the files, as JSON Schema 2020-12, for editors.

Rules: made from the models that read the files, so that it cannot say something else; it has the
forms in which people write, those before `unwrap`; a value that is not written is not there, never
null. An editor sees YAML's types, so what is a text to FUI may be a number here. Whether all goes
together, and what the machine has, only `fui check` knows.
"""

from typing import Any

from pydantic import BaseModel

from fui.config.schema import DropIn, MainFile
from fui.config.unwrap import ACTION, ACTIONS, GROUP, GROUPS

FILES: dict[str, type[BaseModel]] = {"drop-in": DropIn, "fui.yaml": MainFile}

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_NULL = {"type": "null"}


def json_schema(which: str) -> dict[str, Any]:
    """Return the schema of one of FILES."""
    made = _cleaned(FILES[which].model_json_schema())
    if which == "drop-in":
        _as_written(made)
    return {"$schema": _DIALECT, "title": f"FUI: {which}", **made}


def _as_written(made: dict[str, Any]) -> None:
    """Let it have the ways in which a drop-in may be written, as `unwrap` brings them to one."""
    keys = made["properties"]
    groups = keys.pop(GROUPS)
    group = groups["items"]
    either = {"anyOf": [group, {"type": "array", "items": group, "minItems": 1}]}
    keys[GROUP] = either | {"description": "its action group, where it has one"}
    keys[GROUPS] = either | {"description": groups["description"]}
    made["required"].remove(GROUPS)
    made["anyOf"] = [{"required": [GROUP]}, {"required": [GROUPS]}]
    actions = made["$defs"]["GroupPart"]["properties"][ACTIONS]
    wrapped = {
        "type": "object",
        "properties": {ACTION: actions["items"]},
        "required": [ACTION],
        "additionalProperties": False,
    }
    actions["items"] = {"anyOf": [actions["items"], wrapped]}


def _cleaned(schema: Any) -> Any:  # noqa: ANN401 - JSON
    """Leave out pydantic's titles and defaults, and null."""
    if isinstance(schema, list):
        return [_cleaned(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    if _NULL in schema.get("anyOf", ()):
        forms = [form for form in schema["anyOf"] if form != _NULL]
        schema = {key: each for key, each in schema.items() if key != "anyOf"}
        schema |= forms[0] if len(forms) == 1 else {"anyOf": forms}
    return {
        key: {name: _cleaned(each) for name, each in value.items()}
        if key in ("properties", "$defs")
        else _cleaned(value)
        for key, value in schema.items()
        if key not in ("title", "default")
    }
