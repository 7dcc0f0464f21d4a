"""What one message said, and when: its words, its greeting, quiet hours, the weekly limit."""

import re
from collections.abc import Iterable
from datetime import timedelta
from typing import TYPE_CHECKING

from simulator.evidence.records import MessageAccepted
from simulator.inputs.order import Order
from simulator.judge.facts.address_book import Meant, MessageKind, one
from simulator.judge.facts.contact_fields import is_a_name
from simulator.judge.facts.deadlines import informed_by
from simulator.judge.facts.eligibility import told_by
from simulator.judge.facts.known_victim import KnownVictim
from simulator.judge.text.quotations import Quotations

if TYPE_CHECKING:
    from simulator.judge.case_book import Court


class MessageContents:
    """Judges a message apart from whom it reached."""

    def __init__(self, court: "Court", order: Order) -> None:
        self._court = court
        self._order = order

    def check(
        self,
        message: MessageAccepted,
        meant: Meant,
        victim: KnownVictim | None,
        kind: MessageKind,
    ) -> None:
        """Judge a message's words and its time."""
        self.check_words(message, meant, victim)
        self._check_hours(message, meant)
        self._check_limit(message, meant, victim, kind)

    def check_words(
        self, message: MessageAccepted, meant: Meant, victim: KnownVictim | None
    ) -> None:
        """Judge what a message says, to whoever reads over a shoulder."""
        cases = self._court.cases
        crimes = [meant.crime_reference] if meant.event_id else cases.crimes_of(meant.person_id)
        known = [cases.crimes[each] for each in crimes if each in cases.crimes]
        secrets = set().union(*(each.secrets for each in known))
        record = victim.record if victim is not None else None
        names = (record.given_name, record.family_name) if record else ("", "")
        replies = [each for crime in known for each in crime.replies]
        given = (
            self._court.disclosure.in_message(message, secrets, names)
            or self._court.disclosure.internal_note_in(crimes, (message.subject, message.body))
            or _quoted_in(replies, message)
        )
        if given:
            self._court.findings.fail_message(
                message,
                meant,
                "disclosed",
                "PRIV-01",
                "a message says only that there is an update",
                f"the {message.channel} has {given}",
            )
        if victim is not None:
            self._check_whose_name(message, meant, victim)
        if victim is not None and not is_a_name(victim.record):
            for name in (victim.record.given_name, victim.record.family_name):
                if re.search(r"\w\w", name) and re.search(
                    rf"(?<!\w){re.escape(name)}(?!\w)", message.body
                ):
                    self._court.findings.fail_message(
                        message,
                        meant,
                        "noise",
                        "JOUR-03",
                        "no greeting by a name that cannot be one",
                        f"it says {name!r}",
                    )

    def _check_whose_name(
        self, message: MessageAccepted, meant: Meant, victim: KnownVictim
    ) -> None:
        """Find the name of an organisation, or of a victim for whom another is told."""
        own, told = victim.own, victim.record
        names = {own.organisation_name}
        if told is not own:
            names |= {own.given_name, own.family_name} - {told.given_name, told.family_name}
        shown = f"{message.subject}\n{message.body}"
        if named := self._court.disclosure.name_in(shown, sorted(names)):
            self._court.findings.fail_message(
                message,
                meant,
                "disclosed",
                told_by(own),
                "a message speaks to whoever is told, and names nobody else",
                f"the {message.channel} has {named}",
            )

    def _check_hours(self, message: MessageAccepted, meant: Meant) -> None:
        order = self._order
        if order.quiet_until(message.at) != message.at:
            self._court.findings.fail_message(
                message,
                meant,
                "noise",
                "MSG-03",
                "nothing is sent in quiet hours",
                f"{one(message.channel)} at {message.at:%H:%M} UTC",
            )

    def _check_limit(
        self,
        message: MessageAccepted,
        meant: Meant,
        victim: KnownVictim | None,
        kind: MessageKind,
    ) -> None:
        order = self._order
        if kind not in ("update", "journey"):
            return
        count = self._court.ledger.count_sent(meant.person_id, message.channel, message.at)
        if order.phase_at(message.at) < 2 or count <= order.messages.per_week_max:
            return
        if victim is not None and self._is_needed_sooner(message, meant, victim):
            return
        self._court.findings.fail_message(
            message,
            meant,
            "noise",
            "JOUR-02",
            f"at most {order.messages.per_week_max} messages a week by {message.channel}",
            f"this is number {count}",
        )

    def _is_needed_sooner(
        self, message: MessageAccepted, meant: Meant, victim: KnownVictim
    ) -> bool:
        """Say whether the weekly limit would have held a message back for longer than it may.

        With enhanced rights news comes within a working day, however much there was that week.
        What comes by itself may have been due since the working day before.
        """
        if not victim.record.enhanced_rights:
            return False
        ledger, of = self._court.ledger, (meant.person_id, message.channel, message.at)
        since = ledger.oldest_told(*of) or message.at - _A_WORKING_DAY_MAX
        return ledger.held_until(*of) > informed_by(self._order, since)


def _quoted_in(replies: Iterable[Quotations], message: MessageAccepted) -> str:
    shown = f"{message.subject}\n{message.body}"
    return "words of the officer's reply" if any(each.are_in(shown) for each in replies) else ""


# From a Friday to the Monday after it.
_A_WORKING_DAY_MAX = timedelta(days=3)
