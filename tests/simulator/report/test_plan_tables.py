"""A plan in words: tables that fit, and a page that stands alone."""

import io

import pytest
from msgspec import structs
from rich.console import Console

from simulator.report.html import plan_html
from simulator.report.plan_calls import call_files, hour_tables
from simulator.report.plan_first_page import first_line, reasons, short_table
from simulator.report.plan_tables import (
    benefit_sentence,
    benefit_table,
    plan_facts,
    plan_tables,
    warm_up_sentence,
)
from simulator.report.terminal import show_plan
from simulator.results.folder import REPORTS
from simulator.results.planning import (
    MADE_BY,
    OFFICERS_TIME_USED,
    TASKS_TIME_USED,
    Abandonment,
    BreakEven,
    BreakingPoint,
    LevelInHour,
    Measure,
    MessageEffect,
    Peak,
    PlanHour,
    PlanResult,
    PlanUptake,
    PlanYear,
    Roster,
    Staff,
    Swing,
)
from simulator.results.values import BenefitLine, Estimate, Parameter
from tests.simulator.report.life_sample import journeys_by_group

WIDTH = 80


def near(mean: float, half: float = 1.0) -> Estimate:
    """Give a number with its interval."""
    return Estimate(mean=mean, low=mean - half, high=mean + half)


def measure(name: str, unit: str, today: float, planned: float) -> Measure:
    """Give a measure that the plan changes."""
    return Measure(
        name=name,
        unit=unit,
        without=near(today + 3) if unit == "share" else None,
        today=near(today),
        planned=near(planned),
        difference=near(planned - today, 0.5),
    )


def roster(planned: Estimate | None) -> Roster:
    """Give what the targets need of a force."""
    return Roster(
        force="thames_valley",
        rostered=600,
        without=near(640.2, 3.0),
        today=near(620, 1.5),
        planned=planned,
        years=6,
    )


def uptake(share: float, saved: float) -> PlanUptake:
    """Give a year in which this share registers; the officers' hours are the same in each year."""
    return PlanUptake(
        registers=share,
        registered=near(share * 100_000, 900),
        calls_saved=near(saved, 400),
        handler_hours=near(saved / 12, 30),
        question_hours=near(5_000, 0),
        other_hours=near(900, 20),
        pounds=near(-400_000, 9_000),
        pounds_apart=near(-300_000, 9_000),
    )


