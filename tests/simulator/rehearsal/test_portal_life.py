"""What a small rehearsal keeps for its plots agrees with its other counts."""

import pytest

from simulator.rehearsal.run import CompletedRehearsal
from simulator.results.portal_life import PortalLife, Scaled
from tests.simulator.rehearsal.small import FRACTION


@pytest.fixture
def life(ordinary: CompletedRehearsal) -> PortalLife:
    """Give what the ordinary rehearsal kept."""
    found = ordinary.result.life
    assert found is not None
    return found


def test_the_headline_is_of_the_last_period(life: PortalLife, ordinary: CompletedRehearsal) -> None:
    """Its calls by force add up to the period's, and its count is the table's."""
    last, headline = ordinary.result.periods[-1], life.headline

    assert headline.period == last.name
    assert sum(each.without for each in headline.forces) == last.calls_101_without
    assert sum(each.with_portal for each in headline.forces) == last.calls_101_with
    assert headline.wrongly_told.counted == last.misdirected_people
    assert headline.portal_harms.counted == 0
    assert headline.licence_a_year == 0


def test_the_funnel_narrows_from_all_victims_to_those_who_ask(
    life: PortalLife, ordinary: CompletedRehearsal
) -> None:
    """No step has more than the one above; the first are the victims of the groups."""
    for cohort in ("since_go_live", "since_phase_3"):
        counts = [found.counted for each in life.funnel if (found := getattr(each, cohort))]
        assert counts == sorted(counts, reverse=True)
    first, eligible = life.funnel[0].since_go_live, life.funnel[1].since_go_live
    groups = [each for each in ordinary.result.groups if each.by == "Language"]
    assert first is not None
    assert eligible is not None
    assert first.counted == sum(each.victims for each in groups)
    assert eligible.counted == sum(each.victims - each.excluded for each in groups)
    assert life.funnel[-1].since_go_live is None


def test_the_hours_of_the_day_add_up_to_the_lines(
    life: PortalLife, ordinary: CompletedRehearsal
) -> None:
    """Each line of each force has 24 hours, whose calls are those of the last period."""
    for line in (each for each in ordinary.result.lines if each.period == life.headline.period):
        mine = [e for e in life.hours if (e.force, e.line) == (line.force, line.line)]
        assert [each.hour for each in mine] == list(range(24))
        assert sum(each.offered_without for each in mine) == line.offered_without
        assert sum(each.offered_with for each in mine) == line.offered_with


def test_every_count_at_full_volume_stands_for_its_share(life: PortalLife) -> None:
    """The interval is around it."""
    counted: list[Scaled] = [life.headline.wrongly_told, *(each.count for each in life.harms)]

    assert counted
    for each in counted:
        assert each.full_volume == pytest.approx(each.counted / FRACTION, abs=0.1)
        assert each.low <= each.full_volume <= each.high


def test_all_weeks_have_a_spread_around_their_calls(
    life: PortalLife, ordinary: CompletedRehearsal
) -> None:
    """It is around the calls without the portal."""
    for week, spread in zip(ordinary.result.weeks, life.spread, strict=True):
        assert week.starts == spread.starts
        assert spread.calls_101_low < week.calls_101_without < spread.calls_101_high
        assert spread.update_calls_low < week.update_calls_without < spread.update_calls_high


def test_each_step_of_the_journey_follows_one_that_is_there(life: PortalLife) -> None:
    """All come after the recording, or after an earlier step; its share is counted."""
    known = {"Crime recorded"}
    for each in life.journey:
        assert each.after in known
        assert 0 <= each.share <= 1
        known.add(each.name)
    share = {each.name: each.share for each in life.journey}
    assert 0.5 < share["Officer deployed"] < 0.65
    assert share["Outcome recorded"] + share["Crime closed"] <= 1


def test_each_offence_group_has_a_journey(life: PortalLife, ordinary: CompletedRehearsal) -> None:
    """By name, with what may happen to it, and only what did."""
    found = {
        each.group: {step.name: step for step in each.steps} for each in life.journeys_by_group
    }

    assert list(found) == sorted(found)
    assert len(found) == 9
    assert all(step.share for steps in found.values() for step in steps.values())
    assert found["Sexual offences"]["Outcome recorded"].soon == "30 days to 98 days"
    assert found["Theft offences"]["Outcome recorded"].soon == "30 days"
    assert "property found" in found["Theft offences"]
    assert "property found" not in found["Violence against the person"]
