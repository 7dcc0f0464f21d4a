"""A victim with a link of theirs, or an address they are known by, comes in with their proof.

The proof is the word or the date of birth, as the order names it. A refusal is no harm when the
address may be another person's, or the victim may not be told.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from msgspec import structs

from simulator.evidence.records import SignInTried, VictimRefused
from simulator.judge.case_book import CaseBook
from simulator.judge.facts.contact_fields import addresses_in
from simulator.judge.facts.sent_message import SentMessage
from simulator.judge.facts.sign_in_attempts import Attempt
from simulator.judge.facts.sign_in_links import Refusal
from simulator.judge.findings import failure
from simulator.judge.rule import Rule
from simulator.verdicts import Finding

_LEFT_THE_PORTAL = ("merged", "cancelled", "transferred")


@dataclass
class RefusedSignIns(Rule):
    """Judges refusals of victims who gave their own proof and the code they were sent."""

    requirements = frozenset({"AUTH-02", "AUTH-03", "AUTH-14", "CASE-01", "INV-02", "TWO-04"}) | {
        "COERCE-01",
        "NOTME-07",
    }
    hears = (VictimRefused, SignInTried)

    def hear(self, record: VictimRefused | SignInTried, book: CaseBook) -> Iterable[Finding]:
        """Judge one refusal."""
        refusal = book.links.latest_refusal
        if isinstance(record, VictimRefused):
            found = self._refused(refusal, book)
            return map(_BY_WORD, found) if _is_reported(refusal, book) else found
        attempt = book.attempts.latest
        if record.let_in or not attempt.is_right_and_refused or self._is_late(record):
            return ()
        if self._may_be_locked(attempt, book):
            return ()
        was_missed = bool(attempt.wrong("proof") + attempt.wrong("code"))
        is_of_code = attempt.last.to == "code" and not attempt.last.wrong
        of_code = list(self._refused(refusal, book, at_last=was_missed or is_of_code))
        if record.address and self._may_be_locked(attempt, book, ever=True):
            return map(_LASTING_LOCK, of_code)
        is_by_word = _is_reported(refusal, book) and not was_missed
        return map(_BY_WORD, of_code) if is_by_word else of_code

    def _refused(
        self, refusal: Refusal, book: CaseBook, *, at_last: bool = False
    ) -> Iterator[Finding]:
        """Judge a refusal; `at_last` says that it is of the right code, or after wrong answers."""
        if not _may_come_in(refusal, book) or _lacks_its_code(refusal, book):
            return
        if _is_reading(refusal):
            # They were signed in at that very moment.
            if refusal.opened_at == refusal.at and not refusal.is_shut:
                yield _not_read(refusal)
            return
        if refusal.invitation_id:
            message = book.links.invitations.get(refusal.invitation_id)
            if message is None or not self._is_good(message, refusal, book):
                return
            requirement = "AUTH-02"
            expected = "an invitation works once, with the proof that was ordered"
            rests_on = "order: sign_in.invitation_days"
            if refusal.invitation_id in book.links.visited:
                requirement, expected = "INV-02", "a mail scanner's visit uses no invitation up"
                rests_on = ""
            if at_last:
                requirement, expected, rests_on = "AUTH-14", self._within_attempts(), ""
            about = message.crime_reference
            yield _refused(refusal, requirement, expected, about, rests_on=rests_on)
        elif refusal.address and _is_theirs_alone(refusal, book):
            requirement = "AUTH-03"
            expected = "a registered victim comes back by their address and their proof"
            if at_last:
                requirement, expected = "AUTH-14", self._within_attempts()
            yield _refused(refusal, requirement, expected, "")

    def _is_late(self, record: SignInTried) -> bool:
        life = timedelta(minutes=self.order.sign_in.code_minutes)
        return record.code_sent_at is not None and record.at >= record.code_sent_at + life

    def _may_be_locked(self, attempt: Attempt, book: CaseBook, *, ever: bool = False) -> bool:
        """Say whether so many wrong answers came before that a portal may refuse for a while.

        At an address that is for a day at most; a link may be of no use for good.
        """
        record = attempt.record
        victims = book.register.victims_of(record.person_id)
        theirs = [each.address for victim in victims for each in book.reachability.usable(victim)]
        names = (record.person_id, record.address.lower(), *theirs)
        counted = attempt.lately if record.address and not ever else attempt.before
        before = max(counted.get(each, 0) for each in names)
        here = attempt.wrong("proof") + attempt.wrong("code")
        return self.order.sign_in.are_used_up(before + here)

    def _within_attempts(self) -> str:
        return f"the right answer is accepted within {self.order.sign_in.attempts_max} attempts"

    def _is_good(self, message: SentMessage, refusal: Refusal, book: CaseBook) -> bool:
        """Say whether an invitation is this person's newest, and neither ended, used nor old.

        Of two who share a phone it cannot be told whose link is whose, unless the portal says of
        which crime it is, and the other is not in that. The invitation to a crime that is known
        since may still wait, and may have ended this one.
        """
        life = timedelta(days=self.order.sign_in.invitation_days)
        crimes = [book.register.crimes[each] for each in book.register.crimes_of(refusal.person_id)]
        return (
            message.person_id == refusal.person_id
            and not _may_be_anothers(message, refusal.person_id, book)
            and all(each.known_at <= message.at for each in crimes)
            and not _is_unsafe_by_now(message, refusal.person_id, book)
            and message.fate == "reached"
            and not book.reachability.doubtful.was_disowned(message.address)
            # The gateway said that it never arrived: who holds the link now is in doubt.
            and message.address not in book.reachability.bounced
            and book.links.is_newest(message, refusal.person_id)
            and _is_on_record(message, refusal.person_id, book)
            and not book.links.has_ended(message.at, refusal.person_id)
            and not book.links.may_be_used_up(message, refusal.person_id)
            and not _is_followed_in_time(message, refusal, book)
            and refusal.begun_at < message.at + life
            and (refusal.opened_at is None or refusal.opened_at < message.at)
        )


def _instead(refused: Finding, *, requirement: str, expected: str) -> Finding:
    about = f"requirement: {requirement}"
    return structs.replace(refused, requirement=requirement, expected=expected, rests_on=about)


_LASTING_LOCK = partial(
    _instead,
    requirement="COERCE-01",
    expected="a victim whom wrong answers locked out can sign in again after a day",
)
_BY_WORD = partial(
    _instead,
    requirement="NOTME-07",
    expected="what anybody may say of an address does not shut its victim out",
)


def _is_reported(refusal: Refusal, book: CaseBook) -> bool:
    """Say whether anybody said of this victim's phone or mailbox that messages are not theirs."""
    records = [each.record for each in book.register.victims_of(refusal.person_id)]
    addresses = {each for record in records for each in addresses_in(record)}
    return any(map(book.reachability.doubtful.is_only_reported, addresses))


