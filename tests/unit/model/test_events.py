from fui.model.events import Place, Started


def test_a_place_has_a_path() -> None:
    assert Place("/srv/controls/Apache", "Start [Ready].txt").path == (
        "/srv/controls/Apache/Start [Ready].txt"
    )


def test_a_daemon_may_begin_with_nothing() -> None:
    began = Started()
    assert (dict(began.histories), began.cursor, began.queued) == ({}, None, ())