BENEFIT = [
    BenefitLine(name="Call handlers' hours saved", unit="hours", value=near(308)),
    BenefitLine(name="Officers' hours spent on questions", unit="hours", value=near(1375, 90)),
    BenefitLine(name="Officers' hours spent on its other tasks", unit="hours", value=near(900)),
    BenefitLine(name="Net benefit", unit="pounds", value=near(-40_000, 5_000)),
    BenefitLine(name="Net benefit, its other tasks apart", unit="pounds", value=near(500, 5_000)),
    BenefitLine(
        name="Minutes a question at which it breaks even", unit="minutes", value=near(-2.5)
    ),
]
RESULT = PlanResult(
    name="Half the officers",
    question="Do victims wait longer?",
    seed=1,
    replications=6,
    years_wanted=6,
    fraction=0.02,
    warm_up_weeks=12,
    warm_up_needed=8,
    warm_up_change=None,
    weeks=52,
    half_width_wanted=0.0005,
    half_width=0.0004,
    changes=["rollout: officers.caseload is 120"],
    decision="it does not pay: -£45,000 to -£35,000 a year beside today's plan",
    targets_kept="keeps 90% of 999 in 10 s",
    staff=[
        Staff(
            force="thames_valley",
            today=610.2,
            planned=600,
            today_rota="by the hour",
            planned_rota="by the hour",
            planned_over_need=0.3,
        )
    ],
    measures=[
        *(measure(f"- - {each}", "calls", 3_000, 2_000) for each in MADE_BY),
        measure("- saved, net", "calls", 16_000, 15_500),
        measure("Questions to officers", "questions", 29_000, 29_100),
        measure("Half answered within", "hours", 22.8, 31.2),
        measure(OFFICERS_TIME_USED, "share", 0.46, 0.92),
        measure(TASKS_TIME_USED, "share", 0.004, 0.008),
        measure("Thames Valley 999: abandoned", "share", 0.0049, 0.0051),
    ],
    benefit=BENEFIT,
    benefit_difference=BENEFIT,
    peak=Peak(
        messages=2400,
        minutes=15,
        per_second=2.67,
        sign_ins_an_hour=40,
        requests_per_second=0.3,
        fraction=0.02,
    ),
    targets=["90% of 999 in 10 s", "at most 5% of 101 abandoned"],
    rosters=[roster(None)],
    breaks=[],
    rota=[],
    hours=[
        PlanHour(
            force="thames_valley",
            line=line,
            hour=hour,
            without=LevelInHour(offered=900.5, wait_seconds=30.0 + hour, abandoned_share=0.04),
            today=LevelInHour(offered=880.0, wait_seconds=20.0 + hour, abandoned_share=0.03),
            planned=LevelInHour(offered=0.0, wait_seconds=None, abandoned_share=None),
        )
        for line in ("999", "101")
        for hour in range(24)
    ],
    abandonment=[
        Abandonment(
            force="thames_valley",
            line=line,
            after_seconds=seconds,
            without=near(0.05, 0.01),
            today=near(0.04, 0.01),
            planned=near(0.03, 0.01),
        )
        for line in ("999", "101")
        for seconds in (0, 5, 10, 60)
    ],
    weeks_saved=[(100.0 + week, 90.0 + week) for week in range(64)],
    messages=[
        MessageEffect(
            event="CrimeRecorded", saves=near(9000, 50), messages=900_000, is_invitation=True
        ),
        MessageEffect(event="CrimeClosed", saves=near(900, 50), messages=120_000),
        MessageEffect(event="AppointmentMade", saves=near(-20, 50), messages=900),
        MessageEffect(event="still_with_us", saves=near(-300, 50), messages=100_000),
    ],
    all_updates=MessageEffect(event="all updates", saves=near(-700, 50), messages=220_000),
    registers=0.6,
    uptakes=[uptake(0.1, -2_000), uptake(0.6, 8_000), uptake(1.0, 16_000)],
    break_evens=[
        BreakEven(what="calls", share=near(0.2, 0.03), years=6, years_never=0),
        BreakEven(what="pounds", share=None, years=6, years_never=6),
    ],
    published_registered=6_000,
    at_published=uptake(0.06, -2_800),
    journeys_by_group=journeys_by_group(),
    swings=[
        Swing(
            name="Invited victims who register <b>",
            unit="share",
            usual=0.6,
            low=0.1,
            high=0.8,
            at_low=near(-15_000),
            at_high=near(5_000),
            pounds_at_low=near(-90_000),
            pounds_at_high=near(20_000),
            why="Published as a count.",
        )
    ],
    parameters=[Parameter(name="costs: handler_hour", value=27, unit="pounds", assumed="a guess")],
    notes=["6 years."],
    years=[
        PlanYear(
            seed=seed,
            without={"101: calls offered": 9_000.0},
            today={"101: calls offered": 8_000.0, "Net benefit": -500.0},
            planned={"101: calls offered": 7_500.0, "Net benefit": -400.0},
        )
        for seed in (1, 2)
    ],
)


def printed(*, is_one_page: bool = False) -> str:
    """Print the plan as on a terminal of 80 columns."""
    file = io.StringIO()
    show_plan(RESULT, Console(file=file, width=WIDTH), is_one_page=is_one_page)
    return file.getvalue()


