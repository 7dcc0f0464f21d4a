"""Draws what the force does in a story: crimes recorded, and all that then happens to them.

Each method draws one step of a kind, or None where there is nothing for it to be about.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from random import Random
from typing import Any, TypeVar, get_args

from msgspec import structs

from reference.contract.events import (
    Channel,
    ClosingOutcome,
    Milestone,
    Officer,
    Role,
    VictimRecord,
)
from simulator.explore import steps as told
from simulator.explore.force_names import ForceNames
from simulator.explore.lawful import StorySoFar
from simulator.explore.story import Person
from simulator.explore.words import REPLIES, REPLY_LENGTHS, of_length
from simulator.force.figures import Offence, load_figures
from simulator.inputs.order import Order
from simulator.world.made_up_records import MadeUpRecords

T = TypeVar("T")
CRIMES_MAX = 4
_DAY = 86_400
_BEGINS_AT = datetime(2026, 1, 1, tzinfo=UTC)
#: Another body deals with the case from here: its name, and how to reach it.
TAKEN_OVER = 20
BODY, BODY_CONTACT = "Marlow Harbour Authority", "01632 960188"
_TO_FORCES = ("Sussex Police", "British Transport Police")
OTHER_MARKERS = ("hate_crime", "repeat_victim")
_CHANNELS: tuple[tuple[Channel, ...], ...] = (("text",), ("email",), ("text", "email"))
_DECIDERS: tuple[told.Decider, ...] = ("police", "CPS", "unknown")


def drawn_officers(records: MadeUpRecords) -> tuple[Officer, ...]:
    """Give the officers of a story: with short and long names and numbers, one with accents."""
    given, family, first = records.given_names, records.family_names, records.first_number
    return (
        Officer(f"PC {given[0]} {family[0]}", f"{1000 + first % 8999}"),
        Officer(f"DC {given[1]} {family[1]}", f"{1000 + (first + 4001) % 8999}"),
        Officer(f"PC {family[2]}", f"{10_000 + first % 89_999}"),
        # No number that a message may have, such as 101 or 999.
        Officer("DS Móira Ní Bhriain", f"{200 + first % 700}"),
    )


#: How often an officer has looked for other people's data before they reply.
_CHECKED = 0.3


@dataclass
class ForceDrawing:
    """Draws steps of the force; `records` are people's records so far."""

    draw: Random
    order: Order
    so_far: StorySoFar
    people: dict[str, Person]
    records: dict[str, VictimRecord]
    officers: tuple[Officer, ...]
    names: ForceNames
    #: In which script an officer writes a reply of some length.
    draw_scripts: Random
    #: When the next step happens, as far as is known.
    now: datetime = _BEGINS_AT
    _events: int = 0

    def step(self) -> told.Step | None:
        """Draw what happens to one of the crimes; None if nothing was lawful."""
        crime = self.a_crime()
        if crime is None:
            return None
        for kind in self.draw.choices(list(_WEIGHTS), list(_WEIGHTS.values()), k=4):
            step = self.step_of(kind, crime)
            if step is not None and self.so_far.allows(step):
                return step
        return None

    def step_of(self, kind: str, crime: str) -> told.Step | None:
        """Draw a step of one kind about a crime; None where there is nothing for it to be about."""
        step: told.Step | None = getattr(self, kind)(crime)
        return step

    def a_crime(self) -> str | None:
        """Draw a crime, one that is still here if there is any."""
        live = [name for name, crime in self.so_far.crimes.items() if not crime.gone]
        return self.draw.choice(live or list(self.so_far.crimes)) if self.so_far.crimes else None

    def record_crime(self) -> told.Step | None:
        """Draw a crime with its people, one of whom at least is a victim."""
        if len(self.so_far.crimes) >= CRIMES_MAX:
            return None
        number = self.draw.choices((1, 2, 3), (70, 22, 8))[0]
        chosen = self._told_apart(
            self.draw.sample(list(self.people), min(number, len(self.people)))
        )
        others: list[Role] = self.draw.choices(
            ("victim", "reporter", "witness"), (70, 15, 15), k=len(chosen) - 1
        )
        offence = self._offence()
        event = self._event(f"{self.draw.randrange(10_000, 9_999_999):07d}")
        event["happened_seconds_ago"] = self.draw.choices((0, 3_600, _DAY), (92, 5, 3))[0]
        return told.RecordCrime(
            force=self.draw.choice(list(self.order.forces)),
            people=tuple(chosen),
            roles=("victim", *others),
            **offence,
            area=self.draw.choice(("", *self.names.areas)),
            grade=self.draw.choice((None, 1, 2, 3, 4)),
            safeguarding=self._markers(),
            **event,
        )

    def is_taken_for_another(self, label: str) -> bool:
        """Say whether another record has this person's phone and word.

        One of the two alone gets no other address: nobody can tell to which a code would go.
        """
        own = self.people[label]
        return any(
            (each.phone, each.word) == (own.phone, own.word)
            for other, each in self.people.items()
            if other != label
        )

    def _told_apart(self, labels: list[str]) -> list[str]:
        """Leave out a person of a crime who is in it already by another record of theirs."""
        found: dict[tuple[str, ...], str] = {}
        for label in labels:
            record = self.records[label]
            name = (record.given_name, record.family_name, str(record.born))
            found.setdefault(name if record.told_instead is None else (label,), label)
        return list(found.values())

    def record_crime_beside(self, crime: str) -> told.Step | None:
        """Draw another crime of the same force, which may be merged with this one."""
        step = self.record_crime()
        if isinstance(step, told.RecordCrime):
            return structs.replace(step, force=self.so_far.crimes[crime].force)
        return step

    def report(self) -> told.ReportIncident:
        """Draw that a person reports something."""
        return told.ReportIncident(
            force=self.draw.choice(list(self.order.forces)),
            person=self.draw.choice(list(self.people)),
            safeguarding=self._markers(),
            **self._event(f"{self.draw.randrange(10_000, 9_999_999):07d}"),
        )

    def close_report(self, report: told.ReportIncident) -> told.Step:
        """Draw that no crime is recorded of a report."""
        return told.CloseIncident(**self._event(report.crime))

    def reply(self) -> told.Step | None:
        """Draw an officer's reply to a victim, who may have asked nothing."""
        crime = self.a_crime()
        return None if crime is None else self.reply_in(crime)

    def reply_in(self, crime: str) -> told.Step | None:
        """Draw an officer's reply to a victim of this crime."""
        if not self.so_far.crimes[crime].victims:
            return None
        return told.Reply(
            person=self.draw.choice(self.so_far.crimes[crime].victims),
            text=self._words(),
            officer=self.draw.choice((None, *self.officers)),
            checked=self.draw.random() < _CHECKED,
            answers=self.draw.choice(("", "", "first question", "last question")),
            **self._event(crime),
        )

    def _words(self) -> str:
        if self.draw.random() < 0.6:
            return self.draw.choice(REPLIES)
        return of_length(self.draw.choice(REPLY_LENGTHS), self.draw_scripts)

    def new_event(self) -> str:
        """Name the next event."""
        self._events += 1
        return f"e{self._events}"

    def _event(self, crime: str) -> dict[str, Any]:
        carriage = self.draw.choices(("at once", "held back", "twice"), (83, 7, 10))[0]
        ago = self.draw.choices((0, 60, 3_600, _DAY, 3 * _DAY, 8 * _DAY), (78, 6, 6, 5, 3, 2))[0]
        return {
            "crime": crime,
            "event": self.new_event(),
            "carriage": carriage,
            "happened_seconds_ago": ago,
        }

    def _markers(self) -> tuple[str, ...]:
        if self.draw.random() < 0.9:
            return ()
        known = [*self.order.eligibility.safeguarding_exclusions, *OTHER_MARKERS]
        return tuple(self.draw.sample(known, self.draw.choice((1, 1, 2))))

    def _offence(self) -> dict[str, Any]:
        return self.offence(is_told=self.draw.random() < 0.88)

    def offence(self, *, is_told: bool) -> dict[str, Any]:
        """Draw what a step says of an offence of which its victim is told, or of another."""
        eligible, others = offences_by(self.order.eligibility.offence_subgroups)
        return offence_fields(self.draw.choice(eligible if is_told else others))

    def _deploy(self, crime: str) -> told.Step:
        return told.Deploy(**self._event(crime))

    def _allocate(self, crime: str) -> told.Step:
        how = self.draw.choices(("officer", "team", "both"), (6, 2, 1))[0]
        return told.Allocate(
            officer=self.draw.choice(self.officers) if how != "team" else None,
            team=self.draw.choice(self.names.teams) if how != "officer" else "",
            **self._event(crime),
        )

    def _make_appointment(self, crime: str) -> told.Step | None:
        victims = self.so_far.crimes[crime].victims
        if not victims:
            return None
        return told.MakeAppointment(
            appointment=f"appointment-{self.draw.randrange(1000, 9999)}",
            person=self.draw.choice(victims),
            starts_in_seconds=self.draw.choice((3_600, _DAY, 2 * _DAY, 10 * _DAY, 45 * _DAY)),
            place=self.draw.choice(("", *self.names.places)),
            **self._event(crime),
        )

    def _change_appointment(self, crime: str) -> told.Step | None:
        made = self.so_far.crimes[crime].appointments
        if not made:
            return None
        appointment = self.draw.choice(list(made))
        event = {"appointment": appointment, "person": made[appointment], **self._event(crime)}
        if self.draw.random() < 0.4:
            return told.CancelAppointment(**event)
        return told.ChangeAppointment(
            starts_in_seconds=self.draw.choice((3_600, _DAY, 3 * _DAY)),
            place=self.draw.choice(("", *self.names.places)),
            **event,
        )

    def milestone(self, crime: str) -> told.Step:
        """Draw a milestone of a crime."""
        milestone: Milestone = self.draw.choice(get_args(Milestone))
        giver = ""
        if milestone == "statement_taken":
            giver = self.draw.choice(("", *self.so_far.crimes[crime].people))
        return told.ReachMilestone(milestone=milestone, giver=giver, **self._event(crime))

    def _charge(self, crime: str) -> told.Step:
        return told.Charge(
            decided_by=self.draw.choice(_DECIDERS),
            interviewed=self.draw.choice((None, True, False)),
            **self._event(crime),
        )

    def _close(self, crime: str) -> told.Step:
        outcome: ClosingOutcome = self.draw.choice(get_args(ClosingOutcome))
        may_wait = outcome in self.order.closures.supervisor_confirms
        return told.Close(
            outcome=outcome,
            to_body=BODY if outcome == TAKEN_OVER else "",
            to_body_contact=BODY_CONTACT if outcome == TAKEN_OVER else "",
            confirmed=not may_wait or self.draw.random() < 0.5,
            decided_by=self.draw.choice(_DECIDERS),
            interviewed=self.draw.choice((None, True, False)),
            **self._event(crime),
        )

    def _reopen(self, crime: str) -> told.Step:
        return told.Reopen(**self._event(crime))

    def _reclassify(self, crime: str) -> told.Step:
        offence = self._offence()
        return told.Reclassify(
            **offence,
            safeguarding=self._markers(),
            **self._event(crime),
        )

    def merge(self, crime: str) -> told.Step | None:
        """Draw that a crime becomes part of another of its force, if there is another.

        No person is in the two by two records, and nobody who can be taken for another: whose page
        is read then is not certain.
        """
        others = [name for name in self.so_far.crimes if self.may_be_merged(crime, name)]
        return told.Merge(into=self.draw.choice(others), **self._event(crime)) if others else None

    def may_be_merged(self, crime: str, into: str) -> bool:
        """Say whether a crime can become part of another, and whose page is read is certain."""
        crimes = self.so_far.crimes
        both = list({*crimes[crime].people, *crimes[into].people})
        is_likely = crimes[into].force == crimes[crime].force and not crimes[into].gone
        is_certain = len(self._told_apart(both)) == len(both)
        is_certain &= not any(map(self.is_taken_for_another, both))
        return crime != into and is_likely and is_certain

    def under_the_old_reference(self, crime: str) -> told.Step | None:
        """Draw what the force goes on recording under the reference of a merged crime."""
        return self.step_of(self.draw.choice(_AFTER_A_MERGER), crime)

    def unmerge(self, crime: str) -> told.Step:
        """Draw that the merger of a crime is taken back."""
        return told.Unmerge(**self._event(crime))

    def _transfer(self, crime: str) -> told.Step:
        return told.Transfer(to_force=self.draw.choice(_TO_FORCES), **self._event(crime))

    def _cancel(self, crime: str) -> told.Step:
        return told.Cancel(**self._event(crime))

    def _note_contact(self, crime: str) -> told.Step:
        person = self.draw.choice(self.so_far.crimes[crime].people)
        return told.NoteContact(person=person, **self._event(crime))

    def _officer_away(self, crime: str) -> told.Step | None:
        known = self.so_far.crimes[crime].officers
        if not known:
            return None
        collar_number = self.draw.choice(known)
        return told.OfficerAway(
            officer=next(each for each in self.officers if each.collar_number == collar_number),
            why=self.draw.choice(("away", "away", "left")),
            for_seconds=self.draw.choice((None, 8 * 3_600, 3 * _DAY, 14 * _DAY)),
            **self._event(crime),
        )

    def _change_details(self, crime: str) -> told.Step:
        label = self.draw.choice(self.so_far.crimes[crime].people)
        return self.writes(crime, label, **self._change(self.people[label], self.records[label]))

    def writes(self, crime: str, label: str, **changes: Any) -> told.ChangeDetails:
        """Write a person's details down otherwise, and draw how the force says so."""
        self.records[label] = structs.replace(self.records[label], **changes)
        return self.details(crime, label, self.records[label])

    def details(self, crime: str, label: str, record: VictimRecord) -> told.ChangeDetails:
        """Draw how the force says that these are a person's details now."""
        return told.ChangeDetails(person=label, record=record, **self._event(crime))

    def _change(self, person: Person, record: VictimRecord) -> dict[str, Any]:
        kinds: list[dict[str, Any]] = [
            {"enhanced_rights": not record.enhanced_rights},
            {"safe_to_contact": self.draw.choice((True, True, False, None))},
            {"preferred_channels": self.draw.choice(_CHANNELS)},
            {"update_frequency_days": self.draw.choice((None, 1, 7, 30))},
            {"is_suspect_in_linked_crime": not record.is_suspect_in_linked_crime},
            {"is_restricted": record.is_restricted is not True},
            {"has_died": True},
            {"safe_channel": self.draw.choice(("text", "email", None)), "safe_until": None},
            {
                "safe_channel": self.draw.choice(("text", "email")),
                "safe_until": self.now + timedelta(seconds=self.draw.choice((3_600, 2 * _DAY))),
            },
            {},
        ]
        if record.told_instead is None and not self.is_taken_for_another(person.label):
            kinds.append({"mobile_phone": person.phone, "email": person.mailbox})
            kinds.append({"mobile_phone": ""})
        return self.draw.choice(kinds)