def _may_be_anothers(message: SentMessage, person_id: str, book: CaseBook) -> bool:
    """Say whether a link may be that of another person at the same phone or mailbox.

    If the portal names events, it is one of those who were invited by the same event.
    """
    others = set(book.reachability.address_book.written_for(message.address)) - {person_id}
    crime = book.register.crimes.get(message.crime_reference)
    if book.correlates and crime is not None:
        others &= crime.victims.keys()
    return bool(others)


def _is_on_record(message: SentMessage, person_id: str, book: CaseBook) -> bool:
    return any(
        message.address.lower() in addresses_in(each.record)
        for each in book.register.victims_of(person_id)
    )


def _is_followed_in_time(message: SentMessage, refusal: Refusal, book: CaseBook) -> bool:
    """Say whether another link is on its way: the address was taken off the record for a time."""
    due_at = book.ledger.untold_due_at(refusal.person_id, message.channel, invites=True)
    return due_at is not None and refusal.at <= due_at


def _may_come_in(refusal: Refusal, book: CaseBook) -> bool:
    """Say whether the portal may let a person in, and has where to send them a code."""
    person_id = refusal.person_id
    crimes = [book.register.crimes[each] for each in book.register.crimes_of(person_id)]
    told_of = [
        crime.victims[person_id]
        for crime in crimes
        if crime.gone not in _LEFT_THE_PORTAL and not crime.victims[person_id].exclusion
    ]
    usable = {
        reading.address
        for each in told_of
        for reading in book.reachability.usable(each, signs_in=True)
    }
    if not usable or book.register.may_be_forbidden(person_id, refusal.at):
        return False
    if refusal.step == "proof" and book.register.awaits_details(person_id):
        # They may have agreed another word, of which the portal has not heard yet.
        return False
    address_book = book.reachability.address_book
    every = usable.union(*(addresses_in(each.record) for each in told_of))
    return refusal.step != "one_time_code" or all(
        person_id in address_book.holders(each) for each in every
    )


def _lacks_its_code(refusal: Refusal, book: CaseBook) -> bool:
    """Say whether a sign-in ended since the gateway is down, or their last code never arrived."""
    is_at_the_code = refusal.step not in ("invitation", "address") and not _is_reading(refusal)
    code = book.messages.find(book.codes.lost_for(refusal.person_id))
    # One that went to an address of nobody's is no excuse.
    never_arrived = code is not None and code.fate == "reached"
    return is_at_the_code and (book.ledger.outages.is_down or never_arrived)


def _is_reading(refusal: Refusal) -> bool:
    return refusal.step.startswith("reading")


def _is_unsafe_by_now(message: SentMessage, person_id: str, book: CaseBook) -> bool:
    """Say whether an officer has found another channel safe since, and not the message's."""
    victims = book.register.victims_of(person_id)
    return any(each.own.safe_channel not in (None, message.channel) for each in victims)


def _is_theirs_alone(refusal: Refusal, book: CaseBook) -> bool:
    """Say whether a registered victim's address works, and is recorded for no other person."""
    reachability, address = book.reachability, refusal.address.lower()
    return (
        refusal.person_id in book.register.registered
        and address not in reachability.bounced
        and not reachability.doubtful.is_just_texted(address, refusal.begun_at)
        and reachability.address_book.written_for(address) == {refusal.person_id}
        and any(
            reading.address == address
            for victim in book.register.victims_of(refusal.person_id)
            for reading in reachability.usable(victim, signs_in=True)
        )
    )


def _not_read(refusal: Refusal) -> Finding:
    is_page = refusal.step == "reading"
    expected = "a victim who is signed in reads their own " + (
        "crimes" if is_page else "conversation"
    )
    return _refused(refusal, "CASE-01" if is_page else "TWO-04", expected, "")


def _refused(
    refusal: Refusal,
    requirement: str,
    expected: str,
    crime_reference: str,
    *,
    rests_on: str = "",
) -> Finding:
    about, observed = crime_reference, f"they were refused: {refusal.step.replace('_', ' ')}"
    return failure(
        "lost", requirement, refusal, expected, observed, crime_reference=about, rests_on=rests_on
    )
