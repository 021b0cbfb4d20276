from fui.core.quiet import Quiet


def test_each_key_is_told_once_in_its_time() -> None:
    quiet = Quiet(30.0)
    assert quiet.news("a", 100.0)
    assert not quiet.news("a", 129.9)
    assert quiet.news("b", 110.0)
    assert quiet.news("a", 130.0)
    assert not quiet.news("b", 130.0)
