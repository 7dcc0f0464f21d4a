"""One message before the court: whose it was, who got it, and whether it was owed."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from simulator.evidence.records import MessageAccepted
from simulator.inputs.order import Order
from simulator.judge.facts.address_book import Fate, JudgedMessage, Meant, MessageKind, one
from simulator.judge.facts.eligibility import requirement_of
from simulator.judge.facts.known_crime import KnownCrime
from simulator.judge.facts.known_victim import KnownVictim
from simulator.judge.facts.obligations import Obligation
from simulator.judge.rules.message_wording import MessageContents
from simulator.verdicts import Harm

if TYPE_CHECKING:
    from simulator.judge.case_book import Court


class MessageRules:
    """Judges messages in the order they were accepted."""

    def __init__(self, court: "Court", order: Order, *, correlates: bool) -> None:
        self._court = court
        self._order = order
        self._contents = MessageContents(court, order)
        self._correlates = correlates
        self._answered: set[tuple[str, str, str]] = set()
        self._last_body: dict[str, str] = {}
        self.messages: list[JudgedMessage] = []
        self.by_id: dict[str, JudgedMessage] = {}

    def accepted(self, message: MessageAccepted) -> None:
        """Judge one message."""
        if person_id := self._court.sign_ins.answered_by(message):
            self._code(message, Meant(person_id=person_id, crime_reference="", event_id=""))
            return
        if self._court.answers.is_one(message):
            self._answer_to_text(message)
            return
        meant = self._court.directory.meant(
            message, self._court.cases, lambda *about: self._is_waiting(message, *about)
        )
        if meant is None:
            self._misdirected_by_portal(message)
            return
        victim = self._victim(meant)
        kind = self._owed(message, meant, victim)
        sign = self._sign(message, victim)
        fate = self._fate(message, meant, sign)
        if fate == "reached" and victim is not None:
            self._court.ledger.reached_anyway(meant.person_id, message.channel, message.at)
            if message.carries == "invitation":
                victim.invited[message.channel] = message.to
        self._note_heard(message, meant, kind)
        self._keep(message, kind, meant, fate, is_avoidable=fate == "misdirected" and bool(sign))
        self._contents.check(message, meant, victim, kind)

    def _code(self, message: MessageAccepted, meant: Meant) -> None:
        """Judge a code by where it went and what it says: it is wanted at night, and at any count.

        Whoever is not to be told at an address is not to be sent codes there either.
        """
        victim = self._victim(meant)
        if victim is not None:
            self._court.silences.is_broken_where_it_goes(message, meant, victim)
        fate = self._fate(message, meant, self._sign(message, victim))
        self._keep(message, "one_time_code", None, fate)
        self._contents.check_words(message, meant, victim)

    def _answer_to_text(self, message: MessageAccepted) -> None:
        """Judge what a text was answered with by its words: it goes to where the text came from."""
        self._keep(message, "answer", None, "reached")
        for person_id in sorted(self._court.directory.written_for(message.to)) or [""]:
            meant = Meant(person_id=person_id, crime_reference="", event_id="")
            self._contents.check_words(message, meant, self._victim(meant))

    def _note_heard(self, message: MessageAccepted, meant: Meant, kind: MessageKind) -> None:
        """Take it that a victim heard of every crime a message may be about."""
        own = self._court.cases.crimes_of(meant.person_id)
        may_be_advice = kind == "journey" or not meant.event_id
        for crime_reference in [meant.crime_reference] if meant.event_id else own:
            about = (meant.person_id, crime_reference, message.at)
            self._court.frequency.heard(*about)
            self._court.advice.heard(*about, may_be=may_be_advice)

    def _is_waiting(self, message: MessageAccepted, person_id: str, event_id: str) -> bool:
        invites = message.carries == "invitation"
        about = (person_id, message.channel, event_id)
        return self._court.ledger.is_waited_for(*about, invites=invites)

    def _victim(self, meant: Meant) -> KnownVictim | None:
        crime = self._court.cases.crimes.get(meant.crime_reference)
        if crime is not None:
            return crime.victims[meant.person_id]
        return next(iter(self._court.cases.victims_of(meant.person_id)), None)

    def _owed(
        self, message: MessageAccepted, meant: Meant, victim: KnownVictim | None
    ) -> MessageKind:
        """Match a message with what was owed; what was not is one too many."""
        if self._is_against_silence(message, meant, victim):
            return "unknown"
        if message.carries != "invitation" and self._correlates:
            return self._answer_by_reference(message, meant)
        return self._answer(message, meant)

    def _is_against_silence(
        self, message: MessageAccepted, meant: Meant, victim: KnownVictim | None
    ) -> bool:
        """Find a message where there should be none, whatever it is about."""
        court = self._court
        if victim and court.silences.is_broken_where_it_goes(message, meant, victim):
            return True
        excluded = [each.exclusion for each in court.cases.victims_of(meant.person_id)]
        if victim is not None and victim.exclusion and (meant.event_id or all(excluded)):
            court.findings.fail_message(
                message,
                meant,
                *_instead_of_silence(victim, court.cases.crimes.get(meant.crime_reference)),
                "no message: " + victim.exclusion,
                f"{one(message.channel)} was sent",
            )
            return True
        return court.silences.is_broken_by(message, meant)

    def _answer(self, message: MessageAccepted, meant: Meant) -> MessageKind:
        """Say what a message answers by who was owed what; finds duplicates and noise.

        It tells of everything that was open on its channel, and answers the oldest of it.
        """
        ledger = self._court.ledger
        invites = message.carries == "invitation"
        waiting = [
            each
            for each in ledger.open_for(meant.person_id, message.channel)
            if (each.announces == "invitation") == invites
        ]
        unanswered = [each for each in waiting if not each.is_answered]
        self._check_late(message, meant, [each for each in waiting if each.told_at is None])
        if unanswered:
            unanswered[0].is_answered = True
        ledger.tell(meant.person_id, message.channel, waiting, message.at)
        if unanswered:
            return unanswered[0].announces
        if not invites and self._court.journeys.may_send(meant, message):
            return "journey"
        if not invites and self._court.silences.tells_too_early(message, meant):
            return "unknown"
        repeats = invites or self._last_body.get(message.to) == message.body
        self._too_many(message, meant, "duplicated" if repeats else "noise")
        return "unknown"

    def _answer_by_reference(self, message: MessageAccepted, meant: Meant) -> MessageKind:
        """Say what a message answers by the event it names.

        It tells of that event and of all that was open before it.
        """
        ledger = self._court.ledger
        reference = ledger.news_of(message.reference)
        key = (meant.person_id, message.channel, reference)
        announces = ledger.announced_by(*key)
        if announces not in {None, "invitation"} and key not in self._answered:
            self._answered.add(key)
            waiting = ledger.open_for(meant.person_id, message.channel)
            news = [each for each in waiting if each.announces != "invitation"]
            named = [n for n, each in enumerate(news) if each.event_id == reference]
            told = news[: named[-1] + 1] if named else []
            self._check_late(message, meant, [each for each in told if each.told_at is None])
            for each in told:
                each.is_answered = True
            ledger.tell(meant.person_id, message.channel, told, message.at)
            return announces
        # What comes by itself names an event that was told before, by an invitation or by news.
        if self._court.journeys.may_send(meant, message):
            return "journey"
        self._too_many(message, meant, "duplicated" if key in self._answered else "noise")
        return "unknown"

    def _check_late(
        self, message: MessageAccepted, meant: Meant, told: Sequence[Obligation]
    ) -> None:
        for each in told:
            allowed = self._court.ledger.allowed_until(each)
            if each.is_owed and message.at > allowed:
                self._court.findings.fail_message(
                    message,
                    meant,
                    "late",
                    "MSG-02",
                    f"{each.announces} by {allowed:%d %B %H:%M}",
                    f"sent at {message.at:%d %B %H:%M}",
                )

    def _fate(self, message: MessageAccepted, meant: Meant, sign: str) -> Fate:
        """Say who was told, and whether the portal held a sign that it would be somebody else."""
        holders = self._court.directory.holders(message.to)
        if meant.person_id in holders:
            return "reached"
        if not holders:
            return "undeliverable"
        findings, expected = self._court.findings, "only the victim is told"
        if sign:
            observed = f"somebody else was told: {sign}"
            findings.fail_message(message, meant, "misdirected", "SAFE-01", expected, observed)
            return "misdirected"
        findings.count(
            "misdirected",
            "DATA-02",
            "contact data",
            at=message.at,
            person_id=meant.person_id,
            crime_reference=meant.crime_reference,
            expected=expected,
            observed="somebody else was told: the number is well formed and wrong",
            avoidable=False,
        )
        return "misdirected"

    def _sign(self, message: MessageAccepted, victim: KnownVictim | None) -> str:
        """Find the sign the portal held that an address was not the victim's ("" for none)."""
        if message.to in self._court.owing.bounced:
            return "the address had bounced"
        if victim is None:
            return ""
        if victim.record.safe_to_contact is not True:
            return "the victim is not recorded as safe to contact"
        own = {each.address for each in self._court.owing.choices.readings(victim)}
        if message.to not in own:
            return "the address stood in another field"
        return self._court.owing.addresses.why_not(message.to)

    def _misdirected_by_portal(self, message: MessageAccepted) -> None:
        nobody = Meant(person_id="", crime_reference="", event_id="")
        crime = self._court.cases.crime_of_event.get(message.reference, "")
        meant = Meant(person_id="", crime_reference=crime, event_id="") if crime else nobody
        self._court.findings.fail_message(
            message,
            meant,
            "misdirected",
            "SAFE-01",
            "messages go to addresses that the victim's record holds",
            f"{one(message.channel)} to an address of nobody concerned",
        )
        self._keep(message, "unknown", meant, "misdirected", is_avoidable=True)

    def _too_many(self, message: MessageAccepted, meant: Meant, harm: Harm) -> None:
        self._court.findings.fail_message(
            message,
            meant,
            harm,
            *self._court.silences.why_too_many(meant),
            f"{one(message.channel)} that answers nothing new",
        )

    def _keep(
        self,
        message: MessageAccepted,
        kind: MessageKind,
        meant: Meant | None,
        fate: Fate,
        *,
        is_avoidable: bool = False,
    ) -> None:
        judged = JudgedMessage(
            at=message.at,
            kind=kind,
            channel=message.channel,
            person_id=meant.person_id if meant else "",
            crime_reference=meant.crime_reference if meant else "",
            fate=fate,
            is_avoidable=is_avoidable,
            address=message.to,
        )
        self.messages.append(judged)
        self.by_id[message.message_id] = judged
        if message.carries == "invitation":
            self._court.entrances.invited(message.message_id, judged)
        self._last_body[message.to] = message.body


def _instead_of_silence(victim: KnownVictim, crime: KnownCrime | None) -> tuple[Harm, str]:
    """Say what harm a message does to somebody who is not, or no longer, to be told."""
    if victim.exclusion in _INSTEAD_OF_SILENCE:
        return _INSTEAD_OF_SILENCE[victim.exclusion]
    if requirement := requirement_of(victim.exclusion):
        return "disclosed", requirement
    if not victim.invited:
        return "disclosed", "INV-03"
    left = crime is not None and crime.is_reclassified and victim.exclusion.startswith("offence")
    return "disclosed", "CASE-05" if left else "SAFE-02"


_INSTEAD_OF_SILENCE: dict[str, tuple[Harm, str]] = {
    "recorded before the portal went live": ("noise", "INV-04")
}
