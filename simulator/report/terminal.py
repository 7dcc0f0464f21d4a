"""What a command prints: tables in plain words, the decision, and what to do next.

What `accept` prints is in `terminal_acceptance.py`.
"""

from collections.abc import Iterable

from rich.console import Console
from rich.table import Table
from rich.text import Text

from simulator.legible import legible
from simulator.report import amounts, decisions, load_tables
from simulator.report.call_tables import call_sentences, call_tables
from simulator.report.code_tables import code_tables, not_measured_sentences
from simulator.report.conservation import conservation_line
from simulator.report.coverage_rows import coverage_sentence
from simulator.report.defect_facts import defect_facts
from simulator.report.harms import OWNERS, WHY_IT_MATTERS, FindingGroup, group_findings, worst_first
from simulator.report.headline import answer, headline_sentences, headline_table
from simulator.report.late_news import late_sentences
from simulator.report.period_tables import HOW_TO_READ, PeriodTable, period_tables
from simulator.report.plan_calls import hour_tables
from simulator.report.plan_first_page import first_line, plan_question, reasons, short_table
from simulator.report.plan_tables import plan_facts, plan_tables
from simulator.report.requests_a_second import requests_line
from simulator.report.step_words import step_words
from simulator.report.terminal_parts import (
    add_row,
    new_table,
    print_decision,
    print_facts,
    print_heading,
    print_line,
    print_list,
    print_timeline,
    verdict_word,
)
from simulator.results.exploration import Defect, ExplorationResult, ExploredPortals
from simulator.results.load import LoadResult
from simulator.results.planning import PlanResult
from simulator.results.values import (
    CheckResult,
    HarmCount,
    ProofResult,
    ProofRow,
    RehearsalResult,
)
from simulator.verdicts import Finding

_LABEL_COLUMNS, _PERIOD_COLUMNS = 30, 10
#: So many kinds of step of an exploration are named.
_STEP_KINDS_MAX = 8


def show_rehearsal(result: RehearsalResult, console: Console, *, verbose: bool = False) -> None:
    """Print a rehearsal on one screen: the decision, what it rests on, and the harms by owner.

    With `verbose`, also every table, what came late and why, each failure, and the notes.
    """
    print_heading(console, f"Rehearsal: {result.name}")
    print_decision(console, decisions.rehearsal_decision(result), result.verdict)
    if said := answer(result):
        print_line(console, said)
    if table := headline_table(result):
        _period_table(console, table)
    for sentence in [*headline_sentences(result), *call_sentences(result)] if verbose else []:
        print_line(console, sentence)
    _harms(console, result.harms)
    groups = group_findings(result.failures, result.harms)
    _findings(console, groups if verbose else groups[:1])
    if verbose:
        _rehearsal_in_detail(result, console)
    print_line(
        console,
        f"Seed {result.seed}; order: {result.order}; portal: {result.portal}. Followed through the "
        f"portal: {amounts.one_in(result.fraction)} of the crimes with a person as victim.",
    )
    for sentence in (requests_line(result), conservation_line(result.conserved)):
        if sentence:
            print_line(console, sentence)
    if not verbose:
        left = (
            f"{amounts.several(len(groups) - 1, 'other sort')} of failure, " if groups[1:] else ""
        )
        print_line(
            console, f"For {left}every table and the notes: see report.html, or add --verbose."
        )


def _rehearsal_in_detail(result: RehearsalResult, console: Console) -> None:
    """Print every table of a rehearsal, the periods side by side, and what explains them."""
    for table in (*call_tables(result), *code_tables(result)):
        _period_table(console, table)
    print_list(
        console,
        "Told late under the Victims' Code, without the force's own delay",
        late_sentences(result),
    )
    print_list(
        console,
        "Rows of the Victims' Code that this run does not measure",
        not_measured_sentences(result),
    )
    for table in period_tables(result):
        _period_table(console, table)
    print_line(console, HOW_TO_READ)
    print_list(console, "Notes", result.notes)


def show_plan(result: PlanResult, console: Console, *, is_one_page: bool = False) -> None:
    """Print a plan: the decision in the first line and a table, then all tables, or the reasons."""
    for each in (first_line(result), *plan_question(result)):
        print_line(console, each)
    _period_table(console, short_table(result))
    if is_one_page:
        print_list(console, "Why", reasons(result))
        return
    print_facts(console, *plan_facts(result))
    for table in (*plan_tables(result), *hour_tables(result)):
        _period_table(console, table)
    if result.conserved:
        print_line(console, conservation_line(result.conserved))
    print_list(console, "Notes", result.notes)


