"""One page a run, for the person who decides on it: the decision first, then the numbers.

A page stands alone: no script, nothing fetched, styles and drawings inside. The pages are made from
`templates/`, which escapes every text and makes it legible.
"""

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from simulator.legible import legible
from simulator.report import amounts, decisions, harms, load_tables
from simulator.report.acceptance_basis import VERDICT_LABELS, acceptance_basis
from simulator.report.call_tables import call_sentences, call_tables
from simulator.report.code_tables import code_tables, not_measured_sentences
from simulator.report.conservation import conservation_line
from simulator.report.coverage_rows import (
    coverage_facts,
    coverage_rows,
    rows_by_kind,
    what_is_left,
)
from simulator.report.defect_facts import defect_facts
from simulator.report.grouped_shortfalls import apart_by_phase, by_reason, found_defects, unsettled
from simulator.report.headline import answer, headline_sentences, headline_table
from simulator.report.late_news import late_sentences
from simulator.report.load_plots import burst_by_second
from simulator.report.period_tables import HOW_TO_READ, period_tables
from simulator.report.plan_calls import plan_plots
from simulator.report.plan_first_page import first_line, plan_question, reasons, short_table
from simulator.report.plan_plots import tornado
from simulator.report.plan_tables import plan_facts, plan_tables
from simulator.report.rehearsal_plots.demand import demand
from simulator.report.rehearsal_plots.every import portal_plots
from simulator.report.rehearsal_plots.journey import journey, journeys_by_group
from simulator.report.requests_a_second import requests_line
from simulator.report.shortfalls import (
    musts_not_asked,
    not_tested,
    requirements_failed_by,
    shortfalls,
)
from simulator.report.step_words import step_words
from simulator.results.exploration import ExplorationResult
from simulator.results.load import LoadResult
from simulator.results.planning import PlanResult
from simulator.results.values import (
    AcceptanceResult,
    ProofResult,
    RehearsalResult,
)
from simulator.verdicts import KINDS

#: For each harm and requirement. A page with many thousands would not open.
FINDINGS_SHOWN_MAX = 20

_FOLDER = Path(__file__).with_name("templates")


def rehearsal_html(result: RehearsalResult) -> str:
    """Make the page of a rehearsal: the answer, the plots, then every table behind them."""
    return page(
        "rehearsal.html",
        result=result,
        decision=decisions.rehearsal_decision(result),
        call_sentences=call_sentences(result),
        call_tables=call_tables(result),
        code_tables=code_tables(result),
        not_measured=not_measured_sentences(result),
        tables=period_tables(result),
        how_to_read=HOW_TO_READ,
        harms_by_owner=harms.by_owner(result.harms),
        failures=harms.group_findings(result.failures, result.harms),
        shown_max=FINDINGS_SHOWN_MAX,
        answer=answer(result),
        short=headline_table(result),
        headline=headline_sentences(result),
        demand=demand(result),
        plots=portal_plots(result),
        late=late_sentences(result),
        journey=journey(result),
        journeys=journeys_by_group(result.life.journeys_by_group if result.life else []),
        conserved=conservation_line(result.conserved),
        requests=requests_line(result),
    )


def acceptance_html(result: AcceptanceResult) -> str:
    """Make the page of an acceptance: each defect once, then counts by phase, then the rest.

    The rest, with every scenario, is folded: a printed page has only its headings.
    """
    found = shortfalls(result)
    defects = found_defects(result, found)
    left = not_tested(result)
    return page(
        "acceptance.html",
        result=result,
        decision=decisions.acceptance_decision(result),
        basis=acceptance_basis(result),
        not_asked=musts_not_asked(result),
        phase_headline=decisions.phase_headline(result),
        explained=[each.number for each in apart_by_phase(result, defects)[1]],
        phases=sorted({each.phase for each in result.requirements}),
        kinds=[kind for kind in KINDS if any(kind == each.verdict for each in result.requirements)],
        verdict_labels=VERDICT_LABELS,
        shortfalls=found,
        defects=defects,
        unsettled=unsettled(found, defects),
        why_it_matters=harms.WHY_IT_MATTERS,
        owners=harms.OWNERS,
        found_for={
            each.id: [
                short
                for short in found
                if each.id in requirements_failed_by(short.scenario, result)
            ]
            for each in result.requirements
        },
        not_tested=left,
        left_untested=by_reason(left),
        failed=[each.id for each in result.requirements if each.verdict == "FAIL"],
    )


def proof_html(result: ProofResult) -> str:
    """Make the page of a proof: which broken portals were caught, and by which scenario."""
    return page("proof.html", result=result, decision=decisions.proof_decision(result))


def exploration_html(result: ExplorationResult) -> str:
    """Make the page of an exploration: each defect by its shortest story, and what was played."""
    return page(
        "exploration.html",
        result=result,
        decision=decisions.exploration_decision(result),
        headline=decisions.order_headline(result),
        defect_facts=defect_facts,
    )


def coverage_html(result: ExplorationResult) -> str:
    """Make the page of the edges of an exploration: what is left first, then every edge."""
    rows = coverage_rows(result)
    return page(
        "coverage.html",
        result=result,
        decision=decisions.coverage_decision(result),
        facts=coverage_facts(result),
        left=what_is_left(rows),
        kinds=rows_by_kind(rows),
    )


def plan_html(result: PlanResult) -> str:
    """Make the page of a plan: the decision in one line and one table, then what it rests on."""
    return page(
        "plan.html",
        result=result,
        decision=first_line(result),
        question=plan_question(result),
        short=short_table(result),
        reasons=reasons(result),
        facts=plan_facts(result),
        tables=plan_tables(result),
        calls=plan_plots(result),
        conserved=conservation_line(result.conserved),
        plot=Markup(tornado(result.swings)) if result.swings else "",  # noqa: S704
        journeys=journeys_by_group(result.journeys_by_group),
    )


def load_html(result: LoadResult) -> str:
    """Make the page of a burst: what was sent, how long it took, and what went wrong."""
    return page(
        "load.html",
        result=result,
        decision=decisions.load_decision(result),
        times=load_tables.times(result),
        limits=load_tables.limits(result),
        surroundings=load_tables.surroundings(result),
        looked=load_tables.looked(result),
        faults=load_tables.faults(result),
        plot=Markup(burst_by_second(result.series)) if result.series else "",  # noqa: S704
        harms_by_owner=harms.by_owner(result.harms),
        failures=harms.group_findings(result.failures, result.harms),
        shown_max=FINDINGS_SHOWN_MAX,
    )


def page(template: str, **context: object) -> str:
    """Fill a template in."""
    return _environment().get_template(template).render(context)


def environment(*folders: Path) -> Environment:
    """Make the environment for the templates in `folders`, with the base of every page."""
    made = Environment(
        loader=FileSystemLoader([*folders, _FOLDER]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_legible,
    )
    for written in (
        amounts.count,
        amounts.several,
        amounts.as_sentence,
        amounts.one_in,
        amounts.seconds,
        amounts.value,
        amounts.day,
        amounts.moment,
        step_words,
    ):
        made.filters[written.__name__] = written
    made.globals["why_it_matters"] = harms.WHY_IT_MATTERS
    return made


@cache
def _environment() -> Environment:
    return environment()


def _legible(value: object) -> object:
    """Show hidden characters in every text that a template prints, except markup of our own."""
    return legible(value) if isinstance(value, str) and not isinstance(value, Markup) else value
