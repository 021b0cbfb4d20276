"""Each fault can be made, and is another one: so that the list does not rot."""

from pathlib import Path

import pytest

from tests.mutations.faults import FAULTS, Fault

CORE = Path(__file__).parents[2] / "fui" / "core"


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_fault_can_be_made(fault: Fault) -> None:
    text = (CORE / f"{fault.file}.py").read_text()
    assert text.count(fault.right) == 1
    wrong = text.replace(fault.right, fault.wrong)
    compile(wrong, fault.file, "exec")
    assert wrong != text


def test_no_fault_is_there_twice() -> None:
    assert len({fault.name for fault in FAULTS}) == len(FAULTS)
    assert len({(fault.file, fault.right, fault.wrong) for fault in FAULTS}) == len(FAULTS)