def show_check(result: CheckResult, console: Console) -> None:
    """Print each check of a portal and its surroundings, what was seen, and the decision."""
    print_heading(console, f"Check of {result.portal} {result.portal_version}")
    print_line(console, f"Order: {result.order}; portal reached: {result.reached}.")
    table = new_table("Checks", ("What", "Tried", "Seen", "Verdict"))
    for each in result.rows:
        add_row(table, each.name, each.tried, each.seen, verdict_word(each.verdict))
    console.print(table)
    print_decision(console, decisions.check_decision(result), result.verdict)


def show_proof(result: ProofResult, console: Console) -> None:
    """Print each broken portal that was not caught, and how many were, by area of requirement.

    The page and the file have the rest.
    """
    print_heading(console, "Proof: broken portals against the suite")
    for each in result.rows:
        if not each.caught:
            _not_caught(console, each)
    table = new_table("Caught, by requirement", ("Area", "Broken portals", "Caught"))
    for area in sorted({_area(each) for each in result.rows}):
        caught = [each.caught for each in result.rows if _area(each) == area]
        add_row(table, area, amounts.count(len(caught)), amounts.count(sum(caught)))
    console.print(table)
    print_line(console, "report.html and proof.json list what caught each, and what else failed.")
    if not result.whole:
        print_line(
            console, "Each met the scenarios that caught it before; with --whole it meets all."
        )
    print_list(console, "Scenarios that failed the reference (none may)", result.reference_failed)
    print_list(console, "Differences from the stored kill matrix", result.changed)
    print_decision(console, decisions.proof_decision(result), result.verdict)


def _not_caught(console: Console, row: ProofRow) -> None:
    console.print()
    console.print(Text("NOT CAUGHT", style="bold red"), Text(legible(row.label)))
    print_facts(
        console,
        ("What is wrong with it", row.wrong),
        ("Requirement", row.requirement),
        ("Must be caught by", f"{row.must_be_caught_by_id} {row.must_be_caught_by}".strip()),
        ("Why it was not caught", row.reason),
    )
    console.print()


def _area(row: ProofRow) -> str:
    return row.requirement.partition("-")[0]


def show_exploration(result: ExplorationResult, console: Console) -> None:
    """Print the decision, what was played, and the shortest story of each defect."""
    print_heading(
        console, f"Exploring {result.portal} {result.portal_version}, phase {result.phase}"
    )
    from_what = f"story {result.replayed}" if result.replayed else f"seed {result.seed}"
    print_line(console, f"Order: {result.order}; portal reached: {result.reached}; {from_what}.")
    print_decision(console, decisions.exploration_decision(result), result.verdict)
    if headline := decisions.order_headline(result):
        print_decision(console, headline, "FAIL")
    for number, defect in enumerate(result.defects, start=1):
        _explored_defect(console, defect, number)
    print_line(console, _steps_played(result))
    if not result.replayed:
        print_line(console, coverage_sentence(result))


def _steps_played(result: ExplorationResult) -> str:
    """Say which steps were played, the most frequent first; the page has the others."""
    ordered = sorted(result.step_kinds.items(), key=lambda each: -each[1])
    kinds = [f"{step_words(name)} {amounts.count(n)}" for name, n in ordered[:_STEP_KINDS_MAX]]
    if others := len(ordered) - len(kinds):
        kinds.append(f"and {amounts.several(others, 'other kind')}")
    return f"Steps played: {'; '.join(kinds)}."


def _explored_defect(console: Console, defect: Defect, number: int) -> None:
    """Print a defect on one screen, and the file that has its story."""
    named = " ".join(each for each in (defect.requirement, defect.harm) if each)
    console.print(verdict_word(defect.verdict), Text(legible(f"{number}. {named}")))
    print_facts(console, *defect_facts(defect))
    print_timeline(console, defect.timeline)
    if defect.file:
        print_line(
            console, f"  To read: {defect.file.removesuffix('.json')}.feature, or report.html."
        )
    console.print()


def show_explored_portals(result: ExploredPortals, console: Console) -> None:
    """Print how many broken portals were found by exploring alone, and what the others wait for."""
    print_heading(console, "Broken portals, explored without any scenario")
    print_line(console, f"At most {amounts.value(result.seconds_max)} s each; seed {result.seed}.")
    print_list(console, "Not caught: no story calls what is replaced", result.needs_a_step)
    print_list(console, "Not caught: the judge does not look at it", result.needs_the_judge)
    print_decision(console, decisions.explored_decision(result), result.verdict)


