"""When each question was answered, as the victim sees it: told of the reply, or shown it.

A reply that an officer wrote is not an answer until then. Nor is a message about a reply that the
conversation does not show.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import msgspec

from reference.contract.events import OfficerReplied
from simulator.evidence.records import EventRecorded, QuestionAsked, Record, Seen
from simulator.judge.fold import Judgement

#: A crime reference and a person.
_Asker = tuple[str, str]


@dataclass
class QuestionReply:
    """One question with its reply; `answered_at` is None while there is none."""

    asked_at: datetime
    asker: _Asker
    replied_at: datetime | None = None
    text: str = ""
    told_at: datetime | None = None
    shown_at: datetime | None = None
    is_missing: bool = False

    @property
    def answered_at(self) -> datetime | None:
        """When the victim was told or shown the reply, whichever was first."""
        if self.is_missing and self.shown_at is None:
            return None
        return min((at for at in (self.told_at, self.shown_at) if at is not None), default=None)


def question_replies(evidence: Iterable[Record], judgement: Judgement) -> list[QuestionReply]:
    """Give every question in the order asked. A person's replies answer theirs in turn."""
    found: list[QuestionReply] = []
    by_person: dict[_Asker, list[QuestionReply]] = {}
    for record in evidence:
        if isinstance(record, QuestionAsked):
            asker = (record.crime_reference, record.person_id)
            found.append(QuestionReply(record.at, asker))
            by_person.setdefault(asker, []).append(found[-1])
        elif isinstance(record, EventRecorded) and record.event_type == "OfficerReplied":
            reply = msgspec.json.decode(record.data, type=OfficerReplied)
            mine = by_person.get((reply.crime_reference, reply.person_id), [])
            waiting = next((each for each in mine if each.replied_at is None), None)
            if waiting is not None:
                waiting.replied_at, waiting.text = record.at, reply.text
        elif isinstance(record, Seen) and record.where == "conversation":
            _note_shown(by_person.get((record.crime_reference, record.person_id), []), record)
    for message in judgement.messages:
        if message.kind == "reply" and message.fate == "reached":
            for each in by_person.get((message.crime_reference, message.person_id), []):
                if each.replied_at is not None and each.replied_at <= message.at:
                    each.told_at = min(each.told_at or message.at, message.at)
    return found


def _note_shown(mine: list[QuestionReply], record: Seen) -> None:
    shown = {" ".join(each.split()) for each in record.texts}
    for each in mine:
        if each.replied_at is None or each.shown_at is not None:
            continue
        if " ".join(each.text.split()) in shown:
            each.shown_at = record.at
        else:
            each.is_missing = True
