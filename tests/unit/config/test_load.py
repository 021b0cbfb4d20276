from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from fui.config.load import load
from fui.model.errors import ConfigError
from fui.model.menu import (
    Access,
    ActionId,
    Command,
    Exposition,
    FileSpec,
    Folder,
    Settings,
    Subject,
    SubjectKind,
)
from fui.model.naming import WORDS, Naming
from fui.model.states import FlagState
from tests.unit.config.etc import APACHE, AnyHost, Etc

SEED = """\
#
# Standard Apache httpd actions
#
object: Apache
#
# When an action runs, all other actions in that action-group get disabled until that
# action completes.
#
# An action group would also be used to support different permissions or locations,
# which could be useful in supporting multiple user-groups.
#
action-group:
    directory:
        path: /var/local/flagfile-actions/
        user: root
        group: wwwadmins
        mode: 0770 # Ideally allow deletion and not creation...
    file:
        user: root
        group: wwwadmins
        mode: 0640 # These permissions are less important, but still useful
    command:
        # These should be seen as defaults for the actions in this action-set,
        # which could be overridden in an individual action.
        user: root
        group: root
    actions:
        - action:
              name: Start
              command: /sbin/service httpd start
              user: root # pointless example of how to override the default
              group: root
        - action:
              name: Stop
              command: /sbin/service httpd stop
        - action:
              name: Restart # case insensitive, but case-preserving
              command: /sbin/service httpd restart
"""


def test_the_snippet_of_the_seed(tmp_path: Path) -> None:
    menu = Etc(tmp_path).write(apache=SEED).load()
    assert [str(each.id) for each in menu.actions] == [
        "Apache/Start",
        "Apache/Stop",
        "Apache/Restart",
    ]
    for each in menu.actions:
        spec = FileSpec("root", "wwwadmins", 0o770)
        assert each.folder == Folder("/var/local/flagfile-actions/Apache", spec)
        assert each.file == FileSpec("root", "wwwadmins", 0o640)
        assert each.groups == ("Apache/1",)
        argv = ("/sbin/service", "httpd", each.id.action.lower())
        assert each.command == Command(argv, "root", "root", 600.0, 1024)
        assert each.access == Access((Subject(SubjectKind.GROUP, "wwwadmins"),))


def test_the_snippet_as_it_was_printed(tmp_path: Path) -> None:
    printed = SEED.replace("\naction-group:", "\n    action-group:")
    assert Etc(tmp_path).write(apache=printed).faults() == [
        (
            "conf.d/apache.yaml:12:5: cannot read this as YAML: expected <block end>, "
            "but found '<block mapping start>'; look at the indentation and quotes around it"
        )
    ]


def test_the_defaults(tmp_path: Path) -> None:
    menu = Etc(tmp_path).write(apache=APACHE).load()
    assert menu.settings == Settings("/srv/controls")
    assert [each.id for each in menu.actions] == [ActionId("Apache", "Start")]


def test_all_settings_arrive(tmp_path: Path) -> None:
    main = """\
share: /srv/menu
attribution-timeout: 3s
late-record-window: 20s
lookup-timeout: 4s
result-shown-for: 5s
grace: 6s
reconcile-every: 7s
settle: 0
mass-limit: 5
timezone: Europe/Berlin
states: {running: Läuft, brackets: "()", place: before, extension: .text}
samba-units: [a.service, b.service, a.service]
metrics: {textfile: /srv/fui.prom, address: "::1", port: 9847}
facility: local7
"""
    settings = Etc(tmp_path, main).write(apache=APACHE).load().settings
    assert settings == Settings(
        share="/srv/menu",
        attribution_timeout=3,
        late_record_window=20,
        lookup_timeout=4,
        result_shown_for=5,
        grace=6,
        reconcile_every=7,
        naming=Naming(
            {**WORDS["en"], FlagState.RUNNING: "Läuft"}, "(", ")", before=True, extension=".text"
        ),
        settle=0,
        mass_limit=5,
        samba_units=("a.service", "b.service"),
        facility=23,
        zone=ZoneInfo("Europe/Berlin"),
        metrics=Exposition("/srv/fui.prom", "::1", 9847),
    )


