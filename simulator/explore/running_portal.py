"""A portal that runs already, and plays one story after another: its clock goes forward only.

Each story has new people and begins after all that came before. What was used, and how far the
clock has gone, is kept in a file, so that the next run on the same portal goes on from there.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from random import Random
from typing import ClassVar

import msgspec
from msgspec import Struct
from msgspec import field as kept

from simulator.clock import LONDON, WorldClock, wall_now, written_day
from simulator.drivers.base import Refused
from simulator.errors import BadInput, PortalNonsense, PortalUnreachable, SuiteError
from simulator.evidence.records import EventRecorded, PersonKnown, Record
from simulator.explore import steps as told
from simulator.explore.cloths import Woven
from simulator.explore.judged_story import FailingStory, Judged
from simulator.explore.later import length, moved
from simulator.explore.lawful import lawful_steps
from simulator.explore.new_people import ADDRESS_FIELDS, NumbersUsedUp, Used, with_new_people
from simulator.explore.story import Story, texts_in
from simulator.explore.story_logs import StoryLogs
from simulator.explore.timeline import BrokeOff, Timeline, crimes_there
from simulator.inputs.order import Order
from simulator.inputs.target import SecretValues, Target
from simulator.population.identity import Identity
from simulator.streams import Streams
from simulator.world.builder import world_around
from simulator.world.readable_addresses import addresses_in
from simulator.world.timed_portal import is_of_the_past
from simulator.world.world import World

#: The file in the results folder that says what was used on the portal; no run clears it.
USED_FILE = "running-portal.json"
_BEFORE = timedelta(days=1)
#: A clock that refuses a time is tried so much later.
_LATER = timedelta(days=7)
#: A portal must stay in its phase for so long, whatever the order says of bank holidays.
_YEARS_AT_LEAST = 2
_SECOND = timedelta(seconds=1)
_LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)


class TimeUsedUp(SuiteError):
    """The order says nothing of the days that would come next, so no other story can be played."""


class CannotReplay(SuiteError):
    """The story cannot happen on this portal any more, or never could."""


class PortalState(Struct, kw_only=True):
    """How far a portal has gone: its clock, its phase, and what its people had so far."""

    portal: str
    clock: datetime | None = None
    phase: int = 0
    #: Whether no later phase goes live there: so it is in an acceptance.
    stays_in_phase: bool = False
    #: The references of its crimes, as the crime system knows them.
    references: set[str] = kept(default_factory=set)
    #: Those that scenarios left open, until the first story begins.
    left_open: set[str] = kept(default_factory=set)
    used: Used = kept(default_factory=Used)


@dataclass(kw_only=True)
class RunningPortal:
    """A ground that is one portal, which runs already: each story comes after all before."""

    target: Target
    order: Order
    timeline: Timeline
    state: PortalState
    file: Path
    #: Whether its clock had gone on, and no file says who was used there meanwhile.
    has_unknown_past: bool
    #: Its days are few: what passes beside others is believed.
    alone_every: ClassVar[int] = 0
    is_woven: ClassVar[bool] = True
    ends: ClassVar[tuple[type[SuiteError], ...]] = (
        TimeUsedUp, NumbersUsedUp, PortalUnreachable,
    )  # fmt: skip

    def __post_init__(self) -> None:
        self.timeline.world.crime_system.know_again(self.state.references)
        # Not for secrets. With an unknown past, the people of a seed may have been there before.
        seed = f"{wall_now()}" if self.has_unknown_past else f"{len(self.state.used.crimes)}"
        self._draw = Random(seed)  # noqa: S311
        self.begun_at = self.now
        if self.state.left_open:
            # Else hundreds of people are told of them for years.
            self.timeline.cancel(sorted(self.state.left_open))
            self.state.left_open = set()
            self.save()

    @property
    def now(self) -> datetime:
        """The latest time that the portal's clock has reached."""
        return self.timeline.world.now

    def renewed(self, story: Story, *, is_again: bool = False) -> Story:
        """Return a story as it can be played next: later, with new people, without restarts.

        A story that was played before, perhaps elsewhere, keeps its month too, if waiting for it
        takes a quarter of the days that are left at most.
        Raises TimeUsedUp, NumbersUsedUp or CannotReplay.
        """
        if story.order:
            fields = ", ".join(each.field for each in story.order)
            raise CannotReplay(
                f"the story has its own values of {fields}, and this portal has the order's"
            )
        if story.phase < self.state.phase:
            raise CannotReplay(
                f"the portal has entered phase {self.state.phase}, and the story is of phase "
                f"{story.phase}"
            )
        after = max(self.now, self.order.go_live_at(story.phase) - _SECOND)
        ends, without = ends_at(self.order, story.phase), _without_restarts(story)
        later = moved(without, after, self.order, keeps_month=is_again)
        if is_again and later.begins_at > after + (ends - after) / 4:
            later = moved(without, after, self.order)
        if later.begins_at + length(later) > ends:
            raise TimeUsedUp(
                f"the portal's clock is at {written_day(self.now)}, and the order names no bank "
                f"holidays from {written_day(ends.astimezone(LONDON))} on"
            )
        all_new = is_again or self.has_unknown_past
        return with_new_people(
            later,
            self.state.used,
            self._draw,
            self.order,
            all_new=all_new,
            own=self.target.people,
        )

    def alone(self, number: int, story: Story, *, is_again: bool = False) -> Woven:
        """Play a story, renewed; raises PortalUnreachable and what `renewed` raises."""
        new = self.renewed(story, is_again=is_again)
        [judged] = self.weave([new])
        return Woven(number=number, story=new, judged=judged)

    def side_by_side(
        self, cloth: Sequence[tuple[int, Story]]
    ) -> tuple[list[tuple[int, Story]], dict[int, Judged]]:
        """Play stories, renewed; what was broken off was judged only if it had ended."""
        renewed = [(number, self.renewed(story)) for number, story in cloth]
        try:
            return renewed, dict(enumerate(self.weave([story for _number, story in renewed])))
        except BrokeOff:
            return renewed, dict(self.timeline.judged)

    def failing(self, story: Story, fingerprint: str) -> FailingStory | None:
        """Play a story, renewed; return it with the failure of this fingerprint, if it has that."""
        woven = self.alone(0, story)
        return woven.judged.failing(woven.story, fingerprint)

    def weave(self, stories: Sequence[Story]) -> list[Judged]:
        """Play stories that were renewed side by side, and judge each alone.

        Raises PortalUnreachable, or BrokeOff.
        """
        self.state.phase = max([self.state.phase, *(story.phase for story in stories)])
        try:
            return self.timeline.play(stories)
        finally:
            self.state.references |= self.timeline.references
            self.save()

    def save(self) -> None:
        """Write down how far the portal has gone."""
        self.state.clock = self.now
        self.file.write_bytes(msgspec.json.encode(self.state, order="deterministic") + b"\n")


