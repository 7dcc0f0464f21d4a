"""A perfect portal is never found at fault, and any one of its messages gone wrong always is.

Schedules are drawn: crimes of one or two victims, events in any order, redelivered, by day and
night, over weeks in which phases begin.
"""

from collections import Counter
from datetime import timedelta
from typing import get_args

import msgspec
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from reference.contract.events import EVENT_TYPES, AnyEvent, Channel
from simulator.evidence.records import (
    EventDelivered,
    EventRecorded,
    MessageAccepted,
    PersonKnown,
    Record,
)
from simulator.judge.facts.sent_message import MessageKind
from simulator.judge.fold import Judgement, judge
from tests.examples import examples
from tests.simulator.judge.force_story import BOTH, ORDER, Happened, Person
from tests.simulator.judge.perfect_outbox import Sent
from tests.simulator.judge.perfect_portal import PerfectPortal
from tests.simulator.judge.story import Story

STRANGERS = {"mobile_phone": "07700900999", "email": "stranger@example.test"}
#: Reports and mergers taken back have schedules of their own, in the tests of their rules.
KINDS = sorted(
    EVENT_TYPES.keys()
    - {"CrimeRecorded", "VictimDetailsChanged"}
    - {"IncidentReported", "IncidentClosed", "CrimeUnmerged", "PersonsMerged", "PersonsUnmerged"}
)
#: It sends only news: in this order nobody is owed advice, or word of a case without news.
WITHOUT_ADVICE = msgspec.structs.replace(
    ORDER, journey=msgspec.structs.replace(ORDER.journey, still_with_us_days=3650, advice_for={})
)
#: Of closures one that is told at once and one that a person tells first; of offences both kinds.
#: Of five working days none is left over when so many days have passed.
CODE_DAYS = timedelta(days=5)
OUTCOMES = (18, 5)
SUBGROUPS = ("Bicycle theft", "Rape")
#: Kinds of event that may say what an earlier one said.
SAID_AGAIN = {"CrimeClosed", "OutcomeRecorded", "OfficerDeployed", "MilestoneReached"}
CHANNELS: list[tuple[Channel, ...]] = [("text",), ("email",), BOTH]


class Run:
    """What a perfect portal made of one schedule."""

    def __init__(self, story: Story, *, correlates: bool) -> None:
        self.portal = PerfectPortal(WITHOUT_ADVICE, correlates)
        self.records = self.portal.answer(story.records)
        self.correlates = correlates

    def judged(self, records: list[Record] | None = None) -> Judgement:
        """Ask the judge long after the last message fell due."""
        records = self.records if records is None else records
        end = max(each.at for each in records) + timedelta(weeks=5)
        return judge(WITHOUT_ADVICE, records, correlates=self.correlates, end=end)

    def with_message(self, sent: Sent, *instead: MessageAccepted) -> list[Record]:
        """Give the evidence with one message gone, changed, moved or doubled."""
        records = list(self.records)
        at = records.index(sent.record)
        records[at : at + 1] = instead
        return sorted(records, key=lambda record: record.at)

    def outsider(self, person_id: str) -> PersonKnown:
        """Find a person who is a victim of none of this person's crimes."""
        crimes = [
            {each.person_id for each in crime.victims} for crime in self.portal.crimes.values()
        ]
        insiders = set().union(*(each for each in crimes if person_id in each))
        return next(
            each
            for each in self.records
            if isinstance(each, PersonKnown)
            and each.role == "victim"
            and each.person_id not in insiders
        )

    def still_owed(self, sent: Sent) -> bool:
        """Say whether nothing ended what a message is owed for while it might still have come.

        Of a crime merged before an officer told how it ended, a portal need say nothing; nor that
        it goes on, where the officer may have spoken before it ended.
        """
        if any(count > 1 for count in Counter(self._facts()).values()):
            # Nor that it ended the same way once more, or took the same step.
            return False
        turned = self._about("CrimeMerged") | self._about("CrimeReopened")
        if turned & self._about("VictimContacted"):
            return False
        ends = {
            each.event_id
            for each in self.records
            if isinstance(each, EventRecorded)
            and each.event_type in ("CrimeCancelled", "CrimeReclassified")
        }
        return not any(
            isinstance(each, EventDelivered)
            and each.event_id in ends
            and sent.record.at <= each.at <= sent.joined_by
            for each in self.records
        )

    def _facts(self) -> list[tuple[str, str]]:
        """List what is not news when it is said again: the crime, and the kind of event."""
        return [
            (each.crime_reference, each.event_type)
            for each in self.records
            if isinstance(each, EventRecorded) and each.event_type in SAID_AGAIN
        ]

    def _about(self, event_type: str) -> set[str]:
        return {
            each.crime_reference
            for each in self.records
            if isinstance(each, EventRecorded) and each.event_type == event_type
        }

    def may_be_held_back(self, sent: Sent) -> bool:
        """Say whether the weekly limit may hold a message back where it is due, by the dates."""
        order, week = WITHOUT_ADVICE, timedelta(days=7)
        before = [
            each
            for each in self.portal.sent
            if each is not sent
            and (each.person_id, each.record.channel) == (sent.person_id, sent.record.channel)
            and sent.due_at - week < each.record.at <= sent.due_at
        ]
        return order.phase_at(sent.due_at) >= 2 and len(before) >= order.messages.per_week_max

    def told_too(self, sent: Sent) -> list[Sent]:
        """List the other messages by which the same person may have been told the same."""
        invites = sent.kind == "invitation"
        return [
            each
            for each in self.portal.sent
            if each is not sent
            and (each.person_id, each.record.channel) == (sent.person_id, sent.record.channel)
            and (each.kind == "invitation") == invites
            and each.record.at >= sent.since
        ]


