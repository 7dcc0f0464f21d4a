"""The cost of leaving contact data as it is: two rehearsals of one seed, compared by person."""

from datetime import date

import pytest

from simulator.contact_data.cost import Contents
from simulator.rehearsal.unmended_data import rehearse_unmended
from tests.simulator.population.faults.changed_rates import RATES, only


@pytest.mark.proof
@pytest.mark.slow(seconds=7)
def test_poor_data_loses_messages_and_tells_others() -> None:
    """Missing numbers lose messages, and strangers' numbers tell strangers; both have a range."""
    poor = only(RATES, mobile_and_email_missing=0.3, stale_number=0.2)
    days: list[tuple[date, float]] = []

    found = rehearse_unmended(
        Contents(poor, 0.7),
        Contents(only(RATES), None),
        seed=1,
        fraction=0.0004,
        on_day=lambda day, share: days.append((day, share)),
    )

    assert found.crimes > 20
    assert 0 < found.lost.low < found.lost.value < found.lost.high
    assert found.lost.value < 1000 * found.messages_per_crime
    assert 0 < found.misinformed.low < found.misinformed.value < 400
    shares = [share for _day, share in days]
    assert shares == sorted(shares)
    assert shares[-1] == 1
