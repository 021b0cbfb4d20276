import pytest

from fui.model.instant import span


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0.0, "0"),
        (0.1, "100ms"),
        (2.5, "2.5s"),
        (59.0, "59s"),
        (60.0, "1min"),
        (90.0, "90s"),
        (600.0, "10min"),
        (3600.0, "1h"),
        (5400.0, "90min"),
        (86400.0, "1d"),
        (129600.0, "36h"),
        (604800.0, "7d"),
    ],
)
def test_how_long_something_takes_is_said_as_the_configuration_would(
    seconds: float, said: str
) -> None:
    assert span(seconds) == said