def test_the_handlers_stand_beside_todays_with_an_interval() -> None:
    """Rostered and needed, by force, for no portal, today and the plan; the note names targets."""
    [table] = [e for e in plan_tables(RESULT) if e.caption.startswith("Handlers")]

    assert table.columns == ("No portal", "± 95%", "Today", "± 95%", "Planned", "± 95%")
    assert [each.label for each in table.rows] == [
        "Thames Valley: rostered",
        "Thames Valley: needed",
    ]
    assert table.rows[0].cells == ("–", "–", "610", "–", "600", "–")
    assert table.rows[1].cells == ("640", "3.0", "620", "1.5", "more", "–")
    assert "the fewest for 90% of 999 in 10 s; at most 5% of 101 abandoned" in table.note
    assert "each of 6 years" in table.note


def breaking(times: Estimate | None, *, at_all: bool = False) -> BreakingPoint:
    """A target of Hampshire's that holds up to a load."""
    return BreakingPoint(
        force="hampshire",
        target="90% of 999 in 10 s",
        load="calls",
        times=times,
        holds_at_all=at_all,
        tried=(0.3, 2.0),
        years=3,
    )


@pytest.mark.parametrize(
    ("point", "sentence", "cells"),
    [
        (
            breaking(near(0.87, 0.02)),
            "is broken as it is, and would hold up to 0.87 times the plan's calls (± 0.02).",
            ("calls", "0.87", "0.02"),
        ),
        (
            breaking(near(1.06, 0.01)),
            "holds up to 1.06 times the plan's calls (± 0.01).",
            ("calls", "1.06", "0.01"),
        ),
        (
            breaking(None, at_all=True),
            "holds at 2 times the plan's calls, the most that was tried.",
            ("calls", "over 2", "–"),
        ),
        (
            breaking(None),
            "does not hold even at 0.3 times the plan's calls.",
            ("calls", "under 0.3", "–"),
        ),
    ],
)
def test_the_load_at_which_it_breaks_is_said(
    point: BreakingPoint, sentence: str, cells: tuple[str, ...]
) -> None:
    """On one page in a sentence, and in a table of its own; none where it was not sought."""
    result = structs.replace(RESULT, breaks=[point])

    assert f"Where it breaks: Hampshire, 90% of 999 in 10 s: {sentence}" in reasons(result)
    [table] = [e for e in plan_tables(result) if e.caption.startswith("Where it breaks")]
    assert table.rows[0].cells == cells
    assert "Of 3 years" in table.note
    assert not [e for e in plan_tables(RESULT) if e.caption.startswith("Where it breaks")]


def test_a_count_that_hardly_occurs_is_never_printed_below_0() -> None:
    """Where ± would pass 0, the table and the page give both ends of the interval."""
    few = Estimate(mean=12, low=0, high=1_040)
    measures = [
        structs.replace(each, planned=None, difference=None, today=few)
        if each.name == "Questions to officers"
        else structs.replace(each, planned=None, difference=None)
        for each in RESULT.measures
    ]
    result = structs.replace(RESULT, measures=measures)
    [row] = [e for e in plan_tables(result)[0].rows if e.label == "Questions to officers"]

    assert row.cells == ("–", "12", "0 to 1,040")
    [short] = [e for e in short_table(result).rows if e.label == "Questions to officers"]
    assert short.cells == ("12", "0", "1,040")


@pytest.mark.parametrize("is_one_page", [False, True])
def test_it_fits_a_terminal(is_one_page: bool) -> None:  # noqa: FBT001
    """No line is wider than 80 columns."""
    assert all(len(line) <= WIDTH for line in printed(is_one_page=is_one_page).splitlines())


def test_a_plan_without_changes_has_no_difference() -> None:
    """Its table has no portal, today, and how exact that is."""
    today = [structs.replace(e, planned=None, difference=None) for e in RESULT.measures]
    tables = plan_tables(structs.replace(RESULT, measures=today, benefit_difference=[]))

    assert tables[0].columns == ("No portal", "Today", "± 95%")
    assert all(len(row.cells) == len(t.columns) for t in tables for row in t.rows)
    assert all(len(row.cells) == len(t.columns) for t in plan_tables(RESULT) for row in t.rows)


