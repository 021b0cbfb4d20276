"""The name service: does it know everybody whom the menu names, in time, and who is in which group.

Rules: each name is asked for once and timed; one that does not answer costs its time once. A
directory service need not tell who is in a group, so only local groups can be seen to be empty.
Sources: nsswitch.conf(5), getpwnam(3), getgrnam(3).
"""

from collections.abc import Iterator

from fui.admin.doctor.row import Finding, Unanswered, ok, warning, worst, wrong
from fui.admin.doctor.scene import UNIT, Scene
from fui.model.instant import span
from fui.model.menu import Menu, Subject, SubjectKind

_SHOWN = 5


def names(scene: Scene) -> Finding:
    """Each user and group that the menu names is known, and in time."""
    limit = scene.settings.lookup_timeout
    remedy = "see whether the directory service can be reached (getent passwd, getent group)"
    findings, slowest = [], 0.0
    subjects = list(dict.fromkeys(_named(scene.menu)))
    for subject in subjects:
        try:
            took = scene.host.look_up(subject)
        except Unanswered as silent:
            findings.append(wrong(silent.finding.found, remedy))
            break  # the others would take as long
        if took is None:
            findings.append(
                wrong(f"there is no {subject}", f"make it, or correct {scene.etc}/conf.d")
            )
        elif took > limit:
            text = f"{subject} took {took:.1f} s, and a press is denied after {span(limit)}"
            findings.append(wrong(text, remedy))
        elif took > limit / 2:
            findings.append(warning(f"{subject} took {took:.1f} s of {span(limit)}", remedy))
        slowest = max(slowest, took or 0.0)
    well = ok(f"{len(subjects)} users and groups, the slowest in {slowest * 1000:.1f} ms")
    return worst(findings, well)


def members(scene: Scene) -> Finding:
    """Somebody is in each group that may press."""
    groups = dict.fromkeys(
        subject.name
        for action in scene.menu.actions
        for subject in action.access.allow
        if subject.kind is SubjectKind.GROUP
    )
    empty = [group for group in groups if scene.host.members(group) == set()]
    if empty:
        return warning(
            f"nobody is in {', '.join(empty[:_SHOWN])}, so nobody can press by that",
            f"for each who may: usermod --append --groups {empty[0]} USER",
        )
    return ok(f"somebody is in each of {len(groups)} groups that may press")


def daemon_user(scene: Scene) -> Finding:
    """The daemon's user is in the groups that it has to give folders to."""
    user = scene.daemon_user
    if not scene.host.groups(user):
        return wrong(f"there is no user {user}", scene.setup)
    given = {folder.spec.group for folder in scene.menu.folders} | {
        action.file.group for action in scene.menu.actions
    }
    groups = scene.daemon_groups
    if missing := sorted(filter(None, given - groups)):
        return wrong(
            f"{user} is not in {', '.join(missing)}, so it cannot give folders to it",
            f"run: usermod --append --groups {','.join(missing)} {user} && systemctl restart {UNIT}",
        )
    return ok(f"{user} is in {', '.join(sorted(groups))}")


def _named(menu: Menu) -> Iterator[Subject]:
    user, group = SubjectKind.USER, SubjectKind.GROUP
    for folder in menu.folders:
        yield from _owners(folder.spec.user, folder.spec.group)
    for action in menu.actions:
        yield from action.access.allow
        yield from action.access.deny
        yield from action.cancel.allow if action.cancel else ()
        yield Subject(user, action.command.user)
        yield Subject(group, action.command.group)
        yield from _owners(action.file.user, action.file.group)


def _owners(user: str | None, group: str | None) -> Iterator[Subject]:
    if user:
        yield Subject(SubjectKind.USER, user)
    if group:
        yield Subject(SubjectKind.GROUP, group)


CHECKS = {"names": names, "members": members, "account": daemon_user}
