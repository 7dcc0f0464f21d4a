"""Draws a story from a seed: its order, cast and steps, lawful and leaning to edges.

The same seed and number always draw the same story, whatever was drawn before.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from random import Random
from typing import Any, get_args

from msgspec import structs

from reference.contract.events import ClosingOutcome, Milestone, Officer, Role, VictimRecord
from reference.contract.messages import QUESTION_CHARACTERS_MAX
from simulator.clock import LONDON
from simulator.explore import story as told
from simulator.explore.cast import Casting
from simulator.explore.lawful import CrimeSoFar, StorySoFar
from simulator.explore.times import first_day, until_edge_seconds, wait_seconds
from simulator.force.figures import Offence, load_figures
from simulator.inputs.order import GoLive, Order

_DAY = 86_400
_OFFICERS = (
    Officer("PC Amara Okonjo", "4271"),
    Officer("DC Rhys Pemberton", "1193"),
    Officer("PC Iqbal", "88204"),
    Officer("DS Móira Ní Bhriain", "307"),
)
_TEAMS = ("Volume Crime Team", "Investigation Hub North", "Neighbourhood Team 4")
_PLACES = ("", "Kiln Lane library", "Front desk, Orchard Road", "14 Millrace Court")
_TO_FORCES = ("Sussex Police", "British Transport Police")
_WORDS_BACK = (
    "STOP", "stop", " Stop.", "Stop texting me", "STOPALL", "Unsubscribe", "opt out", "ＳＴＯＰ",
    "START", "Thanks", "ok", "Who is this?", "Please do not stop", "I cannot stop crying", "👍",
)  # fmt: skip
_QUESTIONS = (
    "Is there any news?",
    "Has anybody looked at the cameras?",
    "I’ve found the receipt — £45.99.\n\nWhere shall I send it?",
    "A oes unrhyw newyddion? 👋 हाँ",
    "<b>Hello</b> & \"goodbye\" 'quoted'; DROP TABLE crime; --",
    "\tTabs, trailing spaces  \r\nand Windows line ends\r\n",
    "x",
    "?" * QUESTION_CHARACTERS_MAX,
)
_REPLIES = (
    "Thank you. We are looking at the footage and I will tell you what we find.",
    "Yes.",
    "I have linked the two reports.\nI will ring you on Tuesday between ten and twelve o’clock.",
    "Line one\r\nline two — with £ and é\n\n• a point",
    "Please bring the receipt to the front desk. " * 80,
)
_NOTES = (
    "Suspect nominal linked to two earlier occurrences in the same street; do not disclose.",
    "Neighbour at number nine saw a grey van, partial index on the log, arrest planned Friday.",
)


def draw_story(order: Order, *, phase: int, seed: int, number: int) -> told.Story:
    """Draw story `number` of a seed, for a portal that is to be in `phase`."""
    return _Drawing(order, phase, f"{seed}/{number}").story()


def order_of(story: told.Story, order: Order) -> Order:
    """Return the order as a story has it: with its own go-live days, and no phase after its own."""
    days = structs.asdict(story.go_live)
    return structs.replace(order, go_live=GoLive(**days)).staying_in(story.phase)


@dataclass
class _Drawing:
    """One story as it is being drawn."""

    order: Order
    phase: int
    seed: str
    draw: Random = field(init=False)
    so_far: StorySoFar = field(init=False)
    steps: list[told.Step] = field(init=False, default_factory=list)
    now: datetime = field(init=False)
    people: tuple[told.Person, ...] = field(init=False, default=())
    strangers: tuple[told.Stranger, ...] = field(init=False, default=())
    records: dict[str, VictimRecord] = field(init=False, default_factory=dict)
    signed_in: set[str] = field(init=False, default_factory=set)
    events: int = 0

    def __post_init__(self) -> None:
        self.draw = Random(f"explore/{self.phase}/{self.seed}")

    def story(self) -> told.Story:
        """Draw it all."""
        live = first_day(self.draw, self.order)
        go_live, begins = self._days(live)
        self.now = begins
        casting = Casting(self.draw, self.order, begins.date())
        self.people, self.strangers = casting.people()
        self.records = {each.label: each.record for each in self.people}
        self.so_far = StorySoFar.at_the_start(self.people, self.strangers)
        self._record_crime()
        for _step in range(self.draw.choice((4, 8, 12, 18, 30))):
            self._next()
        return told.Story(
            seed=self.seed,
            phase=self.phase,
            go_live=go_live,
            begins_at=begins,
            people=self.people,
            strangers=self.strangers,
            steps=tuple(self.steps),
            ends_after_seconds=self.draw.choice((1, 2, 10, 10, 40)) * _DAY,
        )

    def _days(self, live: date) -> tuple[told.GoLiveDays, datetime]:
        """Draw when the phases go live, and when the story begins: in the last, or just before."""
        begins_on = live + timedelta(days=self.draw.randrange(12))
        if self.phase > 1 and self.draw.random() < 0.2:
            begins_on = live - timedelta(days=self.draw.choice((1, 2, 5, 15, 30)))
        gap = timedelta(days=self.draw.choice((31, 45, 60)))
        first = [live - gap * (self.phase - number) for number in (1, 2, 3)]
        days = told.GoLiveDays(phase_1=first[0], phase_2=first[1], phase_3=first[2])
        hour = self.draw.choice((0, 7, 8, 9, 10, 11, 12, 14, 15, 17, 20, 21, 23))
        at = time(hour, self.draw.choice((0, 0, 29, 59)), self.draw.choice((0, 0, 59)))
        return days, datetime.combine(begins_on, at, tzinfo=LONDON).astimezone(UTC)

    def _next(self) -> None:
        """Draw one more step, of a kind that is lawful now."""
        kinds = self._kinds()
        make = self.draw.choices([each for each, _w in kinds], [w for _each, w in kinds])[0]
        make()

    def _kinds(self) -> list[tuple[Callable[[], None], float]]:
        return [
            (self._wait, 26),
            (self._force_step, 34),
            (self._sign_in, 14),
            (self._read, 10),
            (self._choose, 2),
            (self._ask, 8 if self.phase >= 3 else 1),
            (self._reply, 5 if self.phase >= 3 else 0.5),
            (self._text_back, 2),
            (self._not_for_me, 1.5),
            (self._try, 2),
            (self._break, 3),
            (self._send_held, 4 if self.so_far.events else 0),
            (self._note, 1),
            (self._record_crime, 3),
            (self._sign_out, 0.5),
        ]

    def _add(self, step: told.Step) -> bool:
        if not self.so_far.allows(step):
            return False
        self.so_far.take(step)
        self.steps.append(step)
        return True

    def _wait(self) -> None:
        if self.draw.random() < 0.2:
            seconds = until_edge_seconds(self.draw, self.order, self.now)
        else:
            seconds = wait_seconds(self.draw, self.order)
        self.now += timedelta(seconds=seconds)
        self._add(told.Wait(seconds=seconds))

    def _event(self) -> dict[str, Any]:
        """Draw what every step of the force has: its name, how late it is, how it is carried."""
        self.events += 1
        carriage = self.draw.choices(("at once", "held back", "twice"), (88, 7, 5))[0]
        ago = self.draw.choices((0, 60, 3_600, _DAY, 3 * _DAY), (80, 6, 6, 5, 3))[0]
        return {
            "event": f"e{self.events}",
            "carriage": carriage,
            "happened_seconds_ago": ago,
        }

    def _record_crime(self) -> None:
        if len(self.so_far.crimes) >= 4:
            return
        number = self.draw.choices((1, 2, 3), (70, 22, 8))[0]
        labels = [each.label for each in self.people]
        chosen = self.draw.sample(labels, min(number, len(labels)))
        roles: list[Role] = ["victim"]
        for _other in chosen[1:]:
            roles.append(self.draw.choices(("victim", "reporter", "witness"), (70, 15, 15))[0])
        offence = self._offence()
        crime = f"{self.draw.randrange(10_000, 9_999_999):07d}"
        event = self._event()
        event["happened_seconds_ago"] = self.draw.choices((0, 3_600, _DAY), (92, 5, 3))[0]
        self._add(
            told.RecordCrime(
                crime=crime,
                force=self.draw.choice(list(self.order.forces)),
                people=tuple(chosen),
                roles=tuple(roles),
                offence_code=offence.offence_code,
                offence_subgroup=offence.subgroup,
                offence=offence.offence_description,
                area=self.draw.choice(("", "Reading Central", "Cowley", "Southsea East")),
                grade=self.draw.choice((None, 1, 2, 3, 4)),
                safeguarding=self._markers(),
                **event,
            )
        )

    def _markers(self) -> tuple[str, ...]:
        if self.draw.random() < 0.9:
            return ()
        known = [*self.order.eligibility.safeguarding_exclusions, "hate_crime", "repeat_victim"]
        return tuple(self.draw.sample(known, self.draw.choice((1, 1, 2))))

    def _offence(self) -> Offence:
        eligible, others = _offences(self.order)
        return self.draw.choice(eligible if self.draw.random() < 0.88 else others)

    def _crime(self) -> str | None:
        live = [name for name, crime in self.so_far.crimes.items() if not crime.gone]
        return self.draw.choice(live or list(self.so_far.crimes)) if self.so_far.crimes else None

    def _force_step(self) -> None:
        name = self._crime()
        if name is None:
            return
        crime = self.so_far.crimes[name]
        kinds = self.draw.choices(
            [each for each, _w in _FORCE_STEPS], [w for _each, w in _FORCE_STEPS], k=4
        )
        for kind in kinds:
            step = getattr(self, kind)(name, crime, {"crime": name, **self._event()})
            if step is not None and self._add(step):
                return

    def _deploy(self, _name: str, _crime: CrimeSoFar, event: dict[str, Any]) -> told.Step:
        return told.Deploy(**event)

    def _allocate(self, _name: str, _crime: CrimeSoFar, event: dict[str, Any]) -> told.Step:
        how = self.draw.choices(("officer", "team", "both"), (6, 2, 1))[0]
        officer = self.draw.choice(_OFFICERS) if how != "team" else None
        return told.Allocate(
            officer=officer, team=self.draw.choice(_TEAMS) if how != "officer" else "", **event
        )

    def _appoint(self, _name: str, crime: CrimeSoFar, event: dict[str, Any]) -> told.Step | None:
        if not crime.victims:
            return None
        return told.MakeAppointment(
            appointment=f"appointment-{self.draw.randrange(1000, 9999)}",
            person=self.draw.choice(crime.victims),
            starts_in_seconds=self.draw.choice((3_600, _DAY, 2 * _DAY, 10 * _DAY, 45 * _DAY)),
            place=self.draw.choice(_PLACES),
            **event,
        )

    def _reappoint(self, _name: str, crime: CrimeSoFar, event: dict[str, Any]) -> told.Step | None:
        if not crime.appointments:
            return None
        appointment = self.draw.choice(list(crime.appointments))
        person = crime.appointments[appointment]
        if self.draw.random() < 0.4:
            return told.CancelAppointment(appointment=appointment, person=person, **event)
        return told.ChangeAppointment(
            appointment=appointment,
            person=person,
            starts_in_seconds=self.draw.choice((3_600, _DAY, 3 * _DAY)),
            place=self.draw.choice(_PLACES),
            **event,
        )

    def _milestone(self, _name: str, _crime: CrimeSoFar, event: dict[str, Any]) -> told.Step:
        return told.ReachMilestone(milestone=self.draw.choice(get_args(Milestone)), **event)

    def _charge(self, _name: str, _crime: CrimeSoFar, event: dict[str, Any]) -> told.Step:
        return told.Charge(decided_by=self._decider(), interviewed=self._maybe(), **event)

    def _close(self, _name: str, _crime: CrimeSoFar, event: dict[str, Any]) -> told.Step:
        return told.Close(
            outcome=self.draw.choice(get_args(ClosingOutcome)),
            decided_by=self._decider(),
            interviewed=self._maybe(),
            **event,
        )

    def _decider(self) -> Any:
        return self.draw.choice(("police", "CPS", "unknown"))

    def _maybe(self) -> bool | None:
        return self.draw.choice((None, True, False))

    def _reopen(self, _name: str, _crime: CrimeSoFar, event: dict[str, Any]) -> told.Step:
        return told.Reopen(**event)

    def _reclassify(self, _name: str, _crime: CrimeSoFar, event: dict[str, Any]) -> told.Step:
        offence = self._offence()
        return told.Reclassify(
            offence_code=offence.offence_code,
            offence_subgroup=offence.subgroup,
            offence=offence.offence_description,
            safeguarding=self._markers(),
            **event,
        )

    def _merge(self, name: str, _crime: CrimeSoFar, event: dict[str, Any]) -> told.Step | None:
        others = [each for each in self.so_far.crimes if each != name]
        return told.Merge(into=self.draw.choice(others), **event) if others else None

    def _transfer(self, _name: str, _crime: CrimeSoFar, event: dict[str, Any]) -> told.Step:
        return told.Transfer(to_force=self.draw.choice(_TO_FORCES), **event)

    def _cancel(self, _name: str, _crime: CrimeSoFar, event: dict[str, Any]) -> told.Step:
        return told.Cancel(**event)

    def _contacted(self, _name: str, crime: CrimeSoFar, event: dict[str, Any]) -> told.Step:
        return told.NoteContact(person=self.draw.choice(crime.people), **event)

    def _away(self, _name: str, crime: CrimeSoFar, event: dict[str, Any]) -> told.Step | None:
        if not crime.officers:
            return None
        officer = next(e for e in _OFFICERS if e.collar_number == self.draw.choice(crime.officers))
        return told.OfficerAway(
            officer=officer,
            why=self.draw.choice(("away", "away", "left")),
            for_seconds=self.draw.choice((None, 8 * 3_600, 3 * _DAY, 14 * _DAY)),
            **event,
        )

    def _details(self, _name: str, crime: CrimeSoFar, event: dict[str, Any]) -> told.Step:
        person = self.draw.choice(crime.people)
        record = self._changed(self.records[person], person)
        self.records[person] = record
        return told.ChangeDetails(person=person, record=record, **event)

    def _changed(self, record: VictimRecord, label: str) -> VictimRecord:
        held = next(each for each in self.people if each.label == label)
        changes: dict[str, object] = self.draw.choice(
            (
                {"enhanced_rights": not record.enhanced_rights},
                {"safe_to_contact": self.draw.choice((True, True, False, None))},
                {"preferred_channels": self.draw.choice((("text",), ("email",), ("text", "email")))},
                {"update_frequency_days": self.draw.choice((None, 1, 7, 30))},
                {"is_suspect_in_linked_crime": not record.is_suspect_in_linked_crime},
                {"has_died": True},
                {"mobile_phone": held.phone, "email": held.mailbox},
                {"mobile_phone": ""},
                {},
            )
        )
        if record.told_instead is not None:
            changes = {k: v for k, v in changes.items() if k not in ("mobile_phone", "email")}
        return structs.replace(record, **changes)

    def _reply(self) -> None:
        name = self._crime()
        if name is None or not self.so_far.crimes[name].victims:
            return
        self._add(
            told.Reply(
                crime=name,
                person=self.draw.choice(self.so_far.crimes[name].victims),
                text=self.draw.choice(_REPLIES),
                officer=self.draw.choice((None, *_OFFICERS)),
                **self._event(),
            )
        )

    def _somebody(self) -> str:
        return self.draw.choice(self.people).label

    def _sign_in(self) -> None:
        label = self._somebody()
        by: told.SignInBy = "link"
        if label in self.signed_in:
            by = self.draw.choice(("link", "text", "email", "text", "email"))
        self.signed_in.add(label)
        self._add(told.SignIn(person=label, by=by))
        if self.draw.random() < 0.8:
            self._add(told.Read(person=label))

    def _sign_out(self) -> None:
        self._add(told.SignOut(person=self._somebody()))

    def _read(self) -> None:
        self._add(told.Read(person=self._somebody()))

    def _choose(self) -> None:
        channels = self.draw.choice((("text",), ("email",), ("text", "email"), ()))
        self._add(told.ChooseChannels(person=self._somebody(), channels=channels))

    def _ask(self) -> None:
        label = self._somebody()
        crimes = self.so_far.crimes_of(label)
        if crimes:
            self._add(
                told.Ask(
                    person=label,
                    crime=self.draw.choice(crimes),
                    text=self.draw.choice(_QUESTIONS),
                )
            )

    def _text_back(self) -> None:
        who = self.draw.choice(sorted(self.so_far.people | self.so_far.strangers))
        self._add(told.TextBack(person=who, words=self.draw.choice(_WORDS_BACK)))

    def _not_for_me(self) -> None:
        who = self.draw.choice(sorted(self.so_far.strangers) or [self._somebody()])
        self._add(
            told.SayNotForMe(person=who, channel=self.draw.choice(("text", "email")), written="")
        )

    def _try(self) -> None:
        by = self._somebody()
        self._add(
            told.Try(
                person=self._somebody(),
                attempt=self.draw.choice(
                    ("another's crime", "another's crime", "changed link", "wrong proof by address")
                ),
                by=by,
            )
        )

    def _break(self) -> None:
        what: Any = self.draw.choice(
            (
                "crime system down",
                "crime system back",
                "gateway down",
                "gateway back",
                "portal restarted",
            )
        )
        self._add(told.Breakdown(what=what))

    def _send_held(self) -> None:
        waiting = self.so_far.held_back or sorted(self.so_far.events)
        self._add(told.SendHeldBack(event=self.draw.choice(waiting)))

    def _note(self) -> None:
        name = self._crime()
        if name is not None:
            self._add(told.WriteNote(crime=name, text=self.draw.choice(_NOTES)))


_FORCE_STEPS: tuple[tuple[str, float], ...] = (
    ("_deploy", 12),
    ("_allocate", 16),
    ("_appoint", 10),
    ("_reappoint", 8),
    ("_milestone", 14),
    ("_charge", 6),
    ("_close", 12),
    ("_reopen", 4),
    ("_reclassify", 4),
    ("_merge", 4),
    ("_transfer", 3),
    ("_cancel", 3),
    ("_contacted", 6),
    ("_away", 4),
    ("_details", 10),
)


class _Offences:
    """The published offences, split by whether an order has them; read once."""

    by_order: dict[tuple[str, ...], tuple[list[Offence], list[Offence]]] = {}


def _offences(order: Order) -> tuple[list[Offence], list[Offence]]:
    key = order.eligibility.offence_subgroups
    if key not in _Offences.by_order:
        seen: dict[str, Offence] = {}
        for each in load_figures().offences:
            seen.setdefault(each.offence_code, each)
        rows = sorted(seen.values(), key=lambda each: each.offence_code)
        _Offences.by_order[key] = (
            [each for each in rows if each.subgroup in key],
            [each for each in rows if each.subgroup not in key],
        )
    return _Offences.by_order[key]