def happening(
    kind: str, story: Story, crime: Happened, to: Person, *, outcome: int, subgroup: str
) -> AnyEvent:
    """Make an event of a kind; some kinds concern one victim alone."""
    kinds = EVENT_TYPES[kind].__struct_fields__
    times = [each for each in kinds if each.endswith("_at") and each != "starts_at"]
    fields = {
        "crime_reference": crime.crime_reference,
        "person_id": to.person_id,
        "appointment_id": "appointment",
        "starts_at": story.now + timedelta(days=2),
        "reply_id": "reply",
        "text": "We have.",
        "outcome": 1 if kind == "OutcomeRecorded" else outcome,
        "milestone": "file_with_cps",
        "offence_code": "131",
        "offence_subgroup": subgroup,
        "offence": "Another offence",
        "into": "43269999999",
        "to_force": "Kent Police",
        "officer": {"name": "PC Okafor", "collar_number": "4271"},
        # Another officer each time: to say again who has the case need not be told.
        "officer_in_charge": {"name": "PC Rao", "collar_number": str(1000 + len(story.records))},
        "why": "away",
        **dict.fromkeys(times, story.now),
    }
    return msgspec.convert(fields, EVENT_TYPES[kind])


@st.composite
def schedules(draw: st.DrawFn) -> Story:
    """Draw what a force does over some days, around a phase's go-live or well within a phase.

    Anything may come before its crime, come late, or come twice.
    """
    story = Story()
    phase, days = draw(st.sampled_from([(1, 0), (1, 10), (2, -3), (2, 10), (3, -3), (3, 10)]))
    story.now = ORDER.go_live_at(phase) + timedelta(days=days)
    minutes = st.integers(0, draw(st.sampled_from([20, 200, 1500])))
    people = [story.person(channels=draw(st.sampled_from(CHANNELS))) for _person in range(3)]
    for field, address in STRANGERS.items():
        story.stranger(**{field: address})
    crimes = [
        (story.crime(*victims, deliver=False), victims)
        for victims in ([people[0]], [people[0], people[1]], [people[2]])
    ]
    news: list[Happened] = []
    steps = st.tuples(st.sampled_from(crimes), st.sampled_from(KINDS), st.integers(0, 1))
    for (crime, victims), kind, one in draw(st.lists(steps, min_size=1, max_size=15)):
        victim = victims[one % len(victims)]
        outcome, subgroup = draw(st.sampled_from(OUTCOMES)), draw(st.sampled_from(SUBGROUPS))
        event = happening(kind, story, crime, victim, outcome=outcome, subgroup=subgroup)
        news.append(story.happens(event, deliver=False))
        for each in draw(st.lists(st.sampled_from([crime, *news[-3:]]), max_size=3)):
            story.wait(minutes=draw(minutes))
            story.deliver(each)
        if draw(st.integers(0, 3)) == 0:
            story.signs_in(victim)
    story.deliver(crimes[0][0])
    return story


@st.composite
def runs(draw: st.DrawFn, *, correlates: bool | None = None) -> Run:
    """Draw a schedule and have the perfect portal answer it."""
    named = draw(st.booleans()) if correlates is None else correlates
    return Run(draw(schedules()), correlates=named)


