"""What a command prints: tables in plain words, the decision, and what to do next.

A verdict is always its word, never a colour alone. If the output is not a terminal, rich prints
plain text.
"""

from collections.abc import Iterable, Sequence

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from simulator.errors import CONFORMS
from simulator.legible import legible
from simulator.report import amounts, decisions, load_tables
from simulator.report.call_tables import call_sentences, call_tables
from simulator.report.code_tables import code_tables, not_measured_sentences
from simulator.report.conservation import conservation_line
from simulator.report.coverage_rows import coverage_sentence
from simulator.report.defect_facts import defect_facts
from simulator.report.grouped_shortfalls import (
    FoundDefect,
    LeftUntested,
    Unsettled,
    apart_by_phase,
    by_reason,
    found_defects,
    unsettled,
)
from simulator.report.harms import OWNERS, WHY_IT_MATTERS, FindingGroup, group_findings, worst_first
from simulator.report.headline import answer, headline_sentences, headline_table
from simulator.report.late_news import late_sentences
from simulator.report.period_tables import HOW_TO_READ, PeriodTable, period_tables
from simulator.report.plan_calls import hour_tables
from simulator.report.plan_first_page import first_line, plan_question, reasons, short_table
from simulator.report.plan_tables import plan_facts, plan_tables
from simulator.report.requests_a_second import requests_line
from simulator.report.shortfalls import (
    NotTested,
    Shortfall,
    musts_not_asked,
    not_tested,
    shortfalls,
)
from simulator.report.step_words import step_words
from simulator.results.comparison import Comparison
from simulator.results.exploration import Defect, ExplorationResult, ExploredPortals
from simulator.results.load import LoadResult
from simulator.results.planning import PlanResult
from simulator.results.values import (
    AcceptanceResult,
    CheckResult,
    HarmCount,
    ProofResult,
    ProofRow,
    RehearsalResult,
)
from simulator.verdicts import KINDS, Finding, Kind, exit_code

_LABEL_COLUMNS, _PERIOD_COLUMNS = 30, 10
_STYLES: dict[Kind, str] = {"PASS": "green", "FAIL": "bold red", "ERROR": "bold red"}
#: The terminal shows only the last lines of a failed scenario's timeline.
TIMELINE_LINES_MAX = 6
#: Without --verbose, so many scenarios or requirements are named in a line.
_NAMED_MAX, _IDS_MAX = 6, 3
#: Of a comparison so many rows of a table.
_COMPARED_MAX = 10
#: So many requirements that do not fail are named; those that do are named all.
_IN_DOUBT_MAX = 12
_STEPS_MAX = 3
#: So many kinds of step of an exploration are named.
_STEP_KINDS_MAX = 8
#: So many defects are printed with what happened; the page has it for all.
_WITH_TIMELINE_MAX = 1


def show_rehearsal(result: RehearsalResult, console: Console, *, verbose: bool = False) -> None:
    """Print a rehearsal on one screen: the decision, what it rests on, and the harms by owner.

    With `verbose`, also every table, what came late and why, each failure, and the notes.
    """
    _heading(console, f"Rehearsal: {result.name}")
    _decision(console, decisions.rehearsal_decision(result), result.verdict)
    if said := answer(result):
        _line(console, said)
    if table := headline_table(result):
        _period_table(console, table)
    for sentence in [*headline_sentences(result), *call_sentences(result)] if verbose else []:
        _line(console, sentence)
    _harms(console, result.harms)
    groups = group_findings(result.failures, result.harms)
    _findings(console, groups if verbose else groups[:1])
    if verbose:
        _rehearsal_in_detail(result, console)
    _line(
        console,
        f"Seed {result.seed}; order: {result.order}; portal: {result.portal}. Followed through the "
        f"portal: {amounts.one_in(result.fraction)} of the crimes with a person as victim.",
    )
    for sentence in (requests_line(result), conservation_line(result.conserved)):
        if sentence:
            _line(console, sentence)
    if not verbose:
        left = (
            f"{amounts.several(len(groups) - 1, 'other sort')} of failure, " if groups[1:] else ""
        )
        _line(console, f"For {left}every table and the notes: see report.html, or add --verbose.")


def _rehearsal_in_detail(result: RehearsalResult, console: Console) -> None:
    """Print every table of a rehearsal, the periods side by side, and what explains them."""
    for table in (*call_tables(result), *code_tables(result)):
        _period_table(console, table)
    _list(
        console,
        "Told late under the Victims' Code, without the force's own delay",
        late_sentences(result),
    )
    _list(
        console,
        "Rows of the Victims' Code that this run does not measure",
        not_measured_sentences(result),
    )
    for table in period_tables(result):
        _period_table(console, table)
    _line(console, HOW_TO_READ)
    _list(console, "Notes", result.notes)


