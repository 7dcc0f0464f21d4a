"""Rules of the order: what the force may ask for, and how its days, hours and exclusions read."""

import re
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from reference.contract.events import (
    EVENT_TYPES,
    MILESTONES_OF_THE_CODE,
    CrimeRecorded,
    Milestone,
    MilestoneReached,
    VictimRecord,
)
from simulator.clock import LONDON
from simulator.errors import BadInput
from simulator.inputs.order import Order, read_order
from tests.simulator.real_files import ORDER

TWO_FORCES = read_order(ORDER)
MOMENTS = st.integers(0, 2 * 365 * 86_400).map(
    lambda seconds: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
)


def london(*parts: int) -> datetime:
    """Give a moment of London's clocks, in UTC."""
    return datetime(*parts, tzinfo=LONDON).astimezone(UTC)  # type: ignore[arg-type, misc]


FIRST_OF_JUNE = london(2026, 6, 1, 12)


def quiet(until: time | None, *, begins: time | None) -> Order:
    """Give the order with other quiet hours."""
    messages = structs.replace(TWO_FORCES.messages, quiet_from=begins, quiet_until=until)
    return structs.replace(TWO_FORCES, messages=messages)


def crime(
    *,
    subgroup: str = "Bicycle theft",
    recorded_at: datetime = FIRST_OF_JUNE,
    safeguarding: tuple[str, ...] = (),
    safe: bool | None = True,
    born: date | None = date(1980, 1, 1),
) -> CrimeRecorded:
    """Record a crime of which the order would have the victim invited."""
    victim = VictimRecord(person_id="person-1", safe_to_contact=safe, born=born)
    return CrimeRecorded(
        crime_reference="43260000001",
        force="thames_valley",
        offence_code="131",
        offence_subgroup=subgroup,
        offence="Theft of a pedal cycle",
        recorded_at=recorded_at,
        safeguarding=safeguarding,
        victims=(VictimRecord(person_id="person-0"), victim),
    )


def why_not(recorded: CrimeRecorded) -> str:
    """Say why the second victim of a crime is not invited."""
    return TWO_FORCES.exclusion(recorded, "person-1")


def test_a_phase_goes_live_at_midnight_in_london() -> None:
    """In summer that is 23:00 UTC of the day before."""
    assert TWO_FORCES.go_live_at(1) == datetime(2026, 5, 17, 23, tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "phase"),
    [
        (london(2026, 5, 17, 23, 59, 59), 0),
        (london(2026, 5, 18), 1),
        (london(2026, 7, 26, 23, 59, 59), 1),
        (london(2026, 7, 27), 2),
        (london(2026, 10, 12), 3),
        (london(2036, 1, 1), 3),
    ],
)
def test_the_phase_follows_the_day(at: datetime, phase: int) -> None:
    """A phase is live from its first second on, and none is before the first."""
    assert TWO_FORCES.phase_at(at) == phase


@pytest.mark.parametrize("phase", [1, 2, 3])
def test_a_force_may_go_no_further(phase: int) -> None:
    """An order that stays in a phase is in it years later, and not before its day."""
    order = TWO_FORCES.staying_in(phase)

    assert order.phase_at(london(2030, 1, 1)) == phase
    assert order.go_live_at(phase) == TWO_FORCES.go_live_at(phase)


@pytest.mark.parametrize("phase", [1, 2, 3])
def test_a_test_environment_has_its_phase_early(phase: int) -> None:
    """What is tested is there from the first day of the test, and the next phase is not."""
    day = TWO_FORCES.go_live_at(phase).astimezone(LONDON).date() - timedelta(days=6)

    order = TWO_FORCES.tested_in(phase, day)

    begins = london(day.year, day.month, day.day)
    assert order.phase_at(begins) == phase
    assert order.phase_at(begins - timedelta(seconds=1)) == phase - 1
    assert order.phase_at(london(2030, 1, 1)) == phase


def test_a_trigger_counts_from_its_phase_on() -> None:
    """A reply is announced in phase 3, an allocation from phase 1; a correction never."""
    assert TWO_FORCES.trigger_for("OfficerReplied", 2) is None
    reply = TWO_FORCES.trigger_for("OfficerReplied", 3)
    assert reply is not None
    assert reply.announces == "reply"
    assert TWO_FORCES.trigger_for("CrimeAllocated", 1) == TWO_FORCES.trigger_for(
        "CrimeAllocated", 3
    )
    assert TWO_FORCES.trigger_for("VictimDetailsChanged", 3) is None
    assert all(TWO_FORCES.trigger_for(event, 0) is None for event in EVENT_TYPES)


