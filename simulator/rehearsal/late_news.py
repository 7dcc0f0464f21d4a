"""News that a portal told after the Victims' Code's time, and whether that is a failure.

Where no finding is about it, the order let the portal wait: the reason says why.
"""

from collections.abc import Iterator, Mapping

from simulator.judge.facts.code_news import CodeNews
from simulator.judge.fold import Judgement
from simulator.results.portal_life import ToldLate

KEPT_MAX = 20
_ADDRESS = (
    "the force had recorded no address in a field that can be used; the portal asked for it, owed "
    "nothing until it was mended, and told the victim then"
)
_FAILED = "it is one of the harms by the portal"
_EXCUSED = (
    "no finding is about it: the portal owed it no longer, because the victim had stopped messages "
    "or shares an address with others, or it was bundled with a reply"
)


def late_events(judgement: Judgement) -> set[str]:
    """Give the ids of the events of which the news was late."""
    return {each.event_id for each in _late(judgement)}


def told_late(judged: Mapping[str, tuple[Mapping[str, str], Judgement]]) -> list[ToldLate]:
    """List the first of it: failures, then what was excused, then what waited for details.

    Each portal has the types of its `late_events`, and its judgement.
    """
    found = [
        each
        for name, (event_types, judgement) in judged.items()
        for each in _of_portal(name, event_types, judgement)
    ]
    found.sort(key=lambda each: (not each.is_failure, each.reason == _ADDRESS, each.told_by))
    return found[:KEPT_MAX]


def _late(judgement: Judgement) -> list[CodeNews]:
    return [e for e in judgement.code_news if e.held_up_by in ("portal", "contact data")]


def _of_portal(
    name: str, event_types: Mapping[str, str], judgement: Judgement
) -> Iterator[ToldLate]:
    failed = {
        (each.person_id, each.crime_reference)
        for each in judgement.findings
        if each.kind == "FAIL" and each.harm in ("late", "lost")
    }
    for each in _late(judgement):
        is_failure = (each.person_id, each.crime_reference) in failed
        yield ToldLate(
            portal=name,
            crime_reference=each.crime_reference,
            person_id=each.person_id,
            event_id=each.event_id,
            what=event_types.get(each.event_id, ""),
            told_by=each.told_by,
            told_at=each.told_at,
            is_failure=is_failure and each.held_up_by == "portal",
            reason=_reason(each, is_failure=is_failure),
        )


def _reason(news: CodeNews, *, is_failure: bool) -> str:
    if news.held_up_by == "contact data":
        return _ADDRESS
    return _FAILED if is_failure else _EXCUSED
