"""A portal that runs already, and plays one story after another: its clock goes forward only.

Each story has new people and begins after all that came before. What was used, and how far the
clock has gone, is kept in a file, so that the next run on the same portal goes on from there.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from pathlib import Path
from random import Random

import msgspec
from msgspec import Struct
from msgspec import field as kept

from reference.contract.events import CrimeCancelled
from simulator.clock import LONDON, WorldClock, wall_now, written_day
from simulator.drivers.base import Refused
from simulator.errors import BadInput, CannotVerify, PortalNonsense, PortalUnreachable, SuiteError
from simulator.evidence.records import EventRecorded, Record
from simulator.explore import steps as told
from simulator.explore.judged_story import Failure, Judged, failures_in, nonsense
from simulator.explore.later import length, moved
from simulator.explore.lawful import lawful_steps
from simulator.explore.new_people import Used, addresses_of, with_new_people
from simulator.explore.own_evidence import EarlierStories
from simulator.explore.playing import Play
from simulator.explore.story import Story
from simulator.inputs.order import Order
from simulator.inputs.target import SecretValues, Target
from simulator.judge.fold import judge
from simulator.population.identity import Identity
from simulator.streams import Streams
from simulator.world.builder import world_around
from simulator.world.timed_portal import is_of_the_past
from simulator.world.world import World

#: The file in the results folder that says what was used on the portal; no run clears it.
USED_FILE = "running-portal.json"
_BEFORE = timedelta(days=1)
#: A clock that refuses a time is tried so much later.
_LATER = timedelta(days=7)
#: As `accept`: a portal must stay in its phase for so long.
_YEARS_AT_LEAST = 2
_SECOND = timedelta(seconds=1)
_LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)
#: After these a crime is no longer with the force that recorded it.
_GONE = frozenset({"CrimeMerged", "CrimeTransferred", "CrimeCancelled"})


class TimeUsedUp(SuiteError):
    """The order says nothing of the days that would come next, so no other story can be played."""


class CannotReplay(SuiteError):
    """The story cannot happen on this portal any more, or never could."""


class PortalState(Struct, kw_only=True):
    """How far a portal has gone: its clock, its phase, and what its people had so far."""

    portal: str
    clock: datetime | None = None
    phase: int = 0
    #: The references of its crimes, as the crime system knows them.
    references: set[str] = kept(default_factory=set)
    used: Used = kept(default_factory=Used)


@dataclass(kw_only=True)
class RunningPortal:
    """One portal that runs already; `play` plays one story on it, after all before."""

    target: Target
    order: Order
    secrets: SecretValues
    world: World
    state: PortalState
    file: Path
    #: Whether its clock had gone on, and no file says who was used there meanwhile.
    has_unknown_past: bool
    #: The latest phase that the run has put it into.
    entered: int = 0
    _earlier: EarlierStories = field(init=False)

    def __post_init__(self) -> None:
        self._earlier = EarlierStories(self.state.used.addresses, self.state.references)
        self.world.crime_system.know_again(self.state.references)
        # Not for secrets. With an unknown past, the people of a seed may have been there before.
        seed = f"{wall_now()}" if self.has_unknown_past else f"{len(self.state.used.crimes)}"
        self._draw = Random(seed)  # noqa: S311
        self._identity = Identity(self.order.sign_in.proof, self.secrets.identity)
        self.begun_at = self.world.now

    @property
    def now(self) -> datetime:
        """The latest time that the portal's clock has reached."""
        return self.world.now

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

    def play(self, story: Story) -> Judged:
        """Play a story that was renewed, and judge it alone; raises PortalUnreachable."""
        self.state.phase = max(self.state.phase, story.phase)
        failures: list[Failure] = []
        log, world = self.world.evidence.records, self.world
        play = Play(world, self._identity, story, self.target.people, entered=self.entered)
        try:
            play.play()
        except CannotVerify:
            # A driver may still have methods to write: what came until then is judged.
            pass
        except PortalUnreachable:
            raise
        except SuiteError as error:
            failures.append(nonsense(error, at=self.now))
        finally:
            world.breakdowns.bring_all_back()
            records, end = tuple(self._earlier.own_of(log)), self.now
            self.entered = play.entered
            self.state.references |= self._put_away(records)
            not_a_victims = set(self.order.contact.not_a_victims)
            self._earlier.leave(log, addresses_of(story) - not_a_victims)
            log.clear()
            self.save()
        capabilities = world.portal.capabilities
        judged_by = partial(
            judge,
            evidence=records,
            correlates="correlates" in capabilities,
            carries_ids="carries_correlation_id" in capabilities,
            end=end,
        )
        failures += failures_in(judged_by(self.order))
        return Judged(
            failures=tuple(failures),
            records=records,
            done=tuple(play.done),
            order=self.order,
            judged_by=judged_by,
            labels=play.labels,
        )

    def _put_away(self, log: Iterable[Record]) -> set[str]:
        """Cancel the crimes of a story that is over, and return the references of all it had.

        Else its people are told of them for years.
        """
        there: dict[str, bool] = {}
        for record in log:
            if isinstance(record, EventRecorded):
                there.setdefault(record.crime_reference, True)
                if record.event_type in _GONE:
                    there[record.crime_reference] = False
        now = self.now
        for reference in (each for each, is_there in there.items() if is_there):
            event = CrimeCancelled(crime_reference=reference, cancelled_at=now)
            self.world.crime_system.record(event)
        # A portal that fails at this is no part of the story.
        with suppress(SuiteError):
            self.world.advance(now + _SECOND)
        return set(there)

    def save(self) -> None:
        """Write down how far the portal has gone."""
        self.state.clock = self.now
        self.file.write_bytes(msgspec.json.encode(self.state, order="deterministic") + b"\n")