@settings(max_examples=examples(150), deadline=None)
@given(run=runs())
def test_a_perfect_portal_is_found_no_fault_with(run: Run) -> None:
    """In any schedule, a portal that meets the order does nothing wrong."""
    # This one knows no Victims' Code, to which the weekly limit yields after five working days.
    assume(all(each.record.at - each.since < CODE_DAYS for each in run.portal.sent))
    judgement = run.judged()

    assert [each for each in judgement.findings if each.kind == "FAIL"] == []
    if run.correlates:
        pairs = zip(judgement.messages, run.portal.sent, strict=True)
        # News of the same moment may tell of a reply as well.
        told_as = [("reply", "update")] + [(each, each) for each in get_args(MessageKind)]
        assert [
            (each.kind, sent.kind) for each, sent in pairs if (each.kind, sent.kind) not in told_as
        ] == []


def one_of(data: st.DataObject, run: Run) -> Sent:
    """Draw one message of a run that has any."""
    assume(run.portal.sent)
    return data.draw(st.sampled_from(run.portal.sent))


def harms(judgement: Judgement) -> set[str]:
    """List the kinds of harm that fail a portal."""
    return {each.harm for each in judgement.findings if each.kind == "FAIL"}


@settings(max_examples=examples(60), deadline=None)
@given(run=runs(), data=st.data())
def test_a_message_that_was_not_sent_is_missed(run: Run, data: st.DataObject) -> None:
    """Without it a victim is lost; or a later message with the same news tells them too late."""
    sent = one_of(data, run)
    later = run.told_too(sent)
    assume(run.still_owed(sent))
    assume(all(each.record.at > sent.joined_by for each in later))
    found = harms(run.judged(run.with_message(sent)))

    assert found & {"lost", "late"}
    assert later or "lost" in found


@settings(max_examples=examples(60), deadline=None)
@given(run=runs(correlates=True), data=st.data())
def test_a_message_that_was_sent_twice_is_duplicated(run: Run, data: st.DataObject) -> None:
    """Any message, at any time, in any phase."""
    sent = one_of(data, run)
    again = msgspec.structs.replace(sent.record, message_id="again")

    assert "duplicated" in harms(run.judged(run.with_message(sent, sent.record, again)))


@settings(max_examples=examples(60), deadline=None)
@given(run=runs(), data=st.data())
def test_a_message_to_a_stranger_is_misdirected(run: Run, data: st.DataObject) -> None:
    """Whatever the message and the channel, and whether or not it names its event."""
    sent = one_of(data, run)
    field = "mobile_phone" if sent.record.channel == "text" else "email"
    astray = msgspec.structs.replace(sent.record, to=STRANGERS[field])

    assert "misdirected" in harms(run.judged(run.with_message(sent, astray)))


@settings(max_examples=examples(60), deadline=None)
@given(run=runs(correlates=True), data=st.data())
def test_a_message_to_another_crimes_victim_is_misdirected(run: Run, data: st.DataObject) -> None:
    """The event it names tells that it was another person's."""
    sent = one_of(data, run)
    field = "mobile_phone" if sent.record.channel == "text" else "email"
    astray = msgspec.structs.replace(sent.record, to=getattr(run.outsider(sent.person_id), field))

    assert "misdirected" in harms(run.judged(run.with_message(sent, astray)))


@settings(max_examples=examples(60), deadline=None)
@given(run=runs(), data=st.data(), word=st.sampled_from(ORDER.messages.denied_in_text))
def test_a_message_with_a_denied_word_discloses(run: Run, data: st.DataObject, word: str) -> None:
    """In the text itself, or in the subject of an email."""
    sent = one_of(data, run)
    field = "body" if sent.record.channel == "text" else "subject"
    told = f"{getattr(sent.record, field)} {word}"
    open_ = msgspec.structs.replace(sent.record, **{field: told})

    assert "disclosed" in harms(run.judged(run.with_message(sent, open_)))


@settings(max_examples=examples(60), deadline=None)
@given(run=runs(), data=st.data(), seconds=st.integers(1, 3 * 86_400))
def test_a_message_after_its_deadline_is_late(run: Run, data: st.DataObject, seconds: int) -> None:
    """By a second or by days, unless another message told the same in time.

    Where by then nothing may be said any more it is lost, and what comes all the same is worse.
    """
    sent = one_of(data, run)
    assume(run.still_owed(sent))
    assume(all(each.record.at > sent.joined_by for each in run.told_too(sent)))
    assume(not run.may_be_held_back(sent))
    late = msgspec.structs.replace(sent.record, at=sent.due_at + timedelta(seconds=seconds))

    assert {"late", "lost"} & harms(run.judged(run.with_message(sent, late)))
