"""Any interleaving of file events and records blames the same user."""

from hypothesis import given
from hypothesis import strategies as st

from fui.model import effects as do
from fui.model import events as on
from fui.model.facts import FactKind
from tests.playbook import BACKUP, FOLDER, UIDS, Playbook

USERS = st.sampled_from(sorted(UIDS))
PRESSES = [("Start [Ready].txt", FOLDER), ("Stop [Ready].txt", FOLDER), ("Run [Ready].txt", BACKUP)]


@given(
    st.permutations(range(3)),
    st.permutations(range(3)),
    st.lists(USERS, min_size=3, max_size=3),
    st.data(),
)
def test_the_order_of_events_and_records_does_not_matter(
    events: list[int], records: list[int], users: list[str], data: st.DataObject
) -> None:
    play = Playbook()
    play.wait(1)
    entries = [
        play.entry(name, user, folder) for (name, folder), user in zip(PRESSES, users, strict=True)
    ]
    left = [events.copy(), records.copy()]
    while left[0] or left[1]:
        which = data.draw(st.sampled_from([side for side in (0, 1) if left[side]]))
        number = left[which].pop(0)
        name, folder = PRESSES[number]
        if which == 0:
            play.delete(name, folder)
        else:
            play.step(on.EntryRead(entries[number]))
        play.wait(data.draw(st.sampled_from([0.0, 0.01, 0.2])))
    asked = [effect for effect in play.effects if isinstance(effect, do.LookUpAccount)]
    assert sorted(question.uid for question in asked) == sorted(UIDS[user] for user in users)
    by_uid = {uid: name for name, uid in UIDS.items()}
    for question in asked:
        play.step(on.AccountFound(question.question, by_uid[question.uid], question.subjects))
    pressed = {(str(fact.action), fact.user) for fact in play.facts(FactKind.PRESSED)}
    assert pressed == {
        (f"{folder.path.rsplit('/', 1)[1]}/{name.split(' ')[0]}", user)
        for (name, folder), user in zip(PRESSES, users, strict=True)
    }


@given(st.lists(st.tuples(USERS, st.booleans()), min_size=1, max_size=12), st.data())
def test_each_press_has_one_outcome_and_no_job_without_its_press(
    presses: list[tuple[str, bool]], data: st.DataObject
) -> None:
    play = Playbook()
    outcomes = (FactKind.STARTED, FactKind.DENIED, FactKind.UNATTRIBUTED)
    for number, (user, proven) in enumerate(presses, 1):
        play.wait(data.draw(st.sampled_from([0.1, 1.0, 70.0])))
        name = data.draw(st.sampled_from(sorted(play.files[FOLDER.path])))
        play.delete(name)
        if proven:
            play.record(name, user)
        asked = [effect for effect in play.effects if isinstance(effect, do.LookUpAccount)]
        jobs = len(play.started())
        if asked:
            play.account(user)
        if len(play.started()) > jobs:
            play.step(on.JobStarted(play.started()[-1].job))
        if data.draw(st.booleans()) and play.started():
            play.end(data.draw(st.sampled_from([0, 1, None])))
        play.wait(2.5)
        assert len(play.facts(*outcomes)) == number
        assert len(play.files[FOLDER.path]) == 3
    for fact in play.facts(FactKind.STARTED):
        assert fact.user in {"alice", "o'neil"}
