"""Who is invited, what is announced, what a crime then is, and when a message may go."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from reference.contract.events import VictimRecord
from reference.contract.outcomes import OUTCOMES
from reference.portal.rules import announcements, eligibility, outcomes, timing
from reference.portal.settings import Settings, settings_from
from tests.reference.portal import crimes
from tests.reference.portal.scene import SETTINGS

LONDON = ZoneInfo("Europe/London")
ALL = settings_from(SETTINGS)


def with_quiet_hours(since: time, until: time) -> Settings:
    """The usual settings, with quiet hours."""
    return settings_from({**SETTINGS, "quiet_from": since, "quiet_until": until})


NIGHTS = with_quiet_hours(time(21), time(8))


def why_excluded(victim: VictimRecord, **changes: Any) -> str:
    """Say why somebody is not invited for a bicycle theft, unless changes say otherwise."""
    usual: dict[str, Any] = {
        "offence_subgroup": "Bicycle theft",
        "safeguarding": (),
        "recorded_at": crimes.NOON,
    }
    return eligibility.exclusion(**{**usual, **changes}, victim=victim, settings=ALL)


def test_the_victim_of_an_eligible_crime_is_invited() -> None:
    """Nothing speaks against it, so there is no reason."""
    assert why_excluded(crimes.alex()) == ""


@pytest.mark.parametrize(
    ("victim", "changes", "reason"),
    [
        ({}, {"recorded_at": datetime(2026, 5, 17, 23, 59, tzinfo=UTC)}, "before the portal"),
        ({}, {"offence_subgroup": "Residential burglary"}, "offence not in the portal"),
        ({}, {"safeguarding": ("repeat", "domestic_abuse")}, "domestic_abuse"),
        ({"safe_to_contact": None}, {}, "safe to contact"),
        ({"safe_to_contact": False}, {}, "safe to contact"),
        ({"born": date(2008, 6, 4)}, {}, "under 18"),
        ({"born": date(2030, 1, 1)}, {}, "under 18"),
    ],
)
def test_a_reason_not_to_invite(
    victim: dict[str, Any], changes: dict[str, Any], reason: str
) -> None:
    """Each thing that excludes is a reason of its own, said in words."""
    assert reason in why_excluded(crimes.alex(**victim), **changes)


@pytest.mark.parametrize(
    ("born", "at", "is_excluded"),
    [
        (date(2008, 6, 3), crimes.NOON, False),  # eighteen on the day
        (date(2008, 6, 4), crimes.NOON, True),  # eighteen tomorrow
        # Eighteen in London, where it is already the 4th, though not yet in UTC.
        (date(2008, 6, 4), datetime(2026, 6, 3, 23, 30, tzinfo=UTC), False),
        (date(2008, 2, 29), datetime(2026, 2, 28, 12, tzinfo=UTC), True),
        (date(2008, 2, 29), datetime(2026, 3, 1, 12, tzinfo=UTC), False),
        (None, crimes.NOON, False),  # not known is not a child
    ],
)
def test_age_is_reckoned_on_the_london_day_of_the_record(
    born: date | None, at: datetime, *, is_excluded: bool
) -> None:
    """Somebody is of age from the first minute of their birthday in London."""
    reason = eligibility.exclusion(
        offence_subgroup="Bicycle theft",
        safeguarding=(),
        recorded_at=at,
        victim=crimes.alex(born=born),
        settings=settings_from(
            {**SETTINGS, "go_live": [datetime(2026, 1, day, tzinfo=UTC) for day in (1, 2, 3)]}
        ),
    )

    assert bool(reason) == is_excluded


def test_an_event_is_announced_from_its_phase_on() -> None:
    """A reply is announced in phase 3 and not a phase before; what nobody ordered, never."""
    event = crimes.replied()

    assert [bool(announcements.announcement(event, phase, ALL)) for phase in (0, 1, 2, 3)] == [
        False,
        False,
        False,
        True,
    ]
    assert announcements.announcement(crimes.details(crimes.alex()), 3, ALL) is None


def test_a_charge_is_not_a_closure() -> None:
    """Only a closure closes: after a charge the case is live with the court."""
    assert outcomes.status_after(crimes.charged()) == "charged"
    assert outcomes.status_after(crimes.closed()) == "closed"


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_review_is_offered_only_where_the_scheme_has_it(outcome: int) -> None:
    """A police decision about someone interviewed; no disposal, and no unwilling victim."""
    offered = outcomes.may_offer_review(decided_by="police", interviewed=True, outcome=outcome)

    assert offered == (outcome in {9, 10, 11, 12, 13, 15, 17, 21})
    for decided_by, interviewed in (
        ("CPS", True),
        ("unknown", True),
        ("police", False),
        ("police", None),
    ):
        assert not outcomes.may_offer_review(
            decided_by=decided_by, interviewed=interviewed, outcome=outcome
        )


moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001


@given(moments)
def test_without_quiet_hours_a_message_goes_at_once(now: datetime) -> None:
    """Nothing holds a message that nobody asked to hold."""
    assert timing.send_at(now, ALL) == now


@given(moments, st.times(time(17), time(23, 59)), st.times(time(5), time(12)))
def test_a_message_goes_as_soon_as_it_is_not_night(now: datetime, since: time, until: time) -> None:
    """By day at once; by night when night ends, and never more than a night later."""
    at = timing.send_at(now, with_quiet_hours(since, until))

    def is_night(moment: datetime) -> bool:
        local = moment.astimezone(LONDON).time()
        return local >= since or local < until

    assert not is_night(at)
    assert now <= at <= now + timedelta(hours=20)
    assert at == now or (is_night(now) and at.astimezone(LONDON).time() == until)


@given(moments, st.times(time(0), time(2)), st.times(time(5), time(12)))
def test_quiet_hours_may_begin_after_midnight(now: datetime, since: time, until: time) -> None:
    """A night from half past midnight does not hold what is wanted at noon or at eleven."""
    local = now.astimezone(LONDON).time()
    assume(not since <= local < until)

    assert timing.send_at(now, with_quiet_hours(since, until)) == now


@pytest.mark.parametrize(
    ("wanted", "goes"),
    [
        # 20:59 and 21:00 in summer, an hour ahead of UTC.
        (datetime(2026, 6, 3, 19, 59, tzinfo=UTC), datetime(2026, 6, 3, 19, 59, tzinfo=UTC)),
        (datetime(2026, 6, 3, 20, 0, tzinfo=UTC), datetime(2026, 6, 4, 7, 0, tzinfo=UTC)),
        # The night in which the clocks go forward, and the one in which they go back.
        (datetime(2026, 3, 28, 23, 0, tzinfo=UTC), datetime(2026, 3, 29, 7, 0, tzinfo=UTC)),
        (datetime(2026, 3, 29, 0, 30, tzinfo=UTC), datetime(2026, 3, 29, 7, 0, tzinfo=UTC)),
        (datetime(2026, 10, 24, 22, 0, tzinfo=UTC), datetime(2026, 10, 25, 8, 0, tzinfo=UTC)),
        (datetime(2026, 10, 25, 1, 30, tzinfo=UTC), datetime(2026, 10, 25, 8, 0, tzinfo=UTC)),
    ],
)
def test_quiet_hours_end_at_eight_by_the_clock_on_the_wall(
    wanted: datetime, goes: datetime
) -> None:
    """Eight in the morning is eight in London, also when the clocks change in the night."""
    assert timing.send_at(wanted, NIGHTS) == goes