def ends_at(order: Order, phase: int) -> datetime:
    """Find the end of the last year whose bank holidays the order names.

    It is two years after the phase goes live at the earliest, as long as `accept` may take.
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
    there is none, the first is written. Raises BadInput if its clock is beyond the order's bank
    holidays.
    """
    known = [(state_of(target, each), each) for each in files]
    state, file = max(known, key=lambda each: each[0].clock or _LONG_AGO)
    start = state.clock or order.go_live_at(1) - _BEFORE
    clock = WorldClock(start)
    with world_around(
        target,
        order,
        name="explore",
        clock=clock,
        secrets=secrets,
        streams=Streams(0),
        run=f"{wall_now():%y%m%d%H%M%S%f}",
        phase=phase,
    ) as world:
        _find_time(world, ends_at(order, phase), target)
        entered = sum(order.go_live_at(each) <= clock.now for each in range(1, phase + 1))
        if entered:
            world.enter_phase(entered)
        yield RunningPortal(
            target=target,
            order=order,
            secrets=secrets,
            world=world,
            state=state,
            file=file,
            has_unknown_past=clock.now > start,
            entered=entered,
        )


def _find_time(world: World, ends: datetime, target: Target) -> None:
    """Move the portal's clock to the first time that it takes; it is never moved back."""
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
    raise BadInput(
        f"{target.access.portal_url}: the portal's clock refuses every time until "
        f"{written_day(ends)}: start it again with an empty database and an earlier clock"
    )


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
    """Leave out the restarts of a portal that we did not start, and its second worker."""
    kept_steps = tuple(each for each in story.steps if not _is_of_the_process(each))
    if len(kept_steps) == len(story.steps):
        return story
    without = msgspec.structs.replace(story, steps=kept_steps)
    return msgspec.structs.replace(without, steps=lawful_steps(without))


def _is_of_the_process(step: told.Step) -> bool:
    is_restart = isinstance(step, told.Breakdown) and step.what == "portal restarted"
    return is_restart or isinstance(step, told.StartSecondWorker)
