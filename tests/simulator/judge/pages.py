"""Pages as they are in evidence, in a few words, and what one rule finds in them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from msgspec import structs

from reference.contract.events import CrimeAllocated, Officer
from reference.contract.messages import ConversationPost, CrimeSummary
from simulator.evidence.records import Seen, Where
from simulator.judge.fold import judge
from simulator.judge.rule import Rule
from tests.simulator.judge.expected import Harmed, harms_in
from tests.simulator.judge.force_story import Happened, Person
from tests.simulator.judge.story import Story

OKAFOR = Officer("PC Okafor", "4271")
LUND = Officer("DC Lund", "1193")
OFFENCE = "Theft of a pedal cycle"


def found(story: Story, rule: type[Rule]) -> list[Harmed]:
    """Ask one rule alone, two days from now."""
    end = story.now + timedelta(days=2)
    return harms_in(judge(story.order, story.records, correlates=True, end=end, rules=(rule,)))


def shown(story: Story, person: Person, where: Where, crime: str = "", **seen: Any) -> None:
    """Show a person a page of which more is known than its texts."""
    texts: tuple[str, ...] = seen.pop("texts", ("…",))
    story.records.append(
        Seen(
            at=story.now,
            person_id=person.person_id,
            where=where,
            crime_reference=crime,
            texts=texts,
            **seen,
        )
    )


def lists(story: Story, person: Person, *rows: CrimeSummary, how: str = "") -> None:
    """Show a person their list of crimes."""
    shown(story, person, "crimes", crimes=rows, how=how)


def row(crime: Happened, at: datetime, **changes: Any) -> CrimeSummary:
    """Give a row of a list as it should be for a crime that nobody has yet."""
    summary = CrimeSummary(
        crime_reference=crime.crime_reference,
        offence=OFFENCE,
        status="open",
        force="thames_valley",
        updated_at=at,
    )
    return structs.replace(summary, **changes)


def reads(story: Story, person: Person, crime: Happened, *entries: tuple[str, str]) -> None:
    """Show a person a crime's page: the kind and the words of each entry."""
    kinds, texts = tuple(each[0] for each in entries), tuple(each[1] for each in entries)
    shown(story, person, "timeline", crime.crime_reference, kinds=kinds, texts=texts)


def converses(story: Story, person: Person, crime: Happened, posts: Sequence[Any]) -> None:
    """Show a person a conversation."""
    texts = tuple(each.text for each in posts)
    shown(story, person, "conversation", crime.crime_reference, texts=texts, posts=tuple(posts))


def post(text: str, at: datetime, *, author: Any = "victim", **more: Any) -> ConversationPost:
    """Give one post, by the victim unless told otherwise."""
    return ConversationPost(at=at, author=author, text=text, key=f"key of {text:.20}", **more)


def allocated(
    story: Story, crime: Happened, officer: Officer | None, *, team: str = "", deliver: bool = True
) -> Happened:
    """Give a crime to an officer, or to a team."""
    event = CrimeAllocated(
        crime_reference=crime.crime_reference,
        allocated_at=story.now,
        officer_in_charge=officer,
        team=team,
    )
    return story.happens(event, deliver=deliver)
