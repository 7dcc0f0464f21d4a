"""What was published beside the model: the parts of a fall, its sign by uptake, and what fails."""

import msgspec
import pytest
from msgspec import structs

from simulator.report.period_tables import PeriodTable
from simulator.report.published_tables import (
    published_sentences,
    published_tables,
    sign_in_2023,
)
from simulator.results.values import (
    Estimate,
    ModelledUpdateCalls,
    PublishedYears,
    UpdateCallsElsewhere,
)
from tests.simulator.report import samples

YEARS = [samples.published_years("hampshire", 0.21), samples.published_years("thames_valley", 0.14)]


def _rows(table: PeriodTable) -> dict[str, tuple[str, ...]]:
    return {row.label: row.cells for row in table.rows}


def _with_few(low: float, high: float) -> PublishedYears:
    """Make a force that at the published uptake has a part between these."""
    few = Estimate(mean=(low + high) / 2, low=low, high=high)
    falls = [msgspec.structs.replace(each, few=few) for each in YEARS[0].falls]
    return msgspec.structs.replace(YEARS[0], falls=falls)


def _before_the_parts() -> list[PublishedYears]:
    """Make a result from before there were parts, a ceiling or a second uptake."""
    return [
        msgspec.structs.replace(
            each,
            falls=[
                msgspec.structs.replace(
                    fall, by_volume=None, by_redial=None, ceiling=None, few=None
                )
                for fall in each.falls
            ],
            abandoned_999_with_spans=[],
            registers=None,
            registers_few=None,
        )
        for each in YEARS
    ]


def test_a_fall_is_taken_apart_under_its_ceiling() -> None:
    """The parts add up to the modelled fall, and with what is unexplained to the published one."""
    table = published_tables(YEARS)[1]
    rows = _rows(table)

    assert table.caption.endswith("if the quarter is October to December")
    assert next(iter(rows)) == "Ceiling: no invited victim rings"
    assert rows["Ceiling: no invited victim rings"] == ("7.13", "7.13")
    parts = (
        "- volume, season and chance",
        "- redial: who rings again",
        "- the portal, 60% register",
    )
    assert sum(float(rows[each][0]) for each in parts) == pytest.approx(
        float(rows["Modelled fall"][0])
    )
    assert float(rows["Modelled fall"][1]) + float(rows["Unexplained"][1]) == pytest.approx(14)
    assert rows["- the portal, share of the fall"] == ("3.2%", "4.9%")
    assert (rows["- modelled, from"][0], rows["- modelled, to"][0]) == ("1.01", "2.56")


def test_season_has_a_line_of_its_own() -> None:
    """It and the rest are what volume, season and chance are together; old results have that."""
    falls = [structs.replace(each, by_volume=0.021, by_season=0.0014) for each in YEARS[0].falls]
    rows = _rows(published_tables([structs.replace(YEARS[0], falls=falls)])[1])

    assert rows["- season: the quarter's days"] == ("0.14",)
    assert rows["- volume and chance"] == ("1.96",)
    assert "- volume, season and chance" not in rows


def test_the_portal_with_as_few_as_were_published_has_rows_of_its_own() -> None:
    """Below 0 it adds calls, and more of the fall is unexplained."""
    rows = _rows(published_tables(YEARS)[0])

    assert rows["The portal, 6,000 registered"] == ("-0.34", "-0.34")
    assert rows["- 6,000 registered, to"] == ("-0.24", "-0.24")
    assert rows["Unexplained, 6,000 registered"] == ("20.24", "13.24")


def test_999_stands_by_year_with_what_was_fitted_and_what_was_predicted() -> None:
    """The second year is no fit."""
    rows = _rows(published_tables(YEARS)[2])

    assert rows["999 abandoned 2022-23, published"][0] == "2.49%"
    assert rows["999 abandoned 2022-23, fitted to"][0] == "2.51%"
    assert rows["999 abandoned 2023-24, predicted"][0] == "2.48%"
    assert rows["- 2023-24, from"] == ("2.38%", "2.38%")


@pytest.mark.parametrize("years", [YEARS, _before_the_parts()], ids=["today", "older"])
def test_every_row_fits_a_terminal_and_no_label_comes_twice(years: list[PublishedYears]) -> None:
    """As the other tables do; a result from before has a dash, or no such row."""
    for table in published_tables(years):
        assert len(_rows(table)) == len(table.rows)
        assert max(len(label) for label in _rows(table)) <= 32
        assert all(len(row.cells) == len(table.columns) for row in table.rows)


