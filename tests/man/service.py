"""fui.service(8): the daemon as systemd and the journal see it."""

from prometheus_client.parser import text_string_to_metric_families as parsed

from fui.edges.ledger.fields import MESSAGE_IDS
from fui.edges.metrics.meters import Meters
from fui.model.menu import Menu, Settings
from tests.man.roff import Page

FIELDS = {
    "MESSAGE_ID": "what happened: `journalctl -x` explains each, and the kinds are listed below",
    "FUI_OBJECT, FUI_ACTION": "which flag it was",
    "FUI_USER, FUI_UID": "who it was; the uid is the kernel's word",
    "FUI_CLIENT": "the address of the client",
    "FUI_DECISION": "`started`, `queued`, `denied` and the like",
    "FUI_REFUSAL, FUI_REASON": "why it was denied, in a word and in a sentence",
    "FUI_JOB": "one run; its output has the same field",
    "FUI_RUN_AS, FUI_COMMAND": "what was run, and as whom",
    "FUI_RESULT, FUI_EXIT, FUI_DURATION": "how it ended, its exit status, and after how many seconds",
    "FUI_LATENCY": "of a press: seconds until it was proven who made it",
    "FUI_LOSS": "what was lost, or does not fit together; the kinds are those of `fui status`",
    "FUI_NUMBER": "how many presses or messages one entry is about",
}


def page() -> str:
    """Return the page."""
    page = Page("fui.service", 8, "the daemon that shows the menu and runs what is pressed")
    page.section("Synopsis")
    page.text("`fui.service`", "`fui run`")
    page.section("Description")
    page.text(
        "The daemon makes the flags of the menu in the share, waits for their deletion, pairs it with"
        " the audit record of *smbd*(8) in the journal, and runs the action's command by *sudo*(8) if"
        " the user may press it. It runs as the user `fui`; what it may do beyond that user stands in"
        " /etc/sudoers.d/fui, and nowhere else.",
        "`fui setup` enables and starts it, see *fui*(1). A package that is installed starts nothing.",
    )
    page.section("Start, reload, stop")
    page.item(
        "`systemctl start fui`",
        "Needs a configuration that is right (`fui check` says it), and a share by which it can be"
        " proven who pressed. What was deleted while it was not running is told, and not run.",
    )
    page.item(
        "`systemctl reload fui`",
        "Reads the configuration again, and returns when the new menu holds. Jobs go on. What is wrong"
        " in a file keeps what was right in it before, and is shown in its object's folder."
        " `share` and `facility` need a restart.",
    )
    page.item(
        "`systemctl stop fui`",
        "Starts nothing more, asks jobs to end, and kills them after `grace`, see *fui.yaml*(5). They"
        " are told as interrupted, and are not run again by themselves.",
    )
    page.item(
        "`systemctl restart fui`",
        "Jobs go on: each has a supervisor of its own in the unit's control group, which the next daemon"
        " finds. Their flags say Running, their action groups stay taken, and the ledger tells `adopted`,"
        " and how they end. The same holds when the daemon dies, and for an upgrade of the package, which"
        " restarts it. Presses that wait in a queue are told as not run.",
    )
    page.section("The journal")
    page.text("`journalctl -u fui` tells who did what. These fields can be searched for:")
    for field, meaning in FIELDS.items():
        page.item(", ".join(f"`{name}`" for name in field.split(", ")), meaning)
    page.text("What happened has one of these identities:")
    for kind, identity in sorted(MESSAGE_IDS.items(), key=lambda each: each[0].value):
        page.item(f"`{kind.value}`", f"MESSAGE_ID={identity}")
    page.section("Metrics")
    page.text(
        "For Prometheus, in /run/fui/metrics.prom, or as `metrics` in *fui.yaml*(5) says. They count from"
        " the daemon's start, and name no user and no client."
    )
    for family in parsed(Meters(Menu(Settings("/"), ()), 0.0).text().decode()):
        name = f"{family.name}_total" if family.type == "counter" else family.name
        page.item(f"`{name}`: {family.type}", family.documentation)
    page.section("Environment of a job")
    page.text(
        "`FUI_USER`, `FUI_CLIENT`, `FUI_OBJECT`, `FUI_ACTION` and `FUI_JOB` are set for the command,"
        " which has a small environment beside them, and no terminal."
    )
    page.section("Files")
    page.text("See *fui*(1).")
    page.section("See also")
    page.text("*fui*(1), *fui.yaml*(5), *systemd.service*(5), *journalctl*(1), *vfs_full_audit*(8)")
    return str(page)
