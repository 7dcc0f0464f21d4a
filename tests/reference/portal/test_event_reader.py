"""What the types of events cannot say, and the reader refuses by its field."""

import msgspec
import pytest

from reference.portal.errors import Problem
from reference.portal.event_reader import Reader
from tests.reference.portal.crimes import deployed, enveloped, recorded


@pytest.mark.parametrize("reference", ["\n", "4326\n", "43\n26", "43\r\n26"])
def test_a_reference_has_no_line_end(reference: str) -> None:
    """No address of a page could lead to such a crime: its victim would never find it."""
    batch = [enveloped(recorded()), enveloped(deployed(reference))]

    with pytest.raises(Problem) as refused:
        Reader(["thames_valley"]).read(msgspec.json.encode(batch))

    assert refused.value.status == 400
    assert refused.value.field == "[1].data.crime_reference"
    assert refused.value.detail == "has a line end; leave it out"


@pytest.mark.parametrize("reference", [" ", "4/3", "é?#%", "..", "43\t26", "🚲"])
def test_a_reference_may_hold_anything_else(reference: str) -> None:
    """How a force numbers its crimes is its own affair."""
    batch = [enveloped(deployed(reference))]
    [(_, event)] = Reader(["thames_valley"]).read(msgspec.json.encode(batch))

    assert event.crime_reference == reference
