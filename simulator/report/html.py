"""One page a run, to be read by whoever decides on it: the decision first, the numbers after it.

A page stands alone: no script, nothing fetched, styles and drawings inside. Filled in from
`templates/`, where every text is escaped and made legible.
"""

from collections.abc import Callable
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from simulator.legible import legible
from simulator.report import amounts, decisions, harms, plots
from simulator.report.period_tables import HOW_TO_READ, go_lives, period_tables
from simulator.report.shortfalls import against, shortfalls, untested
from simulator.results.values import (
    AcceptanceResult,
    LoadResult,
    ProofResult,
    RehearsalResult,
    Week,
)
from simulator.verdicts import KINDS

#: Of failures alike against one requirement: a page with many thousands would not open.
FAILURES_ALIKE_MAX = 20

_FOLDER = Path(__file__).with_name("templates")


def rehearsal_html(result: RehearsalResult) -> str:
    """Make the page of a rehearsal: periods, calls by week, harms by owner, and the parameters."""
    return page(
        "rehearsal.html",
        result=result,
        decision=decisions.rehearsal_decision(result),
        tables=period_tables(result),
        how_to_read=HOW_TO_READ,
        harms_by_owner=harms.by_owner(result.harms),
        failures=harms.alike(result.failures, result.harms),
        alike_max=FAILURES_ALIKE_MAX,
        calls_drawn=_drawn(plots.calls_by_week, result),
        updates_drawn=_drawn(plots.update_calls_by_week, result),
    )


def acceptance_html(result: AcceptanceResult) -> str:
    """Make the page of an acceptance: requirements by phase, what was not tested, failures."""
    found = shortfalls(result)
    return page(
        "acceptance.html",
        result=result,
        decision=decisions.acceptance_decision(result),
        phases=sorted({each.phase for each in result.requirements}),
        kinds=[kind for kind in KINDS if any(kind == each.verdict for each in result.requirements)],
        counted=decisions.COUNTED,
        shortfalls=found,
        found_for={
            each.id: [short for short in found if each.id in against(short.scenario, result)]
            for each in result.requirements
        },
        untested=untested(result),
        failed=[each.id for each in result.requirements if each.verdict == "FAIL"],
    )


def proof_html(result: ProofResult) -> str:
    """Make the page of a proof: which broken portal was caught, and by what."""
    return page("proof.html", result=result, decision=decisions.proof_decision(result))


def load_html(result: LoadResult) -> str:
    """Make the page of a burst: what was sent, how long it took, and what went wrong."""
    return page(
        "load.html",
        result=result,
        decision=decisions.load_decision(result),
        harms_by_owner=harms.by_owner(result.harms),
        failures=harms.alike(result.failures, result.harms),
        alike_max=FAILURES_ALIKE_MAX,
    )


def _drawn(draw: Callable[[list[Week], plots.GoLives], str], result: RehearsalResult) -> Markup:
    """Draw a plot as markup: its texts were escaped where it was drawn."""
    return Markup(draw(result.weeks, go_lives(result.periods)) if result.weeks else "")  # noqa: S704


def page(template: str, **context: object) -> str:
    """Fill a template in."""
    return _environment().get_template(template).render(context)


def environment(*folders: Path) -> Environment:
    """Make what fills templates in: those of `folders`, and the base that every page stands on."""
    made = Environment(
        loader=FileSystemLoader([*folders, _FOLDER]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_legible,
    )
    for said in (
        amounts.count,
        amounts.several,
        amounts.one_in,
        amounts.seconds,
        amounts.value,
        amounts.day,
        amounts.moment,
    ):
        made.filters[said.__name__] = said
    made.globals["why_it_matters"] = harms.WHY_IT_MATTERS
    return made


@cache
def _environment() -> Environment:
    return environment()


def _legible(value: object) -> object:
    """Show hidden characters in whatever a template prints, but for what is markup already."""
    return legible(value) if isinstance(value, str) and not isinstance(value, Markup) else value
