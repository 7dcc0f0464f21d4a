"""What the entries of a page may be about, where the crime had two events of one kind."""

from datetime import UTC, datetime, timedelta

import pytest

from reference.contract.events import OfficerDeployed
from simulator.evidence.records import Seen
from simulator.judge.facts.crime_register import Received
from simulator.judge.facts.page_entries import told_by

THEN = datetime(2027, 6, 1, 10, 30, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    ("shown", "count"),
    [
        (THEN + timedelta(seconds=5), 1),
        (THEN + timedelta(seconds=6), 2),
        (THEN.replace(second=0), 1),
    ],
)
def test_an_entry_is_the_event_that_has_its_time(shown: datetime, count: int) -> None:
    """To within five seconds, or without the seconds; where none has it, it may be either."""
    heard = [
        Received(
            event_id=f"event-{at}",
            event=OfficerDeployed(crime_reference="43260000001", deployed_at=at),
            recorded_at=at,
            received_at=at,
        )
        for at in (THEN, THEN + timedelta(hours=1))
    ]
    seen = Seen(
        at=THEN + timedelta(hours=2),
        person_id="P-1",
        where="timeline",
        crime_reference="43260000001",
        texts=("An officer came.",),
        kinds=("OfficerDeployed",),
        dated=(shown,),
    )

    [(_words, may_be)] = told_by(seen, heard, OfficerDeployed)
    assert len(may_be) == count