class NoDaysLeft(BadInput):
    """The portal's clock is beyond the last day for which the order names bank holidays."""


def ends_at(order: Order, phase: int) -> datetime:
    """Find the end of the last year whose bank holidays the order names.

    It is two years after the phase goes live at the earliest: scenarios take as long.
    """
    last = max((each.year for each in order.working_days.bank_holidays), default=0)
    listed = datetime.combine(date(max(last, 1) + 1, 1, 1), time(), tzinfo=LONDON).astimezone(UTC)
    live_at = order.go_live_at(phase)
    return max(listed, live_at + timedelta(days=365 * _YEARS_AT_LEAST))


@contextmanager
def running_portal(
    target: Target, order: Order, secrets: SecretValues, *, phase: int, files: Sequence[Path]
) -> Iterator[RunningPortal]:
    """Put a world around a portal that runs already, at the latest time its clock has reached.

    Of the `files` that may say how far it has gone, the one that knows most is read and kept; if
    there is none, the first is written. Raises NoDaysLeft.
    """
    known = [(state_of(target, each), each) for each in files]
    state, file = max(known, key=lambda each: each[0].clock or _LONG_AGO)
    order = order.staying_in(state.phase) if state.stays_in_phase else order
    start = state.clock or order.go_live_at(1) - _BEFORE
    clock, logs = WorldClock(start), StoryLogs(state.used.addresses, state.references)
    with world_around(
        target,
        order,
        name="explore",
        clock=clock,
        secrets=secrets,
        streams=Streams(0),
        run=f"{wall_now():%y%m%d%H%M%S%f}",
        phase=phase,
        evidence=logs,
    ) as world:
        _find_time(world, ends_at(order, phase), target)
        entered = sum(order.go_live_at(each) <= clock.now for each in range(1, phase + 1))
        if entered:
            world.enter_phase(entered)
        yield RunningPortal(
            target=target,
            order=order,
            timeline=Timeline(
                world=world,
                logs=logs,
                identity=Identity(order.sign_in.proof, secrets.identity),
                own=target.people,
                entered=entered,
                puts_away=True,
            ),
            state=state,
            file=file,
            has_unknown_past=clock.now > start,
        )