@pytest.mark.usefixtures("undrawn")
def test_the_page_escapes_and_describes_its_plot() -> None:
    """Names are escaped, the tornado has a text, and nothing is fetched."""
    page = plan_html(RESULT)

    assert "Invited victims who register &lt;b&gt;" in page
    assert "register <b>" not in page
    assert "1 numbers, the widest first" in page
    assert "http://" not in page.replace("http://www.w3.org/2000/svg", "")
    assert first_line(RESULT).replace("'", "&#39;") in page


def test_the_rehearsal_says_what_it_comes_to() -> None:
    """Hours saved and spent, pounds with their interval, and the break-even."""
    said = benefit_sentence("Quarter live", BENEFIT)

    assert "saves 308 hours of call handlers" in said
    assert "1,375 hours on questions" in said
    assert "-£40,000 net (-£45,000 to -£35,000)" in said
    assert "even if questions took no time" in said
    [row] = [
        each for each in benefit_table("A quarter", BENEFIT).rows if each.cells[0] == "minutes"
    ]
    assert row.cells == ("minutes", "never", "never", "never")
    better = [*BENEFIT[:-1], structs.replace(BENEFIT[-1], value=near(4.2))]
    assert "if a question takes 4.2 minutes or less" in benefit_sentence("Quarter live", better)


def test_abandoned_calls_are_counted_by_every_definition() -> None:
    """From 0, 5, 10 and 60 seconds on, by force and line, with an interval for each plan."""
    [table] = [e for e in plan_tables(RESULT) if "abandoned after" in e.caption]

    assert [each.label for each in table.rows][:2] == [
        "Thames Valley 999: from 0 s",
        "Thames Valley 999: from 5 s",
    ]
    assert table.rows[-1].label == "Thames Valley 101: from 60 s"
    assert table.rows[0].cells == ("5.00%", "1.00%", "4.00%", "1.00%", "3.00%", "1.00%")


@pytest.mark.usefixtures("undrawn")
def test_waits_by_hour_fit_a_terminal_and_have_a_plot_in_words() -> None:
    """A row an hour; the page has the plot with its words, its numbers and their file."""
    [table] = hour_tables(RESULT)
    page = plan_html(RESULT)

    assert table.columns == (
        *("999 no portal", "999 today", "999 planned"),
        *("101 no portal", "101 today", "101 planned"),
    )
    assert len(table.rows) == 24
    assert table.rows[7].cells == ("37.0", "27.0", "–", "37.0", "27.0", "–")
    assert "Thames Valley: mean wait by hour of the day" in printed()
    assert "the longest mean wait today is at 23:00, 43.0 seconds, 53.0 without a portal" in page
    for name in ("waits-by-hour.csv", "saved-by-week.csv"):
        assert f'download="{name}"' in page
    assert "Today 112 calls are saved in the first week that counts, and 163 in the last." in page


def test_the_files_have_what_the_page_has() -> None:
    """One row for each hour, week and definition under its head; nothing where there is nothing."""
    files = dict(call_files(RESULT))
    lines = {name: text.splitlines() for name, text in files.items()}

    assert {name: len(rows) for name, rows in lines.items()} == {
        "waits-by-hour.csv": 49,
        "abandoned-calls.csv": 9,
        "saved-by-week.csv": 65,
    }
    assert lines["abandoned-calls.csv"][1].startswith("thames_valley,999,0,0.05,")
    assert lines["waits-by-hour.csv"][1] == (
        '"Thames Valley 999, 00:00",900.5,880.0,0.0,30.0,20.0,,0.04,0.03,'
    )
    assert set(files) <= set(REPORTS["plan"])