@pytest.mark.parametrize(
    ("main", "metrics"),
    [
        ("", Exposition("/run/fui/metrics.prom", "127.0.0.1", None)),
        ('metrics: {textfile: ""}\n', Exposition("")),
        ("metrics: {port: 9847}\n", Exposition(port=9847)),
    ],
)
def test_where_the_metrics_can_be_had(tmp_path: Path, main: str, metrics: Exposition) -> None:
    assert Etc(tmp_path, main).write(apache=APACHE).load().settings.metrics == metrics


def test_objects_of_several_files(tmp_path: Path) -> None:
    etc = Etc(tmp_path).write(
        z=APACHE,
        b=APACHE.replace("Apache", "Tomcat"),
        c=APACHE.replace("Start", "Stop").replace("Apache", "apache"),
    )
    assert [each.id for each in etc.load().actions] == [
        ("apache", "Stop"),
        ("apache", "Start"),
        ("Tomcat", "Start"),
    ]


def test_everything_that_is_wrong_is_told_at_once(tmp_path: Path) -> None:
    etc = Etc(tmp_path, "shares: /x\ngrace: 0\n").write(
        a=APACHE,
        b=APACHE + "    nmae: web\n",
        c="object: [",
        d="object: CON\n",
        e=APACHE.replace("Apache", "Tomcat").replace("wwwadmins", "gone"),
    )
    host = AnyHost(["gone", "/srv/controls"])
    text = 'cannot define "Apache/Start" twice; it stands in conf.d/a.yaml:5:18 already'
    assert etc.faults(host) == [
        f"conf.d/b.yaml:5:18: {text}",
        'conf.d/b.yaml:6:5: cannot understand the key "nmae"; did you mean name?',
        (
            "conf.d/c.yaml:1:10: cannot read this as YAML: expected the node content, "
            "but found '<stream end>'; look at the indentation and quotes around it"
        ),
        'conf.d/d.yaml:1:1: cannot do without "action-groups" here; write for example action-group:',
        (
            'conf.d/d.yaml:1:9: cannot use the name "CON"; '
            "Windows keeps it for a device, choose another one"
        ),
        "conf.d/e.yaml:3:24: cannot find the group gone",
        "fui.yaml:1:1: cannot find the directory /srv/controls",
        'fui.yaml:1:1: cannot understand the key "shares"; did you mean share?',
        'fui.yaml:2:8: cannot use the time "0"; it has to be from 1ms to 1h',
    ]


def test_a_missing_main_file_says_what_to_make_and_hides_no_other_fault(tmp_path: Path) -> None:
    etc = Etc(tmp_path, None).write(a=APACHE + "    x: y\n")
    assert etc.faults() == [
        (
            'conf.d/a.yaml:6:5: cannot understand the key "x"; known here are allow, deny, confirm, '
            "cancel, limit, cooldown, limit-per, only, timezone, when-busy, queue-limit, show-blocked, "
            "also-in, name, directory, file, command, actions"
        ),
        (
            "fui.yaml:1:1: cannot read this file (No such file or directory); "
            "make it; an empty file means the defaults, with the share in /srv/controls"
        ),
    ]


def test_the_share_has_to_be_there_whether_it_is_named_or_not(tmp_path: Path) -> None:
    etc = Etc(tmp_path).write(a=APACHE)
    assert etc.faults(AnyHost(["/srv/controls"])) == [
        "fui.yaml:1:1: cannot find the directory /srv/controls"
    ]
    etc.main.write_text("grace: 1s\nshare: /srv/menu\n")
    assert etc.faults(AnyHost(["/srv/controls"])) == []
    assert etc.faults(AnyHost(["/srv/menu"])) == [
        "fui.yaml:2:8: cannot find the directory /srv/menu"
    ]


def test_a_wrong_share_is_not_taken_for_none(tmp_path: Path) -> None:
    assert Etc(tmp_path, "share: srv\n").write(a=APACHE).faults(AnyHost(["/srv/controls"])) == [
        'fui.yaml:1:8: cannot use "srv"; write an absolute path, without ..'
    ]