def show_plan(result: PlanResult, console: Console, *, is_one_page: bool = False) -> None:
    """Print a plan: the decision in the first line and a table, then all tables, or the reasons."""
    for each in (first_line(result), *plan_question(result)):
        _line(console, each)
    _period_table(console, short_table(result))
    if is_one_page:
        _list(console, "Why", reasons(result))
        return
    _facts(console, *plan_facts(result))
    for table in (*plan_tables(result), *hour_tables(result)):
        _period_table(console, table)
    if result.conserved:
        _line(console, conservation_line(result.conserved))
    _list(console, "Notes", result.notes)


def show_acceptance(result: AcceptanceResult, console: Console, *, verbose: bool = False) -> None:
    """Print an acceptance: the decision, each defect once, and what was not met or not tested.

    With `verbose`, also every requirement and every scenario that did not pass or was not run.
    """
    _heading(
        console, f"Acceptance of {result.portal} {result.portal_version}, phase {result.phase}"
    )
    _line(console, f"Order: {result.order}; portal reached: {result.reached}.")
    _decision(console, decisions.acceptance_decision(result), result.verdict)
    if details := decisions.acceptance_details(result):
        _line(console, details)
    _not_asked(console, result)
    found = shortfalls(result)
    defects = found_defects(result, found)
    others, explained = apart_by_phase(result, defects)
    if headline := decisions.phase_headline(result):
        _decision(console, headline, "FAIL")
    if result.compared is not None:
        _compared(console, result.compared)
    _defects(console, defects if verbose else others, verbose=verbose)
    if explained and not verbose:
        _defect_table(console, "Defects that the other phase explains", explained)
    for group in unsettled(found, defects):
        _unsettled(console, group, verbose=verbose)
    _requirement_counts(console, result)
    _requirements(console, result, verbose=verbose)
    rows = not_tested(result)
    if verbose:
        _not_tested(console, rows)
    else:
        _left_untested(console, by_reason(rows), is_failed=result.verdict == "FAIL")
    if not rows and not result.only:
        _line(console, "Everything that this phase asks for was tested.")
    if not verbose and (defects or rows):
        _line(console, "report.html has every scenario; --verbose prints them here too.")


def _not_asked(console: Console, result: AcceptanceResult) -> None:
    """Print which musts were not asked, or only in part, and what they wait for."""
    rows = musts_not_asked(result)
    if rows:
        table = _table("Musts that were not asked, or only in part", ("Id", "Waits for"))
        for row in rows:
            _row(table, *row)
        console.print(table)


def _compared(console: Console, found: Comparison) -> None:
    _line(console, found.sentence)
    changed = [each for each in found.defects if each.change in ("new", "mended")]
    for title, rows in (("Defects", changed), ("Failed requirements", found.requirements)):
        table = _table(f"{title}, beside the earlier run", ("Change", "Id", "Expected"))
        for each in rows[:_COMPARED_MAX]:
            _row(table, each.change, each.id, each.expected)
        if rows:
            console.print(table)
    _line(console, "report.html and acceptance.json list all of them.")


def show_check(result: CheckResult, console: Console) -> None:
    """Print each check of a portal and its surroundings, what was seen, and the decision."""
    _heading(console, f"Check of {result.portal} {result.portal_version}")
    _line(console, f"Order: {result.order}; portal reached: {result.reached}.")
    table = _table("Checks", ("What", "Tried", "Seen", "Verdict"))
    for each in result.rows:
        _row(table, each.name, each.tried, each.seen, _verdict(each.verdict))
    console.print(table)
    _decision(console, decisions.check_decision(result), result.verdict)


def show_proof(result: ProofResult, console: Console) -> None:
    """Print each broken portal that was not caught, and how many were, by area of requirement.

    The page and the file have the rest.
    """
    _heading(console, "Proof: broken portals against the suite")
    for each in result.rows:
        if not each.caught:
            _not_caught(console, each)
    table = _table("Caught, by requirement", ("Area", "Broken portals", "Caught"))
    for area in sorted({_area(each) for each in result.rows}):
        caught = [each.caught for each in result.rows if _area(each) == area]
        _row(table, area, amounts.count(len(caught)), amounts.count(sum(caught)))
    console.print(table)
    _line(console, "report.html and proof.json list what caught each, and what else failed.")
    if not result.whole:
        _line(console, "Each met the scenarios that caught it before; with --whole it meets all.")
    _list(console, "Scenarios that failed the reference (none may)", result.reference_failed)
    _list(console, "Differences from the stored kill matrix", result.changed)
    _decision(console, decisions.proof_decision(result), result.verdict)


