"""The Samba of this machine: where it reads its configuration, and what its full_audit knows.

Rules: asks Samba's own programs, smbd(8) and testparm(1); an smb.conf that testparm refuses is told
and never used. Changes nothing, and writes only into a folder of its own that is gone at the end.
"""

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from fui.admin import smb_conf
from fui.admin.samba import SmbConf
from fui.admin.setup import landing, programs
from fui.model.errors import EdgeError
from fui.model.harmless import harmless

_TOLD = 8
"""Lines of what testparm said that are told."""


@dataclass(frozen=True, slots=True)
class Samba:
    """What is known of Samba.

    Attributes:
        smb_conf: The path of smb.conf, as Samba was built with it.
        operations: Those of `smb_conf.OPERATIONS` that its full_audit knows.
    """

    smb_conf: str
    operations: frozenset[str]

    @classmethod
    def look(cls) -> Self:
        """Ask the Samba of this machine; EdgeError if there is none that FUI can work with."""
        programs.required(programs.SMBD, programs.TESTPARM, programs.SMBCONTROL)
        built = built_with(programs.run(programs.SMBD, "-b"))
        try:
            path, modules = built["CONFIGFILE"], built["MODULESDIR"]
        except KeyError as error:
            raise EdgeError(f"cannot tell {error} of this Samba: `smbd -b` does not say") from error
        module = Path(modules, "vfs/full_audit.so")
        try:
            data = module.read_bytes()
        except OSError as error:
            raise EdgeError(
                f"cannot read {module} ({error.strerror}), the module that logs who did what;"
                " run: apt-get install samba-vfs-modules"
            ) from error
        if landing.read(path) is None:
            raise EdgeError(f"cannot find {path}; configure Samba first: apt-get install samba")
        return cls(path, operations(data))

    @property
    def snippet(self) -> str:
        """Where FUI's share stands."""
        return str(Path(self.smb_conf).parent / "smb.conf.d/fui.conf")

    def text(self) -> str:
        """Return what stands in smb.conf."""
        return landing.read(self.smb_conf) or ""


def built_with(text: str) -> dict[str, str]:
    """Return what `smbd -b` says of its paths, by their names."""
    rows = (line.partition(":") for line in text.splitlines())
    return {name.strip(): value.strip() for name, colon, value in rows if colon}


def operations(module: bytes) -> frozenset[str]:
    """Return the operations that full_audit knows, of which the bytes of its module are given.

    Their names are C strings in it. One that ends another, as `connect` does `disconnect`, is
    stored once by the linker; so only the end of a string is looked for.
    """
    return frozenset(each for each in smb_conf.OPERATIONS if each.encode() + b"\0" in module)


def refuse_foreign(samba: Samba, share: smb_conf.Share) -> None:
    """Raise EdgeError where smb.conf is broken, or has a share of that name that is another's."""
    text = smb_conf.redirected(samba.text(), samba.snippet, "")
    said = "testparm refuses it as it is; put it right, and run setup again"
    for section in _testparm(text, "", f"cannot use {samba.smb_conf}: {said}").sections:
        path = section.text("path")
        if smb_conf.same_name(section.name, share.name) and path and path != share.path:
            raise EdgeError(
                f"cannot call the share {harmless(share.name)}: {samba.smb_conf} has one of that name"
                f" already, which shows {harmless(path)}; choose another name with `share-name` in"
                " fui.yaml"
            )


def refuse_broken(samba: Samba, text: str, snippet: str) -> None:
    """Raise EdgeError if smb.conf would be broken with this text, and this file included."""
    if not smb_conf.includes(text, samba.snippet):
        snippet = ""
    _testparm(
        text, snippet, f"cannot change {samba.smb_conf}: testparm refuses what it would be", samba
    )


def _testparm(text: str, snippet: str, complaint: str, samba: Samba | None = None) -> SmbConf:
    with tempfile.TemporaryDirectory(prefix="fui-setup-") as folder:
        other = Path(folder, "fui.conf")
        other.write_bytes(snippet.encode(errors="surrogateescape"))
        if samba is not None and snippet:
            text = smb_conf.redirected(text, samba.snippet, str(other))
        main = Path(folder, "smb.conf")
        main.write_bytes(text.encode(errors="surrogateescape"))
        done = programs.attempt((programs.TESTPARM, "-s", str(main)))
    if done.returncode != 0:
        lines = done.stderr.replace(str(main), "smb.conf").strip().splitlines()[-_TOLD:]
        said = "\n".join(f"    {harmless(line)}" for line in lines)
        raise EdgeError(f"{complaint}\n{said}")
    return SmbConf.parse(done.stdout)
