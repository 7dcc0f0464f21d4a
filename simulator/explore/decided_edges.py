"""Says at which of a story's edges the judge decided something.

About a field of the order it did if, by another value, it would find other harm or expect something
else of the portal. At an edge of time something must have waited or come when the story met it; at
one of the contract, about the crime or the person of the step that met it.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple

import msgspec
from msgspec import structs

from simulator.evidence.records import MessageAccepted, PersonKnown, Seen, SessionUsed, TaskRaised
from simulator.explore.asked_order import Questions
from simulator.explore.edges import Edge, beside, steps_alone, windows
from simulator.explore.judged_story import Judged
from simulator.explore.order_changes import changed
from simulator.explore.other_orders import Changes
from simulator.explore.steps import Step
from simulator.explore.story import Story
from simulator.inputs.order import Order
from simulator.judge.fold import Judgement


def decided_edges(
    edges: Iterable[Edge], story: Story, judged: Judged, own: Order
) -> frozenset[Edge]:
    """Return those of a story's edges about which the judge decided; `own` is the force's order."""
    times = {each: windows(each, story, own) for each in edges}
    if not times or not any(isinstance(each, MessageAccepted | Seen) for each in judged.records):
        return frozenset()
    deciding = _Deciding(judged)
    waited = list(_waited(judged, deciding.own))
    people = {each.label: each.record.person_id for each in story.people}
    of_contract = {each.kind for each, when in times.items() if when is None}
    alone = steps_alone(of_contract, story, own)
    decided = set()
    for edge, when in times.items():
        if when is not None:
            was_there = any(time.has(each.since, each.until) for time in when for each in waited)
        else:
            steps = alone.get(edge, ())
            was_there = not steps or any(
                at <= each.until and each.is_about(step, people, judged)
                for at, step in steps
                for each in waited
            )
        changes = beside(edge, story, own) if was_there else ()
        if changes is None or any(map(deciding.expects_else, changes)):
            decided.add(edge)
    return frozenset(decided)


class _Waited(NamedTuple):
    """What the judge expected or the portal did: about whom and which crime, and how long."""

    person_id: str
    crime_reference: str
    since: datetime
    until: datetime

    def is_about(self, step: Step, people: Mapping[str, str], judged: Judged) -> bool:
        """Say whether it is about the crime of a step, or a person of it."""
        labels = {getattr(step, "person", ""), *getattr(step, "people", ())} - {""}
        if self.person_id in {people.get(each, each) for each in labels}:
            return True
        crime = getattr(step, "crime", "")
        # What is about no crime and no person may be about any.
        return self.crime_reference == judged.labels.crimes.get(crime, crime) or not (
            crime or labels
        )


def _waited(judged: Judged, judgement: Judgement | None) -> Iterator[_Waited]:
    """Give what the judge expected, met or not, and what people and the portal did."""
    last: dict[str, datetime] = {}
    for owed in judgement.obligations if judgement is not None else ():
        about = (owed.person_id, owed.crime_reference)
        yield _Waited(*about, owed.received_at, owed.told_at or owed.due_at)
        for deadline in filter(None, (owed.due_at, owed.no_later_than)):
            yield _Waited(*about, deadline, deadline)
    for task in judgement.tasks if judgement is not None else ():
        about = (task.person_id, task.crime_reference)
        yield _Waited(*about, task.begun_at, task.raised_at or task.begun_at)
    for sent in judgement.messages if judgement is not None else ():
        about = (sent.person_id, sent.crime_reference)
        since = last.get(sent.person_id, sent.at) if sent.kind == "journey" else sent.at
        yield _Waited(*about, since, sent.at)
        last[sent.person_id] = sent.at
    for record in judged.records:
        person_id = getattr(record, "person_id", "")
        if person_id and not isinstance(record, PersonKnown):
            about = (person_id, getattr(record, "crime_reference", ""))
            since = record.signed_in_at if isinstance(record, SessionUsed) else record.at
            yield _Waited(*about, since, record.at)
            if isinstance(record, TaskRaised) and record.due_at is not None:
                yield _Waited(*about, record.due_at, record.due_at)


class _Deciding:
    """What the judge expects of a story, by its own order and by others; each is asked once."""

    def __init__(self, judged: Judged) -> None:
        self._judged = judged
        self._known: dict[str, bool] = {}
        self._questions, self.own = None, None
        if judged.order is not None and judged.judged_by is not None:
            self._questions = Questions(judged.order)
            self.own = judged.judged_by(self._questions.order)

    def expects_else(self, changes: Changes) -> bool:
        """Say whether by another order the judge finds or expects something else.

        It does not by an order that is impossible.
        """
        named = repr(changes)
        if named not in self._known:
            self._known[named] = self._asks(changes)
        return self._known[named]

    def _asks(self, changes: Changes) -> bool:
        order, judged_by = self._judged.order, self._judged.judged_by
        if order is None or judged_by is None or self._questions is None or self.own is None:
            return False
        try:
            other = changed(order, changes)
        except msgspec.ValidationError:
            return False
        return not self._questions.are_answered_alike(other) and bool(
            _expectations(judged_by(other)) != _expectations(self.own)
        )


def _expectations(judgement: Judgement) -> tuple[Any, ...]:
    return (
        # Which readings may play a part decides nothing.
        [structs.replace(finding, readings=()) for finding in judgement.findings],
        judgement.obligations,
        judgement.tasks,
        judgement.flags,
        judgement.code_news,
    )
