"""The first page of a rehearsal: the answer, its numbers, and the same in sentences behind them."""

from datetime import date

import msgspec
import pytest

from simulator.report.headline import answer, headline_sentences, headline_table
from simulator.results.portal_life import FewerCalls
from simulator.results.values import BenefitLine, Estimate, GoLiveDelay, UptakeShare
from tests.simulator.report import samples
from tests.simulator.report.life_sample import headline, life, scaled


def _benefit() -> list[BenefitLine]:
    names = (
        "Call handlers' hours saved",
        "Officers' hours spent on questions",
        "Officers' hours spent on its other tasks",
        "Net benefit",
        "Minutes a question at which it breaks even",
    )
    value = Estimate(mean=10, low=5, high=15)
    return [BenefitLine(name=name, unit="hours", value=value) for name in names]


def _net(low: float, high: float) -> list[BenefitLine]:
    value = Estimate(mean=(low + high) / 2, low=low, high=high)
    return [
        msgspec.structs.replace(each, unit="pounds", value=value)
        if each.name == "Net benefit"
        else each
        for each in _benefit()
    ]


def test_the_answer_is_one_short_paragraph() -> None:
    """What the portal does to calls at both uptakes, and what it costs."""
    few = UptakeShare(
        registers=0.06, registered=6_000, calls_saved=9, calls_made=99, net_share_of_101=-0.0074
    )
    uptake = msgspec.structs.replace(samples.uptake(), at_published=few)

    assert answer(samples.rehearsal(uptake=uptake, benefit=_net(-90, -70))) == (
        "Phase 3: the portal takes 0.50% off calls to 101 if 60% of those invited would register "
        "(assumed), and adds 0.74% to calls to 101 with the published 6,000 registered. "
        "It costs £80 more than it saves (95% interval £70 to £90), with no "
        "licence counted."
    )
    assert answer(samples.rehearsal(life=None)) == ""


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (70, 90, "It saves £80 more than it costs (95% interval £70 to £90)"),
        (-10, 90, "Whether it saves more than it costs is not sure: £40 net, -£10 to £90"),
    ],
)
def test_the_answer_says_whether_it_pays(low: float, high: float, said: str) -> None:
    """An interval with 0 in it says neither; what it costs is written without a sign."""
    assert said in answer(samples.rehearsal(benefit=_net(low, high)))


def test_the_table_of_the_first_page_has_every_number_with_its_interval() -> None:
    """Calls by force, people, harms and the money; what was counted stands below it."""
    table = headline_table(samples.rehearsal(benefit=_benefit()))
    assert table is not None

    assert {row.label: row.cells for row in table.rows} == {
        "Calls to 101 fewer: Hampshire": ("1,000", "800", "1,200"),
        "Calls to 101 fewer: Thames Valley": ("-300", "-700", "100"),
        "People wrongly told": ("280", "210", "480"),
        "Harms by the portal since go-live": ("0", "0", "60"),
        "Call handlers' hours saved": ("10.0", "5.0", "15.0"),
        "Officers' hours spent on questions": ("10.0", "5.0", "15.0"),
        "Officers' hours spent on its other tasks": ("10.0", "5.0", "15.0"),
        "Net benefit": ("10.0", "5.0", "15.0"),
    }
    assert table.caption == "Phase 3: 12 weeks, at full volume"
    assert table.note == (
        "Counted, with 1 in 20 crimes followed: 14 people wrongly told and 0 harms."
    )
    assert headline_table(samples.rehearsal(life=None)) is None


