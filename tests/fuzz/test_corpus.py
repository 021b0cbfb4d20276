"""What fuzzing has found, and what leads to each part of the readers, is read as it should be."""

from pathlib import Path

import pytest

from tests.fuzz.targets import CORPUS, TARGETS

INPUTS = sorted(CORPUS.glob("*/*"))


@pytest.mark.parametrize("path", INPUTS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_value_comes_of_it_or_an_error_of_the_module(path: Path) -> None:
    TARGETS[path.parent.name].check(path.read_bytes())


def test_each_target_has_a_corpus_that_is_small() -> None:
    assert {path.parent.name for path in INPUTS} == TARGETS.keys()
    for path in INPUTS:
        assert path.stat().st_size <= TARGETS[path.parent.name].longest
    for name in TARGETS:
        assert 3 <= len(list(CORPUS.joinpath(name).iterdir())) <= 60
