"""How a cost grows with the size."""

import pytest

from integration.benchmarks.figures import exponent

SIZES = (100, 1_000, 10_000)


@pytest.mark.parametrize("power", [0.0, 0.5, 1.0, 2.0])
def test_the_exponent_of_a_power_law_is_found(power: float) -> None:
    assert exponent({size: 3.0 * size**power for size in SIZES}) == pytest.approx(power)


def test_what_costs_something_of_its_own_grows_less() -> None:
    assert 0.0 < exponent({size: 600.0 + size for size in SIZES}) < 1.0


def test_of_three_sizes_that_fit_no_power_law_each_counts() -> None:
    assert exponent({10: 1.0, 100: 10.0, 1_000: 1_000.0}) == pytest.approx(1.5)
