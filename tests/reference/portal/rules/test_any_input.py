"""The pure core, whatever it is given: an answer every time, and never the unsafe one."""

from datetime import UTC, datetime, time, timedelta
from typing import Any, get_args
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from reference.contract.events import (
    AnyEvent,
    ClosingOutcome,
    Milestone,
    VictimRecord,
)
from reference.portal.rules import (
    announcements,
    eligibility,
    message_limits,
    quiet_hours,
    victims_code,
)
from reference.portal.rules import outcomes as outcomes_rules
from reference.portal.rules.announcements import Progress
from reference.portal.rules.recipients import addressed
from reference.portal.settings import Settings, settings_from
from reference.portal.web.requests import YEARS
from tests.reference.portal.crimes import (
    alex,
    allocated,
    appointment,
    cancelled,
    charged,
    closed,
    contacted,
    deployed,
    details,
    merged,
    milestone,
    reclassified,
    recorded,
    reopened,
    replied,
    transferred,
    unavailable,
)
from tests.reference.portal.scene import SETTINGS

LONDON = ZoneInfo("Europe/London")
FIRST = datetime(YEARS.start, 1, 1)  # noqa: DTZ001  Hypothesis adds the zone
LAST = datetime(YEARS.stop - 2, 12, 31)  # noqa: DTZ001  what is due a year on is a moment too
moments = st.datetimes(FIRST, LAST, timezones=st.just(UTC))
texts = st.text(max_size=30)
records = st.builds(
    VictimRecord,
    person_id=st.text(min_size=1, max_size=64),
    born=st.none() | st.dates(),
    safe_to_contact=st.none() | st.booleans(),
    enhanced_rights=st.booleans(),
    update_frequency_days=st.none() | st.integers(1, 366),
)
outcomes = st.sampled_from(get_args(ClosingOutcome))
clocks = st.none() | st.times()


@st.composite
def orders(draw: st.DrawFn) -> Settings:
    """Settings with other numbers in them."""
    since, until = draw(st.times()), draw(st.times())
    nights = draw(st.sampled_from([{}, {"quiet_from": since, "quiet_until": until}]))
    numbers = {
        "age_min_years": draw(st.integers(0, 120)),
        "working_days": draw(st.integers(1, 60)),
        "working_days_enhanced": draw(st.integers(1, 60)),
        "still_with_us_days": draw(st.integers(1, 366)),
        "advice_after_days": draw(st.integers(0, 366)),
        "per_week_max": draw(st.integers(1, 50)),
        "bundle_minutes": draw(st.integers(0, 10_000)),
        "sensitive_outcomes": draw(st.lists(outcomes)),
    }
    return settings_from({**SETTINGS, **nights, **numbers})


@st.composite
def events(draw: st.DrawFn) -> AnyEvent:
    """Any event of the contract, at any time."""
    at = draw(moments)
    said: list[AnyEvent] = [
        recorded(recorded_at=at),
        deployed(at=at),
        allocated(at=at),
        appointment(starts_at=at),
        charged(at=at),
        closed(outcome=draw(outcomes), at=at),
        reopened(at=at),
        reclassified(at=at),
        merged(at=at),
        transferred(at=at),
        cancelled(at=at),
        contacted(at=at),
        unavailable(at=at, until=draw(st.none() | moments)),
        milestone(draw(st.sampled_from(get_args(Milestone))), at=at),
        details(alex()),
        replied(replied_at=at),
    ]
    return draw(st.sampled_from(said))


@given(records, texts, st.lists(texts), texts, moments, orders())
def test_nobody_unsafe_is_ever_let_in(
    record: VictimRecord,
    subgroup: str,
    markers: list[str],
    status: str,
    at: datetime,
    order: Settings,
) -> None:
    """Whatever else is so: blank is not safe, and every answer is a reason or none."""
    why = eligibility.exclusion(
        offence_subgroup=subgroup,
        safeguarding=markers,
        status=status,
        recorded_at=at,
        victim=record,
        settings=order,
    )

    assert why or addressed(record).safe_to_contact is True


@given(moments, texts, orders())
def test_a_safe_victim_of_an_eligible_crime_is_let_in(
    at: datetime, marker: str, order: Settings
) -> None:
    """Nothing but what the order names shuts anyone out: no other marker, and no unknown age."""
    why = eligibility.exclusion(
        offence_subgroup="Bicycle theft",
        safeguarding=(marker,),
        recorded_at=at,
        victim=alex(born=None),
        settings=order,
    )

    assert bool(why) == (at < order.go_live[0] or marker in order.safeguarding_exclusions)


@given(events(), texts, st.integers(0, 9), orders())
def test_of_every_event_it_can_be_said_what_it_is(
    event: AnyEvent, subgroup: str, phase: int, order: Settings
) -> None:
    """Announced or not, sensitive or not; only a closure is ever a person's to say first."""
    announced = announcements.announcement(event, phase, order)
    is_closure = type(event).__name__ == "CrimeClosed"

    assert announced is None or announced.phase <= phase
    assert outcomes_rules.is_sensitive(event, subgroup, order) <= is_closure


@given(moments, st.integers(0, 300), orders())
def test_a_deadline_is_the_end_of_a_working_day(at: datetime, days: int, order: Settings) -> None:
    """Later than what it is reckoned from, at midnight in London, and after no day of rest."""
    due = victims_code.within_working_days(at, days, order)
    local = due.astimezone(LONDON)
    last = local.date() - timedelta(days=1)

    assert due > at
    assert local.time() == time(0)
    if days:
        assert last.weekday() < 5
        assert last not in order.bank_holidays
        assert victims_code.within_working_days(at, days - 1, order) < due


@given(moments, records, orders())
def test_a_message_goes_now_or_later_and_never_at_night(
    now: datetime, record: VictimRecord, order: Settings
) -> None:
    """Whatever the quiet hours are, what is wanted goes within a day, and not in them."""
    at = quiet_hours.send_at(now, order)

    assert now <= at <= now + timedelta(days=1, hours=1)
    assert quiet_hours.send_at(at, order) == at
    assert victims_code.informed_within(now, record, order) > now
    assert victims_code.told_by(now, record, order) is not None


@given(texts, moments, st.integers(0, 10**9), st.booleans(), records, orders())
def test_there_is_always_a_next_message(
    subgroup: str, at: datetime, later: int, advised: Any, record: VictimRecord, order: Settings
) -> None:
    """For each open case, and it is never one that was due before it began."""
    news_at = min(at + timedelta(seconds=later), LAST.replace(tzinfo=UTC))
    frequency = record.update_frequency_days
    progress = Progress(subgroup, at, max(at, news_at), advised, frequency)
    due, kind = announcements.next_message(progress, order)

    assert due >= at
    assert kind in {"advice", "still_with_us"}
    assert announcements.is_stale(kind, due, due) is False


@given(moments, st.lists(moments, max_size=30).map(sorted), st.integers(0, 9), orders())
def test_what_is_held_goes_later_and_not_for_ever(
    now: datetime, sent: list[datetime], phase: int, order: Settings
) -> None:
    """Bundled and capped, a message goes no sooner than it is wanted."""
    wanted = message_limits.bundle_until(now, phase, order)
    past = [each for each in sent if each <= wanted]

    assert now <= wanted <= message_limits.cap_until(wanted, past, phase, order)
    assert message_limits.cap_until(wanted, past, phase, order) <= wanted + timedelta(days=7)