#: How often each kind of step is drawn, by the method that draws it.
_WEIGHTS = {
    "_deploy": 12,
    "_allocate": 16,
    "_make_appointment": 10,
    "_change_appointment": 8,
    "milestone": 14,
    "_charge": 6,
    "_close": 12,
    "_reopen": 7,
    "_reclassify": 4,
    "merge": 6,
    "_transfer": 3,
    "_cancel": 3,
    "_note_contact": 6,
    "_officer_away": 4,
    "_change_details": 10,
}


#: What the force goes on recording about a victim under the reference of a merged crime.
_AFTER_A_MERGER = (
    *("_make_appointment", "_make_appointment", "_change_appointment", "_change_details"),
    *("reply_in", "reply_in"),
)


def offence_fields(offence: Offence) -> dict[str, Any]:
    """Give what a step says of an offence."""
    return {
        "offence_code": offence.offence_code,
        "offence_subgroup": offence.subgroup,
        "offence": offence.offence_description,
    }


@cache
def offences_by(subgroups: tuple[str, ...]) -> tuple[list[Offence], list[Offence]]:
    """List the published offences, one a code: those in these subgroups, and the others."""
    by_code: dict[str, Offence] = {}
    for each in load_figures().offences:
        by_code.setdefault(each.offence_code, each)
    rows = [by_code[code] for code in sorted(by_code)]
    within = [each for each in rows if each.subgroup in subgroups]
    return within, [each for each in rows if each.subgroup not in subgroups]
