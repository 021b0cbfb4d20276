from pathlib import Path

import pytest

from fui.admin.service import why_not_running


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        (("loaded", "inactive", "success"), "fui.service is stopped; run: systemctl start fui"),
        (("loaded", "failed", "exit-code"), "fui.service has failed (exit-code); see: journalctl"),
        (("loaded", "activating", "success"), "is starting, or tries again and again; run:"),
        (("loaded", "odd", "success"), "fui.service is not active"),
        (("not-found", "inactive", "success"), "there is no fui.service; run: fui setup"),
        (("loaded", "active", "success"), "though fui.service is active"),
    ],
)
def test_what_systemd_says_and_what_to_do(
    tmp_path: Path, said: tuple[str, str, str], sentence: str
) -> None:
    systemctl = tmp_path / "systemctl"
    lines = "LoadState={}\nActiveState={}\nResult={}".format(*said)
    systemctl.write_text(f"#!/bin/sh\ncat <<END\n{lines}\nEND\n")
    systemctl.chmod(0o755)
    assert sentence in why_not_running(str(systemctl))


@pytest.mark.parametrize("systemctl", ["/bin/false", "/nowhere/systemctl"])
def test_where_systemd_does_not_answer_that_is_said(systemctl: str) -> None:
    assert "systemd does not say why" in why_not_running(systemctl)
