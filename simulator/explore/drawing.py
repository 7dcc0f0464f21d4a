"""Draws a story from a seed: its order, cast and steps, lawful and leaning to edges.

The same seed and number always draw the same story, whatever was drawn before.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Literal, TypeAlias, get_args

from msgspec import structs

from reference.contract.events import Channel
from reference.contract.messages import Subject
from simulator.clock import LONDON
from simulator.drivers.base import WithdrawalStep
from simulator.explore import steps as told
from simulator.explore.aftermath_scenes import AftermathScenes
from simulator.explore.cast import Casting
from simulator.explore.duration_scenes import DurationScenes
from simulator.explore.force_drawing import ForceDrawing, drawn_officers
from simulator.explore.force_names import ForceNames
from simulator.explore.force_scenes import ForceScenes
from simulator.explore.lawful import StorySoFar
from simulator.explore.limit_drawing import with_limits
from simulator.explore.moment_scenes import MomentScenes
from simulator.explore.order_changes import changed, draw_changes
from simulator.explore.people_scenes import PeopleScenes
from simulator.explore.person_merger_scenes import PersonMergerScenes
from simulator.explore.rare_scenes import RareScenes
from simulator.explore.sign_in_drawing import SignInDrawing
from simulator.explore.story import GoLiveDays, OrderChange, Person, Story, Stranger
from simulator.explore.times import FIXED_DAYS_MAX, first_day, until_edge_seconds, wait_seconds
from simulator.explore.words import LENGTHS, NOTES, QUESTIONS, TEXTS_BACK, of_length
from simulator.inputs.order import GoLive, Order
from simulator.inputs.own_people import OwnPeople
from simulator.world.made_up_records import MadeUpRecords

_DAY = 86_400
_CHANNELS: tuple[tuple[Channel, ...], ...] = (("text",), ("email",), ("text", "email"), ())
#: What a portal must still know after a restart, and how often one comes right after it.
_TO_REMEMBER = (
    told.ChooseChannels,
    told.TextBack,
    told.SayNotForMe,
    told.Move,
    told.Ask,
    told.SendHeldBack,
    told.Breakdown,
)
_RESTARTS_AFTER = 0.08
#: How many stories have a second worker, which starts early, and one more restart, anywhere.
_WITH_SECOND_WORKER, _WITH_RESTART = 0.2, 0.08
#: How often a crime is recorded once more, where an event would be sent again.
_RECORDED_AGAIN = 0.3
#: So many times as often in a story with state that few stories have.
_RARE_TIMES = 3
#: How many stories have people who ask to talk about no longer supporting the case.
_WITH_WITHDRAWALS = 0.4
#: How many stories have two records of persons that the force merges.
_WITH_PERSONS_MERGED = 0.12
#: Scenes of RareScenes: how many stories have each, and from which phase on.
_RARE_SCENES: tuple[tuple[float, str, int], ...] = (
    (0.2, "comes_late", 1),
    (0.2, "merged_and_parted", 1),
    (0.1, "rights_come_late", 2),
    (0.08, "another_code", 1),
)
_SIGN_INS_OFTEN = 2
#: How many stories end where a duration of the order does.
_TO_A_DURATION = 0.35
#: How many stories end at a moment that the order or a record names. How many have news as their
#: phase goes live, or as the Victims' Code changes, of those that begin before that.
_TO_A_MOMENT, _AS_IT_GOES_LIVE, _AS_THE_CODE_CHANGES = 0.15, 0.5, 0.8
#: After how many bursts of news a victim's enhanced rights are recorded.
_WITH_LATE_RIGHTS = 0.4
#: An area that stories lean to, and the kinds of step that belong to it.
Focus: TypeAlias = Literal["", "events", "messages", "sign-in", "contact", "two-way", "breakdowns"]
_FOCUSED: dict[Focus, tuple[str, ...]] = {
    "": (),
    "events": ("_force_step", "_send_again", "_scene", "_record_crime"),
    "messages": ("_burst", "_force_step", "_wait"),
    "sign-in": ("_sign_in", "_try_to_sign_in", "_sign_out"),
    "contact": ("_choose", "_text_back", "_not_for_me"),
    "two-way": ("_ask", "_reply", "_sign_in", "_read"),
    "breakdowns": ("_break", "_send_again"),
}
_FOCUS_TIMES = 6
#: How often a victim whose details were a stranger's chooses channels early in a story.
_CHOOSES_FIRST = 0.3
#: A crime system that is away for longer shows nothing new: a portal asks it again each hour.
_OUTAGE_SECONDS_MAX = 3 * 86_400
#: Steps of a story on the target's own days last so long; it ends up to forty days after them.
_FIXED_SECONDS_MAX = (FIXED_DAYS_MAX - 45) * 86_400


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
    return _Drawing(order, phase, named, order_is_fixed, focus, records).story()


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


#: What victims say that a question is about, or do not say.
_SUBJECTS: tuple[Subject | Literal[""], ...] = ("", *get_args(Subject))


@dataclass
class _Drawing:
    """One story as it is being drawn; `now` is the moment of the latest step."""

    order: Order
    phase: int
    seed: str
    order_is_fixed: bool
    focus: Focus
    records: MadeUpRecords
    draw: Random = field(init=False)
    steps: list[told.Step] = field(init=False, default_factory=list)
    now: datetime = field(init=False)
    so_far: StorySoFar = field(init=False)
    people: tuple[Person, ...] = field(init=False)
    #: Who can text back: people and strangers who hold a phone at first.
    with_phones: tuple[str, ...] = field(init=False)
    force: ForceDrawing = field(init=False)
    scenes: ForceScenes = field(init=False)
    lives: PeopleScenes = field(init=False)
    aftermaths: AftermathScenes = field(init=False)
    draw_mergers: Random = field(init=False)
    draw_scripts: Random = field(init=False)
    sign_ins: SignInDrawing = field(init=False)
    signed_in: set[str] = field(init=False, default_factory=set)
    is_over: bool = field(init=False, default=False)
    #: When each person last tried to sign in.
    came_in_at: dict[str, datetime] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        # Not for secrets: a story must be drawn again from its seed.
        self.draw = Random(f"explore/{self.phase}/{self.seed}")  # noqa: S311
        # A draw of its own, also for the force's replies.
        self.draw_scripts = Random(f"scripts/{self.phase}/{self.seed}")  # noqa: S311

    def story(self) -> Story:
        """Draw it all."""
        changes: tuple[OrderChange, ...] = ()
        if self.order_is_fixed:
            go_live, begins_at = self._own_days()
        else:
            go_live, begins_at = self._days(first_day(self.draw, self.order))
            # A draw of its own: with another field to choose from the rest stays as it was.
            of_order = Random(f"order/{self.phase}/{self.seed}")  # noqa: S311  it is no secret
            own_days = GoLive(**structs.asdict(go_live))
            changes = draw_changes(of_order, structs.replace(self.order, go_live=own_days))
            self.order = changed(self.order, changes)
        self.now = begins_at
        casting = Casting(self.draw, self.order, begins_at.date(), self.records)
        self.people, strangers = casting.people()
        records = self._records_to_merge(casting)
        self.so_far = StorySoFar.at_the_start(self.people, strangers)
        by_label = {each.label: each for each in self.people}
        held = [(each.label, each.phone) for each in self.people]
        held += [(each.label, each.phone) for each in strangers]
        self.with_phones = tuple(label for label, phone in held if phone)
        self._begin(casting, strangers, by_label)
        self._draw_steps(records, self._live_at(go_live))
        story = Story(
            seed=self.seed,
            phase=self.phase,
            go_live=go_live,
            order=changes,
            begins_at=begins_at,
            people=self.people,
            strangers=strangers,
            steps=self._with_other_processes(),
            ends_after_seconds=self.draw.choice((1, 2, 10, 10, 40)) * _DAY,
        )
        return with_limits(story, self.order)

    def _begin(
        self, casting: Casting, strangers: tuple[Stranger, ...], by_label: dict[str, Person]
    ) -> None:
        """Make what draws the steps of these people."""
        self.force = ForceDrawing(
            self.draw,
            self.order,
            self.so_far,
            by_label,
            {each.label: each.record for each in self.people},
            drawn_officers(self.records),
            ForceNames(self.seed),
            self.draw_scripts,
        )
        self.scenes = ForceScenes(
            self.draw,
            self.order,
            self.so_far,
            self.force,
            add=self._add,
            wait=self._wait_for,
            now=lambda: self.now,
            signed_in=self.signed_in,
        )
        self.lives = PeopleScenes(
            self.draw,
            casting,
            self.force,
            strangers,
            add=self._add,
            wait=self._wait_for,
        )
        self.aftermaths = AftermathScenes(
            self.draw,
            self.order,
            self.force,
            self.lives,
            self.phase,
            self.order_is_fixed,
            add=self._add,
            wait=self._wait_for,
            come_in=self._come_in,
            end=self._end,
        )
        self.sign_ins = SignInDrawing(self.draw, self.order, self.so_far, by_label)

    def _records_to_merge(self, casting: Casting) -> tuple[str, str] | None:
        """Have some stories with two records to merge: the first goes into the second."""
        # Not for secrets, and a draw of its own: the other stories stay as they were.
        self.draw_mergers = Random(f"persons merged/{self.phase}/{self.seed}")  # noqa: S311
        if self.draw_mergers.random() >= _WITH_PERSONS_MERGED:
            return None
        drawn = casting.merged_with(self.people, self.draw_mergers)
        if drawn is None:
            return None
        survivor, other = drawn
        self.people += (other,)
        return other.label, survivor

    def _live_at(self, go_live: GoLiveDays) -> datetime:
        """Give the moment in which the phase of the story goes live."""
        day = getattr(go_live, f"phase_{self.phase}")
        return datetime.combine(day, time(), tzinfo=LONDON).astimezone(UTC)

    def _draw_steps(self, records: tuple[str, str] | None, live_at: datetime) -> None:
        self._add(self.force.record_crime())
        self._at_a_moment(live_at, _AS_IT_GOES_LIVE, MomentScenes.before_it_is_live)
        self._at_a_moment(live_at, _AS_THE_CODE_CHANGES, MomentScenes.as_the_code_changes)
        self.lives.begin()
        if self.lives.misdirected() and self.draw.random() < _CHOOSES_FIRST:
            self.aftermaths.chooses_after_it_was_disowned()
        count = self.draw.choice((4, 8, 12, 18, 30))
        at = self.draw_mergers.choice((0, 0, count // 2, count - 1)) if records else -1
        for step in range(count):
            if records is not None and step == at:
                scenes = PersonMergerScenes(
                    self.draw_mergers, self.force, self._add, self._wait_for
                )
                scenes.merged(*records)
            if not self.is_over:
                self._next()
        if not self.is_over:
            self._rare_scenes()
            self._at_a_moment(live_at, _TO_A_MOMENT, MomentScenes.scene)
            self._end_of_a_duration()

    def _rare_scenes(self) -> None:
        """Have scenes that are rarely drawn in some stories, which stay as drawn until then."""
        first = self.draw
        for share, kind, since_phase in _RARE_SCENES:
            draw = Random(f"{kind}/{self.phase}/{self.seed}")  # noqa: S311  as above
            if draw.random() < share and self.phase >= since_phase:
                self.draw = self.force.draw = draw
                scenes = RareScenes(
                    draw,
                    self.order,
                    self.force,
                    self.phase,
                    add=self._add,
                    wait=self._wait_for,
                    come_in=self._come_in,
                    now=lambda: self.now,
                )
                getattr(scenes, kind)()
        self.draw = self.force.draw = first

    def _at_a_moment(
        self, live_at: datetime, share: float, scene: Callable[[MomentScenes], None]
    ) -> None:
        """Have news come at a named moment in some stories; the rest stays as drawn."""
        draw = Random(f"{scene.__name__}/{self.phase}/{self.seed}")  # noqa: S311  as above
        if draw.random() >= share:
            return
        first, self.draw = self.draw, draw
        self.force.draw = draw
        scene(
            MomentScenes(
                draw,
                self.order,
                self.force,
                self.phase,
                live_at,
                add=self._add,
                wait=self._wait_for,
                come_in=self._come_in,
                now=lambda: self.now,
            )
        )
        self.draw = self.force.draw = first

    def _end_of_a_duration(self) -> None:
        """Have some stories end where a duration of the order does; the rest stays as drawn."""
        draw = Random(f"at the end of a duration/{self.phase}/{self.seed}")  # noqa: S311  as above
        if draw.random() >= _TO_A_DURATION:
            return
        first, self.draw = self.draw, draw
        recorded = (each for each in self.steps if isinstance(each, told.RecordCrime))
        DurationScenes(
            draw,
            self.order,
            self.phase,
            {each.crime: each.people for each in recorded},
            seconds=lambda: self.so_far.seconds,
            now=lambda: self.now,
            new_event=self.force.new_event,
            add=self._add,
            wait=self._wait_for,
            come_in=self._come_in,
        ).scene()
        self.draw = first

    def _end(self) -> None:
        self.is_over = True

    def _with_other_processes(self) -> tuple[told.Step, ...]:
        """Have a second worker or a restart in some stories, which stay otherwise as drawn."""
        draw = Random(f"other processes/{self.phase}/{self.seed}")  # noqa: S311  as above
        steps = self._with_withdrawals()
        times = _RARE_TIMES if any(map(_is_rare, steps)) else 1
        if draw.random() < _WITH_SECOND_WORKER * times:
            steps.insert(draw.randrange(1, 2 + len(steps) // 2), told.StartSecondWorker())
        if draw.random() < _WITH_RESTART * times:
            restart = told.Breakdown(what="portal restarted")
            steps.insert(draw.randrange(1, 1 + len(steps)), restart)
        return tuple(steps)

    def _with_withdrawals(self) -> list[told.Step]:
        """Have people ask to talk about withdrawing where they have just read their pages."""
        draw = Random(f"withdrawals/{self.phase}/{self.seed}")  # noqa: S311  as above
        if draw.random() >= _WITH_WITHDRAWALS:
            return list(self.steps)
        crimes: dict[str, list[str]] = defaultdict(list)
        found: list[told.Step] = []
        for step in self.steps:
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
        """Draw when the phases go live, and when the story begins: in the last, or just before."""
        begins_on = live + timedelta(days=self.draw.randrange(12))
        if self.phase > 1 and self.draw.random() < 0.2:
            begins_on = live - timedelta(days=self.draw.choice((1, 2, 5, 15, 30)))
        gap = timedelta(days=self.draw.choice((31, 45, 60)))
        first = [live - gap * (self.phase - number) for number in (1, 2, 3)]
        days = GoLiveDays(phase_1=first[0], phase_2=first[1], phase_3=first[2])
        hour = self.draw.choice((0, 7, 8, 9, 10, 11, 12, 14, 15, 17, 20, 21, 23))
        at = time(hour, self.draw.choice((0, 0, 29, 59)), self.draw.choice((0, 0, 59)))
        return days, datetime.combine(begins_on, at, tzinfo=LONDON).astimezone(UTC)

    def _own_days(self) -> tuple[GoLiveDays, datetime]:
        """Take the force's own go-live days; the story begins some days after the last of them."""
        own = self.order.go_live
        days = GoLiveDays(phase_1=own.phase_1, phase_2=own.phase_2, phase_3=own.phase_3)
        begins_on = getattr(own, f"phase_{self.phase}") + timedelta(days=self.draw.randrange(28))
        at = time(self.draw.choice((8, 9, 11, 14, 17, 20)), self.draw.choice((0, 29, 59)))
        return days, datetime.combine(begins_on, at, tzinfo=LONDON).astimezone(UTC)

    def _next(self) -> None:
        """Draw one more step; none if what was drawn is not lawful now."""
        is_two_way = self.phase >= 3
        weights: dict[str, float] = {
            "_wait": 26,
            "_force_step": 34,
            "_burst": 2 if self.phase > 1 else 0,
            "_sign_in": 14,
            "_read": 10,
            "_choose": 2,
            "_ask": 8 if is_two_way else 1,
            "_reply": 5 if is_two_way else 0.5,
            "_text_back": 2,
            "_not_for_me": 1.5,
            "_try_to_sign_in": 9,
            "_break": 3,
            "_send_again": 4,
            "_note": 1,
            "_record_crime": 3,
            "_sign_out": 0.5,
            "_scene": 8,
            "_aftermath": 11,
        }
        for kind in _FOCUSED[self.focus]:
            weights[kind] *= _FOCUS_TIMES
        before = len(self.steps)
        getattr(self, self.draw.choices(list(weights), list(weights.values()))[0])()
        is_to_remember = isinstance(self.steps[-1], _TO_REMEMBER) and len(self.steps) > before
        if is_to_remember and self.draw.random() < _RESTARTS_AFTER:
            self._add(told.Breakdown(what="portal restarted"))
            self._force_step()

    def _add(self, step: told.Step | None) -> None:
        if step is not None and self.so_far.allows(step):
            self.so_far.take(step)
            self.steps.append(step)

    def _wait(self) -> None:
        if self.draw.random() < 0.2:
            seconds = until_edge_seconds(self.draw, self.order, self.now)
        else:
            seconds = wait_seconds(self.draw, self.order)
        self._wait_for(seconds)

    def _wait_for(self, seconds: int) -> None:
        if self.order_is_fixed and self.so_far.seconds + seconds > _FIXED_SECONDS_MAX:
            return
        since = self.so_far.crime_system_down_since_seconds
        if since is not None and self.so_far.seconds + seconds - since > _OUTAGE_SECONDS_MAX:
            self._add(told.Breakdown(what="crime system back"))
        self.now += timedelta(seconds=seconds)
        self._add(told.Wait(seconds=seconds))

    def _scene(self) -> None:
        """Draw a scene of the force's side, or of people's lives; conversations are of phase 3."""
        scenes, lives = self.scenes, self.lives
        kinds = [scenes.together, scenes.forge, scenes.send_invalid, scenes.receipt]
        kinds += [scenes.stop_and_start, *(scenes.merger,) * 3, scenes.chain, scenes.chain]
        kinds += [scenes.report, lives.moves, lives.moves, lives.put_right, lives.repeats_a_text]
        kinds += [scenes.told_in_person]
        if self.phase >= 2:
            kinds += [lives.agrees_anew, scenes.within_a_bundle]
        kinds += [scenes.absence]
        kinds += [lives.is_not_for_them] * 4 if lives.misdirected() else []
        kinds += [lives.comes_in_by_their_own] * 3 if lives.alike() else []
        kinds += [lives.contact_is_replaced] * 3 if lives.named_contacts() else []
        if self.phase >= 3:
            kinds += [scenes.absence, scenes.turns, scenes.questions, scenes.closed_case] * 2
        self.draw.choice(kinds)()

    def _aftermath(self) -> None:
        """Draw a scene in which what went before decides what comes."""
        self.draw.choice(self.aftermaths.kinds())()

    def _force_step(self) -> None:
        """Draw what the force does: at once after the step before, or a little later."""
        if self.draw.random() < 0.5:
            self._wait_for(self.draw.choice((1, 60)))
        self.force.now = self.now
        self._add(self.force.step())

    def _burst(self) -> None:
        """Have the weekly limit met, or missed by one, by news that no bundle joins."""
        crime = self.force.a_crime()
        limit = self.order.messages.per_week_max
        apart = 60 * (self.order.messages.bundle_minutes + 1)
        rights_come_late = crime is not None and self.draw.random() < _WITH_LATE_RIGHTS
        count = limit + 1 if rights_come_late else self.draw.choice((limit - 1, limit, limit + 1))
        for _news in range(count):
            if crime is not None:
                self._add(self.force.milestone(crime))
            self.now += timedelta(seconds=apart)
            self._add(told.Wait(seconds=apart))
        if crime is not None and rights_come_late:
            self.lives.rights_recorded_late(crime)

    def _record_crime(self) -> None:
        self._add(self.force.record_crime())

    def _reply(self) -> None:
        self._add(self.force.reply())

    def _note(self) -> None:
        crime = self.force.a_crime()
        if crime is not None:
            self._add(told.WriteNote(crime=crime, text=self.draw.choice(NOTES)))

    def _a_person(self) -> str:
        return self.draw.choice(self.people).label

    def _sign_in(self) -> None:
        label = self._a_person()
        by: told.SignInBy = "link"
        if label in self.signed_in:
            by = self.draw.choice(("link", "text", "email", "text", "email"))
            if by != "link":
                # Their first link may not have come when they tried it.
                self._add(told.SignIn(person=label, by="link"))
        self._note_sign_in(label)
        self._add(self.sign_ins.sign_in(label, by))
        if self.draw.random() < 0.8:
            self._add(told.Read(person=label))

    def _sign_out(self) -> None:
        self._add(told.SignOut(person=self._a_person()))

    def _read(self) -> None:
        label = self._a_person()
        if self.draw.random() < 0.5:
            self._come_in(label)
        self._add(told.Read(person=label))

    def _choose(self) -> None:
        channels, label = self.draw.choice(_CHANNELS), self._a_person()
        self._come_in(label)
        self._add(told.ChooseChannels(person=label, channels=channels))

    def _come_in(self, label: str) -> None:
        """Have a person sign in before they do something, unless they have just done so.

        They use the link of an invitation; one who has used theirs uses their phone or mailbox.
        """
        since = self.came_in_at.get(label)
        session = timedelta(minutes=self.order.sign_in.session_minutes)
        if since is not None and self.now - since < session:
            return
        self._add(told.SignIn(person=label, by="link"))
        if label in self.signed_in:
            self._add(told.SignIn(person=label, by=self.draw.choice(("text", "email"))))
        self._note_sign_in(label)

    def _note_sign_in(self, label: str) -> None:
        self.signed_in.add(label)
        self.came_in_at[label] = self.now

    def _ask(self) -> None:
        label = self._a_person()
        crimes = self.so_far.crimes_of(label)
        if crimes:
            self._come_in(label)
            is_long = self.draw.random() < 0.4
            text = (
                of_length(self.draw.choice(LENGTHS), self.draw_scripts)
                if is_long
                else self.draw.choice(QUESTIONS)
            )
            crime = self.draw.choice(crimes)
            about = _SUBJECTS[len(text) % len(_SUBJECTS)]
            self._add(told.Ask(person=label, crime=crime, text=text, about=about))

    def _text_back(self) -> None:
        if self.with_phones:
            who = self.draw.choice(self.with_phones)
            self._add(told.TextBack(person=who, words=self.draw.choice(TEXTS_BACK)))

    def _not_for_me(self) -> None:
        who = self.draw.choice(sorted(self.so_far.strangers) or [self._a_person()])
        channel: Channel = self.draw.choice(("text", "email"))
        self._add(told.SayNotForMe(person=who, channel=channel))

    def _try_to_sign_in(self) -> None:
        for step in self.sign_ins.steps():
            if isinstance(step, told.Wait):
                self.now += timedelta(seconds=step.seconds)
            elif isinstance(step, told.SignIn):
                self.signed_in.add(step.person)
            self._add(step)

    def _break(self) -> None:
        self._add(told.Breakdown(what=self.draw.choice(get_args(told.BreaksDown))))

    def _send_again(self) -> None:
        """Send what was held back; if nothing was, send or record again what has come already."""
        if not self.so_far.held_back and self.draw.random() < _RECORDED_AGAIN:
            self._record_again()
            return
        waiting = self.so_far.held_back or sorted(self.so_far.events)
        if waiting:
            self._add(told.SendHeldBack(event=self.draw.choice(waiting)))

    def _record_again(self) -> None:
        """Have the force record a crime once more, as change detection does that repeats itself."""
        crimes = [
            place for place, step in enumerate(self.steps) if isinstance(step, told.RecordCrime)
        ]
        place = self.draw.choice(crimes)
        first, later = self.steps[place], self.steps[place:]
        if isinstance(first, told.RecordCrime):
            since = sum(each.seconds for each in later if isinstance(each, told.Wait))
            ago, event = first.happened_seconds_ago + since, self.force.new_event()
            by_now = dict(zip(first.people, first.roles, strict=True))
            for each in later:
                if isinstance(each, told.ChangeDetails) and each.crime == first.crime:
                    by_now[each.person] = each.record.role
            roles = tuple(by_now[each] for each in first.people)
            again = structs.replace(first, event=event, happened_seconds_ago=ago, roles=roles)
            self._add(structs.replace(again, carriage="at once"))