@pytest.mark.parametrize(
    ("recorded", "reason"),
    [
        (crime(), ""),
        (crime(recorded_at=london(2026, 5, 18)), ""),
        (crime(recorded_at=london(2026, 5, 17, 23, 59)), "recorded before the portal went live"),
        (crime(subgroup="Rape offences"), "offence: Rape offences"),
        (crime(safeguarding=("elderly", "domestic_abuse")), "safeguarding: domestic_abuse"),
        (crime(safeguarding=("elderly",)), ""),
        (crime(safe=None), "not recorded as safe to contact"),
        (crime(safe=False), "not recorded as safe to contact"),
        (crime(born=None), ""),
        (crime(born=date(2008, 6, 1)), ""),
        (crime(born=date(2008, 6, 2)), "under 18"),
        (crime(born=date(2008, 2, 29), recorded_at=london(2026, 5, 20)), ""),
    ],
)
def test_who_is_not_invited_and_why(recorded: CrimeRecorded, reason: str) -> None:
    """Offence, safeguarding, safety and age on the day of recording decide."""
    assert why_not(recorded) == reason


def test_the_birthday_is_london_s() -> None:
    """A person turns 18 at London's midnight, not an hour later at UTC's."""
    assert why_not(crime(born=date(2008, 6, 2), recorded_at=london(2026, 6, 2, 0, 30))) == ""
    assert why_not(crime(born=date(2008, 6, 2), recorded_at=london(2026, 6, 1, 23, 30))) != ""


@pytest.mark.parametrize(
    ("wanted", "goes"),
    [
        (london(2026, 6, 1, 20, 59, 59), london(2026, 6, 1, 20, 59, 59)),
        (london(2026, 6, 1, 21), london(2026, 6, 2, 8)),
        (london(2026, 6, 2, 0, 1), london(2026, 6, 2, 8)),
        (london(2026, 6, 2, 7, 59, 59), london(2026, 6, 2, 8)),
        (london(2026, 6, 2, 8), london(2026, 6, 2, 8)),
        # The night the clocks go forward, and the night they go back.
        (london(2026, 3, 28, 22), datetime(2026, 3, 29, 7, tzinfo=UTC)),
        (london(2026, 10, 24, 22), datetime(2026, 10, 25, 8, tzinfo=UTC)),
        (datetime(2026, 10, 25, 1, 30, tzinfo=UTC), datetime(2026, 10, 25, 8, tzinfo=UTC)),
    ],
)
def test_a_message_wanted_at_night_goes_in_the_morning(wanted: datetime, goes: datetime) -> None:
    """Quiet hours are those of London's clocks, also when the clocks change."""
    assert TWO_FORCES.quiet_until(wanted) == goes


@given(MOMENTS)
def test_a_message_is_put_off_by_one_night_at_most(wanted: datetime) -> None:
    """It goes when wanted or in the next morning, never in quiet hours and never earlier."""
    goes = TWO_FORCES.quiet_until(wanted)

    assert wanted <= goes <= wanted + timedelta(hours=12)
    assert time(8) <= goes.astimezone(LONDON).time() < time(21)
    assert TWO_FORCES.quiet_until(goes) == goes


@given(MOMENTS)
def test_without_quiet_hours_a_message_goes_when_wanted(wanted: datetime) -> None:
    """An order may leave quiet hours out."""
    assert quiet(None, begins=None).quiet_until(wanted) == wanted


def with_bank_holidays(folder: Path, named: str) -> Order:
    """Read the order with these words where it names its bank holidays."""
    text = re.sub(r"bank_holidays = \[[^]]*\][^\n]*", named, ORDER.read_text())
    path = folder / "order.toml"
    path.write_text(text)
    return read_order(path)


def test_the_order_names_its_bank_holidays(tmp_path: Path) -> None:
    """What it names is all there is: a local holiday is one, and what it leaves out is none."""
    order = with_bank_holidays(tmp_path, "bank_holidays = [2026-09-09]")

    assert order.working_days.bank_holidays == (date(2026, 9, 9),)
    assert date(2026, 9, 9) not in order.working_days
    assert date(2026, 12, 25) in order.working_days


def test_an_order_may_have_no_bank_holidays(tmp_path: Path) -> None:
    """An empty list is an answer: every Monday to Friday is a working day."""
    assert with_bank_holidays(tmp_path, "bank_holidays = []").working_days.bank_holidays == ()