def test_a_narrow_table_is_printed_in_one_part() -> None:
    """Three plans, each with its interval, stand side by side where that fits."""
    said = printed()

    assert said.count("Calls abandoned after so many seconds or more") == 1
    assert said.count("Thames Valley: mean wait by hour of the day") == 1


def test_what_is_the_same_in_every_year_is_said_so() -> None:
    """No interval of no width, and no table of zeros; times have their unit."""
    nothing = Estimate(mean=0, low=0, high=0)
    exact = Estimate(mean=-300, low=-300, high=-300)
    rows = [
        structs.replace(measure("Half answered within", "hours", 22.8, 22.8), difference=nothing),
        Measure(name="Overdue", unit="calls", today=nothing, planned=nothing, difference=nothing),
    ]
    benefit = [
        BenefitLine(name="Texts", unit="pounds", value=exact),
        BenefitLine(name="Handlers' hours rostered, more than today", unit="hours", value=nothing),
    ]
    result = structs.replace(RESULT, measures=rows, benefit=benefit, benefit_difference=benefit)
    first, saves, beside = plan_tables(result)[:3]

    assert [row.label for row in first.rows] == ["Half answered within, h"]
    assert first.rows[0].cells == ("–", "22.8", "22.8", "same", "–")
    assert first.note == "Same: as today in every year."
    for table in (saves, beside):
        assert [(row.label, row.cells) for row in table.rows] == [
            ("Texts", ("pounds", "-£300", "–", "–"))
        ]
        assert table.note == "A dash: the same in every year."
    none = structs.replace(result, benefit_difference=benefit[1:])
    assert [e.caption for e in plan_tables(none) if "beside today" in e.caption] == []


@pytest.mark.usefixtures("undrawn")
def test_a_warm_up_that_the_audit_finds_short_is_said() -> None:
    """What a longer one would come to, on the page, in the terminal and on one page."""
    short = structs.replace(RESULT, warm_up_needed=20, warm_up_change=near(4, 1))
    said = (
        "The audit (MSER) asks for 20 weeks and 12 are left out, so that 52 weeks are measured "
        "with every season in them once. A week saves 128 calls after 12 weeks, and 132 after 20, "
        "+3.1%: where that matters, set warm_up_weeks = 20 in the study."
    )

    assert warm_up_sentence(short) == said
    assert said in reasons(short)
    assert said in plan_html(short)
    assert ("Warm-up", said) in plan_facts(short)
    assert warm_up_sentence(structs.replace(RESULT, warm_up_needed=12)) == ""
    unsure = structs.replace(short, warm_up_change=near(4, 5))
    assert warm_up_sentence(unsure).endswith(
        "A week saves 128 calls after 12 weeks, and 132 after 20: no more apart than chance may do."
    )
    assert "Warm-up" not in dict(plan_facts(RESULT))


@pytest.mark.usefixtures("undrawn")
def test_the_plots_of_a_plan_without_changes_have_no_third_line() -> None:
    """Where nothing is planned, nothing is said of how it is drawn."""
    today = [structs.replace(e, planned=None, difference=None) for e in RESULT.measures]
    hours = [structs.replace(each, planned=None) for each in RESULT.hours]
    page = plan_html(structs.replace(RESULT, measures=today, hours=hours))

    assert "dotted line" in plan_html(RESULT)
    assert "dotted line" not in page


def test_the_page_has_the_journey_of_each_offence_group() -> None:
    """Folded, each with its words; a plan in which none was counted has no such part."""
    page = plan_html(RESULT)
    without = plan_html(structs.replace(RESULT, journeys_by_group=[]))

    for group in ("Robbery", "Theft offences"):
        assert f"<details>\n<summary>{group}</summary>" in page
        assert f"The journey of a crime: {group}</title>" in page
    assert "What may happen to a crime" in page
    assert "What may happen to a crime" not in without
