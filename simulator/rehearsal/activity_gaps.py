"""What a rehearsal should have tried and did not: then it cannot pass, and says why.

All its portals are taken together, because a short test period may have no sign-in.
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
from simulator.rehearsal.question_replies import question_replies


def activity_gaps(judged: Sequence[tuple[Sequence[Record], Judgement]], *, phase: int) -> list[str]:
    """Name what should have been done and nobody did; `phase` is the last live phase."""
    everything = [records for records, _judgement in judged]
    messages = [each for _records, judgement in judged for each in judgement.messages]
    invited = sum(each.kind == "invitation" and each.fate == "reached" for each in messages)
    tried = [
        (invited > 0, "no invitation reached a victim"),
        (
            _any(everything, SignedIn),
            f"nobody registered, although {invited} invitations reached their victims",
        ),
        (_any(everything, Seen), "nobody looked at their crimes, although some signed in"),
    ]
    if phase >= 3:
        replied = _replied(everything)
        asked = [each for parts in judged for each in question_replies(*parts)]
        is_answered = any(each.answered_at is not None for each in asked)
        tried += [
            (
                _any(everything, QuestionAsked),
                "nobody wrote to an officer, although two-way messaging was live",
            ),
            (
                is_answered or not replied,
                f"nobody was answered, although officers wrote {replied} replies",
            ),
        ]
    # A later step could not be tried if an earlier one was not.
    return next(([words] for was_tried, words in tried if not was_tried), [])


def _any(everything: Sequence[Sequence[Record]], kind: type[Record]) -> bool:
    return any(isinstance(each, kind) for records in everything for each in records)


def _replied(everything: Sequence[Sequence[Record]]) -> int:
    """Count the replies that the portals accepted."""
    return sum(map(_replied_at, everything))


def _replied_at(records: Sequence[Record]) -> int:
    replies = {
        each.event_id
        for each in records
        if isinstance(each, EventRecorded) and each.event_type == "OfficerReplied"
    }
    taken = (e.event_id for e in records if isinstance(e, EventDelivered) and e.status == 202)
    return len(replies.intersection(taken))