def test_three_sentences_come_first_each_with_its_interval() -> None:
    """Calls by force, also where they rise; people wrongly told; harms, also where none counted."""
    calls, wrongly, harms = headline_sentences(samples.rehearsal())

    assert calls == (
        "Calls to 101 in 12 weeks (Phase 3): Hampshire 1,000 fewer of 100,000, 1.00% (95% interval "
        "800 to 1,200 fewer); Thames Valley 300 more of 120,000, 0.25% (95% interval 700 more to "
        "100 fewer)."
    )
    assert wrongly == (
        "People wrongly told in the same time, at full volume: about 280 victims' news went to "
        "another person (95% interval 210 to 480; 14 counted, 1 in 20 crimes followed)."
    )
    assert harms == (
        "Harms by the portal since go-live, at full volume: 0 (95% interval 0 to 60; 0 counted, 1 "
        "in 20 crimes followed)."
    )


def test_the_sign_by_uptake_is_said_in_words() -> None:
    """In the last period, and in the published quarters; the last period may go either way."""
    few = UptakeShare(
        registers=0.06, registered=6_000, calls_saved=9, calls_made=99, net_share_of_101=-0.0074
    )
    uptake = msgspec.structs.replace(samples.uptake(), at_published=few)
    said = headline_sentences(samples.rehearsal(uptake=uptake))[3]
    last = samples.rehearsal().periods[-1]
    fewer = 1 - last.calls_101_with / last.calls_101_without

    assert said == (
        "Whether the portal saves calls hangs on how many register. "
        f"{last.name}: it takes {fewer:.2%} off calls to 101 if 60% would (assumed), and adds "
        "0.74% to calls to 101 with 6,000 registered in all: the one published figure, as many as "
        "if 6% of those invited here would. In the published quarters of 2023 it takes 0.68 "
        "percentage points off at the first uptake, and adds 0.34 percentage points at the second. "
        "Nobody has published which it was."
    )
    alone = headline_sentences(samples.rehearsal(uptake=uptake, published=[]))[3]
    assert alone.endswith("as if 6% of those invited here would.")


def test_a_portal_that_surely_makes_calls_is_said_to() -> None:
    """Both ends of the interval are more calls, the smaller first."""
    more = FewerCalls(force="kent", without=900, with_portal=990, fewer=-90, low=-120, high=-60)
    made = life(samples.START, 2, headline=headline(forces=[more]))
    calls = headline_sentences(samples.rehearsal(life=made))[0]

    assert calls.endswith("Kent 90 more of 900, 10.00% (95% interval 60 to 120 more).")


def test_a_net_benefit_with_no_licence_says_so() -> None:
    """With a price, or with no sum in pounds, there is nothing to say."""
    free = headline_sentences(samples.rehearsal(benefit=_benefit()))
    paid = life(samples.START, 2, headline=headline(licence_a_year=90_000.0))

    assert "counts £0 for licences and running" in free[-1]
    assert "Each £100,000 a year takes £22,998 off these 12 weeks." in free[-1]
    for result in (samples.rehearsal(benefit=_benefit(), life=paid), samples.rehearsal()):
        assert not any("licences" in each for each in headline_sentences(result))


def test_one_week_has_no_interval_and_all_crimes_are_no_share() -> None:
    """Nothing is made up: one week cannot differ from itself."""
    alone = headline(
        forces=[msgspec.structs.replace(headline().forces[0], fewer=20.0, low=20.0, high=20.0)],
        wrongly_told=msgspec.structs.replace(scaled(14), full_volume=14.0),
    )
    first, second, _third = headline_sentences(
        samples.rehearsal(fraction=1, life=life(samples.START, 2, headline=alone))
    )

    assert first == "Calls to 101 in 12 weeks (Phase 3): Hampshire 20 fewer of 100,000, 0.02%."
    assert "at full volume: 14 victims' news" in second
    assert "all crimes followed" in second


def test_a_phase_that_went_live_late_comes_first() -> None:
    """The day, the day that was planned, and why."""
    late = GoLiveDelay(
        phase=2, from_day=date(2026, 7, 27), to_day=date(2026, 8, 10), why="its test had 3 failures"
    )

    assert answer(samples.rehearsal(delays=[late])).startswith(
        "Phase 2 went live on 10 August 2026, not on 27 July 2026: its test had 3 failures."
    )
