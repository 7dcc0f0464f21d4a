"""Phase 3: what victims asked and officers replied, with the stamps and tasks for each question."""

from dataclasses import dataclass, field
from datetime import datetime

from msgspec import structs

from reference.contract.events import OfficerReplied
from simulator.evidence.records import QuestionAsked, Stamped, TaskRaised
from simulator.judge.facts.crime_register import CrimeRegister, Received
from simulator.judge.text.plain_words import as_typed


@dataclass
class Question:
    """One question, the stamps with its words, and the task raised for it.

    `answered_at` is when the portal had a reply that was written after it, and names no other
    question. It `may_be_answered` by any reply that the portal had since it was asked, or when
    another person asked it.

    When a merger is taken back, it is about the crime that is its writer's again: `asked_again` has
    the stamps there. It waits since `moved_at` for `moved_task`, if nobody had answered it; it
    `may_stay` where its writer was not to be told of that crime then. That of a victim of both
    crimes may be kept with either, where they used the old reference.

    It is `of_survivor` if it was `written_by` a person in the time of a merger of records that was
    taken back: it is theirs, and the person whose crime it is about does not read it.
    """

    asked: QuestionAsked
    stamps: list[Stamped] = field(default_factory=list)
    task: TaskRaised | None = None
    answered_at: datetime | None = None
    may_be_answered: bool = False
    asked_again: list[Stamped] = field(default_factory=list)
    moved_at: datetime | None = None
    may_stay: bool = False
    moved_task: TaskRaised | None = None
    is_of_either: bool = False
    written_by: str = ""
    of_survivor: bool = False

    def is_named(self, key: str) -> bool:
        """Say whether a reply with this `in_reply_to` names it: by its stamp or by its task."""
        by_task = any(e is not None and e.key == key for e in (self.task, self.moved_task))
        return by_task or any(each.key == key for each in (*self.stamps, *self.asked_again))


@dataclass(frozen=True)
class Reply:
    """One officer's reply, which its victim must find in the conversation from `shown_by` on."""

    event_id: str
    crime_reference: str
    text: str
    shown_by: datetime


