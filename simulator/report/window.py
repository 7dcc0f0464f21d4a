"""The test weeks of a phase for a board: the decision, the criteria, each day, and the failures."""

import csv
import io

from msgspec import structs

from simulator.report import harms
from simulator.report.amounts import several
from simulator.report.decisions import SAYS
from simulator.report.html import FAILURES_ALIKE_MAX, page
from simulator.results.window import WindowDay, WindowResult
from simulator.verdicts import Kind


def window_decision(result: WindowResult) -> str:
    """Say in a sentence whether the portal got through the weeks."""
    weeks = (result.ends - result.starts).days // 7
    failures = sum(each.count for each in result.harms if each.kind == "FAIL")
    found = several(failures, "failure") if failures else "no failure of the portal's"
    others = sum(each.count for each in result.harms if each.kind != "FAIL")
    if others:
        found += f", and to look at {several(others, 'harm')} by others or past avoiding"
    untried = "".join(f"; {each}" for each in result.untried)
    return (
        f"{result.verdict}: in {several(weeks, 'week')} of testing phase {result.phase}, "
        f"{result.portal} {SAYS[result.verdict]}: {several(result.crimes, 'crime')}, "
        f"{several(result.obligations, 'message')} owed and judged, {found}{untried}."
    )


def criteria(result: WindowResult) -> list[tuple[str, str, Kind]]:
    """Give the exit criteria of the weeks, what was seen of each, and whether it is met."""
    failed = sum(each.count for each in result.harms if each.kind == "FAIL")
    worst = [each for each in result.harms if each.kind == "FAIL" and each.harm in _CRITICAL]
    critical = sum(each.count for each in worst)
    silent = [each.day for each in result.days if each.updates and not each.messages]
    silent_words = ", ".join(f"{day:%d %B}" for day in silent[:5]) or "none"
    return [
        (
            "Nobody is told what is another's, and nothing is disclosed",
            str(critical),
            _met(critical),
        ),
        ("The portal fails no requirement", several(failed, "failure"), _met(failed)),
        (
            "Everything that the phase brings was tried",
            "; ".join(result.untried) or "all of it",
            "INCONCLUSIVE" if result.untried else "PASS",
        ),
        (
            "No day with updates passes without a message",
            silent_words,
            "REVIEW" if silent else "PASS",
        ),
    ]


def window_html(result: WindowResult) -> str:
    """Make the page of a phase's test weeks."""
    return page(
        "window.html",
        result=result,
        decision=window_decision(result),
        criteria=criteria(result),
        harms_by_owner=harms.by_owner(result.harms),
        failures=harms.alike(result.failures, result.harms),
        alike_max=FAILURES_ALIKE_MAX,
    )


def window_csv(result: WindowResult) -> str:
    """Write the days as CSV, one a line."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(WindowDay.__struct_fields__)
    writer.writerows(structs.astuple(each) for each in result.days)
    return text.getvalue()


def _met(count: int) -> Kind:
    return "FAIL" if count else "PASS"


_CRITICAL = ("misdirected", "disclosed")