def show_load(result: LoadResult, console: Console) -> None:
    """Print a burst: what was sent, how long it took from update to gateway, and the harms."""
    print_heading(console, f"Load: {result.name}")
    print_line(console, f"Portal: {result.portal}; order: {result.order}.")
    print_decision(console, decisions.load_decision(result), result.verdict)
    table = new_table("Measured", ("from due to done", "p50", "p95", "p99", "p99.9", "longest"))
    for row in load_tables.times(result):
        add_row(table, row.label, *row.cells)
    console.print(table)
    table = new_table("Limits", ("limit", "measured", "allowed", "verdict"))
    for row in load_tables.limits(result):
        add_row(table, row.label, *row.cells)
    console.print(table)
    if result.faults:
        table = new_table("Faults", ("fault", "began", "ended", "all told after"))
        for row in load_tables.faults(result):
            add_row(table, row.label, *row.cells)
        console.print(table)
    for line in load_tables.surroundings(result):
        print_line(console, line)
    print_line(console, load_tables.counts(result))
    for reason, times in result.errors.items():
        print_line(console, f"{times:,}: {reason}")
    _harms(console, result.harms)
    _findings(console, group_findings(result.failures, result.harms))


def _period_table(console: Console, table: PeriodTable) -> None:
    """Print a table, in parts if it is too wide, and how to read it."""
    for part in _side_by_side(table, console.width):
        console.print(part)
    if table.note:
        print_line(console, table.note)


def _natural_columns(table: PeriodTable) -> int:
    """Give how wide a table is that wraps nothing, its edges among it."""
    label = max((len(row.label) for row in table.rows), default=0)
    widths = [
        1 + max(len(name), *(len(row.cells[place]) for row in table.rows))
        for place, name in enumerate(table.columns)
    ]
    return 2 + label + sum(widths)


def _side_by_side(table: PeriodTable, width: int) -> Iterable[Table]:
    """Lay the periods side by side, in as many even parts as the width needs."""
    across = max(1, (width - _LABEL_COLUMNS) // _PERIOD_COLUMNS)
    label_columns = min(_LABEL_COLUMNS, width // 2) - 3
    if _natural_columns(table) <= width:
        across = max(1, len(table.columns))
        label_columns = 0
    parts = -(-len(table.columns) // across) or 1
    size = -(-len(table.columns) // parts)
    cell_columns = max(_PERIOD_COLUMNS, (width - label_columns - 4) // max(size, 1)) - 1
    for first in range(0, len(table.columns), size or 1):
        shown = new_table(legible(table.caption), ())
        shown.add_column("", min_width=label_columns)
        for name in table.columns[first : first + size]:
            shown.add_column(
                Text(legible(name)), justify="right", overflow="fold", max_width=cell_columns
            )
        for row in table.rows:
            add_row(shown, row.label, *row.cells[first : first + size])
        yield shown


def _harms(console: Console, harms: list[HarmCount]) -> None:
    if not harms:
        print_line(console, "The judge found no harm.")
        return
    table = new_table("Harms, worst first", ("Harm", "Owner", "Verdict", "Avoidable", "Count"))
    for each in worst_first(harms):
        avoidable = "yes" if each.avoidable else "no"
        number = amounts.count(each.count)
        add_row(table, each.harm, OWNERS[each.owner], verdict_word(each.kind), avoidable, number)
    console.print(table)


def _findings(console: Console, groups: Iterable[FindingGroup]) -> None:
    """Print the first finding of each group for each requirement.

    The page shows more of them, and the evidence has every one.
    """
    for group in groups:
        first = group.first
        which = "the first" if len(group.examples) == 1 else "the first against each requirement"
        times = "once" if group.times == 1 else f"{amounts.several(group.times, 'time')}, {which}"
        console.print()
        console.print(
            verdict_word(first.kind), Text(f"{first.harm} ({OWNERS[first.owner]}), {times}:")
        )
        print_line(console, f"  {WHY_IT_MATTERS[first.harm]}")
        for found in group.examples:
            _finding(console, found[0])
    console.print()


def _finding(console: Console, finding: Finding) -> None:
    print_facts(
        console,
        ("Requirement", finding.requirement),
        ("Rests on", finding.rests_on),
        ("Readings", finding.readings_named),
        ("When", amounts.moment(finding.at)),
        ("Crime", finding.crime_reference),
        ("Expected", finding.expected),
        ("Observed", finding.observed),
    )
