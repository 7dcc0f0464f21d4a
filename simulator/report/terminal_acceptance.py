"""What `accept` prints: the decision, each defect once, and what was not met or not tested."""

from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.text import Text

from simulator.errors import CONFORMS
from simulator.legible import legible
from simulator.report import amounts, decisions
from simulator.report.acceptance_basis import acceptance_basis
from simulator.report.grouped_shortfalls import (
    FoundDefect,
    LeftUntested,
    Unsettled,
    apart_by_phase,
    by_reason,
    found_defects,
    unsettled,
)
from simulator.report.harms import OWNERS, WHY_IT_MATTERS
from simulator.report.shortfalls import (
    NotTested,
    Shortfall,
    musts_not_asked,
    not_tested,
    shortfalls,
)
from simulator.report.terminal_parts import (
    add_row,
    new_table,
    print_command,
    print_decision,
    print_facts,
    print_heading,
    print_line,
    print_timeline,
    verdict_word,
)
from simulator.results.comparison import Comparison
from simulator.results.values import (
    AcceptanceResult,
)
from simulator.verdicts import KINDS, exit_code

#: Without --verbose, so many scenarios or requirements are named in a line.
_NAMED_MAX, _IDS_MAX = 6, 3
#: Of a comparison so many rows of a table.
_COMPARED_MAX = 10
#: So many requirements that do not fail are named; those that do are named all.
_IN_DOUBT_MAX = 12
_STEPS_MAX = 3
#: So many defects are printed with what happened; the page has it for all.
_WITH_TIMELINE_MAX = 1


def show_acceptance(result: AcceptanceResult, console: Console, *, verbose: bool = False) -> None:
    """Print an acceptance: the decision, each defect once, and what was not met or not tested.

    With `verbose`, also every requirement and every scenario that did not pass or was not run.
    """
    print_heading(
        console, f"Acceptance of {result.portal} {result.portal_version}, phase {result.phase}"
    )
    print_line(console, f"Order: {result.order}; portal reached: {result.reached}.")
    print_decision(console, decisions.acceptance_decision(result), result.verdict)
    print_facts(console, *acceptance_basis(result))
    _not_asked(console, result)
    found = shortfalls(result)
    defects = found_defects(result, found)
    others, explained = apart_by_phase(result, defects)
    if headline := decisions.phase_headline(result):
        print_decision(console, headline, "FAIL")
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
        print_line(console, "Everything that this phase asks for was tested.")
    if not verbose and (defects or rows):
        print_line(console, "report.html has every scenario; --verbose prints them here too.")


def _not_asked(console: Console, result: AcceptanceResult) -> None:
    """Print which musts were not asked, or only in part, and what they wait for."""
    rows = musts_not_asked(result)
    if rows:
        table = new_table("Musts that were not asked, or only in part", ("Id", "Waits for"))
        for row in rows:
            add_row(table, *row)
        console.print(table)


def _compared(console: Console, found: Comparison) -> None:
    print_line(console, found.sentence)
    changed = [each for each in found.defects if each.change != "the same"]
    for title, rows in (("Defects", changed), ("Failed requirements", found.requirements)):
        table = new_table(f"{title}, beside the earlier run", ("Change", "Id", "Expected"))
        for each in rows[:_COMPARED_MAX]:
            add_row(table, each.change, each.id, each.expected)
        if rows:
            console.print(table)
    print_line(console, "report.html and acceptance.json list all of them.")


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
    table = new_table(title, ("Harm", "Whose", "Scenarios", "Observed"))
    for each in defects:
        cause, shown = each.cause, amounts.count(len(each.shown_by))
        add_row(table, cause.harm, OWNERS[cause.owner], shown, cause.observed)
    console.print()
    console.print(table)


