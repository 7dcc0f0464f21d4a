"""What is written for whole columns is what the faults of a single record write."""

import pytest

from simulator.crowd.files import plain
from simulator.crowd.generating import CrowdPlan, make_batches
from simulator.crowd.people import read_households
from simulator.crowd.recording import MOVES
from simulator.population.faults.contacts import (
    EMAIL_FAULTS,
    MOBILE_FAULTS,
    Contacts,
    contacts_moved,
    wrong_email,
    wrong_mobile,
)
from simulator.population.faults.kinds import KINDS
from tests.simulator.population.faults.changed_rates import evenly, only

ANOTHER = "somebody else's"


def written_alone(kind: str, mobile: str, landline: str, email: str) -> Contacts:
    """Write a record with this fault, as rehearsals do."""
    if kind in EMAIL_FAULTS:
        return Contacts(mobile, landline, wrong_email(kind, email, another=ANOTHER, how=0))
    if kind in MOBILE_FAULTS:
        wrong = wrong_mobile(kind, mobile, name="Ann Lee", another=ANOTHER, how=0)
        return Contacts(wrong, landline, email)
    return contacts_moved(kind, Contacts(mobile, landline, email), another=ANOTHER, how=0)


@pytest.mark.parametrize("kind", MOVES)
def test_a_column_is_written_as_its_records_are(kind: str) -> None:
    """Field by field; where it is someone else's, something other than the person's own."""
    rates = only(evenly(), **{kind: 0.3})
    (batch,) = make_batches(CrowdPlan(400, "thames-valley", 1, rates, read_households(), "crowd"))
    found = 0
    for row in plain(batch.table).iter_rows(named=True):
        kinds = {each["kind"] for each in row["faults"]}
        mobile, landline, email = (row[f"true_{each}"] for each in Contacts._fields[:3])
        if kind not in kinds:
            assert row["recorded_email"] == email
            continue
        found += 1
        alone = written_alone(kind, mobile, landline, email)
        for field in KINDS[kind].fields:
            true, written = row[f"true_{field}"], row[f"recorded_{field}"]
            if getattr(alone, field) == ANOTHER:
                assert written not in {"", true}
            else:
                national = written.replace(" ", "").replace("+44", "0")
                assert national == getattr(alone, field)
    assert found > 50
