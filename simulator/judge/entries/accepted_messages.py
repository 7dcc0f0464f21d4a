"""Each message the gateway accepts: whose it is, what it answers, and who received it."""

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from simulator.evidence.records import MessageAccepted
from simulator.judge.case_book import CaseBook
from simulator.judge.entries.inbound_texts import InboundTexts
from simulator.judge.entries.news_matching import Answer, NewsMatching
from simulator.judge.entries.possible_advice import PossibleAdvice
from simulator.judge.entries.silences import Silences
from simulator.judge.facts.contact_fields import addresses_in, is_a_name, is_given_alone
from simulator.judge.facts.known_victim import KnownVictim
from simulator.judge.facts.left_by_replies import left_by_replies
from simulator.judge.facts.obligations import Obligation
from simulator.judge.facts.reported_incidents import Incident
from simulator.judge.facts.sent_message import (
    Fate,
    Meant,
    MessageKind,
    Reader,
    SentMessage,
)
from simulator.judge.text.plain_words import has_word


@dataclass
class AcceptedMessages:
    """Writes messages in the book, in the order in which they were accepted."""

    book: CaseBook
    texts: InboundTexts
    _silences: Silences = field(init=False)
    _matching: NewsMatching = field(init=False)
    _possible_advice: PossibleAdvice = field(init=False)

    def __post_init__(self) -> None:
        self._silences = Silences(self.book)
        self._matching = NewsMatching(self.book, self._silences)
        self._possible_advice = PossibleAdvice(self.book)

    def accepted(self, message: MessageAccepted) -> None:
        """Take one message: a code, an answer or confirmation, or what its reader is told."""
        if person_id := self.book.codes.answered_by(message):
            self._asked_for(message, person_id, "one_time_code")
        elif self.texts.takes_answer(message):
            self._answer_to_text(message)
        elif person_id := self.texts.takes_confirmation(message):
            self._asked_for(message, person_id, "answer")
        elif (
            incident := self.book.incidents.acknowledged_by(message)
        ) and not self._names_it_by_itself(message, incident):
            self._acknowledgement(message, incident)
        elif (meant := self._meant(message)) is None:
            self._to_nobody(message)
        else:
            self._news(message, Reader(meant, self._victim(meant)))

    def _asked_for(self, message: MessageAccepted, person_id: str, kind: MessageKind) -> None:
        """Take a code, or what confirms a choice: it may come at night, as often as asked for."""
        meant = Meant(person_id=person_id, crime_reference="", event_id="")
        reader = Reader(meant, self._victim(meant))
        fate, sign = self._fate(message, reader)
        silence = self._silences.at_address(message, reader.victim)
        answer = Answer(kind, silence=silence)
        if kind == "answer":
            # What may confirm a choice may be what comes without news, and count.
            week = self.book.ledger.week
            week.sent(person_id, message.channel, message.at, is_counted=False)
        self._keep(message, answer, _NOBODY, fate, readers=[reader], sign=sign)

    def _answer_to_text(self, message: MessageAccepted) -> None:
        people = sorted(self.book.reachability.address_book.written_for(message.to)) or [""]
        about = [Meant(person_id=each, crime_reference="", event_id="") for each in people]
        readers = [Reader(meant, self._victim(meant)) for meant in about]
        self._keep(message, Answer("answer"), _NOBODY, "reached", readers=readers)

    def _names_it_by_itself(self, message: MessageAccepted, incident: Incident) -> bool:
        """Say whether a message names a report as the last that its person heard, or for its news.

        It may be advice or regular word, or the first word of a crime that it lets them be told of.
        """
        meant = Meant(person_id=incident.event.victim.person_id, crime_reference="", event_id="")
        news = (meant.person_id, message.channel, incident.event_id)
        return message.channel in incident.told and (
            self.book.automatic.is_due(meant, message)
            or self.book.ledger.is_waited_for(*news, invites=False)
        )

    def _acknowledgement(self, message: MessageAccepted, incident: Incident) -> None:
        person_id = incident.event.victim.person_id
        meant = Meant(person_id=person_id, crime_reference="", event_id=incident.event_id)
        reader = Reader(meant, self.book.incidents.reader(incident))
        incident.told.setdefault(message.channel, []).append(message.at)
        ledger, to = self.book.ledger, (person_id, message.channel)
        ledger.week.sent(*to, message.at, is_counted=False)
        for news in ledger.open_for(*to) if not self.book.correlates else ():
            # One that names nothing may tell what is gathered too.
            news.is_owed &= news.announces == "invitation" or news.told_at is not None
        fate, sign = self._fate(message, reader)
        silence = self._silences.at_address(message, reader.victim)
        answer = Answer("acknowledgement", silence=silence)
        self._keep(
            *(message, answer, meant, fate), readers=[reader], sign=sign, is_avoidable=bool(sign)
        )

    def _to_nobody(self, message: MessageAccepted) -> None:
        crime_reference = self.book.register.crime_of_event.get(message.reference, "")
        meant = Meant(person_id="", crime_reference=crime_reference, event_id="")
        self._keep(message, Answer(), meant, "misdirected", is_avoidable=True)

    def _news(self, message: MessageAccepted, reader: Reader) -> None:
        book, (meant, victim) = self.book, reader
        others = [each for each in self._may_be_for(message) if each.person_id != meant.person_id]
        for each in others:
            # Who of those at one address got how many, or heard of which crime, cannot be told.
            book.ledger.week.join(meant.person_id, each.person_id)
            for crime in () if book.correlates else book.register.crimes_of(each.person_id):
                book.history.heard(each.person_id, crime, message.at)
        answer = self._matching.take(
            message, reader, others=others, may_be_answer=self.texts.may_be_answer(message)
        )
        is_surplus = bool(answer.surplus) or (
            answer.silence is not None and answer.silence.ban in ("excluded", "withheld")
        )
        incidents = book.incidents
        if is_surplus and (found := incidents.acknowledged_by(message, is_surplus=True)):
            self._acknowledgement(message, found)
            return
        fate, sign = self._fate(message, reader)
        if fate == "reached" and victim is not None:
            book.flags.reached_anyway(meant.person_id, message.channel, message.at)
            if message.carries == "invitation":
                victim.invited[message.channel] = message.to
            self._note_first_words(meant, answer, message)
        self._possible_advice.took(meant, answer, message)
        for news in (*answer.told, *self._left_by_replies(message, meant, answer)):
            # One that names news of one crime may tell what waited of another.
            book.history.heard(meant.person_id, news.crime_reference, message.at)
        self._keep(
            message, answer, meant, fate, readers=[reader], sign=sign, is_avoidable=bool(sign)
        )
        if answer.kind in ("update", "journey", "reply", "invitation", "answer"):
            is_counted = answer.kind in ("update", "journey")
            book.ledger.week.sent(
                meant.person_id, message.channel, message.at, is_counted=is_counted
            )

    def _left_by_replies(
        self, message: MessageAccepted, meant: Meant, answer: Answer
    ) -> Iterable[Obligation]:
        if answer.kind != "update":
            return ()
        return left_by_replies(
            self.book.messages,
            self.book.ledger,
            message.at,
            of=(meant.person_id, message.channel),
            crime_reference=meant.crime_reference,
        )

    def _note_first_words(self, meant: Meant, answer: Answer, message: MessageAccepted) -> None:
        for each in answer.told:
            crime = self.book.register.crimes.get(each.crime_reference)
            own = crime.victims.get(meant.person_id) if crime is not None else None
            if each.is_first_word and own is not None:
                own.invited.setdefault(message.channel, message.to)

    def _fate(self, message: MessageAccepted, reader: Reader) -> tuple[Fate, str]:
        """Say who received a message, and by what sign the portal could tell ("" for none)."""
        reachability = self.book.reachability
        holders = reachability.address_book.holders(message.to)
        if reader.meant.person_id in holders:
            return "reached", ""
        if not holders:
            return "undeliverable", ""
        is_code = message.carries == "one_time_code"
        sign = reachability.why_not(message.to, reader.victim, signs_in=is_code)
        return "misdirected", sign

    def _meant(self, message: MessageAccepted) -> Meant | None:
        """Say whom a message was about; None when no record could explain the address.

        It is about the event it names, else about a person by the address. Of several people who
        share the address it is the one who waits for news of that event, or for any, or
        to whom an automatic message is due.
        """
        about = self._may_be_for(message)
        if not about:
            return None
        if about[0].event_id:
            if len(about) == 1:
                return about[0]
            return min(about, key=lambda each: self._rank_of_waiting(message, each))
        person_id = min(
            about, key=lambda each: self._how_unlikely(message, each.person_id)
        ).person_id
        register = self.book.register
        crimes = register.crimes_of(person_id) if len(about) == 1 else []
        # It is about none of which they may not be told, if there is another.
        told = [e for e in crimes if not register.crimes[e].victims[person_id].exclusion]
        crimes = told or crimes
        return Meant(person_id=person_id, crime_reference=crimes[-1] if crimes else "", event_id="")

    def _may_be_for(self, message: MessageAccepted) -> list[Meant]:
        """List whom a message may be about: by the event it names, else by its address."""
        register, address_book = self.book.register, self.book.reachability.address_book
        reference = message.reference
        crime_reference = register.crime_of_event.get(reference, reference)
        crime = register.crimes.get(crime_reference)
        written = address_book.written_for(message.to)
        if crime is None:
            return [
                Meant(person_id=each, crime_reference="", event_id="") for each in sorted(written)
            ]
        concerned = register.concerned.get(reference, "")
        reads = [each for each in crime.victims if each in written and concerned in ("", each)]
        if (other := register.parted_by.get(reference)) is not None:
            # What follows when two records are parted may be for either.
            both = [each for each in (concerned, other) if register.crimes_of(each)]
            reads = [each for each in both if each in written]
        if not reads and concerned in written and register.crimes_of(concerned):
            # Details may come under a crime that, to the portal's knowledge, is not theirs.
            reads, crime_reference = [concerned], register.crimes_of(concerned)[-1]
        if not reads:
            return self._may_be_let_in(reference, written)
        return [
            Meant(
                person_id=each,
                crime_reference=self._crime_told_of(reference, crime_reference, each),
                event_id=reference,
            )
            for each in reads
        ]

    def _may_be_let_in(self, event_id: str, people: Set[str]) -> list[Meant]:
        """List whom an event of another person's lets be told: their records are alike."""
        opened = ((each, self.book.ledger.crime_opened_by(each, event_id)) for each in people)
        return [
            Meant(person_id=each, crime_reference=crime, event_id=event_id)
            for each, crime in sorted(opened)
            if crime
        ]

    def _crime_told_of(self, event_id: str, crime_reference: str, person_id: str) -> str:
        """Give the crime that a message is about; new details of a person are about all."""
        register = self.book.register
        is_theirs = person_id in register.crimes[crime_reference].victims
        crimes = [crime_reference] if is_theirs else []
        # What lets them be told of one crime again may let them be told of the others.
        opens = register.recorded.may_open_others(event_id)
        if opens or register.recorded.may_bring_details(event_id, person_id):
            crimes += register.crimes_of(person_id)
        other = register.crimes.get(register.named_before.get(event_id, ""))
        if other is not None and person_id in other.victims:
            crimes.append(other.recorded.crime_reference)
        # A merger is news of the crime that goes on, which may be merged into a third by now.
        going_on = (register.crimes.get(each) for each in register.goes_on_as(crime_reference)[1:])
        crimes += [
            each.recorded.crime_reference
            for each in going_on
            if each is not None and person_id in each.victims
        ]
        told = (
            each
            for each in crimes
            if not register.crimes[each].victims[person_id].exclusion
            and register.crimes[each].gone != "cancelled"
        )
        return next(told, crimes[0])

    def _how_unlikely(
        self, message: MessageAccepted, person_id: str
    ) -> tuple[int, bool, bool, bool, bool, bool, datetime, bool, int]:
        """Rank one of the people at an address as the reader of a message; least is most likely.

        Of people who wait alike it is one for whom no other channel alone was found safe, then one
        who asked for its channel, then one whose record has the address now, then one to whom news
        is owed, then the one whose news is due first, then one whose record was not merged into
        another, or who got least this week.
        """
        book, invites = self.book, message.carries == "invitation"
        about = (person_id, message.channel)
        victims = book.register.victims_of(person_id)
        due_at = book.ledger.untold_due_at(*about, invites=invites)
        count = book.ledger.week.sent_before(*about, message.at)
        meant = Meant(person_id=person_id, crime_reference="", event_id="")
        is_out = bool(victims) and all(each.exclusion for each in victims)
        if any(book.register.is_of_parted(each, message.to) for each in victims):
            # It is the address of a person with whom they were merged by mistake.
            rank = 6
        elif is_out or book.reachability.preferences.has_ended(*about, message.to):
            rank = 5
        elif due_at is not None:
            rank = 0
        elif not invites and book.automatic.is_due(meant, message):
            rank = 1
        else:
            # One message may have told several pieces of news, and answered one.
            rank = 2 if book.ledger.is_waited_for(*about, "", invites=invites) else 4
        is_full = not invites and book.order.messages.fill_a_week(count)
        if rank < 3 and is_full and not self._cannot_wait(message, person_id):
            # The weekly limit holds back what they wait for.
            rank = 3
        had_it = all(message.to.lower() not in addresses_in(each.record) for each in victims)
        is_second = not invites and book.ledger.week.was_sent_at(*about, message.at)
        if (rank in (1, 2) and is_second) or (rank < 3 and had_it):
            # A second one at the same moment may be for another person at the address, and
            # a message goes to the person who has it now.
            rank = 3
        safe_channels = {each.own.safe_channel for each in victims}
        is_unapproved = bool(victims) and not safe_channels & {None, message.channel}
        is_unasked = not any(self._is_asked_for(message, each) for each in victims)
        is_merged = book.register.persons.of(person_id) is not None
        is_certain = book.ledger.is_waited_for(*about, "", invites=invites, is_owed=True)
        # What was due long ago, and did not come, comes less likely than what fell due now.
        is_overdue = rank == 1 and not book.automatic.fell_due(
            meant, message, message.at - _LONG_AGO
        )
        order = (is_overdue, due_at or message.at, is_merged, count)
        return rank, is_unapproved, is_unasked, had_it, not is_certain, *order

    def _cannot_wait(self, message: MessageAccepted, person_id: str) -> bool:
        """Say whether a person waits for what the weekly limit does not hold back: a reply, say."""
        ledger, in_time = self.book.ledger, timedelta(minutes=self.book.order.messages.minutes_max)
        return any(
            each.told_at is None
            and each.announces != "invitation"
            and (
                each.announces == "reply"
                or ledger.allowed_until(each) <= message.at + in_time
                or ledger.has_no_room_in_time(each)
            )
            for each in ledger.open_for(person_id, message.channel)
        )

    def _rank_of_waiting(self, message: MessageAccepted, meant: Meant) -> tuple[int, ...]:
        """Rank one of an event's people; of those who rank alike it is who waits for least later.

        The link is for a person who waits for an invitation, and other words are not. A message is
        for a person whose record has the address now. A person who waits for later news may get it
        in a later message, which tells this as well; so may one who got more this week, or as many
        as the weekly limit allows. A person who is told of the crime comes before one who is told
        only of other crimes of theirs. A greeting by name says whom of two it is for; the address
        of a person with whom they were merged by mistake, that it is not for them.
        """
        open_for = self.book.ledger.open_for(meant.person_id, message.channel)
        waiting = [each for each in open_for if each.told_at is None]
        invites = message.carries == "invitation"
        is_of_its_kind = any(
            (each.announces == "invitation") == invites and each.event_id == meant.event_id
            for each in waiting
        )
        # Who has come in since needs no link for the first word of a crime.
        is_in = meant.person_id in self.book.register.registered
        waits_for_other = not is_of_its_kind and any(
            each.event_id == meant.event_id
            and each.is_owed
            and not (invites and self._matching.is_first_word(each, message, meant))
            and not (each.is_first_word and not invites and is_in)
            for each in waiting
        )
        sent = self.book.ledger.week.sent_before(meant.person_id, message.channel, message.at)
        fit = self._fit_of_address(message, meant)
        # Others who may be told there come before one whose address it was once.
        rank = max(self._rank(message, meant), 3 if fit == 2 else 0)
        # The weekly limit holds back what they wait for.
        is_full = not invites and self.book.order.messages.fill_a_week(sent)
        is_full &= not self._cannot_wait(message, meant.person_id)
        victim = self.book.register.crimes[meant.crime_reference].victims[meant.person_id]
        of_nobody = bool(victim.exclusion)
        is_parted = self.book.register.is_of_parted(victim, message.to)
        is_of_other = not (
            self._is_of_its_crime(meant)
            and self.book.register.is_of_own_crime(meant.event_id, meant.person_id)
        )
        # What may come early to one may be due by now to the other; news that none named may not.
        automatic = self.book.automatic
        is_early = automatic.is_early(meant, message)
        is_early |= automatic.is_of_another_crime(meant, message)
        is_early &= not (invites or self._matching.has_not_named(message, meant))
        # By another channel the same news may be owed once more: it is one piece of news.
        named = max((e.place for e in waiting if e.event_id == meant.event_id), default=-1)
        later_count = len({each.event_id for each in waiting if each.place > named})
        # Where an officer approved one channel alone, another is for the other.
        is_unapproved = victim.own.safe_channel not in (None, message.channel)
        kind = (is_unapproved, is_full, fit == 2, is_early, not is_of_its_kind, is_of_other)
        order = (*kind, fit, later_count, sent)
        is_invited = invites and all(each.announces != "invitation" for each in waiting)
        first = (of_nobody, is_parted, not _is_greeted(message, victim), waits_for_other)
        return *first, is_invited, max(rank, 3 * is_full), *order

    def _fit_of_address(self, message: MessageAccepted, meant: Meant) -> int:
        """Rank an address: asked for, in the newest record of a person, or in an older one."""
        victim = self.book.register.crimes[meant.crime_reference].victims[meant.person_id]
        if self._is_asked_for(message, victim):
            return 0
        return 1 if message.to.lower() in addresses_in(victim.record) else 2

    def _is_asked_for(self, message: MessageAccepted, victim: KnownVictim) -> bool:
        usable = self.book.reachability.usable(victim)
        return any((each.channel, each.address) == (message.channel, message.to) for each in usable)

    def _rank(self, message: MessageAccepted, meant: Meant) -> int:
        book, invites = self.book, message.carries == "invitation"
        about = (meant.person_id, message.channel)
        of = (*about, meant.event_id)
        if book.register.crimes[meant.crime_reference].victims[meant.person_id].exclusion:
            return 6
        if book.reachability.preferences.has_ended(*about, message.to):
            return 5
        # A message that names news which need not be told tells the news that is owed before it.
        is_waited_for = book.ledger.is_waited_for(*of, invites=invites)
        if is_waited_for and book.ledger.is_waited_for(*about, "", invites=invites, is_owed=True):
            return 0
        if book.ledger.is_waited_for(*of, invites=invites, is_owed=True):
            return 0
        if not invites and book.automatic.is_due(meant, message):
            # An automatic message names the last event that its reader was told of, of a crime that
            # they are told of. A second one at the same moment may be for another person at the
            # address.
            is_second = book.ledger.week.was_sent_at(*about, message.at)
            last_told = book.ledger.last_told(*about, meant.crime_reference)
            is_last_told = meant.event_id in last_told and self._is_of_its_crime(meant)
            # News that they may be told is as likely as a second one without news.
            rank = 2 if is_waited_for or (is_last_told and not is_second) else 3
            return 1 if is_last_told and not is_second else rank
        is_unnamed = not invites and self._matching.has_not_named(message, meant)
        # An invitation by a channel that came later may name the crime's record again.
        is_invited_anew = invites and book.ledger.is_waited_for(*about, "", invites=True)
        return 3 if is_waited_for or is_unnamed or is_invited_anew else 4

    def _is_of_its_crime(self, meant: Meant) -> bool:
        """Say whether a message is about the crime of the event it names, or about a person.

        The record of a crime may bring new details, which are about other crimes of the person too.
        """
        register = self.book.register
        is_of_all = register.recorded.is_of_a_person(meant.event_id)
        return is_of_all or register.crime_of_event.get(meant.event_id) == meant.crime_reference

    def _victim(self, meant: Meant) -> KnownVictim | None:
        crime = self.book.register.crimes.get(meant.crime_reference)
        if crime is not None:
            return crime.victims[meant.person_id]
        victims = self.book.register.victims_of(meant.person_id)
        return min(victims, key=lambda each: bool(each.exclusion), default=None)

    def _keep(
        self,
        message: MessageAccepted,
        answer: Answer,
        meant: Meant,
        fate: Fate,
        *,
        readers: Sequence[Reader] = (),
        sign: str = "",
        is_avoidable: bool = False,
    ) -> None:
        sent = SentMessage(
            at=message.at,
            kind=answer.kind,
            channel=message.channel,
            person_id=meant.person_id,
            crime_reference=meant.crime_reference,
            fate=fate,
            is_avoidable=is_avoidable,
            address=message.to,
            readers=readers,
            silence=answer.silence,
            told=answer.told,
            surplus=answer.surplus,
            sign=sign,
        )
        self.book.messages.keep(message, sent)
        if message.carries == "invitation":
            self.book.links.invited(message.message_id, sent)


def _is_greeted(message: MessageAccepted, victim: KnownVictim) -> bool:
    """Say whether a message greets a victim by name, or an email nobody where theirs is none.

    An email may greet by a given name that stands alone, or not.
    """
    given = victim.record.given_name.strip()
    is_said = not given or has_word(message.body.partition("\n")[0], given)
    if message.channel == "email" and given and not is_a_name(victim.record):
        return not is_said or is_given_alone(victim.record)
    return is_said


_NOBODY = Meant(person_id="", crime_reference="", event_id="")
#: What has been due for so long hardly comes now.
_LONG_AGO = timedelta(days=2)