@dataclass
class Questions:
    """Every question in order; `strays` are stamps whose words match no question.

    A question on a crime that was merged may be filed under either reference. `unreadable` are the
    events of replies to somebody who could not be told when they came: an officer tells them.
    """

    register: CrimeRegister
    asked_all: list[Question] = field(default_factory=list)
    strays: list[Stamped] = field(default_factory=list)
    unreadable: set[str] = field(default_factory=set)
    _of: dict[str, list[Question]] = field(default_factory=dict)
    _early: list[TaskRaised] = field(default_factory=list)
    _writers: dict[str, set[str]] = field(default_factory=dict)
    _replies: dict[str, list[Reply]] = field(default_factory=dict)
    _anew_at: dict[str, datetime] = field(default_factory=dict)

    def asked(self, record: QuestionAsked) -> None:
        """Write down what a victim asked, in the name of the record that the crime is of."""
        writer = record.person_id
        whose = self.register.as_theirs(writer, record.crime_reference)
        record = structs.replace(record, person_id=whose, text=as_typed(record.text))
        question = Question(record, written_by=writer)
        self.asked_all.append(question)
        self._of.setdefault(record.person_id, []).append(question)
        self._writers.setdefault(record.text, set()).add(record.person_id)
        # A portal that files at once may file before the question is written down.
        for task in self._early:
            if task.at == record.at and question in self.on(task):
                question.task = task
                self._early.remove(task)
                break
        for stray in self.strays:
            if stray.text == record.text and question in self.on(stray):
                question.stamps.append(stray)
                self.strays.remove(stray)
                return
        # The same words were asked before, and the stamp was taken for their second one.
        for each in self.on(record):
            is_same = each.asked.text == record.text
            if is_same and len(each.stamps) > 1 and each.stamps[-1].at == record.at:
                question.stamps.append(each.stamps.pop())
                return

    def wrote(self, event: OfficerReplied) -> None:
        """Write down whom an officer wrote these words to, in whichever phase."""
        self._writers.setdefault(event.text, set()).add(event.person_id)

    def replied(self, event: OfficerReplied, at: datetime) -> None:
        """Write down what an officer's words answer."""
        self.wrote(event)
        crime = self.register.current(event.crime_reference)
        names_one = any(each.is_named(event.in_reply_to) for each in self.asked_all)
        for each in self._of.get(event.person_id, []):
            if self.register.current(each.asked.crime_reference) == crime:
                each.may_be_answered = True
                is_for_it = each.is_named(event.in_reply_to) or not names_one
                if is_for_it and event.replied_at > each.asked.at and each.answered_at is None:
                    each.answered_at = at

    def owe_reply(self, event_id: str, event: OfficerReplied, shown_by: datetime) -> None:
        """Owe a victim the sight of an officer's reply, from `shown_by` on."""
        reply = Reply(event_id, event.crime_reference, event.text, shown_by)
        self._replies.setdefault(event.person_id, []).append(reply)

    def begin_anew(self, person_id: str, at: datetime) -> None:
        """Note that another person is told from now on: what was written before is not theirs."""
        self._replies.pop(person_id, None)
        self._anew_at[person_id] = at
        for each in self._of.get(person_id, []):
            each.may_be_answered = True

    def anew_at(self, person_id: str) -> datetime | None:
        """Give when another person was last put in a victim's place; None if nobody was."""
        return self._anew_at.get(person_id)

    def may_be_of_another(self, event: OfficerReplied, received: Received) -> bool:
        """Say whether a reply may be for the person who was told before: it need not be shown.

        It came in the moment in which another was put in their place, was written by then, or
        answers what they asked.
        """
        anew_at = self.anew_at(event.person_id)
        return anew_at is not None and (
            received.received_at == anew_at
            or received.happened_at <= anew_at
            or any(
                each.asked.at <= anew_at and each.is_named(event.in_reply_to)
                for each in self._of.get(event.person_id, [])
            )
        )

    def replies_to(self, person_id: str) -> list[Reply]:
        """List the replies that a victim must find in their conversations, oldest first."""
        return self._replies.get(person_id, [])

    def is_between_others(self, text: str, person_id: str) -> bool:
        """Say whether words were written by or to other people, and never by or to this one."""
        return person_id not in self._writers.get(text, {person_id})

    def stamped(self, record: Stamped) -> None:
        """Match a stamp with a question of the same words on the same crime; else it is a stray."""
        record = structs.replace(record, text=as_typed(record.text))
        same = [each for each in self.on(record) if each.asked.text == record.text]
        unstamped = [each for each in same if not each.stamps]
        moved = [e for e in same if e.stamps and e.moved_at is not None and not e.asked_again]
        if moved:
            moved[0].asked_again.append(record)
            return
        if unstamped or same:
            (unstamped or same)[0].stamps.append(record)
        else:
            self.strays.append(record)

    def task_raised(self, record: TaskRaised) -> None:
        """Match a task with the oldest question that has none."""
        asked = self.on(record)
        waiting = next((each for each in asked if each.task is None), None)
        moved = [each for each in asked if each.moved_at is not None and each.moved_task is None]
        if waiting is not None:
            waiting.task = record
            if waiting in moved and record.crime_reference == waiting.asked.crime_reference:
                # It waited until the merger was taken back, and went to the right officer at once.
                waiting.moved_task = record
        elif moved:
            moved[0].moved_task = record
        else:
            self._early.append(record)

    def is_early(self, record: TaskRaised) -> bool:
        """Say whether no question is written down yet that a task may be for."""
        return record in self._early

    def let_be_on_either(self, person_id: str, crime_reference: str, since: datetime) -> None:
        """Let either crime have what a person of both asked under the old reference."""
        for question in self._of.get(person_id, []):
            if question.asked.crime_reference == crime_reference and question.asked.at >= since:
                question.is_of_either = True

    def part_persons(self, person_id: str) -> None:
        """Leave to a survivor what they wrote about a person's crimes: nobody waits for it."""
        for question in self._of.get(person_id, []):
            if question.written_by != person_id and self._were_merged(question):
                question.of_survivor = question.is_of_either = question.may_be_answered = True

    def _were_merged(self, question: Question) -> bool:
        """Say whether a question was written by the record that its person's was merged into."""
        return self.register.were_parted(question.written_by, question.asked.crime_reference)

    def part(
        self, person_id: str, into: str, crime_reference: str, since: datetime, at: datetime
    ) -> None:
        """Move what a person asked about a crime that theirs is merged `into` no longer.

        The force took the merger back `since` then, and the portal heard it `at` then: it may file
        anew before the judge hears of it.
        """
        for question in self._of.get(person_id, []):
            if question.asked.crime_reference != into:
                continue
            question.asked = structs.replace(question.asked, crime_reference=crime_reference)
            if question.answered_at is None:
                question.moved_at = at
            # An officer sees to what is about a crime that is not theirs to be told of.
            own = self.register.crimes[crime_reference].victims[person_id]
            question.may_stay = bool(own.exclusion)
            anew = [e for e in question.stamps if _is_filed_anew(e, crime_reference, since)]
            if len(question.stamps) > 1 and anew:
                question.stamps.remove(anew[-1])
                question.asked_again.append(anew[-1])
            early = [e for e in self._early if _is_filed_anew(e, crime_reference, since)]
            if early and question.moved_at is not None:
                question.moved_task = early[0]
                self._early.remove(early[0])

    def surplus_tasks(self) -> list[TaskRaised]:
        """List the tasks about crimes on which every question has a task of its own."""
        current = self.register.current
        lacking = {
            current(each.asked.crime_reference) for each in self.asked_all if each.task is None
        }
        return [each for each in self._early if current(each.crime_reference) not in lacking]

    def asked_by(self, person_id: str) -> list[Question]:
        """List what a person asked, oldest first."""
        return self._of.get(person_id, [])

    def on(self, record: QuestionAsked | Stamped | TaskRaised) -> list[Question]:
        """List what the same person asked on the same crime, oldest first."""
        crime = self.register.current(record.crime_reference)
        whose = self.register.as_theirs(record.person_id, record.crime_reference)
        return [
            each
            for each in self._of.get(whose, [])
            if self.register.current(each.asked.crime_reference) == crime
        ]


def _is_filed_anew(record: Stamped | TaskRaised, crime_reference: str, since: datetime) -> bool:
    return record.crime_reference == crime_reference and record.at >= since
