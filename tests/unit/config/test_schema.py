import pytest
from pydantic import BaseModel, ValidationError

from fui.config.schema import DropIn, MainFile, keys_at
from fui.config.tree import Plain
from fui.config.words import naming
from fui.model.menu import Settings
from fui.model.states import FlagState
from tests.unit.config.etc import AnyHost

START: dict[str, Plain] = {"name": "Start", "command": "/sbin/service httpd start"}


def group(**keys: Plain) -> dict[str, Plain]:
    return {"object": "Apache", "action-groups": [{"actions": [START], **keys}]}


def action(**keys: Plain) -> dict[str, Plain]:
    return group(actions=[START | keys])


def faults(
    model: type[BaseModel], data: dict[str, Plain], *missing: str
) -> list[tuple[tuple[int | str, ...], str]]:
    try:
        model.model_validate(data, context={"world": AnyHost(missing)})
    except ValidationError as error:
        return [(each["loc"], each["msg"].removeprefix("Value error, ")) for each in error.errors()]
    return []


def test_the_defaults_of_fui_yaml_are_those_of_the_settings() -> None:
    main = MainFile.model_validate({}, context={"world": AnyHost()})
    settings = Settings("/srv/controls")
    assert main.share == "/srv/controls"
    assert naming(main.states) == settings.naming
    assert (main.settle, main.mass_limit) == (settings.settle, settings.mass_limit)
    assert tuple(main.samba_units) == settings.samba_units
    for key in ("attribution_timeout", "lookup_timeout", "result_shown_for", "facility"):
        assert getattr(main, key) == getattr(settings, key)
    for key in ("grace", "reconcile_every", "late_record_window"):
        assert getattr(main, key) == getattr(settings, key)


def test_everything_that_fui_yaml_may_say() -> None:
    data: dict[str, Plain] = {
        "share": "/srv/menu/",
        "attribution-timeout": "3s",
        "late-record-window": "10s",
        "lookup-timeout": "500ms",
        "result-shown-for": "2min",
        "grace": "1s",
        "reconcile-every": "1h",
        "states": {"ready": "Bereit", "blocked": "Gesperrt"},
        "samba-units": ["smbd.service"],
        "facility": "local0",
    }
    main = MainFile.model_validate(data, context={"world": AnyHost()})
    assert main.share == "/srv/menu"
    assert (main.attribution_timeout, main.lookup_timeout, main.result_shown_for) == (3, 0.5, 120)
    assert (main.grace, main.reconcile_every, main.facility) == (1, 3600, 16)
    assert main.late_record_window == 10
    assert main.samba_units == ["smbd.service"]
    assert main.states.own_words() == {FlagState.READY: "Bereit", FlagState.BLOCKED: "Gesperrt"}


@pytest.mark.parametrize(
    ("key", "value", "text"),
    [
        ("attribution-timeout", "2h", 'cannot use the time "2h"; it has to be from 1ms to 1h'),
        ("reconcile-every", "10ms", 'cannot use the time "10ms"; it has to be from 1s to 1d'),
        ("result-shown-for", "2d", 'cannot use the time "2d"; it has to be from 1ms to 1d'),
        ("samba-units", [], "List should have at least 1 item after validation, not 0"),
    ],
)
def test_settings_that_are_refused(key: str, value: Plain, text: str) -> None:
    assert faults(MainFile, {key: value}) == [((key,), text)]


def test_a_share_that_is_missing() -> None:
    assert faults(MainFile, {"share": "/srv/menu"}, "/srv/menu") == [
        (("share",), "cannot find the directory /srv/menu")
    ]


def test_python_spelling_is_not_the_spelling_of_the_file() -> None:
    assert [loc for loc, _ in faults(MainFile, {"lookup_timeout": "1s"})] == [("lookup_timeout",)]


def test_the_machine_is_asked_about_everything_that_it_knows() -> None:
    host = AnyHost()
    who: Plain = {"groups": ["g3"], "users": ["u4"]}
    data = group(
        directory={"path": "/d", "user": "u1", "group": "g1"},
        file={"user": "u2", "group": "g2"},
        command={"user": "u3"},
        deny=who,
        allow={"users": ["u5"]},
        actions=[{**START, "user": "u6", "group": "g4", "allow": {"users": ["u7"]}}],
    )
    DropIn.model_validate(data, context={"world": host})
    assert sorted(host.asked) == [
        ("directory", "/d"),
        *(("group", f"g{number}") for number in range(1, 5)),
        ("program", "/sbin/service"),
        *(("user", f"u{number}") for number in range(1, 8)),
    ]


@pytest.mark.parametrize(
    ("keys", "missing"),
    [
        ({"directory": {"path": "/gone"}}, "/gone"),
        ({"directory": {"user": "gone"}}, "gone"),
        ({"file": {"group": "gone"}}, "gone"),
        ({"command": {"group": "gone"}}, "gone"),
        ({"allow": {"users": ["root", "gone"]}}, "gone"),
        ({"deny": {"groups": ["gone"]}}, "gone"),
        ({"actions": [{"name": "x", "command": ["/gone"]}]}, "/gone"),
    ],
)
def test_what_the_machine_does_not_have(keys: dict[str, Plain], missing: str) -> None:
    (fault,) = faults(DropIn, group(**keys), missing)
    assert fault[1].startswith("cannot find the ")
    assert fault[1].endswith(f" {missing}")


