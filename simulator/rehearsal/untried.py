"""What a rehearsal should have put to the proof and did not: then it is no pass, and says which.

Over all its portals together, since a short test period may well have nobody who comes in.
"""

from collections.abc import Sequence

from simulator.evidence.records import (
    EventDelivered,
    EventRecorded,
    QuestionAsked,
    Record,
    Seen,
    SignedIn,
)
from simulator.judge.fold import Judgement
from simulator.rehearsal.answers import answers


def untried(judged: Sequence[tuple[list[Record], Judgement]], *, phase: int) -> list[str]:
    """Name what nobody did though somebody should have; `phase` is the last that was live."""
    everything = [record for records, _judgement in judged for record in records]
    messages = [each for _records, judgement in judged for each in judgement.messages]
    invited = sum(each.kind == "invitation" and each.fate == "reached" for each in messages)
    tried = [
        (invited > 0, "no invitation reached anybody"),
        (
            _any(everything, SignedIn),
            f"nobody registered, though {invited} invitations reached their victims",
        ),
        (_any(everything, Seen), "nobody looked at their crimes, though some signed in"),
    ]
    if phase >= 3:
        replied = _replied(everything)
        asked = [each for parts in judged for each in answers(*parts)]
        is_answered = any(each.answered_at is not None for each in asked)
        tried += [
            (
                _any(everything, QuestionAsked),
                "nobody wrote to an officer, though two-way messaging was live",
            ),
            (
                is_answered or not replied,
                f"nobody was answered, though officers wrote {replied} replies",
            ),
        ]
    # What comes later could not be tried where what comes before was not.
    return next(([words] for was_tried, words in tried if not was_tried), [])


def _any(records: Sequence[Record], kind: type[Record]) -> bool:
    return any(isinstance(each, kind) for each in records)


def _replied(records: Sequence[Record]) -> int:
    """Count the replies that the portal took."""
    taken = {e.event_id for e in records if isinstance(e, EventDelivered) and e.status == 202}
    return sum(
        isinstance(each, EventRecorded)
        and each.event_type == "OfficerReplied"
        and each.event_id in taken
        for each in records
    )
