"""What the verdict of an acceptance rests on, as a small table: a name and its words a row."""

from collections import Counter
from collections.abc import Mapping
from types import MappingProxyType

from simulator.report.amounts import count, day, several
from simulator.results.values import AcceptanceResult, Awaits, EdgesMet, TwinsPlayed
from simulator.verdicts import KINDS, Kind

#: What a verdict says of one requirement, in a count of them.
VERDICT_LABELS: Mapping[Kind, str] = MappingProxyType(
    {
        "PASS": "met",
        "WARNING": "with a warning",
        "FAIL": "not met",
        "REVIEW": "for a person to review",
        "SKIP": "not verified",
        "OMIT": "not judged",
        "INCONCLUSIVE": "inconclusive",
        "ERROR": "stopped by a fault of the suite",
    }
)

#: Why a requirement was not judged, in a count of them. None of these is met.
_NOT_JUDGED_LABELS: Mapping[Awaits, str] = MappingProxyType(
    {
        "a person": "for a person to review",
        "a browser": "to check in a browser",
        "a claim": "not claimed",
        "": "of other phases or not testable",
    }
)


def acceptance_basis(result: AcceptanceResult) -> tuple[tuple[str, str], ...]:
    """Say what the verdict rests on, as names and words; nothing of a run of some scenarios."""
    if result.left_out or result.only:
        return ()
    known = sum(bool(each.known_gap) for each in result.requirements)
    rows = (
        ("Requirements", _requirements(result)),
        ("Musts asked", _musts(result)),
        ("Failures that were known", f"{count(known)}, each with a reason" if known else ""),
        ("No longer a gap: remove from the file", ", ".join(result.gaps_closed)),
        ("Test weeks", result.window),
        ("Edges judged", _edges(result)),
        ("Scenarios gone through twice", "" if result.twins is None else twins_words(result.twins)),
        ("Values of real data met", _real_data(result)),
        ("Driver", driver_words(result)),
    )
    return tuple((name, words) for name, words in rows if words)


def driver_words(result: AcceptanceResult) -> str:
    """Say who vouches for a driver that stood between, and what was seen without it; "" if none."""
    if not result.driver:
        return ""
    sampled, review = result.sampled, result.sampled.review
    pages, victims = several(sampled.pages, "page"), several(sampled.agreed, "victim")
    seen = [
        *(["it answered nothing while the portal was stopped"] if result.driver == "tried" else []),
        *([f"{pages} opened without it"] if sampled.pages else []),
        *([f"{victims} saw there what it says"] if sampled.agreed else []),
    ]
    shown = "; ".join(seen) or "nothing was seen without it"
    if review is not None:
        return f"{review.reviewer}, {review.role}, looked into it on {day(review.on)}; {shown}"
    if result.is_by_drivers_word:
        vouches = result.signatory.strip() or "nobody"
        return f"the suite saw the portal through it alone; {vouches} vouches for it; {shown}"
    return f"what it says was seen without it too; {shown}"


def twins_words(twins: TwinsPlayed) -> str:
    """Say how many scenarios were gone through a second time, and why some or all cannot be."""
    if twins.not_tried:
        return f"none: {twins.not_tried}"
    by_reason: dict[str, list[str]] = {}
    for id, why in twins.without.items():
        by_reason.setdefault(why, []).append(id)
    none = "; ".join(f"{', '.join(ids)} ({why})" for why, ids in by_reason.items())
    said = f"{count(twins.played)} of {count(twins.every)}"
    return said + (f"; there is no second time of {none}" if none else "")


def _requirements(result: AcceptanceResult) -> str:
    counts = Counter(each.verdict for each in result.requirements)
    left = Counter(each.awaits for each in result.requirements if each.verdict == "OMIT")
    found = [
        *(f"{counts[e]} {VERDICT_LABELS[e]}" for e in KINDS if counts[e] and e != "OMIT"),
        *(f"{left[e]} {words}" for e, words in _NOT_JUDGED_LABELS.items() if left[e]),
    ]
    return f"{len(result.requirements)}: {', '.join(found) or 'none judged'}"


def _musts(result: AcceptanceResult) -> str:
    """State how many musts of the phase were asked; a table names those that were not."""
    musts = [each for each in result.requirements if each.is_must_of_phase]
    asked = sum(each.verdict != "OMIT" for each in musts)
    waived = sum(each.is_waived for each in musts)
    in_part = sum(each.is_in_part for each in musts)
    if not musts:
        return ""
    return (
        f"{asked} of {len(musts)}"
        + (f", {waived} waived" if waived else "")
        + (f", {in_part} in part" if in_part else "")
    )


def _edges(result: AcceptanceResult) -> str:
    met = result.edges
    if met is None:
        return f"not tried, because {result.edges_not_tried}" if result.edges_not_tried else ""
    judged, stories = f"{count(met.judged)} of {count(met.every)}", count(met.stories)
    if not met.chosen:
        return f"{judged}, by {stories} made-up stories"
    return f"{judged}, by {stories} of {count(met.chosen)} made-up stories{_not_played(met)}"


def _not_played(met: EdgesMet) -> str:
    """Say why not every story was played: fewer are on a busy machine, where the time is up."""
    over = met.stopped or "their time was up: give more by --minutes"
    why = f"; then {over}" if met.stories < met.chosen else ""
    left = several(len(met.not_reached), "kept story", "kept stories")
    return why + (f"; {left} could not be played on this portal" if met.not_reached else "")


def _real_data(result: AcceptanceResult) -> str:
    if result.real_data is None:
        return ""
    return f"{count(result.real_data.met)} of {count(result.real_data.every)}, by the scenarios"