def _not_caught(console: Console, row: ProofRow) -> None:
    console.print()
    console.print(Text("NOT CAUGHT", style="bold red"), Text(legible(row.label)))
    _facts(
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
    _heading(console, f"Exploring {result.portal} {result.portal_version}, phase {result.phase}")
    from_what = f"story {result.replayed}" if result.replayed else f"seed {result.seed}"
    _line(console, f"Order: {result.order}; portal reached: {result.reached}; {from_what}.")
    _decision(console, decisions.exploration_decision(result), result.verdict)
    if headline := decisions.order_headline(result):
        _decision(console, headline, "FAIL")
    for number, defect in enumerate(result.defects, start=1):
        _explored_defect(console, defect, number)
    _line(console, _steps_played(result))
    if not result.replayed:
        _line(console, coverage_sentence(result))


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
    console.print(_verdict(defect.verdict), Text(legible(f"{number}. {named}")))
    _facts(console, *defect_facts(defect))
    _timeline(console, defect.timeline)
    if defect.file:
        _line(console, f"  To read: {defect.file.removesuffix('.json')}.feature, or report.html.")
    console.print()


def show_explored_portals(result: ExploredPortals, console: Console) -> None:
    """Print how many broken portals were found by exploring alone, and what the others wait for."""
    _heading(console, "Broken portals, explored without any scenario")
    _line(console, f"At most {amounts.value(result.seconds_max)} s each; seed {result.seed}.")
    _list(console, "Not caught: no story calls what is replaced", result.needs_a_step)
    _list(console, "Not caught: the judge does not look at it", result.needs_the_judge)
    _decision(console, decisions.explored_decision(result), result.verdict)


def show_load(result: LoadResult, console: Console) -> None:
    """Print a burst: what was sent, how long it took from update to gateway, and the harms."""
    _heading(console, f"Load: {result.name}")
    _line(console, f"Portal: {result.portal}; order: {result.order}.")
    _decision(console, decisions.load_decision(result), result.verdict)
    table = _table("Measured", ("from due to done", "p50", "p95", "p99", "p99.9", "longest"))
    for row in load_tables.times(result):
        _row(table, row.label, *row.cells)
    console.print(table)
    table = _table("Limits", ("limit", "measured", "allowed", "verdict"))
    for row in load_tables.limits(result):
        _row(table, row.label, *row.cells)
    console.print(table)
    if result.faults:
        table = _table("Faults", ("fault", "began", "ended", "all told after"))
        for row in load_tables.faults(result):
            _row(table, row.label, *row.cells)
        console.print(table)
    for line in load_tables.surroundings(result):
        _line(console, line)
    _line(console, load_tables.counts(result))
    for reason, times in result.errors.items():
        _line(console, f"{times:,}: {reason}")
    _harms(console, result.harms)
    _findings(console, group_findings(result.failures, result.harms))


def _period_table(console: Console, table: PeriodTable) -> None:
    """Print a table, in parts if it is too wide, and how to read it."""
    for part in _side_by_side(table, console.width):
        console.print(part)
    if table.note:
        _line(console, table.note)


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
        shown = _table(legible(table.caption), ())
        shown.add_column("", min_width=label_columns)
        for name in table.columns[first : first + size]:
            shown.add_column(
                Text(legible(name)), justify="right", overflow="fold", max_width=cell_columns
            )
        for row in table.rows:
            _row(shown, row.label, *row.cells[first : first + size])
        yield shown


def _defects(console: Console, defects: Sequence[FoundDefect], *, verbose: bool) -> None:
    """Print each defect that fails the portal with an example, and a line for each other one."""
    own = [each for each in defects if each.cause.kind == "FAIL"]
    others = [each for each in defects if each.cause.kind != "FAIL"]
    for place, each in enumerate(own):
        _defect(console, each, verbose=verbose, has_timeline=verbose or place < _WITH_TIMELINE_MAX)
    if others:
        _defect_table(console, "Defects that do not fail the portal", others)


def _defect_table(console: Console, title: str, defects: Sequence[FoundDefect]) -> None:
    """Print a line for each defect."""
    table = _table(title, ("Harm", "Whose", "Scenarios", "Observed"))
    for each in defects:
        cause, shown = each.cause, amounts.count(len(each.shown_by))
        _row(table, cause.harm, OWNERS[cause.owner], shown, cause.observed)
    console.print()
    console.print(table)


def _defect(console: Console, defect: FoundDefect, *, verbose: bool, has_timeline: bool) -> None:
    """Print a defect with the scenario that shows it most plainly; the others are named."""
    cause, scenario = defect.cause, defect.example.scenario
    scenarios = amounts.several(len(defect.shown_by), "scenario")
    console.print()
    console.print(
        _verdict(cause.kind),
        Text(legible(f"{defect.number}. {cause.harm} ({OWNERS[cause.owner]}), in {scenarios}")),
    )
    _facts(
        console,
        ("Expected", cause.expected),
        ("Observed", cause.observed),
        ("Why it matters", WHY_IT_MATTERS[cause.harm]),
        ("Requirement", _some(sorted(cause.requirements))),
        ("Readings", cause.readings),
        ("Steps that fail with it", "\n".join(_steps(defect))),
        ("Shown by", scenario.label),
        ("Step", scenario.failed_step),
        ("Also shown by", _some([e.scenario.id or e.scenario.name for e in defect.also])),
    )
    if has_timeline:
        _timeline(console, scenario.timeline)
    _command(console, scenario.command)
    if verbose:
        for each in defect.also:
            _shortfall(console, each)


def _steps(defect: FoundDefect) -> Iterable[str]:
    """Say which steps may fail of a defect: the first, and how many more."""
    for cause, count in defect.steps[:_STEPS_MAX]:
        yield f"{cause.expected}: {cause.observed} ({amounts.several(count, 'scenario')})"
    if len(defect.steps) > _STEPS_MAX:
        yield f"and {amounts.several(len(defect.steps) - _STEPS_MAX, 'other')}"


def _unsettled(console: Console, group: Unsettled, *, verbose: bool) -> None:
    """Print scenarios that share a reason: the first in full, the others named."""
    others = group.scenarios[1:]
    _shortfall(console, group.scenarios[0])
    if verbose:
        for each in others:
            _shortfall(console, each)
    elif others:
        named = _some([each.scenario.id or each.scenario.name for each in others])
        _facts(console, ("The same reason", named))


def _some(names: Sequence[str], *, most: int = _NAMED_MAX) -> str:
    """Name the first of many, and count the rest."""
    left = len(names) - most
    more = f" and {amounts.count(left)} more" if left > 0 else ""
    return ", ".join(names[:most]) + more


def _requirement_counts(console: Console, result: AcceptanceResult) -> None:
    """Print how many requirements of each phase have each verdict."""
    kinds = [kind for kind in KINDS if any(kind == each.verdict for each in result.requirements)]
    table = _table("Requirements by phase", ("Phase", *kinds))
    for phase in sorted({each.phase for each in result.requirements}):
        mine = [each.verdict for each in result.requirements if each.phase == phase]
        _row(table, str(phase), *(amounts.count(mine.count(kind)) for kind in kinds))
    if kinds:
        console.print()
        console.print(table)


def _requirements(console: Console, result: AcceptanceResult, *, verbose: bool) -> None:
    """Name the requirements that are not met, and some in doubt; with `verbose`, print them all."""
    for kind in () if verbose else KINDS:
        ids = [each.id for each in result.requirements if each.verdict == kind]
        if ids and kind not in ("PASS", "OMIT"):
            most = _IN_DOUBT_MAX if exit_code(kind) == CONFORMS else len(ids)
            _line(console, f"{kind}: {_some(ids, most=most)}")
    table = _table("Requirements", ("Id", "Requirement", "Level", "Phase", "Verdict"))
    for each in result.requirements if verbose else ():
        _row(table, each.id, each.sentence, each.level, str(each.phase), _verdict(each.verdict))
    if verbose and result.requirements:
        console.print(table)


def _not_tested(console: Console, rows: Sequence[NotTested]) -> None:
    table = _table("Not tested", ("What", "Requirement", "Verdict", "Why"))
    for row in rows:
        why = f"{row.reason} ({_blocks(row)})"
        _row(table, row.what, ", ".join(row.requirements), _verdict(row.verdict), why)
    if rows:
        console.print(table)


def _left_untested(console: Console, groups: Sequence[LeftUntested], *, is_failed: bool) -> None:
    """Print what was not tested, a line for each reason.

    Of a run that `is_failed`, what does not block a pass is only counted: defects are read first.
    """
    listed = [each for each in groups if each.blocks or not is_failed]
    table = _table("Not tested", ("Why", "How many", "Requirement", "Verdict"))
    for each in listed:
        ids, many = _some(each.requirements, most=_IDS_MAX), amounts.count(each.count)
        _row(table, f"{each.reason} ({_blocks(each)})", many, ids, _verdict(each.verdict))
    if listed:
        console.print()
        console.print(table)
    if counted := sum(each.count for each in groups) - sum(each.count for each in listed):
        _line(console, f"Not tested besides, which does not block a pass: {amounts.count(counted)}")


def _blocks(row: NotTested | LeftUntested) -> str:
    return "blocks a pass" if row.blocks else "does not block"


def _shortfall(console: Console, short: Shortfall) -> None:
    scenario = short.scenario
    console.print()
    console.print(_verdict(scenario.verdict), Text(legible(f"{short.number}. {scenario.label}")))
    _facts(
        console,
        ("Feature", scenario.feature),
        ("Step", scenario.failed_step),
        ("Expected", scenario.expected),
        ("Observed", scenario.observed),
        ("Reason", scenario.reason),
        ("Why it matters", "\n".join(short.why_it_matters)),
        ("Requirement", "\n".join(short.requirements)),
    )
    _timeline(console, scenario.timeline)
    _command(console, scenario.command)


def _command(console: Console, command: str) -> None:
    if command:
        _line(console, "  To run only this one:")
        # Not wrapped, so that it can be copied.
        console.print(Text(f"    {legible(command)}"), soft_wrap=True)


def _timeline(console: Console, lines: Sequence[str]) -> None:
    """Print the last lines of what happened."""
    if lines:
        _line(console, "  What happened, in London time (last lines; report.html has them all):")
        grid = Table.grid(padding=(0, 2))
        grid.add_column(no_wrap=True)
        grid.add_column(overflow="fold")
        for line in lines[-TIMELINE_LINES_MAX:]:
            at, apart, words = line.partition("  ")
            _row(grid, f"    {at if apart else ''}", words if apart else line)
        console.print(grid)


def _harms(console: Console, harms: list[HarmCount]) -> None:
    if not harms:
        _line(console, "The judge found no harm.")
        return
    table = _table("Harms, worst first", ("Harm", "Owner", "Verdict", "Avoidable", "Count"))
    for each in worst_first(harms):
        avoidable = "yes" if each.avoidable else "no"
        number = amounts.count(each.count)
        _row(table, each.harm, OWNERS[each.owner], _verdict(each.kind), avoidable, number)
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
        console.print(_verdict(first.kind), Text(f"{first.harm} ({OWNERS[first.owner]}), {times}:"))
        _line(console, f"  {WHY_IT_MATTERS[first.harm]}")
        for found in group.examples:
            _finding(console, found[0])
    console.print()


def _finding(console: Console, finding: Finding) -> None:
    _facts(
        console,
        ("Requirement", finding.requirement),
        ("Rests on", finding.rests_on),
        ("Readings", finding.readings_named),
        ("When", amounts.moment(finding.at)),
        ("Crime", finding.crime_reference),
        ("Expected", finding.expected),
        ("Observed", finding.observed),
    )


def _facts(console: Console, *facts: tuple[str, str]) -> None:
    """Print each name with its words beside it, and leave out names without words."""
    grid = Table.grid(padding=(0, 2))
    grid.add_column(overflow="fold")
    grid.add_column(overflow="fold")
    for name, words in facts:
        if words:
            _row(grid, f"  {name}", words)
    console.print(grid)


def _table(title: str, columns: Iterable[str]) -> Table:
    table = Table(
        title=Text(title, style="bold"), title_justify="left", box=SIMPLE_HEAD, padding=(0, 0)
    )
    for each in columns:
        table.add_column(each, overflow="fold")
    return table


def _row(table: Table, *cells: str | Text) -> None:
    """Add a row. None of its text is taken for markup."""
    table.add_row(*(Text(legible(each)) if isinstance(each, str) else each for each in cells))


def _verdict(kind: Kind) -> Text:
    return Text(kind, style=_STYLES.get(kind, "yellow"))


def _heading(console: Console, words: str) -> None:
    console.print(Text(legible(words), style="bold underline"))


def _decision(console: Console, words: str, kind: Kind) -> None:
    console.print()
    console.print(Text(legible(words), style=f"bold {_STYLES.get(kind, 'yellow')}"))
    console.print()


def _line(console: Console, words: str) -> None:
    console.print(Text(legible(words)))


def _list(console: Console, heading: str, entries: Iterable[str]) -> None:
    lines = [f"- {legible(each)}" for each in entries]
    if lines:
        console.print(Text(heading, style="bold"))
        console.print(Text("\n".join(lines)))
