"""fui.yaml(5): every key of fui.yaml and of a drop-in, from the models that read them.

Rules: what a key is for, and its default, stand in `fui.config.schema`, and the values that it may
have in `fui.config.kinds`; here stands how a kind of value is called and written. A kind that has
no name here is a KeyError, so that none is left out.
"""

from typing import Any, get_args, get_origin, get_type_hints

from pydantic import BaseModel, TypeAdapter
from pydantic.fields import FieldInfo

from fui.config import kinds, schema
from fui.config.json_schema import json_schema
from fui.config.unwrap import GROUP, GROUPS
from fui.config.values import NO_LIMIT
from fui.model.menu import size
from tests.man.roff import Page

VALUES = {
    "time": "A number and its unit, `ms`, `s`, `min`, `h` or `d`; seconds where there is none: `1.5h`.",
    "rate": "How many within which time: `3 per 10min`.",
    "hours": "Days and times, several parts separated by `;` or as a list:"
    ' `"Mon-Fri 08:00-18:00; Sat 09:00-12:00"`. A span may go over midnight: `22:00-06:00`.',
    "size": "Bytes, or with `K`, `M`, `G` or `T` to the base 1024, as systemd has it: `512M`; or"
    " `infinity` for no limit.",
    "command": "An absolute path and its arguments, as a text that is split as a shell would split it,"
    " or as a list of words. No shell sees it. No argument may hold a blank, for sudo could not tell it"
    " from two.",
    "name": "What users see. Names are case-insensitive and keep their case, and are as Windows wants"
    ' them: none of `/\\:*?"<>|`, and neither a blank nor a dot at the end.',
    "mode": "Permission bits, octal: `2770` or `0640`. Never writable for everybody.",
    "user, group": "By name, as this machine knows it; from a directory too.",
    "directory": "An absolute path without symbolic links.",
    "people": "A mapping with the keys `users` and `groups`, lists of names.",
    "unit": "The full name of a service of systemd, such as `smbd.service`.",
}

WORDS = {
    "User": "user",
    "Group": "group",
    "Directory": "directory",
    "Zone": "name of a time zone",
    "Name": "name",
    "ObjectName": "name",
    "ShareName": "name",
    "GroupName": "name",
    "GroupNames": "list of names",
    "Word": "word",
    "Language": "",
    "Brackets": "two characters",
    "Side": "",
    "Extension": "extension",
    "DirectoryMode": "mode",
    "FileMode": "mode",
    "Argv": "command",
    "Timeout": "time",
    "TasksMax": "number",
    "MemoryMax": "size",
    "Wait": "time",
    "Show": "time",
    "Period": "time",
    "Cooldown": "time",
    "Settle": "time",
    "Switch": "",
    "MassLimit": "number",
    "QueueLimit": "number",
    "Rate": "rate",
    "Only": "hours",
    "LimitPer": "",
    "WhenBusy": "",
    "ShowBlocked": "",
    "Description": "text",
    "Unit": "unit",
    "Textfile": "path",
    "Address": "address",
    "Port": "number",
    "Facility": "facility of syslog",
}
"""What each kind of value is called; empty where the words of which it is one say it."""

PARTS: dict[type[BaseModel], str] = {
    schema.Who: "people",
    schema.States: "see States below",
    schema.ExecutePart: "see Execute folder below",
    schema.MetricsPart: "see Metrics below",
    schema.DirectoryPart: "see Directory below",
    schema.FilePart: "see File below",
    schema.CommandPart: "see Command below",
    schema.GroupPart: "see Action group below",
    schema.ActionPart: "see Actions below",
}
UNITS = ((86400, "d"), (3600, "h"), (60, "min"), (1, "s"))

MAIN_EXAMPLE = """\
share: /srv/controls
execute-folder: Execute
timezone: Europe/Berlin
"""
DROP_IN_EXAMPLE = """\
object: Apache
action-group:
    directory: {group: controls}
    allow: {groups: [wwwadmins]}
    deny: {users: [mallory]}
    actions:
        - name: Restart
          description: Restarts the web server
          command: /usr/bin/systemctl restart apache2
          limit: 3 per 10min
        - name: Stop
          command: [/usr/bin/systemctl, stop, apache2]
          confirm: 30s
          only: "Mon-Fri 08:00-18:00"
"""


