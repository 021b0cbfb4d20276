"""`fui explain` says what the daemon does."""

from integration.menu import Menu
from integration.smb import Client

FUI = "/opt/fui/bin/fui"


def explain(menu: Menu, *arguments: str, user: str = "bob") -> tuple[int, list[str]]:
    done = menu.machine.run([FUI, "explain", *arguments], user=user, check=False)
    return done.returncode, (done.stdout + done.stderr).splitlines()


def test_who_may_with_the_rule_and_what_would_run(menu: Menu) -> None:
    status, lines = explain(menu, "alice", "probe/careful")
    assert (status, lines[0]) == (0, "alice may press Probe/Careful: allow group wwwadmins")
    assert "    runs        /usr/bin/sleep 30" in lines
    assert "    as          root:root, at most 10min, 1024 tasks" in lines
    assert "    may cancel  user bob" in lines
    assert lines[-1] == "    a press now it would have to be pressed once more within 4s"
    menu.wait_until_ready()


def test_a_refusal_is_the_one_that_the_daemon_gives(menu: Menu, bob: Client) -> None:
    bob.delete("Probe/Quick [Ready].txt")
    reason = menu.wait_for_fact("denied")["FUI_REASON"]
    status, lines = explain(menu, "bob", "Probe/Quick")
    assert (status, lines[0]) == (1, f"bob may not press Probe/Quick: {reason}")
    status, lines = explain(menu, "mallory", "Probe/Slow")
    assert (status, lines[0]) == (1, "mallory may not press Probe/Slow: deny user mallory")


def test_what_would_come_of_a_press_now(menu: Menu, alice: Client) -> None:
    alice.delete("Long/Run [Ready].txt")
    menu.wait_for_names("Long", "Run [Running]", "Held [Blocked]")
    job = menu.wait_for_fact("started")["FUI_JOB"]
    menu.wait_for(
        lambda: (
            explain(menu, "alice", "Long/Run")[1][-1]
            == f"    a press now it would end the job {job}, which runs for alice"
        ),
        "the job in the status",
    )
    _, lines = explain(menu, "alice", "Long/Held")
    alice.delete("Long/Held [Blocked].txt")
    reason = menu.wait_for_fact("denied")["FUI_REASON"]
    assert lines[-1] == f"    a press now nothing would run: {reason}"
    assert reason == "Long/Run is running for alice"
    alice.delete("Long/Run [Running].txt")
    menu.wait_for_fact("cancelled")


def test_a_line_for_each_action(menu: Menu) -> None:
    status, lines = explain(menu, "--all", "o'neil")
    assert status == 0
    assert len(lines) == 1 + sum(map(len, menu.objects().values()))
    assert [line.split()[0] for line in lines if " yes " in line] == ["Probe/Speak"]
    assert explain(menu, "--all", "bob")[0] == 1


def test_what_there_is_not(menu: Menu) -> None:
    assert explain(menu, "alcie", "Probe/Quick") == (
        1,
        ["fui: there is no user alcie; there is alice"],
    )
    assert explain(menu, "alice", "Prob/Quick") == (
        1,
        ["fui: there is no object Prob; there is Probe"],
    )
    assert explain(menu, "alice")[0] == 2
