"""A defect of an exploration as facts to read: what every report of it shows, in one order."""

from simulator.report.amounts import count, moment, several
from simulator.report.harms import WHY_IT_MATTERS
from simulator.results.exploration import AlsoSeen, Defect


def defect_facts(defect: Defect) -> tuple[tuple[str, str], ...]:
    """List what was expected and observed, where it was found, and the sentence that it breaks.

    Each fact is a name and its words; a fact without words is left out.
    """
    finding = defect.finding
    steps = several(defect.steps, "step")
    facts = (
        ("Expected", defect.expected),
        ("Observed", defect.observed),
        ("Shown by", "\n".join(defect.shown_by)),
        ("When", moment(defect.at) if defect.at else ""),
        ("Crime", finding.crime_reference if finding else ""),
        ("Person", defect.person),
        ("Rests on", defect.rests_on),
        ("Readings", finding.readings_named if finding else ""),
        ("Requirement", defect.requirement_words or defect.requirement),
        ("Harm", defect.harm),
        ("Why it matters", WHY_IT_MATTERS[finding.harm] if finding else ""),
        ("Also with", "\n".join(_also_with(each) for each in defect.also if each.differs)),
        ("Also seen as", "\n".join(_also(each) for each in defect.also if not each.differs)),
        ("Stories that showed it", count(defect.stories)),
        ("Not the shortest story", f"{steps}: {defect.cut_short}" if defect.cut_short else ""),
        ("Story to play again", defect.file),
        ("Its evidence", defect.evidence),
    )
    return tuple((name, words) for name, words in facts if words)


def also_facts(each: AlsoSeen) -> tuple[tuple[str, str], ...]:
    """List the facts of another way in which a defect shows, where it has a place of its own."""
    facts = (
        ("Expected", each.expected),
        ("Observed", each.observed),
        ("Rests on", each.rests_on),
        ("Readings", each.finding.readings_named if each.finding else ""),
        ("Stories that showed it", count(each.stories)),
        ("Story to play again", each.file),
    )
    return tuple((name, words) for name, words in facts if words)


def _also_with(each: AlsoSeen) -> str:
    """Name the kind of event or task with which the same thing is wrong, in one line."""
    return f"{each.differs}: observed {each.observed} ({_stories(each)})"


def _also(each: AlsoSeen) -> str:
    """Tell another way in which a defect shows, in one line."""
    named = " ".join(filter(None, (each.requirement, each.harm))) or "an answer"
    return f"{named}: expected {each.expected}; observed {each.observed} ({_stories(each)})"


def _stories(each: AlsoSeen) -> str:
    return f"{several(each.stories, 'story', 'stories')}: {each.file}"
