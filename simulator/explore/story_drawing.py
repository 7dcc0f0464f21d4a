"""Plans a story from a seed: its order and days, its cast, and which scenes it has.

The same seed and number always draw the same story, whatever was drawn before. Each rare scene is
drawn from a stream of its own, so that the rest of a story stays as it was. `step_drawing` draws
the steps.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from operator import methodcaller
from random import Random
from typing import TypeVar

from msgspec import structs

from simulator.clock import LONDON
from simulator.drivers.base import WithdrawalStep
from simulator.explore import steps as told
from simulator.explore.cast import PEOPLE_MAX, Casting
from simulator.explore.drawn_steps import DrawnSteps, Focus, WhichStory
from simulator.explore.duration_scenes import DurationScenes
from simulator.explore.field_scenes import FieldScenes
from simulator.explore.limit_drawing import with_limits
from simulator.explore.moment_scenes import MomentScenes
from simulator.explore.order_changes import changed, draw_changes
from simulator.explore.order_scenes import OrderScenes
from simulator.explore.people_scenes import PeopleScenes
from simulator.explore.person_merger_scenes import PersonMergerScenes
from simulator.explore.rare_scenes import RareScenes
from simulator.explore.report_scenes import ReportScenes
from simulator.explore.scene_steps import SceneSteps
from simulator.explore.second_time_scenes import SecondTimeScenes
from simulator.explore.step_drawing import StepDrawing
from simulator.explore.story import GoLiveDays, OrderChange, Person, Story
from simulator.explore.times import first_day
from simulator.inputs.order import GoLive, Order
from simulator.inputs.own_people import OwnPeople
from simulator.world.made_up_records import MadeUpRecords

Scenes = TypeVar("Scenes", bound=SceneSteps)
_DAY = 86_400
#: How many stories have a second worker, which starts early, and one more restart, anywhere.
_WITH_SECOND_WORKER, _WITH_RESTART = 0.2, 0.08
#: So many times as often in a story with state that few stories have.
_RARE_TIMES = 3
#: How many stories have people who ask to talk about no longer supporting the case.
_WITH_WITHDRAWALS = 0.4
#: How many stories have two records of persons that the force merges.
_WITH_PERSONS_MERGED, _WITH_A_THIRD = 0.12, 0.4
#: How many stories begin with a report of a person about whom something is particular, and how
#: many have a later one that brings news of its person.
_REPORTED_FIRST, _REPORTED_LATER = 0.1, 0.1
#: Scenes of RareScenes: how many stories have each, and from which phase on.
_RARE_SCENES: tuple[tuple[float, str, int], ...] = (
    (0.2, "comes_late", 1),
    (0.2, "merged_and_parted", 1),
    (0.1, "rights_come_late", 2),
    (0.08, "another_code", 1),
    (0.06, "own_crimes_merged", 1),
    (0.05, "asked_about_another", 3),
    (0.05, "merged_out_of_the_portal", 1),
    (0.05, "reclassified_before_a_merger", 1),
    (0.05, "marker_goes", 1),
    (0.05, "details_come_late", 1),
    (0.03, "report_ends_first", 1),
)
#: Scenes of SecondTimeScenes, likewise.
_SECOND_TIMES: tuple[tuple[float, str, int], ...] = (
    (0.1, "stops_and_starts_again", 1),
    (0.1, "goes_on_as_it_was", 1),
    (0.05, "has_two_appointments", 1),
    (0.1, "talks_of_something_else", 1),
    (0.12, "bail_changes_again", 2),
    (0.1, "channels_change_in_a_full_week", 2),
    (0.1, "one_of_two_is_answered", 3),
    (0.1, "is_away_again", 3),
    (0.1, "writes_as_people_do", 3),
)
#: Scenes of PeopleScenes: few stories have a named contact.
_PEOPLE_SCENES = ((0.3, "contact_with_an_appointment", 1),)
#: And those with which a story begins: nobody has moved yet, or stopped all messages.
_AT_FIRST: tuple[tuple[float, str, int], ...] = (
    (0.07, "has_two_browsers", 1),
    (0.05, "reads_on", 1),
    (0.07, "bounces_again", 1),
    (0.06, "code_bounces", 1),
    (0.1, "gateway_fails", 1),
    (0.1, "is_locked_out_again", 1),
    (0.06, "comes_from_two_systems", 1),
    (0.05, "reported_it_themselves", 1),
    (0.05, "waits_as_the_clocks_change", 1),
    (0.05, "says_the_same_again", 3),
)
#: How many stories have one of FieldScenes, and from which phase on each is drawn.
_WITH_A_FIELD = 0.2
_FIELD_SCENES = {
    "rights_at_the_end": 1,
    "recorded_late_in_a_full_week": 1,
    "merged_again": 1,
    "forbidden_by_details": 1,
    "recorded_before_it_was_live": 1,
    "reported_how_often": 2,
    "checked_reply": 3,
}
#: How many of the stories with another order have a scene in which that decides.
_WITH_OTHER_ORDER = 0.4
_LATE_INVITATION = 0.4
#: A scene begins only so long before the first case may be deleted: what is shown then is open.
_SCENE_BEGINS_SECONDS = 180 * _DAY
_SIGN_INS_OFTEN = 2
#: How many stories end where a duration of the order does.
_TO_A_DURATION = 0.35
#: How many stories end at a moment that the order or a record names. How many have news as their
#: phase goes live, or as the Victims' Code changes, of those that begin before that.
_TO_A_MOMENT, _AS_IT_GOES_LIVE, _AS_THE_CODE_CHANGES = 0.15, 0.5, 0.8
#: How often a victim whose details were a stranger's chooses channels early in a story.
_CHOOSES_FIRST = 0.3


def draw_story(
    order: Order,
    *,
    phase: int,
    seed: int,
    number: int,
    order_is_fixed: bool = False,
    focus: Focus = "",
    own: OwnPeople | None = None,
) -> Story:
    """Draw story `number` of a seed, for a portal that is to be in `phase`.

    The story has go-live days and limits of its own, unless the order is fixed: a portal that the
    suite cannot configure has the force's own. It leans to the steps of an area if there is a
    `focus`: another focus draws other stories. `own` is what the target says of its people.
    """
    named = f"{seed}/{number}" + (f"/{focus}" if focus else "")
    records = MadeUpRecords(f"explore/{named}", own or OwnPeople())
    which = WhichStory(
        order=order,
        usual=order,
        phase=phase,
        seed=named,
        order_is_fixed=order_is_fixed,
        focus=focus,
        records=records,
    )
    return _StoryDrawing(which).story()


def order_of(story: Story, order: Order) -> Order:
    """Return the order as a story has it: with its own fields, and no phase after its own."""
    days = structs.asdict(story.go_live)
    other = changed(order, story.order) if story.order else order
    return structs.replace(other, go_live=GoLive(**days)).staying_in(story.phase)


def _is_rare(step: told.Step) -> bool:
    """Say whether few stories have such a step: endless guesses, or a message that bounces."""
    if isinstance(step, told.Guess):
        return step.sign_ins > _SIGN_INS_OFTEN
    return isinstance(step, told.TellReceipt) and step.receipt == "permanent-failure"


@dataclass
class _StoryDrawing:
    """One story as it is being drawn; each part of it has a stream of chance of its own."""

    which: WhichStory
    draw: Random = field(init=False)
    draw_mergers: Random = field(init=False)
    people: tuple[Person, ...] = field(init=False)
    drawn: DrawnSteps = field(init=False)

    def __post_init__(self) -> None:
        self.draw = self._stream("explore")
        # A draw of its own: the stories without two records to merge stay as they were.
        self.draw_mergers = self._stream("persons merged")

    def _stream(self, name: str) -> Random:
        """Give a stream of chance of its own: what is drawn from it moves no other draw."""
        # Not for secrets: a story must be drawn again from its seed.
        return Random(f"{name}/{self.which.phase}/{self.which.seed}")  # noqa: S311

    def story(self) -> Story:
        """Draw it all."""
        changes: tuple[OrderChange, ...] = ()
        if self.which.order_is_fixed:
            go_live, begins_at = self._own_days()
        else:
            go_live, begins_at = self._days(first_day(self.draw, self.which.order))
            # A draw of its own: with another field to choose from the rest stays as it was.
            own_days = GoLive(**structs.asdict(go_live))
            order = structs.replace(self.which.order, go_live=own_days)
            changes = draw_changes(self._stream("order"), order)
            self.which = structs.replace(self.which, order=changed(order, changes))
        casting = Casting(self.draw, self.which.order, begins_at.date(), self.which.records)
        self.people, strangers = casting.people()
        records = self._records_to_merge(casting)
        reporter = self._reporter(casting)
        self.drawn = DrawnSteps(
            self.which, self.draw, casting, self.people, strangers, now=begins_at
        )
        if reporter:
            self._scene("reported first", ReportScenes, lambda scenes: scenes.first(reporter))
        self._draw_steps(records, changes)
        story = Story(
            seed=self.which.seed,
            phase=self.which.phase,
            go_live=go_live,
            order=changes,
            begins_at=begins_at,
            people=self.people,
            strangers=strangers,
            steps=self._with_other_processes(),
            ends_after_seconds=self.draw.choice((1, 2, 10, 10, 40)) * _DAY,
        )
        return with_limits(story, self.which.order)

    def _records_to_merge(self, casting: Casting) -> tuple[str, ...] | None:
        if self.draw_mergers.random() >= _WITH_PERSONS_MERGED:
            return None
        drawn = casting.merged_with(self.people, self.draw_mergers)
        if drawn is None:
            return None
        survivor, other = drawn
        self.people += (other,)
        third, draw = None, self._stream("third record")
        if draw.random() < _WITH_A_THIRD and len(self.people) < PEOPLE_MAX:
            third = casting.merged_with((other,), draw)
        if third is None:
            return other.label, survivor
        self.people += (third[1],)
        return other.label, survivor, third[1].label

    def _reporter(self, casting: Casting) -> str:
        draw = self._stream("reporter")
        person = casting.particular(self.people, draw) if draw.random() < _REPORTED_FIRST else None
        if person is None:
            return ""
        self.people = tuple(person if e.label == person.label else e for e in self.people)
        return person.label

    def _scene(
        self,
        stream: str,
        kind: type[Scenes],
        scene: Callable[[Scenes], None],
        share: float | None = None,
    ) -> None:
        """Have a scene, in all stories or a share, by a stream of its own: the rest stays."""
        draw = self._stream(stream)
        if share is None or draw.random() < share:
            with self.drawn.drawn_from(draw):
                scene(kind(self.drawn, draw))

    def _draw_steps(
        self, records: tuple[str, ...] | None, changes: tuple[OrderChange, ...]
    ) -> None:
        drawn, drawing = self.drawn, StepDrawing(self.drawn, self.draw)
        drawn.add(drawn.force.record_crime())
        self._late_invitation(changes)
        self._rare_scenes(SecondTimeScenes, _AT_FIRST)
        for moment, share in (
            (MomentScenes.before_it_is_live, _AS_IT_GOES_LIVE),
            (MomentScenes.as_the_code_changes, _AS_THE_CODE_CHANGES),
        ):
            self._scene(moment.__name__, MomentScenes, moment, share)
        drawing.lives.begin()
        if drawing.lives.misdirected() and self.draw.random() < _CHOOSES_FIRST:
            drawing.aftermaths.chooses_after_it_was_disowned()
        count = self.draw.choice((4, 8, 12, 18, 30))
        at = self.draw_mergers.choice((0, 0, count // 2, count - 1)) if records else -1
        for step in range(count):
            if records is not None and step == at:
                PersonMergerScenes(drawn, self.draw_mergers).merged(*records)
            if not drawn.is_over:
                drawing.next()
        if not drawn.is_over:
            self._rare_scenes(RareScenes, _RARE_SCENES)
            self._rare_scenes(SecondTimeScenes, _SECOND_TIMES)
            self._rare_scenes(PeopleScenes, _PEOPLE_SCENES)
            self._field_scene()
            self._order_scene(changes)
            if self._stream("reports").random() < _REPORTED_LATER:
                self._scene("reported later", ReportScenes, ReportScenes.brings_news)
            self._scene("scene", MomentScenes, MomentScenes.scene, _TO_A_MOMENT)
            self._scene(
                "at the end of a duration", DurationScenes, DurationScenes.scene, _TO_A_DURATION
            )

    def _rare_scenes(
        self, kind: type[SceneSteps], scenes: Iterable[tuple[float, str, int]]
    ) -> None:
        for share, name, since_phase in scenes:
            if self.which.phase >= since_phase:
                self._scene(name, kind, methodcaller(name), share)

    def _field_scene(self) -> None:
        able = [each for each, phase in _FIELD_SCENES.items() if phase <= self.which.phase]
        if self.drawn.so_far.seconds <= _SCENE_BEGINS_SECONDS:
            self._scene(
                "a field decides",
                FieldScenes,
                lambda scenes: getattr(scenes, scenes.draw.choice(able))(),
                _WITH_A_FIELD,
            )

    def _order_scene(self, changes: tuple[OrderChange, ...]) -> None:
        is_late = self.drawn.so_far.seconds > _SCENE_BEGINS_SECONDS
        if not changes or is_late:
            return
        # Another proof of a person who is told in a victim's place is rare enough.
        is_rare = any(e.field == "sign_in.proof" for e in changes) and any(
            each.record.told_instead is not None for each in self.people
        )
        fields = [each.field for each in changes]
        share = 1.0 if is_rare else _WITH_OTHER_ORDER
        self._scene("the order decides", OrderScenes, lambda e: e.scene(fields), share)

    def _late_invitation(self, changes: tuple[OrderChange, ...]) -> None:
        first = self.drawn.steps[0]
        is_other = any(each.field == "sign_in.invitation_days" for each in changes)
        if is_other and isinstance(first, told.RecordCrime):
            victim = first.people[0]
            self._scene(
                "a late invitation",
                OrderScenes,
                lambda scenes: scenes.invited_for_so_long(victim),
                _LATE_INVITATION,
            )

    def _with_other_processes(self) -> tuple[told.Step, ...]:
        draw = self._stream("other processes")
        steps = self._with_withdrawals()
        times = _RARE_TIMES if any(map(_is_rare, steps)) else 1
        if draw.random() < _WITH_SECOND_WORKER * times:
            steps.insert(draw.randrange(1, 2 + len(steps) // 2), told.StartSecondWorker())
        if draw.random() < _WITH_RESTART * times:
            restart = told.Breakdown(what="portal restarted")
            steps.insert(draw.randrange(1, 1 + len(steps)), restart)
        return tuple(steps)

    def _with_withdrawals(self) -> list[told.Step]:
        draw = self._stream("withdrawals")
        if draw.random() >= _WITH_WITHDRAWALS:
            return list(self.drawn.steps)
        crimes: dict[str, list[str]] = defaultdict(list)
        found: list[told.Step] = []
        for step in self.drawn.steps:
            found.append(step)
            if isinstance(step, told.RecordCrime):
                for person in step.people:
                    crimes[person].append(step.crime)
            elif isinstance(step, told.Read) and crimes[step.person] and draw.random() < 0.5:
                until: WithdrawalStep = draw.choice(("asked again", *("confirmed",) * 3))
                crime = draw.choice(crimes[step.person])
                asked = told.WithdrawSupport(person=step.person, crime=crime, until=until)
                found += [asked] * draw.choice((1, 1, 1, 2))
        return found

    def _days(self, live: date) -> tuple[GoLiveDays, datetime]:
        begins_on = live + timedelta(days=self.draw.randrange(12))
        if self.which.phase > 1 and self.draw.random() < 0.2:
            begins_on = live - timedelta(days=self.draw.choice((1, 2, 5, 15, 30)))
        gap = timedelta(days=self.draw.choice((31, 45, 60)))
        first = [live - gap * (self.which.phase - number) for number in (1, 2, 3)]
        days = GoLiveDays(phase_1=first[0], phase_2=first[1], phase_3=first[2])
        hour = self.draw.choice((0, 7, 8, 9, 10, 11, 12, 14, 15, 17, 20, 21, 23))
        at = time(hour, self.draw.choice((0, 0, 29, 59)), self.draw.choice((0, 0, 59)))
        return days, datetime.combine(begins_on, at, tzinfo=LONDON).astimezone(UTC)

    def _own_days(self) -> tuple[GoLiveDays, datetime]:
        own = self.which.order.go_live
        days = GoLiveDays(phase_1=own.phase_1, phase_2=own.phase_2, phase_3=own.phase_3)
        begins_on = getattr(own, f"phase_{self.which.phase}") + timedelta(
            days=self.draw.randrange(28)
        )
        at = time(self.draw.choice((8, 9, 11, 14, 17, 20)), self.draw.choice((0, 29, 59)))
        return days, datetime.combine(begins_on, at, tzinfo=LONDON).astimezone(UTC)
