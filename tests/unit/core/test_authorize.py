import pytest

from fui.core.authorize import Denied, Granted, authorize, samba_spelling
from fui.model.menu import Access, Subject, SubjectKind
from fui.model.states import Refusal

ADMINS = Subject(SubjectKind.GROUP, "wwwadmins")
ALICE = Subject(SubjectKind.USER, "alice")
ACCESS = Access((ADMINS,), (ALICE,))


def decide(access: Access, *within: Subject, name: str = "alice", text: str = "alice") -> object:
    return authorize(access, name, frozenset(within), text)


def test_who_is_allowed_is_granted_by_that_rule() -> None:
    assert decide(Access((ALICE, ADMINS)), ADMINS) == Granted("allow group wwwadmins")


def test_deny_beats_allow_and_names_its_rule() -> None:
    assert decide(ACCESS, ADMINS, ALICE) == Denied(Refusal.DENY_RULE, "deny user alice")


def test_who_is_in_neither_may_not() -> None:
    assert decide(ACCESS) == Denied(Refusal.NOT_ALLOWED, "allowed is group wwwadmins")
    assert decide(Access(())) == Denied(Refusal.NOT_ALLOWED, "allowed is nobody")


def test_another_name_in_the_text_is_a_deferred_delete() -> None:
    decision = decide(ACCESS, ADMINS, text="bob")
    assert isinstance(decision, Denied)
    assert decision.refusal is Refusal.DEFERRED_DELETE
    assert "the session of bob" in decision.rule


@pytest.mark.parametrize(
    ("name", "spelling"),
    [
        ("o'neil", "o_neil"),
        ("DOMAIN\\alice", "DOMAIN\\alice"),
        ('a`b"c;d$e%f\rg\nh', "a_b_c_d_e_f_g_h"),
        ("jürgen", "jürgen"),
    ],
)
def test_samba_replaces_unsafe_characters(name: str, spelling: str) -> None:
    assert samba_spelling(name) == spelling
    assert isinstance(decide(ACCESS, ADMINS, name=name, text=spelling), Granted)


@pytest.mark.parametrize("spelling", ["a_b_c_d_e", "a&b|c<d>e"])
def test_some_versions_replace_more(spelling: str) -> None:
    assert isinstance(decide(ACCESS, ADMINS, name="a&b|c<d>e", text=spelling), Granted)


def test_a_borrowed_spelling_is_no_grant_for_another_uid() -> None:
    """o_neil and o'neil read alike in the text; the rules are asked about the kernel's uid."""
    assert isinstance(decide(ACCESS, name="o_neil", text="o_neil"), Denied)


def test_a_grant_is_spent_once() -> None:
    grant = Granted("allow user alice")
    grant.spend()
    with pytest.raises(AssertionError, match="one job"):
        grant.spend()
