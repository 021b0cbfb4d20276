"""What follows a change: each service once, as little as will do, and in an order that works."""

import pytest

from fui.admin.setup.follow import Follow, following
from fui.admin.setup.services import Service

SMBD = Service("smbd.service", loaded=True, active=True, enabled=True)
FUI = Service("fui.service", loaded=True, active=True, enabled=True)
SMBD_OFF = Service("smbd.service", loaded=True)
FUI_OFF = Service("fui.service")


def said(
    pending: set[Follow], smbd: Service = SMBD, fui: Service = FUI, *, wanted: bool = True
) -> list[str]:
    commands = following(pending, smbd, fui, wanted=wanted)
    assert all(command.argv[0].startswith("/usr/") for command in commands)
    return [str(command).partition("  (")[0].removeprefix("run: ") for command in commands]


def test_nothing_follows_nothing() -> None:
    assert said(set()) == []


@pytest.mark.parametrize(
    ("pending", "commands"),
    [
        ({Follow.UNITS}, ["systemctl daemon-reload"]),
        ({Follow.CATALOGUE}, ["journalctl --update-catalog"]),
        ({Follow.APPARMOR}, ["apparmor_parser --replace /etc/apparmor.d/usr.sbin.smbd"]),
        ({Follow.SMBD_RELOAD}, ["smbcontrol all reload-config"]),
        ({Follow.SMBD_RESTART}, ["systemctl restart smbd.service"]),
        ({Follow.SMBD_RELOAD, Follow.SMBD_RESTART}, ["systemctl restart smbd.service"]),
        ({Follow.FUI_RELOAD}, ["systemctl reload fui.service"]),
        ({Follow.FUI_RELOAD, Follow.FUI_RESTART}, ["systemctl restart fui.service"]),
    ],
)
def test_each_is_read_again_with_the_least_that_will_do(
    pending: set[Follow], commands: list[str]
) -> None:
    assert said(pending) == commands


def test_all_of_them_in_an_order_that_works() -> None:
    assert said(set(Follow)) == [
        "systemctl daemon-reload",
        "journalctl --update-catalog",
        "apparmor_parser --replace /etc/apparmor.d/usr.sbin.smbd",
        "systemctl restart smbd.service",
        "systemctl restart fui.service",
    ]


def test_what_does_not_run_is_started_and_smbd_with_the_machine_too() -> None:
    for pending in (set(), set(Follow) - {Follow.UNITS, Follow.CATALOGUE, Follow.APPARMOR}):
        assert said(pending, SMBD_OFF, FUI_OFF) == [
            "systemctl enable --now smbd.service",
            "systemctl start fui.service",
        ]


def test_a_removal_restarts_and_starts_nothing() -> None:
    assert said(set(Follow), wanted=False)[3:] == ["smbcontrol all reload-config"]
    assert said({Follow.SMBD_RELOAD}, SMBD_OFF, FUI_OFF, wanted=False) == []


def test_everything_that_is_pending_is_settled() -> None:
    for smbd, fui in ((SMBD, FUI), (SMBD_OFF, FUI_OFF)):
        commands = following(set(Follow), smbd, fui, wanted=True)
        assert frozenset().union(*(command.settles for command in commands)) == set(Follow)


def test_what_a_restart_means_is_said() -> None:
    shown = [
        str(each)
        for each in following({Follow.SMBD_RESTART, Follow.FUI_RESTART}, SMBD, FUI, wanted=True)
    ]
    assert "connections" in shown[0]
    assert "jobs" in shown[1]
