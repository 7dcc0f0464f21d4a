"""The lines of evidence on which a failure rests: the message, page or answer, as people read them.

If something should have come and did not, they are the events that it should have come of.
"""

from collections.abc import Mapping, Sequence

from simulator.evidence.records import (
    EventRecorded,
    MessageAccepted,
    QuestionAsked,
    Record,
    Seen,
    Stamped,
    TaskRaised,
)
from simulator.evidence.retelling import lines_of
from simulator.explore.judged_story import Failure


def shown_by(
    failure: Failure, records: Sequence[Record], *, names: Mapping[str, str]
) -> tuple[str, ...]:
    """Tell the records on which a failure rests, in London time; none if there are none.

    `names` gives what the steps call people, by their ids.
    """
    found = failure.found_in
    if found is None:
        return lines_of(_behind(failure, records), records, names=names)
    # It may come from the same story with other people.
    is_among = any(each is found for each in records)
    return lines_of([found], records if is_among else [*records, found], names=names)


def _behind(failure: Failure, records: Sequence[Record]) -> list[Record]:
    """Find the events that a failure names; else what was sent or shown then; else the last event.

    The judge found it at the end of the story, in no record alone.
    """
    words = f"{failure.expected} {failure.observed}"
    recorded = [each for each in records if isinstance(each, EventRecorded)]
    named: list[Record] = [each for each in recorded if each.event_id in words]
    if named or failure.finding is None:
        return named
    finding = failure.finding
    if finding.harm != "lost":
        person = finding.person_id
        at_once: list[Record] = [
            each
            for each in records
            if isinstance(each, _SENT_OR_SHOWN)
            and each.at == finding.at
            and getattr(each, "person_id", person) == person
        ]
        if at_once:
            return at_once
    before: list[Record] = [
        each
        for each in recorded
        if each.crime_reference == finding.crime_reference and each.at <= finding.at
    ]
    return before[-1:]


_SENT_OR_SHOWN = (MessageAccepted, Seen, QuestionAsked, Stamped, TaskRaised)
