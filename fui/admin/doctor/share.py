"""FUI's share as smb.conf has it: is it audited, does each act for himself, can he delete.

Rules: each check looks at one thing of the share's section; what [global] says for all shares counts
where the section says nothing. A remedy names the line as it should be, in backquotes.
Sources: smb.conf(5), vfs_full_audit(8), vfs_acl_xattr(8).
"""

from fui.admin.doctor.row import Finding, ok, warning, worst, wrong
from fui.admin.doctor.samba import NEEDED, audited
from fui.admin.doctor.scene import RELOAD_SAMBA, Scene
from fui.admin.samba import FORBIDDEN, PREFIX, facility_name
from fui.edges.share.rights import ATTRIBUTE

_IGNORE, _NAME = "acl_xattr:ignore system acls", "acl_xattr:security_acl_name"
"""What makes the NT ACL that FUI gives a flag count alone, and where it is."""

_STAGING = ".fui"
_SPOILING = {
    "recycle": (wrong, "makes a deletion a renaming into its bin"),
    "catia": (warning, "gives files other names than the flags have"),
    "fruit": (warning, "gives files other names than the flags have"),
    "streams_xattr": (warning, "logs the end of streams as if they were files"),
    "streams_depot": (
        warning,
        "logs the end of streams as if they were files, and keeps folders of its own",
    ),
}


def there(scene: Scene) -> Finding:
    """Samba has the share, under the name that fui.yaml says."""
    settings, path = scene.settings, scene.host.real(scene.settings.share)
    own = [each for each in scene.smb_conf.sections if each.path == path]
    if not own:
        return wrong(f"no share of Samba's shows {settings.share}", scene.setup)
    section = scene.section
    if not section.says("available", default=True):
        return wrong(f"[{section.name}] is not available", _write(scene, "available = yes"))
    if section.name.lower() != settings.share_name.lower():
        return warning(
            f"it is called [{section.name}], and fui.yaml says {settings.share_name}",
            f"write `share-name: {section.name}` in {scene.etc}/fui.yaml; run: systemctl reload fui",
        )
    return ok(f"[{section.name}] shows {settings.share}")


def modules(scene: Scene) -> Finding:
    """full_audit is there and sees what clients ask, before any other module changes or refuses it."""
    section = scene.section
    words = section.words("vfs objects")
    line = _modules_line(scene)
    findings = []
    if "full_audit" not in words:
        findings.append(
            wrong("it has no full_audit: nobody is proven to press", _write(scene, line))
        )
    elif words[0] != "full_audit":
        text = f"{words[0]} stands before full_audit, which does not see what that does"
        findings.append(wrong(text, _write(scene, line)))
    for word in words:
        if word in _SPOILING:
            judge, why = _SPOILING[word]
            findings.append(judge(f"{word} {why}", _write(scene, line)))
    return worst(findings, ok(f"vfs objects = {' '.join(words)}"))


def operations(scene: Scene) -> Finding:
    """What has to be logged is logged, and no flood of what need not."""
    section, enforced = scene.section, scene.settings.enforce_in_samba
    success, failure = (audited(section, outcome) for outcome in ("success", "failure"))
    lines = {
        "full_audit:success": " ".join(NEEDED),
        "full_audit:failure": "create_file" if enforced else "none",
    }
    write = _write(scene, *(f"{key} = {value}" for key, value in lines.items()))
    missing = [name for name in NEEDED if name not in success and "all" not in success]
    findings = []
    if set(missing) & {"unlinkat", "renameat"}:
        findings.append(wrong(f"{', '.join(missing)} is not logged: no press is proven", write))
    elif missing:
        text = "connect is not logged: journald may not know the unit of a short session"
        findings.append(warning(text, write))
    if enforced and not {"create_file", "all"} & set(failure):
        text = "a deletion that Samba refuses is not logged, so not in the ledger either"
        findings.append(warning(text, write))
    if "all" in success or "all" in failure or (not enforced and "create_file" in failure):
        findings.append(warning("more is logged than FUI needs, which costs time", write))
    return worst(
        findings, ok(f"{' '.join(success)}; of what fails {' '.join(failure) or 'nothing'}")
    )


def prefix(scene: Scene) -> Finding:
    """The line begins as FUI reads it."""
    text = scene.section.text("full_audit:prefix")
    if text != PREFIX:
        line = f"full_audit:prefix = {PREFIX}"
        return wrong(f"the audit line begins with `{text}`: it is not read", _write(scene, line))
    return ok(text)