def page() -> str:
    """Return the page."""
    page = Page("fui.yaml", 5, "the configuration of FUI")
    page.section("Synopsis")
    page.text("`/etc/fui/fui.yaml`", "`/etc/fui/conf.d/*.yaml`")
    page.section("Description")
    page.text(
        "The menu is made of drop-ins, one object in each file; an object is a folder of the share, and"
        " its actions are the flags in it. What holds for the whole share is in fui.yaml. The order of"
        " the files never matters. A key that is not known is an error, and so is one that stands twice.",
        "`fui check` says all that is wrong at once, as file:line:column. `fui schema` prints the same"
        " rules as JSON Schema, for editors. After a change: `fui check`, `fui setup`, and"
        " `systemctl reload fui`.",
    )
    page.section("fui.yaml")
    _keys(page, schema.MainFile)
    page.part("States")
    page.text(
        "The words are made of what `language` says, but for those that are written here. One state may"
        ' have the word "": then its flags bear the bare name.'
    )
    _keys(page, schema.States, unsaid="")
    page.part("Execute folder")
    page.text("`execute-folder` is a name, or a mapping with these keys:")
    _keys(page, schema.ExecutePart)
    page.part("Metrics")
    page.text(
        "FUI's metrics are in the text format of Prometheus: in a file, written when something has"
        " changed and at most every five seconds, and over HTTP where `port` says so. node_exporter finds"
        " the file by `--collector.textfile.directory`; name one in that directory, in which FUI's user"
        " may write, or link it there. There are no names of users or clients in them."
    )
    _keys(page, schema.MetricsPart)
    page.section("Drop-ins")
    written = json_schema("drop-in")["properties"]
    page.item(
        f"`object`: {_form(kinds.ObjectName)}", f"{_meaning('object', written)} Has to be there."
    )
    page.item(f"`{GROUP}`: {PARTS[schema.GroupPart]}", _meaning(GROUP, written))
    page.item(f"`{GROUPS}`: list, {PARTS[schema.GroupPart]}", _meaning(GROUPS, written))
    page.part("Action group")
    page.text("Of the actions of an action group one runs at a time.")
    _keys(page, schema.GroupPart, but=schema.RulesPart)
    page.part("Actions")
    page.text("An item of `actions` has these keys; it may be wrapped in the key `action`.")
    _keys(page, schema.ActionPart, but=schema.RulesPart)
    page.part("Rules")
    page.text("In an action group, for all of its actions, or in an action, which goes before:")
    _keys(page, schema.RulesPart)
    page.part("Directory")
    _keys(page, schema.DirectoryPart)
    page.part("File")
    _keys(page, schema.FilePart)
    page.part("Command")
    _keys(page, schema.CommandPart)
    page.part("People")
    _keys(page, schema.Who)
    page.section("Values")
    for name, meaning in VALUES.items():
        page.item(", ".join(f"`{each}`" for each in name.split(", ")), meaning)
    page.section("Examples")
    page.text("A whole fui.yaml:")
    page.example(MAIN_EXAMPLE.splitlines())
    page.text("A drop-in, /etc/fui/conf.d/apache.yaml:")
    page.example(DROP_IN_EXAMPLE.splitlines())
    page.section("See also")
    page.text("*fui*(1), *fui.service*(8)")
    return str(page)


def _keys(
    page: Page,
    model: type[BaseModel],
    but: type[BaseModel] | None = None,
    unsaid: str = "By default none.",
) -> None:
    """Write the keys of a model that the other one does not have.

    `unsaid` is said of a key that need not be there, and of whose default nothing is said.
    """
    left_out = but.model_fields if but else {}
    for name, field in model.model_fields.items():
        if name in left_out:
            continue
        text = f"{_sentence(field.description or '')} {_default(field, unsaid)}"
        page.item(f"`{field.alias or name}`: {_form(_annotation(model, name))}", text)


def _meaning(key: str, written: dict[str, Any]) -> str:
    return _sentence(written[key]["description"])


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:].rstrip('.')}."


def _default(field: FieldInfo, unsaid: str) -> str:
    """Say what is so where the key is not written, unless its description does."""
    if field.is_required():
        return "Has to be there."
    if "default" in (field.description or "") or isinstance(field.default, BaseModel):
        return ""
    return f"By default {field.default}." if field.default else unsaid


def _annotation(model: type[BaseModel], name: str) -> Any:  # noqa: ANN401 - a type
    return get_type_hints(model, include_extras=True)[name]


def _form(annotation: Any) -> str:  # noqa: ANN401 - a type
    """Name the values of a type, with their bounds."""
    for kind, words in WORDS.items():
        if annotation == getattr(kinds, kind):
            return _bounded(words, TypeAdapter(annotation).json_schema())
    if annotation == schema.Cancel:
        return "`true`, `false` or people"
    if annotation == schema.Execute:
        return f"name, or {PARTS[schema.ExecutePart]}"
    if annotation in PARTS:
        return PARTS[annotation]
    if get_origin(annotation) is list:
        (item,) = get_args(annotation)
        return f"list, {PARTS[item]}" if item in PARTS else f"list of {_form(item)}s"
    return _form(next(each for each in get_args(annotation) if each is not type(None)))


def _bounded(words: str, form: dict[str, Any]) -> str:
    if "enum" in form:
        return " or ".join(f"`{each}`" for each in form["enum"] if isinstance(each, str))
    if "minimum" not in form or "maximum" not in form:
        return words
    low, high = form["minimum"], form["maximum"]
    if words == "time":
        return f"time, {_time(low)} to {_time(high)}"
    if words == "size":
        return f"size, {size(low)} to {size(high)}, or `{NO_LIMIT}`"
    more = f", or `{NO_LIMIT}`" if NO_LIMIT in form.get("examples", ()) else ""
    return f"{words}, {low} to {high}{more}"


def _time(seconds: float) -> str:
    if 0 < seconds < 1:
        return f"{seconds * 1000:g}ms"
    for length, unit in UNITS:
        if seconds >= length and seconds % length == 0:
            return f"{seconds / length:g}{unit}"
    return f"{seconds:g}"