def _defect(console: Console, defect: FoundDefect, *, verbose: bool, has_timeline: bool) -> None:
    """Print a defect with the scenario that shows it most plainly; the others are named."""
    cause, scenario = defect.cause, defect.example.scenario
    scenarios = amounts.several(len(defect.shown_by), "scenario")
    console.print()
    console.print(
        verdict_word(cause.kind),
        Text(legible(f"{defect.number}. {cause.harm} ({OWNERS[cause.owner]}), in {scenarios}")),
    )
    print_facts(
        console,
        ("Expected", cause.expected),
        ("Observed", cause.observed),
        ("Where", cause.where),
        ("Why it matters", WHY_IT_MATTERS[cause.harm]),
        ("Requirement", _some(sorted(cause.requirements))),
        ("Readings", cause.readings),
        ("Steps that fail with it", "\n".join(_steps(defect))),
        ("Shown by", scenario.label),
        ("Step", scenario.failed_step),
        ("Also shown by", _some([e.scenario.id or e.scenario.name for e in defect.also])),
    )
    if has_timeline:
        print_timeline(console, scenario.timeline)
    print_command(console, scenario.command)
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
        print_facts(console, ("The same reason", named))


def _some(names: Sequence[str], *, most: int = _NAMED_MAX) -> str:
    """Name the first of many, and count the rest."""
    left = len(names) - most
    more = f" and {amounts.count(left)} more" if left > 0 else ""
    return ", ".join(names[:most]) + more


def _requirement_counts(console: Console, result: AcceptanceResult) -> None:
    """Print how many requirements of each phase have each verdict."""
    kinds = [kind for kind in KINDS if any(kind == each.verdict for each in result.requirements)]
    table = new_table("Requirements by phase", ("Phase", *kinds))
    for phase in sorted({each.phase for each in result.requirements}):
        mine = [each.verdict for each in result.requirements if each.phase == phase]
        add_row(table, str(phase), *(amounts.count(mine.count(kind)) for kind in kinds))
    if kinds:
        console.print()
        console.print(table)


def _requirements(console: Console, result: AcceptanceResult, *, verbose: bool) -> None:
    """Name the requirements that are not met, and some in doubt; with `verbose`, print them all."""
    for kind in () if verbose else KINDS:
        ids = [each.id for each in result.requirements if each.verdict == kind]
        if ids and kind not in ("PASS", "OMIT"):
            most = _IN_DOUBT_MAX if exit_code(kind) == CONFORMS else len(ids)
            print_line(console, f"{kind}: {_some(ids, most=most)}")
    table = new_table("Requirements", ("Id", "Requirement", "Level", "Phase", "Verdict"))
    for each in result.requirements if verbose else ():
        add_row(
            table, each.id, each.sentence, each.level, str(each.phase), verdict_word(each.verdict)
        )
    if verbose and result.requirements:
        console.print(table)


def _not_tested(console: Console, rows: Sequence[NotTested]) -> None:
    table = new_table("Not tested", ("What", "Requirement", "Verdict", "Why"))
    for row in rows:
        why = f"{row.reason} ({_blocks(row)})"
        add_row(table, row.what, ", ".join(row.requirements), verdict_word(row.verdict), why)
    if rows:
        console.print(table)


def _left_untested(console: Console, groups: Sequence[LeftUntested], *, is_failed: bool) -> None:
    """Print what was not tested, a line for each reason.

    Of a run that `is_failed`, what does not block a pass is only counted: defects are read first.
    """
    listed = [each for each in groups if each.blocks or not is_failed]
    table = new_table("Not tested", ("Why", "How many", "Requirement", "Verdict"))
    for each in listed:
        ids, many = _some(each.requirements, most=_IDS_MAX), amounts.count(each.count)
        add_row(table, f"{each.reason} ({_blocks(each)})", many, ids, verdict_word(each.verdict))
    if listed:
        console.print()
        console.print(table)
    if counted := sum(each.count for each in groups) - sum(each.count for each in listed):
        print_line(
            console, f"Not tested besides, which does not block a pass: {amounts.count(counted)}"
        )


def _blocks(row: NotTested | LeftUntested) -> str:
    return "blocks a pass" if row.blocks else "does not block"


def _shortfall(console: Console, short: Shortfall) -> None:
    scenario = short.scenario
    console.print()
    console.print(
        verdict_word(scenario.verdict), Text(legible(f"{short.number}. {scenario.label}"))
    )
    print_facts(
        console,
        ("Feature", scenario.feature),
        ("Step", scenario.failed_step),
        ("Expected", scenario.expected),
        ("Observed", scenario.observed),
        ("Reason", scenario.reason),
        ("Why it matters", "\n".join(short.why_it_matters)),
        ("Requirement", "\n".join(short.requirements)),
    )
    print_timeline(console, scenario.timeline)
    print_command(console, scenario.command)
