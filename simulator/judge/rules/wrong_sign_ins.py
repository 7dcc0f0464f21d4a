"""Sign-ins that a portal must not let in: by something wrong, used up, too old, or guessed.

It is judged by what came of it: a portal may ask for a proof or a code after a wrong answer, if
nobody comes in.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from simulator.evidence.records import SignInTried
from simulator.judge import sentences
from simulator.judge.case_book import CaseBook
from simulator.judge.facts.contact_fields import addresses_in
from simulator.judge.facts.exclusions import requirement_of
from simulator.judge.facts.sign_in_attempts import Attempt
from simulator.judge.facts.sign_in_links import LinkFollowed
from simulator.judge.findings import failure
from simulator.judge.rule import Rule
from simulator.verdicts import Finding

#: What one account may take in an hour: AUTH-13.
_WRONG_IN_AN_HOUR_MAX = 100
_BY_ORDER = {
    "AUTH-04": "order: sign_in.proof",
    "AUTH-05": "order: sign_in.attempts_max",
    "AUTH-06": "order: sign_in.attempts_max",
    "AUTH-08": "order: sign_in.code_minutes",
    "INV-05": "order: sign_in.invitation_days",
}
_Harm = tuple[str, str, str]


@dataclass
class WrongSignIns(Rule):
    """Judges every sign-in that opened a session."""

    requirements = frozenset(
        {"AUTH-01", "AUTH-02", "AUTH-04", "AUTH-05", "AUTH-06", "AUTH-07", "AUTH-08", "AUTH-13"}
        | {"INV-05", "INV-06", "NOTME-05", "NOTME-08", "SEC-01", "SEC-02", "DATA-06"}
        | {"SAFE-02", "SAFE-03", "SAFE-04", "SAFE-05", "SAFE-06", "WHO-01", "WHO-03", "WHO-04"}
    )
    hears = (SignInTried,)

    def hear(self, record: SignInTried, book: CaseBook) -> Iterable[Finding]:
        """Judge one sign-in."""
        for requirement, *said in self._harms(record, book):
            rests_on = _BY_ORDER.get(requirement, "")
            yield failure("disclosed", requirement, record, *said, rests_on=rests_on)
        if record.let_in:
            yield from self._told_of_nothing(record, book)

    def _harms(self, record: SignInTried, book: CaseBook) -> Iterator[_Harm]:
        ordered = self.order.sign_in.proof
        if record.asked not in ("", ordered):
            yield "AUTH-04", f"sign-in asks for the {ordered.replace('_', ' ')}", "it did not"
        opened = record.answers[0]
        if (opened.to, opened.wrong, opened.taken) == ("link", "for saying not me", True):
            expected = "the link that says a message was not for its holder opens nothing"
            yield "NOTME-08", expected, "it opened the sign-in"
        if record.let_in:
            attempt = book.attempts.latest
            yield from self._by_answers(attempt, book)
            yield from self._by_link(book)
            yield from self._by_address(attempt, book)

    def _told_of_nothing(self, record: SignInTried, book: CaseBook) -> Iterator[Finding]:
        """Find that a person came in who may be told of none of their crimes, for a while now."""
        ended_at = book.links.ended_at(record.person_id)
        exclusions = [each.exclusion for each in book.register.victims_of(record.person_id)]
        known_by = timedelta(minutes=self.order.messages.minutes_max)
        if ended_at is None or not all(exclusions) or record.at < ended_at + known_by:
            return
        if self._may_be_anothers(record, book):
            return
        why = exclusions[-1]
        cited = requirement_of(why) or "SAFE-02"
        yield failure(
            "disclosed",
            cited,
            record,
            "links and sign-in end when a person may no longer be told",
            "it opened a session",
            rests_on=sentences.about_exclusion(why, cited),
        )

    def _may_be_anothers(self, record: SignInTried, book: CaseBook) -> bool:
        """Say whether it may be another record that was signed in for, which may be told.

        It is the same person's, or that of one who shares the phone and has the same proof.
        """
        own = [each.record for each in book.register.victims_of(record.person_id)]
        written_for = book.reachability.address_book.written_for
        others = {
            one for each in own for address in addresses_in(each) for one in written_for(address)
        }
        others |= book.register.records_of(record.person_id)
        return any(
            not victim.exclusion
            for each in others - {record.person_id}
            for victim in book.register.victims_of(each)
        )

    def _by_answers(self, attempt: Attempt, book: CaseBook) -> Iterator[_Harm]:
        limits, record = self.order.sign_in, attempt.record
        if attempt.proof is not None and attempt.proof.wrong and not _still_holds(attempt, book):
            asked = "sign-in asks for what only the victim has"
            yield "AUTH-01", asked, f"the proof was wrong ({attempt.proof.wrong}) and opened it"
        match attempt.last.wrong:
            case "":
                yield from self._by_right_code(attempt)
            case "another person's":
                expected = "a code sent to one victim does not sign them in as another"
                yield "SEC-02", expected, "another person's code opened it"
            case "used":
                yield "AUTH-07", "a one-time code opens the portal once", "a used code opened it"
            case how:
                expected = "sign-in asks for the code that was sent"
                yield "AUTH-01", expected, f"the code was wrong ({how}) and opened it"
        if limits.are_used_up(attempt.wrong("proof")):
            expected = f"after {limits.attempts_max} wrong answers the right one is refused"
            yield "AUTH-05", expected, "it opened a session"
        wrong = attempt.wrong("proof") + attempt.wrong("code")
        # One that had none wrong is the victim's, whom a stranger's guesses keep out no more.
        if record.address and wrong and attempt.wrong_in_an_hour + wrong >= _WRONG_IN_AN_HOUR_MAX:
            expected = "starting sign-in again does not give endless attempts"
            yield "AUTH-13", expected, "the right one opened it after 100 wrong in an hour"

    def _by_right_code(self, attempt: Attempt) -> Iterator[_Harm]:
        limits, record = self.order.sign_in, attempt.record
        life = timedelta(minutes=limits.code_minutes)
        if record.code_sent_at is not None and record.at > record.code_sent_at + life:
            expected = f"a one-time code works for {limits.code_minutes} minutes"
            yield "AUTH-08", expected, "an older one opened a session"
        if limits.are_used_up(attempt.wrong("code")):
            expected = f"after {limits.attempts_max} wrong codes the right one is refused"
            yield "AUTH-06", expected, "it opened a session"

    def _by_link(self, book: CaseBook) -> Iterator[_Harm]:
        record, followed = book.attempts.latest.record, book.links.latest_followed
        if record.answers[0].to == "link" and record.answers[0].wrong:
            expected = "only the link that was sent opens the sign-in"
            yield "SEC-01", expected, f"a changed link ({record.answers[0].wrong}) opened a session"
        if followed is None:
            return
        days = self.order.sign_in.invitation_days
        if record.begun_at > followed.link.at + timedelta(days=days):
            expected = f"an invitation works for {days} days"
            yield "INV-05", expected, "an older one opened a session"
        if followed.was_used:
            yield "AUTH-02", "an invitation works once", "its link opened a second session"
        # Of two who share a phone it cannot be told whose link it was.
        share = book.reachability.address_book.written_for(followed.link.address)
        if not followed.was_used and len(share) == 1 and _is_no_later(followed):
            expected = "once a victim has signed in by one link no earlier link opens the portal"
            yield "INV-06", expected, "an earlier link opened a session"
        if book.reachability.doubtful.is_disowned(followed.link.address):
            expected = "a link sent to a stranger who disowned the message opens nothing"
            yield "NOTME-05", expected, "it opened a session"

    def _by_address(self, attempt: Attempt, book: CaseBook) -> Iterator[_Harm]:
        address, person_id = attempt.record.address.lower(), attempt.record.person_id
        if not address:
            return
        if book.reachability.doubtful.is_disowned(address, signs_in=True):
            expected = "an address that a link sent there disowned does not work at sign-in"
            yield "NOTME-05", expected, "it opened a session"
        elif attempt.record.answers[0].wrong:
            of_theirs = book.reachability.address_book.written_for(address)
            records = [each.record for each in book.register.victims_of(person_id)]
            if any(address in addresses_in(each) for each in records):
                return
            if person_id in of_theirs:
                expected = "sign-in works by the number that the force has now"
                yield "DATA-06", expected, "a number that they gave up opened a session"
            else:
                expected = "a code sent to one person does not sign them in as another"
                yield "SEC-02", expected, "it opened a session from another person's address"


def _still_holds(attempt: Attempt, book: CaseBook) -> bool:
    is_old = attempt.proof is not None and attempt.proof.wrong == "the old one"
    return is_old and book.register.awaits_details(attempt.record.person_id)


def _is_no_later(followed: LinkFollowed) -> bool:
    return followed.entered_by is not None and followed.link.at <= followed.entered_by.at