def test_the_ceiling_is_said_first_and_then_each_force_at_each_uptake() -> None:
    """With its uptake, its interval, and that few registered explain nothing."""
    ceiling, hampshire, *_others = published_sentences(YEARS)

    assert ceiling.startswith("The ceiling first: if no victim invited since phase 1 went live")
    assert "Thames Valley 7.1% in July to September and 7.1% in October to December" in ceiling
    assert hampshire == (
        "Hampshire: the force published 21% fewer calls to 101; if 60% would register (assumed), "
        "the portal explains 0.68 percentage points (95% interval 0.31 to 1.04), 3.2% of the "
        "fall, if the quarter is July to September and 0.68 percentage points (95% interval 0.31 "
        "to 1.04), 3.2% of the fall, if the quarter is October to December. With the published "
        "6,000 registered by March 2024, as many as if 8% of those invited until then would, it "
        "adds 0.34 points (0.24 to 0.46) if it is July to September and adds 0.34 points (0.24 to "
        "0.46) if it is October to December: it explains none of the fall."
    )


def test_a_prediction_of_999_that_fails_is_said_to() -> None:
    """By force: how many times the published share, and what the portal has to do with it."""
    said = [each for each in published_sentences(YEARS) if "999" in each]

    assert len(said) == 2
    assert said[0] == (
        "Hampshire: the published share of 999 calls abandoned went from 2.49% in 2022-23 to 0.21% "
        "in 2023-24. The model, fitted to the first, has 2.51% and then 2.48% (95% interval 2.38% "
        "to 2.57%): its prediction is wrong, 11.8 times what was published. Of the 2.28 points "
        "between the years, the portal explains 0.01. What brought the rest about, such as more "
        "call handlers, is not in the model."
    )


def test_a_prediction_of_999_that_holds_is_said_to() -> None:
    """The published share lies within the interval."""
    right = msgspec.structs.replace(YEARS[0], abandoned_999_published=[0.0249, 0.024])
    [said] = [each for each in published_sentences([right]) if "999" in each]

    assert said.endswith("(95% interval 2.38% to 2.57%): it predicts the second.")


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (-0.0046, -0.0024, "adds 0.34 to 0.35 percentage points at the second"),
        (-0.001, 0.002, "may take calls off or add some at the second"),
        (0.001, 0.002, "takes 0.15 to 0.34 percentage points off at the second"),
    ],
)
def test_the_sign_is_said_in_words(low: float, high: float, said: str) -> None:
    """What is not sure in one force is not sure."""
    first = msgspec.structs.replace(YEARS[1], falls=YEARS[1].falls)
    if low > 0:
        first = _with_few(0.0030, 0.0038)
    elif high > 0:
        first = _with_few(-0.003, -0.002)
    assert sign_in_2023([first, _with_few(low, high)]).endswith(said)
    assert "it takes 0.68 percentage points off at the first uptake" in sign_in_2023(YEARS)


def test_a_force_elsewhere_is_said_with_every_year() -> None:
    """From its crimes alone, and how far off that is."""
    found = UpdateCallsElsewhere(
        force="humberside",
        published=54_000,
        calls_a_crime=0.54,
        modelled=[
            ModelledUpdateCalls(
                year="2021-22", crimes=91_837, calls=49_592, calls_low=49_150, calls_high=50_030
            ),
            ModelledUpdateCalls(
                year="2022-23", crimes=101_234, calls=54_666, calls_low=54_210, calls_high=55_130
            ),
        ],
    )
    [said] = published_sentences([], [found])

    assert (
        "there would be 49,592 (49,150 to 50,030) in 2021-22, 54,666 (54,210 to 55,130) in "
        "2022-23: 8% fewer to 1% more. The intervals are of chance alone" in said
    )
    assert said.startswith("Humberside, to which nothing is fitted, published 54,000 update calls")


def test_a_result_from_before_says_what_it_can() -> None:
    """Without a ceiling, a second uptake, or intervals of 999."""
    old = _before_the_parts()
    hampshire, _thames_valley, one_history = published_sentences(old)

    assert hampshire.startswith("Hampshire: the force published 21% fewer calls to 101; the portal")
    assert "one history" in one_history
    assert sign_in_2023(old) == sign_in_2023([]) == ""
    assert not published_tables([])
    assert not published_sentences([])
