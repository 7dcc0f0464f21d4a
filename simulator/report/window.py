"""The test weeks of a phase for a board: the decision, the criteria, each day, and the failures."""

import csv
import io
from datetime import timedelta

from msgspec import structs

from simulator.report import harms
from simulator.report.amounts import kind, several
from simulator.report.decisions import code_sentence, harms_sentence, portal_sentence
from simulator.report.html import FINDINGS_SHOWN_MAX, page
from simulator.results.window import WindowDay, WindowResult
from simulator.verdicts import Kind


def window_decision(result: WindowResult) -> str:
    """State whether the portal got through the weeks."""
    weeks = (result.ends - result.starts).days // 7
    untried = "".join(f"; {each}" for each in result.untried)
    return (
        f"{result.verdict}: in {several(weeks, 'week')} of testing phase {result.phase}, "
        f"{result.portal} {portal_sentence(result.verdict, result.harms)}. "
        f"{several(result.crimes, 'crime')}, {several(result.obligations, 'message')} due: "
        f"{harms_sentence(result.harms)}{code_sentence(result.victims_code)}{untried}."
    )


def exit_criteria(result: WindowResult) -> list[tuple[str, str, Kind]]:
    """Give the exit criteria of the weeks, what was seen, and the verdict on each."""
    failed = sum(each.count for each in result.harms if each.kind == "FAIL")
    worst = [each for each in result.harms if each.kind == "FAIL" and each.harm in _CRITICAL]
    critical = sum(each.count for each in worst)
    silent = [each.day for each in result.days if each.updates and not each.messages]
    silent_words = ", ".join(f"{day:%d %B}" for day in silent[:5]) or "none"
    return [
        (
            "No message reaches the wrong person, and nothing is disclosed",
            str(critical),
            _met(critical),
        ),
        ("The portal fails no requirement", several(failed, "failure"), _met(failed)),
        (
            "Victims were invited, signed in and read, and in phase 3 were answered",
            "; ".join(result.untried) or "all of it",
            "INCONCLUSIVE" if result.untried else "PASS",
        ),
        (
            "What happened to the crimes was tried",
            tried_sentence(result),
            "REVIEW" if result.not_tried else "PASS",
        ),
        (
            "Every day with updates has a message",
            silent_words,
            "REVIEW" if silent else "PASS",
        ),
    ]


def tried_sentence(result: WindowResult) -> str:
    """State how much of what may happen to a crime these weeks tried, and what they did not."""
    every = len(result.tried) + len(result.not_tried)
    words = f"{len(result.tried)} of {several(every, 'kind')} of event"
    if not result.not_tried:
        return words
    return f"{words}; not {', '.join(_in_words(each) for each in result.not_tried)}"


def _in_words(name: str) -> str:
    """Write a kind of event as people say it: a milestone by its own name."""
    milestone = name.partition(": ")[2]
    return milestone or kind(name)


def window_html(result: WindowResult) -> str:
    """Make the page of a phase's test weeks."""
    return page(
        "window.html",
        result=result,
        decision=window_decision(result),
        criteria=exit_criteria(result),
        last_day=result.ends - timedelta(days=1),
        harms_by_owner=harms.by_owner(result.harms),
        failures=harms.group_findings(result.failures, result.harms),
        shown_max=FINDINGS_SHOWN_MAX,
    )


def window_csv(result: WindowResult) -> str:
    """Write the days as CSV, one line a day."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(WindowDay.__struct_fields__)
    writer.writerows(structs.astuple(each) for each in result.days)
    return text.getvalue()


def _met(count: int) -> Kind:
    return "FAIL" if count else "PASS"


_CRITICAL = ("misdirected", "disclosed")
