"""Whether a step may follow those before it, by what the crime system itself would allow.

Drawing asks before it adds a step. Shrinking asks again: a step that is no longer lawful goes too.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from msgspec import structs

from simulator.explore import steps as told
from simulator.explore.joined_records import JoinedRecords
from simulator.explore.story import Person, Story, Stranger
from simulator.inputs.capabilities import Capability

#: Steps that end, reopen or move a crime.
_TURNS = (
    *(told.Charge, told.Close, told.Reopen, told.Merge, told.Unmerge, told.Transfer),
    told.Cancel,
)

#: What a force may still record about a victim under the reference of a merged crime: CASE-20.
_UNDER_THE_OLD_REFERENCE = (
    *(told.MakeAppointment, told.ChangeAppointment, told.CancelAppointment),
    *(told.ChangeDetails, told.Reply),
)

#: What an officer may still write to the record of a crime that another force looks into: S-044.
_AFTER_A_TRANSFER = (told.Deploy, told.Allocate, told.MakeAppointment, told.ReachMilestone)

#: Events that come only to a portal with a claim.
CLAIMED_EVENTS: dict[type[told.ForceStep], Capability] = {
    told.Unmerge: "crimes_unmerged",
    told.ReportIncident: "incidents",
    told.CloseIncident: "incidents",
    told.MergePersons: "persons_merged",
    told.UnmergePersons: "persons_merged",
}


@dataclass
class CrimeSoFar:
    """One crime as the steps so far have left it; a crime that is `gone` takes few more events.

    `gone_by` is the event of its transfer.
    `turned_at_seconds` is when it was last ended, reopened or moved, as it happened;
    `classified_at_seconds` when its present offence was recorded. `into` is the crime that it was
    merged into; `own_people` and `own_victims` are those that it was recorded with.
    """

    people: list[str]
    victims: list[str]
    force: str
    is_over: bool = False
    is_closed: bool = False
    gone: str = ""
    gone_by: str = ""
    into: str = ""
    own_people: tuple[str, ...] = ()
    own_victims: tuple[str, ...] = ()
    appointments: dict[str, str] = field(default_factory=dict)
    officers: list[str] = field(default_factory=list)
    turned_at_seconds: int | None = None
    classified_at_seconds: int | None = None
    #: The event by which it was recorded.
    recorded_by: str = ""


@dataclass
class StorySoFar:
    """What the steps so far have left; `people` and `strangers` are labels.

    `parted` has, by event, each crime whose merger was taken back. `seconds` is how long they took,
    `written_at_seconds` when a person's record was last written. `incidents` has the person of each
    report that is no crime, "" once it is closed.
    """

    people: frozenset[str]
    strangers: frozenset[str]
    crimes: dict[str, CrimeSoFar] = field(default_factory=dict)
    events: set[str] = field(default_factory=set)
    held_back: list[str] = field(default_factory=list)
    parted: dict[str, str] = field(default_factory=dict)
    incidents: dict[str, str] = field(default_factory=dict)
    seconds: int = 0
    written_at_seconds: dict[str, int] = field(default_factory=dict)
    joined: JoinedRecords = field(default_factory=JoinedRecords)
    crime_system_down_since_seconds: int | None = None
    is_gateway_down: bool = False
    has_second_worker: bool = False

    @classmethod
    def at_the_start(cls, people: Iterable[Person], strangers: Iterable[Stranger]) -> "StorySoFar":
        """Begin with these people and no crime."""
        return cls(
            frozenset(each.label for each in people), frozenset(each.label for each in strangers)
        )

    def crimes_of(self, person: str) -> list[str]:
        """List the crimes that a person is in, oldest first."""
        return [name for name, crime in self.crimes.items() if person in crime.people]

    def read_by(self, person: str) -> list[str]:
        """List the crimes that a person may follow, those of records merged into theirs too."""
        people = self.joined.read_by(person)
        return [name for name, crime in self.crimes.items() if people & {*crime.people}]

    def allows(self, step: told.Step) -> bool:
        """Say whether this step may come now."""
        match step:
            case told.RecordCrime():
                may_be = step.crime not in self.crimes or self._is_again(step)
                is_new = step.event not in self.events and may_be
                is_lawful = is_new and self.people.issuperset(step.people)
            case told.ForceStep():
                is_lawful = step.event not in self.events and self._may_record(step)
            case told.SendHeldBack() | told.DeliverTogether() | told.SendInvalid() | told.Forge():
                is_lawful = self._may_come(step)
            case told.Breakdown():
                is_lawful = self._can_break(step.what)
            case told.StartSecondWorker():
                is_lawful = not self.has_second_worker
            case told.WriteNote() | told.SendBeyond():
                is_lawful = step.crime in self.crimes
            case told.Ask() | told.WithdrawSupport():
                is_lawful = step.crime in self.read_by(step.person)
            case told.SignInTogether():
                is_two = step.person != step.other
                is_lawful = is_two and self.people.issuperset({step.person, step.other})
            case told.SignInFrom() | told.Move():
                is_known = step.other in self.people | self.strangers | {""}
                is_lawful = is_known and step.person in self.people
            case told.TextBack() | told.SayNotForMe():
                is_lawful = step.person in self.people | self.strangers
            case told.Wait():
                is_lawful = True
            case _:
                is_lawful = step.person in self.people
        return is_lawful

    def _is_again(self, step: told.RecordCrime) -> bool:
        """Say whether the force records a crime that is here once more, as it was: INT-07.

        Its people's newest records are in it, so no event that changes one is still to come.
        """
        crime = self.crimes[step.crime]
        is_same = (step.people, step.force) == (crime.own_people, crime.force)
        return is_same and not crime.gone and not self.held_back

    def _may_record(self, step: told.ForceStep) -> bool:
        if isinstance(step, told.MergePersons | told.UnmergePersons):
            return self._may_join(step)
        if not isinstance(step, told.ReportIncident | told.CloseIncident):
            return self._takes(step)
        if isinstance(step, told.CloseIncident):
            return bool(self.incidents.get(step.crime)) and step.crime not in self.crimes
        is_new = step.crime not in self.incidents and step.crime not in self.crimes
        is_newer = self.written_at_seconds.get(step.person) != self.seconds
        return is_new and is_newer and step.person in self.people

    def _may_come(
        self, step: told.SendHeldBack | told.DeliverTogether | told.SendInvalid | told.Forge
    ) -> bool:
        match step:
            case told.SendHeldBack():
                return step.event in self.events
            case told.DeliverTogether():
                return bool(step.events) and self.events.issuperset(step.events)
            case told.SendInvalid():
                return step.crime in self.crimes and self._may_be_held(step.along)
        return self._may_be_claimed(step.claim) and self._may_be_held(step.as_event)

    def take(self, step: told.Step) -> None:
        """Let a step happen."""
        match step:
            case told.Breakdown():
                self._break(step.what)
                return
            case told.StartSecondWorker():
                self.has_second_worker = True
                return
            case told.Wait():
                self.seconds += step.seconds
                return
            case told.SendHeldBack():
                if step.event in self.held_back:
                    self.held_back.remove(step.event)
                return
            case told.DeliverTogether():
                self.held_back = [each for each in self.held_back if each not in step.events]
                return
            case told.ForceStep():
                self.events.add(step.event)
                if step.carriage == "held back":
                    self.held_back.append(step.event)
                self._note_times(step)
                self._note_role(step)
            case _:
                return
        self._turn(step)

    def _note_times(self, step: told.ForceStep) -> None:
        happened_at = self.seconds - step.happened_seconds_ago
        if isinstance(step, _TURNS):
            self.crimes[step.crime].turned_at_seconds = happened_at
        elif isinstance(step, told.Reclassify):
            self.crimes[step.crime].classified_at_seconds = happened_at
        people = step.people if isinstance(step, told.RecordCrime) else ()
        if isinstance(step, told.ChangeDetails | told.ReportIncident):
            people = (step.person,)
        self.written_at_seconds |= dict.fromkeys(people, self.seconds)

    def _note_role(self, step: told.ForceStep) -> None:
        if isinstance(step, told.ChangeDetails) and step.record.role != "victim":
            crime = self.crimes[step.crime]
            crime.victims = [each for each in crime.victims if each != step.person]
            crime.own_victims = tuple(e for e in crime.own_victims if e != step.person)

    def with_known_events(self, step: told.Step) -> told.Step:
        """Leave out of a delivery the events that are not there."""
        if not isinstance(step, told.DeliverTogether):
            return step
        known = tuple(each for each in step.events if each in self.events)
        return step if known == step.events else structs.replace(step, events=known)

    def _may_be_held(self, event: str) -> bool:
        return not event or event in self.held_back

    def _may_be_claimed(self, claim: told.Claim) -> bool:
        if isinstance(claim, told.RecordCrime):
            return claim.crime not in self.crimes and self.people.issuperset(claim.people)
        person = getattr(claim, "person", "")
        return claim.crime in self.crimes and (not person or person in self.people)

    def _turn(self, step: told.ForceStep) -> None:
        if isinstance(step, told.ReportIncident):
            self.incidents[step.crime] = step.person
        elif isinstance(step, told.CloseIncident):
            self.incidents[step.crime] = ""
        elif isinstance(step, told.MergePersons | told.UnmergePersons):
            self.joined.take(step, self.seconds)
        elif not (isinstance(step, told.RecordCrime) and step.crime in self.crimes):
            # A crime that is recorded again stays as it is.
            self._turn_crime(step)

    def _turn_crime(self, step: told.ForceStep) -> None:
        match step:
            case told.RecordCrime():
                stand = zip(step.people, step.roles, strict=True)
                victims = [each for each, role in stand if role == "victim"]
                self.crimes[step.crime] = CrimeSoFar(
                    list(step.people),
                    victims,
                    step.force,
                    own_people=step.people,
                    own_victims=tuple(victims),
                    recorded_by=step.event,
                )
                return
            case _:
                crime = self.crimes[step.crime]
        match step:
            case told.Allocate(officer=officer) if officer is not None:
                crime.officers.append(officer.collar_number)
            case told.MakeAppointment():
                crime.appointments[step.appointment] = step.person
            case told.CancelAppointment():
                crime.appointments.pop(step.appointment, None)
            case told.Charge():
                crime.is_over = True
            case told.Close():
                # A closure that nobody confirmed closes nothing, where the order asks for it.
                crime.is_over = crime.is_closed = step.confirmed
            case told.Reopen():
                crime.is_over = crime.is_closed = False
                crime.gone = ""
            case told.Merge():
                crime.gone, crime.into = "merged", step.into
                self._join_people(step.into)
            case told.Unmerge():
                into, crime.gone, crime.into = crime.into, "", ""
                self.parted[step.event] = step.crime
                self._join_people(into)
            case told.Transfer():
                crime.gone, crime.gone_by = "transferred", step.event
            case told.Cancel():
                crime.gone = "cancelled"

    def _join_people(self, name: str) -> None:
        crime = self.crimes[name]
        parts = [each for each in self.crimes.values() if each.into == name]
        people = [*crime.own_people, *(who for each in parts for who in each.people)]
        victims = [*crime.own_victims, *(who for each in parts for who in each.victims)]
        crime.people, crime.victims = list(dict.fromkeys(people)), list(dict.fromkeys(victims))

    def _takes(self, step: told.ForceStep) -> bool:
        crime = self.crimes.get(step.crime)
        if crime is None or not self._is_still_recorded(step, crime):
            return False
        # A portal that has not heard that a crime is merged no longer shows its news elsewhere.
        if step.crime in self._parting() or not self._is_in_order(step, crime):
            return False
        match step:
            case told.Reopen():
                can = crime.is_over and crime.gone in ("", "transferred")
            case told.MakeAppointment():
                can = step.person in crime.victims and step.appointment not in crime.appointments
            case told.ChangeAppointment() | told.CancelAppointment():
                can = crime.appointments.get(step.appointment) == step.person
            case told.Merge() | told.Unmerge():
                can = self._may_merge_or_part(step, crime)
            case told.OfficerAway():
                can = step.officer.collar_number in crime.officers
            case told.ChangeDetails():
                # A record has one state at a moment: the time it was written says which is newer.
                is_newer = self.written_at_seconds.get(step.person) != self.seconds
                can = step.person in crime.people and is_newer
            case told.NoteContact() | told.Reply():
                can = step.person in crime.people
            case told.ReachMilestone():
                can = not crime.is_closed and step.giver in {"", *crime.people}
            case told.Deploy() | told.Allocate() | told.Charge() | told.Close():
                can = not crime.is_closed
            case _:
                can = True
        return can

    def _is_still_recorded(self, step: told.ForceStep, crime: CrimeSoFar) -> bool:
        if not crime.gone or isinstance(step, told.Reopen | told.Unmerge):
            return True
        if crime.gone == "transferred":
            # Until the portal hears of the transfer, what comes is news of the case.
            return crime.gone_by not in self.held_back and isinstance(step, _AFTER_A_TRANSFER)
        if crime.gone != "merged" or not isinstance(step, _UNDER_THE_OLD_REFERENCE):
            return False
        into = self._goes_on_as(crime)
        return not into.gone and not into.is_closed

    def _goes_on_as(self, crime: CrimeSoFar) -> CrimeSoFar:
        while crime.gone == "merged":
            crime = self.crimes[crime.into]
        return crime

    def _parting(self) -> set[str]:
        return {each for event, each in self.parted.items() if event in self.held_back}

    def _may_merge_or_part(self, step: told.Merge | told.Unmerge, crime: CrimeSoFar) -> bool:
        if isinstance(step, told.Unmerge):
            return crime.gone == "merged" and self.crimes[crime.into].gone != "merged"
        # Until the portal hears that one merger was taken back, one the other way is a circle.
        if step.into in self._parting():
            return False
        return step.into != step.crime and self._takes_in(step.into, crime.force)

    def _may_join(self, step: told.MergePersons | told.UnmergePersons) -> bool:
        """Say whether two records may become one, or two again: each is in a crime.

        By the contract the portal has the crime that is named: what is of persons waits for none.
        """
        crime = self.crimes.get(step.crime)
        if crime is not None and crime.recorded_by in self.held_back:
            return False
        is_newer = self.joined.turned_at_seconds.get(step.person) != self.seconds
        if crime is None or crime.gone or step.person not in crime.own_people or not is_newer:
            return False
        if isinstance(step, told.UnmergePersons):
            return self.joined.may_part(step)
        are_known = self._is_known(step.person) and self._is_known(step.survivor)
        return are_known and self.joined.may_join(step)

    def _is_known(self, person: str) -> bool:
        own = (each for each in self.crimes.values() if person in each.own_people)
        return any(each.recorded_by not in self.held_back for each in own)

    def _is_in_order(self, step: told.ForceStep, crime: CrimeSoFar) -> bool:
        """Say whether a step happened after the one that it undoes or replaces.

        A case cannot be reopened before it ended, nor end before it was reopened; an offence that
        replaces another is the later one. Where the times at which these are said to have happened
        contradict the order in which they were recorded, the contract does not say which stands.
        """
        before = None
        if isinstance(step, _TURNS):
            before = crime.turned_at_seconds
        elif isinstance(step, told.Reclassify):
            before = crime.classified_at_seconds
        return before is None or self.seconds - step.happened_seconds_ago > before

    def _takes_in(self, name: str, force: str) -> bool:
        into = self.crimes.get(name)
        return into is not None and not into.gone and into.force == force

    def _can_break(self, what: str) -> bool:
        return {
            "crime system down": self.crime_system_down_since_seconds is None,
            "crime system back": self.crime_system_down_since_seconds is not None,
            "gateway down": not self.is_gateway_down,
            "gateway back": self.is_gateway_down,
            "portal restarted": True,
        }[what]

    def _break(self, what: str) -> None:
        if what.startswith("crime system"):
            self.crime_system_down_since_seconds = self.seconds if what.endswith("down") else None
        elif what.startswith("gateway"):
            self.is_gateway_down = what.endswith("down")


def without_unclaimed(story: Story, capabilities: Collection[str]) -> Story:
    """Leave out of a story the events that a portal does not claim, and what depends on them."""
    unclaimed = tuple(
        kind for kind, capability in CLAIMED_EVENTS.items() if capability not in capabilities
    )
    kept = tuple(each for each in story.steps if not isinstance(each, unclaimed))
    if len(kept) == len(story.steps):
        return story
    return structs.replace(story, steps=lawful_steps(structs.replace(story, steps=kept)))


def lawful_steps(story: Story) -> tuple[told.Step, ...]:
    """Leave out of a story every step that may not follow those before it."""
    so_far = StorySoFar.at_the_start(story.people, story.strangers)
    kept = []
    for each in story.steps:
        step = so_far.with_known_events(each)
        if so_far.allows(step):
            so_far.take(step)
            kept.append(step)
    return tuple(kept)