def facility(scene: Scene) -> Finding:
    """The records come by the facility that FUI listens on."""
    wanted = facility_name(scene.settings.facility)
    text = scene.section.text("full_audit:facility", "USER")
    if text.upper() != wanted:
        line = f"full_audit:facility = {wanted}"
        return wrong(
            f"the records go to {text}, and fui.yaml says {wanted.lower()}", _write(scene, line)
        )
    return ok(wanted)


def identity(scene: Scene) -> Finding:
    """Each user acts as himself."""
    section = scene.section
    findings = [
        wrong(
            f"{key} = {section.text(key)}: {why}", _take_out(scene, f"{key} = {section.text(key)}")
        )
        for key, why in FORBIDDEN.items()
        if section.text(key)
    ]
    if section.says("guest ok", default=False):
        findings.append(
            wrong("guests come in, and are all one user", _write(scene, "guest ok = no"))
        )
    if group := section.text("force group"):
        line = f"force group = {group}"
        findings.append(warning(f"everybody acts with the group {group}", _take_out(scene, line)))
    return worst(findings, ok("each user acts as himself"))


def entry(scene: Scene) -> Finding:
    """Users can delete at all, and not everybody with an account comes in."""
    section = scene.section
    if section.says("read only", default=True):
        return wrong("it is read-only: nobody can press", _write(scene, "read only = no"))
    if not section.text("valid users"):
        groups = sorted({f.spec.group for f in scene.menu.folders if f.spec.group})
        quoted = [f'@"{group}"' if " " in group else f"@{group}" for group in groups]
        line = f"valid users = {' '.join(quoted)}"
        return warning("everybody with an account of Samba comes in", _write(scene, line))
    return ok(f"valid users = {section.text('valid users')}")


def acl(scene: Scene) -> Finding:
    """The flags' NT ACLs count exactly if FUI makes them."""
    section = scene.section
    loaded = "acl_xattr" in section.words("vfs objects")
    alone = section.says(_IGNORE, default=False)
    if not scene.settings.enforce_in_samba:
        if loaded and alone:
            return wrong(
                "acl_xattr ignores the permissions of flags, and FUI gives them no NT ACL",
                _write(scene, f"{_IGNORE} = no"),
            )
        return ok("Samba goes by the permissions of files (enforce-in-samba: false)")
    lines = [] if loaded else [_modules_line(scene)]
    lines += [] if alone else [f"{_IGNORE} = yes"]
    lines += [] if section.text(_NAME) == ATTRIBUTE else [f"{_NAME} = {ATTRIBUTE}"]
    if lines:
        return wrong("Samba does not go by the NT ACLs of flags", _write(scene, *lines))
    return ok("Samba goes by the NT ACL of each flag")


def staging(scene: Scene) -> Finding:
    """The folder in which FUI prepares flags is out of the users' sight."""
    section = scene.section
    hidden = {name.strip("*") for name in section.text("veto files").split("/")}
    if _STAGING not in hidden:
        return warning(
            f"clients see the folder {_STAGING}", _write(scene, f"veto files = /{_STAGING}/")
        )
    if section.says("delete veto files", default=False):
        return warning(f"clients can remove {_STAGING}", _write(scene, "delete veto files = no"))
    return ok(f"clients do not see {_STAGING}")


def _modules_line(scene: Scene) -> str:
    """Return `vfs objects` as it should be: what FUI needs, then what does not spoil it."""
    own = ["full_audit", *(["acl_xattr"] if scene.settings.enforce_in_samba else [])]
    there = scene.section.words("vfs objects")
    others = [word for word in there if word not in {"full_audit", "acl_xattr", *_SPOILING}]
    return f"vfs objects = {' '.join([*own, *others])}"


def _write(scene: Scene, *lines: str) -> str:
    quoted = " and ".join(f"`{line}`" for line in lines)
    return f"write {quoted} in [{scene.section.name}] of smb.conf; {RELOAD_SAMBA}"


def _take_out(scene: Scene, line: str) -> str:
    return f"take `{line}` out of [{scene.section.name}] and [global] of smb.conf; {RELOAD_SAMBA}"


CHECKS = {
    "share": there,
    "share: modules": modules,
    "share: operations": operations,
    "share: prefix": prefix,
    "share: facility": facility,
    "share: identity": identity,
    "share: entry": entry,
    "share: NT ACLs": acl,
    "share: staging": staging,
}