def test_there_has_to_be_something_to_press(tmp_path: Path) -> None:
    assert Etc(tmp_path).faults() == [
        (
            "conf.d:1:1: cannot offer anything, there is no drop-in; "
            "write one for each object, as apache.yaml"
        )
    ]


def test_an_unreadable_drop_in(tmp_path: Path) -> None:
    etc = Etc(tmp_path)
    (etc.drop_ins / "a.yaml").symlink_to("nowhere")
    assert etc.faults() == [
        (
            "conf.d/a.yaml:1:1: cannot read this file (No such file or directory); "
            "make it readable, or take it away"
        )
    ]


def test_a_longer_word_leaves_less_room_for_names(tmp_path: Path) -> None:
    name = "x" * 224
    text = APACHE.replace("Start", name)
    etc = Etc(tmp_path).write(a=text)
    assert etc.faults() == []
    etc.main.write_text("states: {failed: üüüüüüüüüüüüüüüü, done: xxxxxxxxxxxxxxxxxx}\n")
    (problem,) = etc.faults()
    assert 'with "[üüüüüüüüüüüüüüüü]": 263 bytes' in problem


def test_the_machine_itself_answers_where_no_other_host_is_given(tmp_path: Path) -> None:
    etc = Etc(tmp_path, f"share: {tmp_path.resolve()}\n").write(
        a="object: A\n"
        "action-group:\n"
        "    allow: {users: [root]}\n"
        "    actions: [{name: x, command: /bin/sh}]\n"
    )
    menu = load(etc.main, etc.drop_ins)
    assert menu.folders == (Folder(f"{tmp_path.resolve()}/A", FileSpec(None, None, 0o2770)),)
    etc.write(a=APACHE.replace("wwwadmins", "no such group"))
    with pytest.raises(ConfigError, match='cannot find the group "no such group"'):
        load(etc.main, etc.drop_ins)


def test_no_problem_is_told_twice(tmp_path: Path) -> None:
    etc = Etc(tmp_path).write(a=APACHE.replace("{name: Start", "&a {name: S/t") + "        - *a\n")
    assert len(etc.faults()) == 1


class TestEnforced:
    """`enforce-in-samba`: as it is written, or as the file system of the share can."""

    def test_by_default_where_files_can_have_attributes(self, tmp_path: Path) -> None:
        etc = Etc(tmp_path).write(a=APACHE)
        assert not etc.load().settings.enforce_in_samba
        able = AnyHost(attributed=["/srv/controls"])
        menu = etc.load(able)
        assert menu.settings.enforce_in_samba
        assert menu.actions[0].file.mode == 0o640
        assert etc.load().actions[0].file.mode == 0o660

    @pytest.mark.parametrize("word", ["true", "false"])
    def test_what_is_written_counts(self, tmp_path: Path, word: str) -> None:
        etc = Etc(tmp_path, f"enforce-in-samba: {word}\n").write(a=APACHE)
        able = AnyHost(attributed=["/srv/controls"] if word == "false" else [])
        assert etc.load(able).settings.enforce_in_samba == (word == "true")

    def test_a_mode_that_is_written_counts(self, tmp_path: Path) -> None:
        text = APACHE.replace("    actions", "    file: {mode: 0664}\n    actions")
        etc = Etc(tmp_path, "enforce-in-samba: true\n").write(a=text)
        assert etc.load().actions[0].file.mode == 0o664


def test_the_share_has_a_name_for_clients(tmp_path: Path) -> None:
    assert Etc(tmp_path).write(a=APACHE).load().settings.share_name == "Controls"


@pytest.mark.parametrize("name", ["IPC$", "a[b", "x" * 81, "", "print$"])
def test_a_share_cannot_have_every_name(tmp_path: Path, name: str) -> None:
    faults = Etc(tmp_path, f"share-name: '{name}'\n").write(a=APACHE).faults()
    assert len(faults) == 1
    assert "fui.yaml:1:13: cannot" in faults[0]