def test_an_order_that_does_not_name_its_bank_holidays_gets_england_s(tmp_path: Path) -> None:
    """Who reads the order finds the same days in it as those whose order names them."""
    filled = with_bank_holidays(tmp_path, "").working_days.bank_holidays
    named = TWO_FORCES.working_days.bank_holidays

    years = range(named[0].year, named[-1].year + 1)
    assert [day for day in filled if day.year in years] == list(named)
    assert filled[0].year <= TWO_FORCES.go_live.phase_1.year - 2
    assert filled[-1].year >= TWO_FORCES.go_live.phase_3.year + 5


def test_bank_holidays_are_days(tmp_path: Path) -> None:
    """Anything else is refused by its place in the list."""
    with pytest.raises(
        BadInput, match=r"deadlines\.bank_holidays\[0\]: it is 'Christmas', which is no day"
    ):
        with_bank_holidays(tmp_path, 'bank_holidays = ["Christmas"]')


@pytest.mark.parametrize(
    ("week", "sent_at", "until"),
    [
        ("rolling", datetime(2026, 8, 9, 18, tzinfo=UTC), datetime(2026, 8, 16, 18, tzinfo=UTC)),
        ("calendar", datetime(2026, 8, 9, 18, tzinfo=UTC), datetime(2026, 8, 9, 23, tzinfo=UTC)),
        ("calendar", datetime(2026, 8, 9, 23, tzinfo=UTC), datetime(2026, 8, 16, 23, tzinfo=UTC)),
        ("calendar", datetime(2026, 10, 25, 9, tzinfo=UTC), datetime(2026, 10, 26, tzinfo=UTC)),
        ("calendar", datetime(2026, 3, 29, 9, tzinfo=UTC), datetime(2026, 3, 29, 23, tzinfo=UTC)),
    ],
    ids=["seven days", "a Sunday", "a Monday in London", "the clocks go back", "and forward"],
)
def test_a_message_counts_for_a_week(week: str, sent_at: datetime, until: datetime) -> None:
    """For seven days, or until the next Monday in London."""
    messages = structs.replace(TWO_FORCES.messages, week=week)

    assert structs.replace(TWO_FORCES, messages=messages).counts_until(sent_at) == until


def test_an_order_that_names_no_week_means_the_last_seven_days(tmp_path: Path) -> None:
    """Orders from before the choice read as they did."""
    text = re.sub(r"\nweek = [^\n]*", "", ORDER.read_text())
    (tmp_path / "order.toml").write_text(text)

    assert read_order(tmp_path / "order.toml") == TWO_FORCES


def test_a_week_is_one_of_two(tmp_path: Path) -> None:
    """Any other word is refused by its name."""
    text = ORDER.read_text().replace('week = "rolling"', 'week = "monthly"')
    (tmp_path / "order.toml").write_text(text)

    with pytest.raises(BadInput, match=r"messages\.week: it is 'monthly'; one of calendar"):
        read_order(tmp_path / "order.toml")


def with_switched_off(folder: Path, named: str) -> Order:
    """Read the order with these milestones switched off."""
    text = re.sub(r"switched_off = \[[^]]*\]", f"switched_off = {named}", ORDER.read_text())
    path = folder / "order.toml"
    path.write_text(text)
    return read_order(path)


def test_a_force_switches_milestones_off(tmp_path: Path) -> None:
    """Ten stay on by default; an order from before the choice switches none off."""
    on = set(get_args(Milestone)) - set(TWO_FORCES.catalogue.switched_off)

    assert 8 <= len(on) <= 10
    assert on >= MILESTONES_OF_THE_CODE
    assert with_switched_off(tmp_path, "[]").catalogue.switched_off == ()
    event = MilestoneReached(
        crime_reference="1",
        milestone="hearing_listed",
        reached_at=datetime(2026, 8, 9, tzinfo=UTC),
    )
    assert with_switched_off(tmp_path, '["hearing_listed"]').is_switched_off(event)
    assert not TWO_FORCES.is_switched_off(event)


@pytest.mark.parametrize(
    ("named", "said"),
    [
        ("suspect_arrested", "which the Victims' Code has told"),
        ("not_investigated", "which the Victims' Code has told"),
        ("CrimeClosed", "which is no milestone; one of not_investigated"),
    ],
)
def test_what_the_code_has_told_is_never_switched_off(
    tmp_path: Path, named: str, said: str
) -> None:
    """One sentence names the milestone and the reason."""
    with pytest.raises(BadInput, match=rf"catalogue: switched_off has '{named}', {said}"):
        with_switched_off(tmp_path, f'["{named}"]')
