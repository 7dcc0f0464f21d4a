"""Matches each message with what was owed: what it tells and answers, or that it is surplus."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from reference.contract.events import CrimeRecorded
from simulator.evidence.records import MessageAccepted
from simulator.judge.case_book import CaseBook
from simulator.judge.entries.silences import Silences
from simulator.judge.facts.obligations import Obligation
from simulator.judge.facts.sent_message import Meant, MessageKind, Reader, Silence, Surplus

_A_DAY = timedelta(days=1)


class Answer(NamedTuple):
    """What a message comes to; `told` is what its reader was not told before."""

    kind: MessageKind = "unknown"
    told: Sequence[Obligation] = ()
    surplus: Surplus = ""
    silence: Silence | None = None


@dataclass
class NewsMatching:
    """Meets obligations in the book's ledger, message by message."""

    book: CaseBook
    silences: Silences
    _answered: set[tuple[str, str, str]] = field(default_factory=set)
    _invited: set[tuple[str, str, str, str]] = field(default_factory=set)
    _invited_at: dict[tuple[str, str], datetime] = field(default_factory=dict)
    #: When a message about another crime told the first word of one: by person, channel and crime.
    _told_beside: dict[tuple[str, str, str], datetime] = field(default_factory=dict)

    def take(
        self,
        message: MessageAccepted,
        reader: Reader,
        *,
        others: Sequence[Meant] = (),
        may_be_answer: bool = False,
    ) -> Answer:
        """Match one message; one that should not have been sent answers nothing.

        It may have been for `others` at the address. One that names nothing and `may_be_answer` to
        the victim tells the news, and leaves room for the message that answers it.
        """
        silence = self.silences.at_address(message, reader.victim)
        silence = silence or self.silences.about(message, reader)
        if silence is not None:
            return Answer(silence=silence)
        if message.carries != "invitation" and self.book.correlates:
            return self._by_reference(message, reader.meant, others)
        answer = self._by_address(message, reader.meant, others, may_be_answer=may_be_answer)
        if message.carries == "invitation":
            about = (reader.meant.person_id, message.channel, message.reference)
            self._invited.add((*about, message.to))
            self._invited_at[about[:2]] = message.at
        return answer

    def has_not_named(self, message: MessageAccepted, meant: Meant) -> bool:
        """Say whether no message to a person has named the news that this one names.

        One that named other news may have told it.
        """
        key = (meant.person_id, message.channel, self.book.ledger.news_of(message.reference))
        is_news = self.book.ledger.announced_by(*key) not in {None, "invitation"}
        return self.book.correlates and is_news and key not in self._answered

    def _by_address(
        self,
        message: MessageAccepted,
        meant: Meant,
        others: Sequence[Meant],
        *,
        may_be_answer: bool,
    ) -> Answer:
        """Match a message with all that is open on its channel; it answers the oldest of it."""
        ledger = self.book.ledger
        invites = message.carries == "invitation"
        waiting = [
            each
            for each in ledger.open_for(meant.person_id, message.channel)
            if (each.announces == "invitation") == invites
            or (invites and self.is_first_word(each, message, meant))
        ]
        unanswered = [each for each in waiting if not each.is_answered]
        if invites and self.book.correlates and self._has_invited(message, meant):
            # It does not take the place of the invitation to another crime.
            unanswered = [each for each in unanswered if each.event_id == message.reference]
        # One message tells all of what need not be told any more, unless it answers other news; a
        # reply goes by itself, and what was gathered for later may come all the same.
        unanswered.sort(key=lambda each: (each.is_void, invites and each.announces != "invitation"))
        told = [each for each in waiting if each.told_at is None]
        if not invites:
            self._tell_for_merged(message, meant)
        if may_be_answer:
            ledger.tell(meant.person_id, message.channel, waiting, message.at)
            return Answer("answer", told)
        # A message that may be the reply is taken for it: no limit holds a reply back.
        replies = [each for each in told if each.announces == "reply"]
        answered = next(iter(replies or unanswered), None)
        if answered is not None:
            answered.is_answered = True
        for each in unanswered if answered is not None and not replies else ():
            each.is_answered |= each.is_void
        ledger.tell(meant.person_id, message.channel, waiting, message.at)
        if answered is not None:
            return Answer(answered.announces, told)
        if not invites and self.book.automatic.take(meant, message, others):
            return Answer("journey", told)
        withheld = None if invites else self.silences.names_nothing_withheld(meant)
        if withheld is not None:
            return Answer(told=told, silence=withheld)
        if invites and self._is_of_another_crime(message, meant):
            return Answer("invitation", told)
        return self._unexpected(message, meant, told)

    def _unexpected(
        self, message: MessageAccepted, meant: Meant, told: Sequence[Obligation]
    ) -> Answer:
        invites = message.carries == "invitation"
        is_registered = meant.person_id in self.book.register.registered
        if invites and not is_registered and self.has_not_named(message, meant):
            # Another crime's message may have told it; this is the first about the crime itself.
            news = self.book.ledger.news_of(message.reference)
            self._answered.add((meant.person_id, message.channel, news))
            return Answer("update", told)
        is_repeated = invites or self.book.messages.repeats_the_last(message)
        return Answer(told=told, surplus="repeated" if is_repeated else "unowed")

    def _tell_for_merged(
        self, message: MessageAccepted, meant: Meant, *, before: Obligation | None = None
    ) -> None:
        """Let a message tell what its reader is to hear by another record that is merged with it.

        One that names nothing may be about either; one that names news may tell all that came
        `before` it. What is told so may still have its own message.
        """
        ledger = self.book.ledger
        for each in self.book.register.persons.whole(meant.person_id) - {meant.person_id}:
            waiting = ledger.open_for(each, message.channel)
            news = [one for one in waiting if one.announces != "invitation"]
            if before is not None:
                news = [one for one in news if one.place < before.place]
            for one in news:
                if one.told_at is None:
                    self.book.history.heard(each, one.crime_reference, message.at)
            ledger.tell(each, message.channel, news, message.at)

    def _is_of_another_crime(self, message: MessageAccepted, meant: Meant) -> bool:
        """Say whether an invitation is the first that names its event.

        Where two crimes invite a person together, one message may tell of both, and each may have
        its own in time.
        """
        before = self._invited_at.get((meant.person_id, message.channel))
        in_time = timedelta(minutes=self.book.order.messages.minutes_max)
        if before is None or message.at > before + in_time:
            return False
        key = (meant.person_id, message.channel, message.reference)
        is_owed = self.book.ledger.announced_by(*key) == "invitation"
        return is_owed and not self._has_invited(message, meant)

    def _has_invited(self, message: MessageAccepted, meant: Meant) -> bool:
        about = (meant.person_id, message.channel, message.reference, message.to)
        return about in self._invited

    def is_first_word(self, obligation: Obligation, message: MessageAccepted, meant: Meant) -> bool:
        """Say whether an invitation may tell an update: the first that is sent of a crime.

        One that waited may name what came since. Who had signed in when the news came needs no
        invitation. Where one could not go by another channel, the next news may invite them by all.
        """
        person_id, ledger = meant.person_id, self.book.ledger
        is_registered = person_id in self.book.register.registered
        named, crime_reference = ledger.news_of(message.reference), obligation.crime_reference
        of = (person_id, message.channel, crime_reference)
        # In one moment two may go that invite to two crimes: each is the first of its own.
        before = message.at if meant.crime_reference == crime_reference else None
        since = self.book.questions.anew_at(person_id)
        was_told = ledger.was_told_of(*of, since=since, before=before)
        # One that names nothing may be the invitation that waited as they signed in.
        waited = not self.book.correlates and is_registered and obligation.is_first_word
        return (
            (waited or obligation.event_id == named or ledger.came_before(obligation, named))
            and (not is_registered or ledger.was_open_at_sign_in(obligation))
            and not (was_told and ledger.is_invited_on_all(person_id, crime_reference))
        )

    def _told_by(
        self, reference: str, meant: Meant, news: Sequence[Obligation]
    ) -> list[Obligation]:
        """List the news that a message tells which names an event.

        One that names an event which released news tells all that was open then. Where another
        message of the same delivery has told that event with its own news, this one tells the rest
        of its crime.
        """
        came_with = self.book.deliveries.came_with_later
        named = [n for n, each in enumerate(news) if each.event_id == reference]
        if named:
            return [
                each
                for n, each in enumerate(news)
                if n <= named[-1]
                or came_with(each.event_id, reference)
                or self.book.ledger.was_open_at_release(each, meant.event_id)
                or self._waited_for(each, news[named[-1]])
            ]
        # Another event may let them be told of the crime by now: its record tells that too.
        is_the_record = self._is_the_record(reference, meant.crime_reference)
        of_it = [each for each in news if each.crime_reference == meant.crime_reference]
        return [
            each
            for each in of_it
            if came_with(each.event_id, reference)
            or came_with(reference, each.event_id)
            or (is_the_record and each.is_first_word)
        ]

    def _waited_for(self, each: Obligation, named: Obligation) -> bool:
        """Say whether news is the first word that is named, or came before the record of its crime.

        They hear of a crime for the first time once; its record came last, and let both be told.
        """
        is_its_crime = each.crime_reference == named.crime_reference
        # What was let be told with it says that there is a crime.
        came_with = not named.is_owed and each.received_at == named.received_at
        if not (is_its_crime and (named.is_first_word or came_with)):
            return False
        return each.is_first_word or (
            named.is_first_word and each.event_id in self.book.register.recorded.waited
        )

    def _first_word_by(self, message: MessageAccepted, meant: Meant) -> str:
        """Give the event by which a registered victim may be told of a crime, where one names it.

        They could not be told when the crime was recorded: a message may name the record of the
        crime, or what let them be told. Gives "" for any other message.
        """
        about, ledger = (meant.person_id, message.channel), self.book.ledger
        is_the_record = self._is_the_record(message.reference, meant.crime_reference)
        announces = ledger.announced_by(*about, message.reference)
        if not is_the_record or announces not in {None, "invitation"}:
            return ""
        for each in ledger.open_for(*about):
            is_untold = each.told_at is None and not each.is_void and each.announces == "update"
            if is_untold and each.is_first_word and each.crime_reference == meant.crime_reference:
                return each.event_id
        return ""

    def _is_the_record(self, event_id: str, crime_reference: str) -> bool:
        return any(
            each.event_id == event_id and isinstance(each.event, CrimeRecorded)
            for each in self.book.events.of(crime_reference)
        )

    def _by_reference(
        self, message: MessageAccepted, meant: Meant, others: Sequence[Meant]
    ) -> Answer:
        """Match a message with the event it names, and with all that was open before it.

        Of the events in one delivery it may name the one that was recorded last.
        """
        ledger = self.book.ledger
        reference = self._first_word_by(message, meant) or ledger.news_of(message.reference)
        key = (meant.person_id, message.channel, reference)
        announces = ledger.announced_by(*key)
        # One event may let them be told of two crimes: each may have its own first word.
        beside_at = self._told_beside.pop((*key[:2], meant.crime_reference), None)
        waiting = ledger.open_for(meant.person_id, message.channel)
        # News that did not arrive waits again when the details have been corrected.
        waits_again = any(
            each.event_id == reference and each.announces != "invitation" and each.told_at is None
            for each in waiting
        )
        is_new = waits_again or key not in self._answered
        told_at = ledger.told_at(*key)
        is_old = told_at is not None and message.at - told_at > _A_DAY and not waits_again
        if is_new and is_old and self.book.automatic.is_still_due(meant, message):
            # It was told days ago by a message that named other news: this one comes without news.
            self.book.automatic.take(meant, message, others)
            return Answer("journey")
        if announces not in {None, "invitation"} and is_new:
            self._answered |= {key, (*key[:2], message.reference)}
            news = [each for each in waiting if each.announces != "invitation"]
            tells = self._told_by(reference, meant, news)
            told = [each for each in tells if each.told_at is None]
            for each in tells:
                each.is_answered = True
                if each.is_first_word and each.crime_reference != meant.crime_reference:
                    self._told_beside[*key[:2], each.crime_reference] = message.at
            ledger.tell(meant.person_id, message.channel, tells, message.at)
            if tells:
                self._tell_for_merged(message, meant, before=tells[-1])
            assert announces is not None
            has_reply = any(each.announces == "reply" for each in told)
            return Answer("reply" if has_reply else announces, told)
        # A message without news names an event that an invitation or an update told before.
        uninvited = [] if key in self._answered else self._uninvited(meant, waiting)
        uninvited.sort(key=lambda each: each.event_id != reference)
        is_first = bool(uninvited) and (
            uninvited[0].event_id == reference
            or self.book.automatic.is_of_another_crime(meant, message)
        )
        if not is_first and self.book.automatic.take(meant, message, others):
            return Answer("journey")
        ledger.tell(meant.person_id, message.channel, uninvited[:1], message.at)
        in_time = timedelta(minutes=self.book.order.messages.minutes_max)
        if uninvited or (beside_at is not None and message.at <= beside_at + in_time):
            return Answer("update", uninvited[:1])
        return Answer(surplus="repeated" if key in self._answered else "unowed")

    def _uninvited(self, meant: Meant, waiting: Sequence[Obligation]) -> list[Obligation]:
        """List the first words of crimes that a registered victim has not had.

        They came in before an invitation could go, or their crime goes on as one that came later:
        one message says so, whatever it names.
        """
        if meant.person_id not in self.book.register.registered:
            return []
        return [each for each in waiting if each.is_first_word and each.told_at is None]
