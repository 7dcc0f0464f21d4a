"""A whole story: what the force did, and what the portal made of it; then the judge is asked.

Messages go to the recorded address and say nothing but that there is an update, unless told.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Literal

import pytest

from reference.contract.events import Channel
from reference.contract.messages import DeliveryStatus, Subject, TaskKind
from simulator.evidence.records import (
    ContactChosen,
    MessageAccepted,
    NotForMeSaid,
    QuestionAsked,
    ReceiptSent,
    Record,
    Seen,
    SignedIn,
    SigningIn,
    Stamped,
    TaskRaised,
    TextReceived,
    WithdrawalAsked,
)
from simulator.inputs.order import Order
from simulator.inputs.requirements import read_requirements
from simulator.judge.by_parts import judge_by_parts
from simulator.judge.fold import Judgement, judge
from simulator.judge.sentences import is_written_down
from tests.simulator.judge.expected import Harmed, fail, harms_in
from tests.simulator.judge.force_story import (
    ADVISES_CYCLISTS,
    BEGINS,
    ORDER,
    ForceStory,
    Happened,
    Person,
)

REQUIREMENT_IDS = {each.id for each in read_requirements()}
UPDATE = "Thames Valley Police: you have an update. Sign in at https://portal.example"
INVITATION = "Thames Valley Police invites you. Your link is https://portal.example/invitation/…"
SUBJECT = "You have an update from Thames Valley Police"
#: What the judge finds where advice was due, and none came.
NO_ADVICE = fail("lost", "JOUR-01")


class Story(ForceStory):
    """Evidence in the making; `correlates` says whether messages name what they answer."""

    def __init__(self, *, phase: int = 1, correlates: bool = True, order: Order = ORDER) -> None:
        super().__init__(BEGINS[phase])
        self.order = order
        self.correlates = correlates
        self._messages = self._keys = self._texts = 0

    def invite(self, person: Person, about: Happened, *, by: Sequence[Channel] = ()) -> list[str]:
        """Have the portal invite a person, by all their channels unless told which."""
        return [
            self.message(person, channel, about, body=INVITATION, carries="invitation")
            for channel in by or person.channels
        ]

    def tell(self, person: Person, about: Happened, *, by: Sequence[Channel] = ()) -> list[str]:
        """Have the portal say that there is an update, by all channels unless told which."""
        return [self.message(person, channel, about) for channel in by or person.channels]

    def message(
        self,
        person: Person,
        channel: Channel,
        about: Happened | None = None,
        *,
        to: str = "",
        subject: str = SUBJECT,
        body: str = UPDATE,
        sender: str = "Thames Valley Police",
        carries: Literal["", "invitation", "one_time_code"] = "",
    ) -> str:
        """Have the gateway accept one message, to the recorded address unless told where."""
        self._messages += 1
        self.records.append(
            MessageAccepted(
                at=self.now,
                message_id=f"message-{self._messages}",
                channel=channel,
                to=to or person.recorded_at(channel),
                subject=subject if channel == "email" else "",
                body=body,
                sender=sender,
                reference=about.event_id if about is not None and self.correlates else "",
                carries=carries,
            )
        )
        return f"message-{self._messages}"

    def receipt(self, message_id: str, status: DeliveryStatus = "permanent-failure") -> None:
        """Tell the portal what happened to a message: it bounced, unless told otherwise."""
        self.records.append(ReceiptSent(at=self.now, message_id=message_id, status=status))

    def begins_to_sign_in(self, person: Person) -> None:
        """Have a person give their proof of identity, after which a code may come."""
        self.records.append(SigningIn(at=self.now, person_id=person.person_id))

    def signs_in(self, person: Person) -> None:
        """Have a person complete the sign-in."""
        self.records.append(SignedIn(at=self.now, person_id=person.person_id))

    def sees(
        self,
        person: Person,
        crime: Happened | None,
        *texts: str,
        where: Literal["crimes", "timeline", "conversation", "advice"] = "timeline",
        kinds: tuple[str, ...] = (),
        dated: tuple[datetime, ...] = (),
        statuses: tuple[tuple[str, str], ...] = (),
    ) -> None:
        """Show a person a page: of a crime, or of none in particular."""
        reference = crime.crime_reference if crime is not None else ""
        self.records.append(
            Seen(
                at=self.now,
                person_id=person.person_id,
                where=where,
                crime_reference=reference,
                texts=texts,
                kinds=kinds,
                dated=dated,
                statuses=statuses,
            )
        )

    def texts(self, number: str, words: str) -> None:
        """Have the holder of a number text the force back."""
        self._texts += 1
        self.records.append(
            TextReceived(at=self.now, message_id=f"text-{self._texts}", number=number, words=words)
        )

    def says_not_for_me(
        self, address: str, *, by: Literal["message", "address"] = "message"
    ) -> None:
        """Have a person say that messages to an address are not for its holder."""
        self.records.append(NotForMeSaid(at=self.now, address=address, by=by))

    def chooses(self, person: Person, *channels: Channel) -> None:
        """Have a person choose their channels on the portal: none when they stop messages."""
        self.records.append(
            ContactChosen(at=self.now, person_id=person.person_id, channels=channels)
        )

    def asks(
        self, person: Person, crime: Happened, text: str, about: Subject | Literal[""] = ""
    ) -> None:
        """Have a victim write to the officer, and say what it is about."""
        self.records.append(
            QuestionAsked(
                at=self.now,
                person_id=person.person_id,
                crime_reference=crime.crime_reference,
                text=text,
                about=about,
            )
        )

    def asks_to_withdraw(
        self, person: Person, crime: Happened, *, confirmed: bool = True, said: str = ""
    ) -> None:
        """Have a person ask to talk about no longer supporting the investigation."""
        self.records.append(
            WithdrawalAsked(
                at=self.now,
                person_id=person.person_id,
                crime_reference=crime.crime_reference,
                confirmed=confirmed,
                said=said,
            )
        )

    def stamped(
        self, person: Person, crime: Happened, text: str, *, written_at: datetime | None = None
    ) -> None:
        """Have the portal stamp words into the crime system."""
        self._keys += 1
        self.records.append(
            Stamped(
                at=self.now,
                key=f"key-{self._keys}",
                crime_reference=crime.crime_reference,
                person_id=person.person_id,
                text=text,
                written_at=written_at,
            )
        )

    def task(
        self,
        person: Person,
        crime: Happened,
        *,
        kind: TaskKind = "contact_details",
        assignee: str = "",
        due_at: datetime | None = None,
        reason: str = "please look",
    ) -> None:
        """Have the portal ask the force to look at something."""
        self._keys += 1
        self.records.append(
            TaskRaised(
                at=self.now,
                key=f"key-{self._keys}",
                crime_reference=crime.crime_reference,
                task_kind=kind,
                person_id=person.person_id,
                reason=reason,
                assignee=assignee,
                due_at=due_at,
            )
        )

    def judged(self, *, end: datetime | None = None) -> Judgement:
        """Ask the judge, two days from now unless told when; each finding rests on a sentence.

        By parts it finds the same: a rehearsal's evidence is too much for one case book.
        """
        end = end if end is not None else self.now + timedelta(days=2)
        judgement = judge(self.order, self.records, correlates=self.correlates, end=end)
        assert_same_by_parts(self.order, self.records, judgement, end, correlates=self.correlates)
        for each in judgement.findings:
            assert is_written_down(each.rests_on), each
            kind, _, name = each.rests_on.partition(": ")
            assert kind != "requirement" or name in REQUIREMENT_IDS, each
        return judgement

    def harms(self, *, end: datetime | None = None) -> list[Harmed]:
        """Ask the judge for the harms alone."""
        return harms_in(self.judged(end=end))


def assert_same_by_parts(
    order: Order,
    records: Sequence[Record],
    judgement: Judgement,
    end: datetime,
    *,
    correlates: bool = True,
    records_max: int = 1,
) -> None:
    """Assert that the judge finds the same with a case book for each part of the evidence."""
    by_parts = judge_by_parts(
        order, records, correlates=correlates, end=end, records_max=records_max
    )
    for outline in (_findings, _owed, _sent):
        assert outline(by_parts) == outline(judgement)


def _findings(judgement: Judgement) -> list[str]:
    return sorted(map(repr, [*judgement.findings, *judgement.flags, *judgement.code_news]))


def _owed(judgement: Judgement) -> list[tuple[object, ...]]:
    return sorted(
        (o.person_id, o.crime_reference, o.channel, o.announces, o.event_id, o.due_at)
        for o in judgement.obligations
    )


def _sent(judgement: Judgement) -> list[tuple[object, ...]]:
    return sorted(
        (m.at, m.person_id, m.kind, m.channel, m.fate, m.sign, m.surplus)
        for m in judgement.messages
    )


def one_invited(
    *,
    correlates: bool = True,
    phase: int = 1,
    channels: tuple[Channel, ...] = ("text",),
    order: Order = ORDER,
    **changes: Any,
) -> tuple[Story, Person, Happened]:
    """Tell of one victim who was invited to a crime an hour ago."""
    story = Story(correlates=correlates, phase=phase, order=order)
    alex = story.person(channels=channels)
    crime = story.crime(alex, **changes)
    story.invite(alex, crime)
    story.wait(hours=1)
    return story, alex, crime


def two_invited(
    *, correlates: bool = True, phase: int = 1
) -> tuple[Story, Person, Person, Happened]:
    """Tell of two victims who were invited to one crime an hour ago."""
    story = Story(correlates=correlates, phase=phase)
    alex, sam = story.person(channels=("text",)), story.person("Sam", channels=("text",))
    crime = story.crime(alex, sam)
    story.invite(alex, crime)
    story.invite(sam, crime)
    story.wait(hours=1)
    return story, alex, sam, crime


def waiting_for_advice(
    *, correlates: bool = True, phase: int = 2, subgroup: str = "Bicycle theft", days: int = 12
) -> tuple[Story, Person, Happened]:
    """Tell of a victim who was invited, and then of some days."""
    story = Story(phase=phase, correlates=correlates, order=ADVISES_CYCLISTS)
    alex = story.person(channels=("text",))
    crime = story.crime(alex, offence_subgroup=subgroup)
    story.invite(alex, crime)
    story.wait(days=days)
    return story, alex, crime


def tell_by_itself(story: Story, person: Person, crime: Happened) -> None:
    """Send a message that names no news, only the crime."""
    story.tell(person, Happened(crime.crime_reference, crime.crime_reference))


def assert_due_now(story: Story, person: Person, news: Happened) -> None:
    """Check that news told by one text now is in time, and a second later is late."""
    story.tell(person, news)

    assert story.harms() == []

    story.records.pop()
    story.wait(seconds=1)
    story.tell(person, news)

    assert story.harms() == [fail("late", "MSG-02")]


#: Of a portal that names what each message answers, and of one that does not.
either_way = pytest.mark.parametrize("correlates", [True, False], ids=["by event", "by address"])


def with_the_phone_of(story: Story, other: Person, **written: object) -> Person:
    """Make a person who has one phone with another: a household's."""
    phone = other.record.mobile_phone
    person = story.person("Sam", channels=("text",), mobile_phone=phone, **written)
    story.holds(person.person_id, mobile_phone=phone)
    return person
