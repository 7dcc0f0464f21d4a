"""A defect of an exploration as facts to read: what every report of it shows, in one order."""

from simulator.report.amounts import count, moment
from simulator.report.harms import WHY_IT_MATTERS
from simulator.results.exploration import AlsoSeen, Defect


def defect_facts(defect: Defect) -> tuple[tuple[str, str], ...]:
    """List what was expected and observed, where it was found, and the sentence that it breaks.

    Each fact is a name and its words; a fact without words is left out.
    """
    finding = defect.finding
    whole = f"made as short as it could be until {defect.cut_short}" if defect.cut_short else ""
    facts = (
        ("Expected", defect.expected),
        ("Observed", defect.observed),
        ("Shown by", "\n".join(defect.shown_by)),
        ("When", moment(defect.at) if defect.at else ""),
        ("Crime", finding.crime_reference if finding else ""),
        ("Person", defect.person),
        ("Rests on", defect.rests_on),
        ("Requirement", defect.requirement_words or defect.requirement),
        ("Harm", defect.harm),
        ("Why it matters", WHY_IT_MATTERS[finding.harm] if finding else ""),
        ("Also seen as", "\n".join(map(_also, defect.also))),
        ("Stories that showed it", count(defect.stories)),
        ("Not the shortest story", whole),
        ("Story to play again", defect.file),
        ("Its evidence", defect.evidence),
    )
    return tuple((name, words) for name, words in facts if words)


def _also(each: AlsoSeen) -> str:
    """Tell another way in which a defect shows, in one line."""
    named = " ".join(filter(None, (each.requirement, each.harm))) or "an answer"
    stories = "1 story" if each.stories == 1 else f"{count(each.stories)} stories"
    return f"{named}: expected {each.expected}; observed {each.observed} ({stories}: {each.file})"
