"""One portal on which many stories are played side by side: its clock moves once for all of them.

The next step of all by time comes next. Each story has people and crimes of its own, and is judged
by its own records. One story alone is played in the same way.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from heapq import heapify, heappop, heappush

from reference.contract.events import CrimeCancelled
from simulator.clock import WorldClock
from simulator.errors import CannotVerify, PortalUnreachable, SuiteError
from simulator.evidence.records import EventRecorded, Record
from simulator.explore.judged_story import Failure, Judged, failures_in, names_in, nonsense
from simulator.explore.new_people import addresses_of
from simulator.explore.playing import Play
from simulator.explore.steps import is_of_the_process
from simulator.explore.story import Story
from simulator.explore.story_logs import OwnLog, StoryLogs
from simulator.inputs.order import Order
from simulator.inputs.own_people import OwnPeople
from simulator.inputs.target import SecretValues, Target
from simulator.judge.fold import judge
from simulator.population.identity import Identity
from simulator.streams import Streams
from simulator.world.builder import world_around
from simulator.world.world import World

_BEFORE = timedelta(days=1)
#: After these a crime is no longer with the force that recorded it.
_GONE = frozenset({"CrimeMerged", "CrimeTransferred", "CrimeCancelled"})


class BrokeOff(SuiteError):
    """The portal failed while time passed for several stories: nobody can say for which."""


@dataclass(kw_only=True)
class Timeline:
    """A portal with its world, and the stories that are being played on it.

    `entered` is the latest phase that it was put into. With `puts_away` the crimes of a story that
    is over are cancelled: else its people are told of them for years.
    """

    world: World
    logs: StoryLogs
    identity: Identity
    own: OwnPeople
    #: What the ids of its events begin with.
    source: str = ""
    entered: int = 0
    puts_away: bool = False
    #: Whether it is the story's failure if the portal cannot be reached.
    is_last: bool = False
    #: The references of all crimes that stories had.
    references: set[str] = field(default_factory=set)
    #: What stories came to, by their places; one that was broken off is not there.
    judged: dict[int, Judged] = field(default_factory=dict)
    _phase: int = field(init=False, default=0)

    def play(self, stories: Sequence[Story]) -> list[Judged]:
        """Play stories of one phase side by side, and judge each alone.

        Raises PortalUnreachable, or BrokeOff: `judged` then has the stories that had ended.
        """
        self.judged = {}
        threads = [_Thread(place, self, story) for place, story in enumerate(stories)]
        # The earliest comes next; of two at one time, the one that waited first.
        waiting = [(self.world.now, place, threads[place]) for place in range(len(threads))]
        heapify(waiting)
        turn = len(threads)
        self._phase = max((story.phase for story in stories), default=0)
        try:
            while waiting:
                to, _turn, thread = heappop(waiting)
                self._advance(to, threads)
                if (then := thread.go_on()) is not None:
                    heappush(waiting, (then, turn := turn + 1, thread))
        finally:
            for thread in threads:
                thread.stop()
            self.world.breakdowns.bring_all_back()
        return [self.judged[place] for place in range(len(stories))]

    def _advance(self, to: datetime, threads: Sequence["_Thread"]) -> None:
        going_on = [thread for thread in threads if not thread.is_over]
        try:
            while self.entered < self._phase:
                if self.world.order.go_live_at(self.entered + 1) > to:
                    break
                self.entered += 1
                self.world.enter_phase(self.entered)
            self.world.advance(max(to, self.world.now))
        except CannotVerify:
            for thread in going_on:
                thread.end()
        except SuiteError as error:
            if isinstance(error, PortalUnreachable) and not self.is_last:
                raise
            if len(going_on) > 1:
                raise BrokeOff(str(error)) from error
            going_on[0].fail(error)

    def put_away(self, records: Iterable[Record]) -> None:
        """Cancel the crimes of a story that is over."""
        there = crimes_there(records)
        self.references |= set(there)
        if self.puts_away:
            self.cancel(each for each, is_there in there.items() if is_there)

    def cancel(self, references: Iterable[str]) -> None:
        """Cancel crimes, so that the portal has no more to do for their people."""
        now = self.world.now
        for reference in references:
            self.world.crime_system.record(
                CrimeCancelled(crime_reference=reference, cancelled_at=now)
            )
        # A portal that fails at this is no part of the story.
        with suppress(SuiteError):
            self.world.settle()


def crimes_there(records: Iterable[Record]) -> dict[str, bool]:
    """Say of each crime whether the force that recorded it still has it."""
    there: dict[str, bool] = {}
    for record in records:
        if isinstance(record, EventRecorded):
            there.setdefault(record.crime_reference, True)
            if record.event_type in _GONE:
                there[record.crime_reference] = False
    return there


class _Thread:
    """One story as it is being played: its log, and what is left of it to play."""

    def __init__(self, place: int, timeline: Timeline, story: Story) -> None:
        self._place, self._timeline, self._story = place, timeline, story
        world = timeline.world
        not_a_victims = set(world.order.contact.not_a_victims)
        people = [person.record.person_id for person in story.people]
        forces = (force.name for force in world.order.forces.values())
        self.log: OwnLog = timeline.logs.begin(addresses_of(story) - not_a_victims, people)
        self._names = {timeline.source, *names_in(story), *forces} - {""}
        own_world = replace(world, own_log=self.log)
        self._play = Play(own_world, timeline.identity, story, timeline.own)
        self._left = self._play.play()
        self._failures: list[Failure] = []
        self.is_over = False

    def go_on(self) -> datetime | None:
        """Play until time must pass; return until when, or None if the story is over."""
        world = self._timeline.world
        while not self.is_over:
            try:
                with self._timeline.logs.of_one(self.log):
                    to = next(self._left)
                    if to > world.now:
                        return to
                    world.settle()
            except (StopIteration, CannotVerify):
                # A driver may still have methods to write: what came until then is judged.
                self.end()
            except SuiteError as error:
                if isinstance(error, PortalUnreachable) and not self._timeline.is_last:
                    raise
                self.fail(error)
        return None

    def fail(self, error: SuiteError) -> None:
        """End with an answer that the contract does not allow."""
        self._failures.append(nonsense(error, self._names, at=self._timeline.world.now))
        self.end()

    def stop(self) -> None:
        """End without a judgement, if it is not over."""
        if not self.is_over:
            self.is_over = True
            self._leave()

    def end(self) -> None:
        """Judge what came until now."""
        self.is_over = True
        world, records = self._timeline.world, tuple(self.log.records)
        capabilities = world.portal.capabilities
        judged_by = partial(
            judge,
            evidence=records,
            correlates="correlates" in capabilities,
            carries_ids="carries_correlation_id" in capabilities,
            end=world.now,
        )
        self._timeline.judged[self._place] = Judged(
            failures=(*self._failures, *failures_in(judged_by(world.order), self._names)),
            records=records,
            done=tuple(self._play.done),
            order=world.order,
            judged_by=judged_by,
            labels=self._play.labels,
        )
        self._leave()

    def _leave(self) -> None:
        self._timeline.logs.end(self.log)
        self._timeline.put_away(self.log.records)


@contextmanager
def fresh_timeline(
    target: Target,
    order: Order,
    secrets: SecretValues,
    stories: Sequence[Story],
    *,
    source: str,
    puts_away: bool = False,
) -> Iterator[Timeline]:
    """Start a portal for these stories, on the day before the first phase goes live."""
    logs = StoryLogs()
    with world_around(
        target,
        order,
        name="explore",
        clock=WorldClock(order.go_live_at(1) - _BEFORE),
        secrets=secrets,
        streams=Streams(0),
        # The portal's database must then outlive a process, or be shared by two.
        may_restart=any(is_of_the_process(step) for story in stories for step in story.steps),
        in_memory=True,
        source=source,
        phase=max(story.phase for story in stories),
        evidence=logs,
    ) as world:
        yield Timeline(
            world=world,
            logs=logs,
            identity=Identity(order.sign_in.proof, secrets.identity),
            own=target.people,
            source=source,
            puts_away=puts_away,
        )