def _find_time(world: World, ends: datetime, target: Target) -> None:
    portal = world.messages.portal
    while world.now <= ends:
        try:
            portal.work()
        except (Refused, PortalNonsense) as error:
            if not is_of_the_past(error):
                raise
            world.clock.run_to(world.now + _LATER)
        else:
            return
    raise NoDaysLeft(
        f"{target.access.portal_url}: the portal's clock refuses every time until "
        f"{written_day(ends)}: start it again with an empty database and an earlier clock"
    )


def note_used(target: Target, file: Path, records: Sequence[Record], phase: int) -> None:
    """Write down how far a portal has gone in an acceptance by these records, and who was there."""
    state = state_of(target, file)
    state.phase, state.stays_in_phase = phase, True
    state.left_open |= {each for each, is_there in crimes_there(records).items() if is_there}
    for record in records:
        state.clock = max(state.clock or record.at, record.at)
        if isinstance(record, PersonKnown):
            state.used.addresses |= {record.mobile_phone, record.email.lower()} - {""}
            state.used.person_ids.add(record.person_id)
            state.used.names.add(f"{record.given_name}\n{record.family_name}")
        elif isinstance(record, EventRecorded):
            state.references.add(record.crime_reference)
            state.used.addresses |= _addresses_written(record)
    file.write_bytes(msgspec.json.encode(state, order="deterministic") + b"\n")


def _addresses_written(record: EventRecorded) -> set[str]:
    """List what a portal may read in the address fields of an event, however it is written."""
    texts = texts_in(msgspec.json.decode(record.data))
    return {read for name, text in texts if name in ADDRESS_FIELDS for read in addresses_in(text)}


def state_of(target: Target, file: Path) -> PortalState:
    """Read what is known of this portal: nothing if the file is of another one.

    Raises BadInput if the file cannot be read.
    """
    portal = f"{target.claims.name} {target.access.portal_url}".strip()
    try:
        state = msgspec.json.decode(file.read_bytes(), type=PortalState)
    except FileNotFoundError:
        return PortalState(portal=portal)
    except (OSError, msgspec.DecodeError) as error:
        raise BadInput(f"{file}: {error}; remove it if the portal is new") from None
    return state if state.portal == portal else PortalState(portal=portal)


def _without_restarts(story: Story) -> Story:
    kept_steps = tuple(each for each in story.steps if not told.is_of_the_process(each))
    if len(kept_steps) == len(story.steps):
        return story
    without = msgspec.structs.replace(story, steps=kept_steps)
    return msgspec.structs.replace(without, steps=lawful_steps(without))
