"""The first page of a plan: the decision in one line, one table, and then the reasons."""

import pytest
from msgspec import structs

from simulator.report.plan_first_page import first_line, plan_question, reasons, short_table
from simulator.results.planning import OFFICERS_TIME_USED
from tests.simulator.report.test_plan_tables import RESULT, near, printed, roster


def test_the_first_line_has_roster_cost_decision_and_its_uncertainty() -> None:
    """All a programme lead needs is in one line."""
    assert first_line(RESULT) == (
        "Half the officers: full-time handlers by the hour, before a rota: Thames Valley 600 "
        "(today 610); keeps 90% of 999 in 10 s; it does not pay: -£45,000 to -£35,000 a year "
        "beside today's plan (95% intervals, of chance alone)."
    )
    assert printed(is_one_page=True).startswith("Half the officers: full-time")


@pytest.mark.parametrize(
    ("planned", "said"),
    [
        (None, "No roster that was tried keeps them."),
        (570.0, "It breaks with 5% fewer."),
        (630.0, "It breaks as it is: 30 too few."),
    ],
)
def test_one_page_says_where_it_breaks(planned: float | None, said: str) -> None:
    """How many handlers the roster has to spare, or lacks."""
    found = roster(None if planned is None else near(planned, 2.0))

    assert said in "\n".join(reasons(structs.replace(RESULT, rosters=[found])))


def test_the_first_line_says_what_is_on_shifts() -> None:
    """A plan with a rota stands beside a today without one, and neither is taken for the other."""
    [one] = RESULT.staff
    result = structs.replace(RESULT, staff=[structs.replace(one, planned_rota="on shifts")])
    said = first_line(result)

    assert "Thames Valley 600 rostered on shifts (today 610 by the hour, before a rota)" in said
    sentence = "Two kinds of rota are compared: Thames Valley by the hour, before a rota today and"
    assert plan_question(result)[-1].startswith(sentence)
    assert plan_question(RESULT) == [
        "Question: Do victims wait longer?",
        "Changes: rollout: officers.caseload is 120.",
    ]


def test_one_page_says_why() -> None:
    """It has the peak, the handlers, the uptake, and what decides."""
    said = "\n".join(reasons(RESULT))

    for words in (
        "2.7 a second",
        "Thames Valley: 600 full-time handlers rostered; the targets need more, today's plan 620",
        "A question waits for a shift, and its turn among the work of the officer's crimes: 92%",
        "Uptake: in calls it gains if 20% or more of those invited would register (17% to 23%)",
        "moves the calls saved by 20,000",
        "moves the net benefit by £110,000",
        "Reckoned from 2.00% of crimes",
    ):
        assert words in said
    assert len(said.splitlines()) <= 18


def test_too_few_years_are_said_first() -> None:
    """Fewer than the study asks for stand before all else, and so does a result less exact."""
    few = structs.replace(RESULT, replications=2)
    rough = structs.replace(RESULT, half_width=0.009)

    assert first_line(few).startswith(
        "Half the officers: TOO FEW YEARS TO JUDGE (2; the study asks for 6 or more); full-time"
    )
    assert "less exact than asked after 6 years; full-time" in first_line(rough)
    assert "JUDGE" not in first_line(RESULT)
    assert "exact" not in first_line(RESULT)


def test_the_table_has_each_number_with_its_interval_and_beside_today() -> None:
    """Calls, questions, hours and pounds; the pairs' mean difference at the right."""
    table = short_table(RESULT)
    rows = {row.label: row.cells for row in table.rows}

    assert table.columns == ("This plan", "95% from", "to", "Beside today", "± 95%")
    assert rows["Update calls saved, net"] == ("15,500", "15,499", "15,501", "-500", "0")
    assert rows["Officers' hours spent on questions"] == (
        "1,375",
        "1,285",
        "1,465",
        "1,375",
        "90.0",
    )
    assert rows["Net benefit"] == ("-£40,000", "-£45,000", "-£35,000", "-£40,000", "£5,000")
    assert rows["Net benefit, its other tasks apart"][0] == "£500"
    assert rows["Half answered within, hours"][0] == "31.2"


def test_a_plan_as_today_has_nothing_beside_today() -> None:
    """Its table has each number and the interval."""
    today = [structs.replace(e, planned=None, difference=None) for e in RESULT.measures]
    table = short_table(structs.replace(RESULT, measures=today, benefit_difference=[]))

    assert table.columns == ("This plan", "95% from", "to")
    assert {len(row.cells) for row in table.rows} == {3}


def test_an_interval_of_no_width_is_not_shown_as_one() -> None:
    """Two years that happen to be alike are not exact to the last question."""
    questions = next(each for each in RESULT.measures if each.name == "Questions to officers")
    asked = structs.replace(questions, planned=near(26_600, 0), difference=None)
    measures = [asked if each is questions else each for each in RESULT.measures]
    table = short_table(structs.replace(RESULT, measures=measures))

    [row] = [each for each in table.rows if each.label == "Questions to officers"]
    assert row.cells == ("26,600", "–", "–", "–", "–")


@pytest.mark.parametrize(
    ("used", "said"),
    [
        (0.46, "46% of their time for it is used, 0.8% by victims' tasks (assumed)"),
        (1.1, "Officers have 110% of the work that they have time for: questions wait longer"),
    ],
)
def test_one_page_says_whether_officers_are_too_few(used: float, said: str) -> None:
    """It says what questions wait among; from all of officers' time on they wait without end."""
    measures = [
        structs.replace(e, planned=near(used, 0.001)) if e.name == OFFICERS_TIME_USED else e
        for e in RESULT.measures
    ]

    assert said in "\n".join(reasons(structs.replace(RESULT, measures=measures)))