def test_all_that_a_command_may_be() -> None:
    for command in ("/bin/x 'a' b", "/bin/x a b\n", ["/bin/x", "a", "b"]):
        model = DropIn.model_validate(action(command=command), context={"world": AnyHost()})
        assert model.action_groups[0].actions[0].command == ["/bin/x", "a", "b"]


@pytest.mark.parametrize(
    ("command", "text"),
    [
        ("", "cannot run an empty command; write the absolute path of a program"),
        ([], "cannot run an empty command; write the absolute path of a program"),
        ({}, "cannot use a mapping here; write a command, or a list of its words"),
        ("service httpd", 'cannot run "service"; write the absolute path of the program'),
        (["./x"], 'cannot run "./x"; write the absolute path of the program'),
        ("/bin/\nx", 'cannot use control characters, as in "/bin/\\nx"; take them out'),
    ],
)
def test_what_is_no_command(command: Plain, text: str) -> None:
    where = ("action-groups", 0, "actions", 0, "command")
    assert faults(DropIn, action(command=command)) == [(where, text)]


def test_each_wrong_argument_is_told() -> None:
    where = ("action-groups", 0, "actions", 0, "command")
    found = faults(DropIn, action(command=["/bin/x", "a b", "c", "", []]))
    assert [loc for loc, _ in found] == [(*where, 1), (*where, 3), (*where, 4)]


def test_bits_that_make_no_sense_are_refused() -> None:
    assert faults(DropIn, group(directory={"mode": "2775"})) == []
    assert [text for _, text in faults(DropIn, group(directory={"mode": "0772"}))] == [
        "cannot use the mode 0772; it lets everybody write, write 0770"
    ]
    assert [text for _, text in faults(DropIn, group(file={"mode": "4640"}))] == [
        "cannot use the mode 4640 here; write 0640"
    ]


def test_a_timeout_is_at_most_a_week() -> None:
    assert faults(DropIn, group(command={"timeout": "7d"})) == []
    assert [text for _, text in faults(DropIn, action(timeout="8d"))] == [
        'cannot use the time "8d"; it has to be from 1ms to 7d'
    ]


@pytest.mark.parametrize(
    ("key", "value", "text"),
    [
        (
            "tasks-max",
            "7",
            'cannot use "7" here; write a whole number from 8 to 4194304, or infinity',
        ),
        ("tasks-max", "Infinity", 'cannot use "Infinity" here; write a whole number from 8 to'),
        (
            "tasks-max",
            [],
            "cannot use a list here; write a whole number from 8 to 4194304, or infinity",
        ),
        (
            "memory-max",
            "512m",
            'cannot read "512m" as a size of memory; write for example 512M, 2G, or',
        ),
        ("memory-max", "1.5G", 'cannot read "1.5G" as a size of memory'),
        (
            "memory-max",
            "16383K",
            'cannot use the size "16383K"; it has to be from 16M to 1024T, or',
        ),
        (
            "memory-max",
            "1025T",
            'cannot use the size "1025T"; it has to be from 16M to 1024T, or infinity',
        ),
        ("memory-max", {}, "cannot use a mapping here; write for example 512M, 2G, or infinity"),
    ],
)
def test_limits_of_a_job_that_cannot_be_meant(key: str, value: object, text: str) -> None:
    """As for `timeout`, in an action and in what a group's commands have in common."""
    for where in (action(**{key: value}), group(command={key: value})):
        assert [said[: len(text)] for _, said in faults(DropIn, where)] == [text]


def test_keys_that_may_stand_somewhere() -> None:
    assert keys_at(DropIn, ()) == ["object", "action-groups"]
    assert keys_at(DropIn, ("action-groups", 3, "file")) == ["user", "group", "mode"]
    assert keys_at(DropIn, ("action-groups", 0, "actions", 1, "deny")) == ["groups", "users"]
    assert "attribution-timeout" in keys_at(MainFile, ())
    assert keys_at(MainFile, ("states",))[:2] == ["language", "ready"]
    assert "configuration-error" in keys_at(MainFile, ("states",))
    assert keys_at(MainFile, ("execute-folder",)) == ["name", "user", "group", "mode"]
    assert keys_at(MainFile, ("share",)) == keys_at(MainFile, ())


@pytest.mark.parametrize(
    ("key", "value", "loc", "text"),
    [
        (
            "cancel",
            "perhaps",
            (),
            'write true, false, or people as in "allow"',
        ),
        ("cancel", {"group": []}, ("group",), ""),
        ("cancel", {"users": ["nobodys"]}, ("users", 0), "cannot find the user nobodys"),
        ("confirm", "0s", (), ""),
        ("confirm", "2d", (), ""),
        ("confirm", "soon", (), ""),
    ],
)
def test_confirm_and_cancel_that_cannot_be_meant(
    key: str, value: Plain, loc: tuple[str | int, ...], text: str
) -> None:
    ((where, said),) = faults(DropIn, group(**{key: value}), "nobodys")
    assert where == ("action-groups", 0, key, *loc)
    assert text in said
