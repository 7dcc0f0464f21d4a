"""Draws the steps of a story one after another: each is lawful after those before it.

Which kind comes next is drawn by weight; what the force does and how people sign in are drawn
beside this. `story_drawing` plans the story around them.
"""

from random import Random
from typing import Literal, get_args

from msgspec import structs

from reference.contract.events import Channel
from reference.contract.messages import Subject
from simulator.explore import steps as told
from simulator.explore.aftermath_scenes import AftermathScenes
from simulator.explore.drawn_steps import DrawnSteps, Focus
from simulator.explore.force_scenes import ForceScenes
from simulator.explore.people_scenes import PeopleScenes
from simulator.explore.scene_steps import SceneSteps
from simulator.explore.sign_in_drawing import SignInDrawing
from simulator.explore.times import until_edge_seconds, wait_seconds
from simulator.explore.words import LENGTHS, NOTES, QUESTIONS, TEXTS_BACK, of_length

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
#: How often a crime is recorded once more, where an event would be sent again.
_RECORDED_AGAIN = 0.3
#: After how many bursts of news a victim's enhanced rights are recorded.
_WITH_LATE_RIGHTS = 0.4
#: The kinds of step that belong to an area.
_FOCUSED: dict[Focus, tuple[str, ...]] = {
    "": (),
    "events": ("_force_step", "_send_again", "_scene", "_record_crime"),
    "messages": ("_burst", "_force_step", "_wait"),
    "sign-in": ("_sign_in", "_try_to_sign_in", "_sign_out"),
    "contact": ("_choose", "_text_back", "_not_for_me"),
    "two-way": ("_ask", "_reply", "_sign_in", "_read"),
    "breakdowns": ("_break", "_send_again"),
}
_FOCUS_TIMES = 9
#: What victims say that a question is about, or do not say.
_SUBJECTS: tuple[Subject | Literal[""], ...] = ("", *get_args(Subject))


class StepDrawing(SceneSteps):
    """Draws one step after another, and the scenes that any story may have."""

    def __init__(self, drawn: DrawnSteps, draw: Random) -> None:
        super().__init__(drawn, draw)
        self.scenes = ForceScenes(drawn, draw)
        self.lives = PeopleScenes(drawn, draw)
        self.aftermaths = AftermathScenes(drawn, draw)
        self._sign_ins = SignInDrawing(draw, self.order, self.so_far, self.force.people)
        #: Who can text back: people and strangers who hold a phone at first.
        self._with_phones = [e.label for e in drawn.people if e.phone]
        self._with_phones += [e.label for e in drawn.strangers if e.phone]

    def next(self) -> None:
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
        for kind in _FOCUSED[self.drawn.which.focus]:
            weights[kind] *= _FOCUS_TIMES
        before = len(self.drawn.steps)
        getattr(self, self.draw.choices(list(weights), list(weights.values()))[0])()
        added = self.drawn.steps[before:]
        is_to_remember = bool(added) and isinstance(added[-1], _TO_REMEMBER)
        if is_to_remember and self.draw.random() < _RESTARTS_AFTER:
            self.add(told.Breakdown(what="portal restarted"))
            self._force_step()

    def _wait(self) -> None:
        if self.draw.random() < 0.2:
            seconds = until_edge_seconds(self.draw, self.order, self.now)
        else:
            seconds = wait_seconds(self.draw, self.order)
        self.wait(seconds)

    def _scene(self) -> None:
        scenes, lives = self.scenes, self.lives
        kinds = [scenes.together, scenes.forge, scenes.send_invalid, scenes.receipt]
        kinds += [scenes.chain, *(scenes.merger,) * 3, scenes.chain, scenes.chain]
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
        self.draw.choice(self.aftermaths.kinds())()

    def _force_step(self) -> None:
        if self.draw.random() < 0.5:
            self._pause(1, 60)
        self.force.now = self.now
        self.add(self.force.step())

    def _burst(self) -> None:
        """Have the weekly limit met, or missed by one, by news that no bundle joins."""
        crime = self.force.a_crime()
        limit = self.order.messages.per_week_max
        apart = 60 * (self.order.messages.bundle_minutes + 1)
        rights_come_late = crime is not None and self.draw.random() < _WITH_LATE_RIGHTS
        count = limit + 1 if rights_come_late else self.draw.choice((limit - 1, limit, limit + 1))
        for _news in range(count):
            if crime is not None:
                self.add(self.force.milestone(crime))
            self.add(told.Wait(seconds=apart))
        if crime is not None and rights_come_late:
            self.lives.rights_recorded_late(crime)

    def _record_crime(self) -> None:
        self.add(self.force.record_crime())

    def _reply(self) -> None:
        self.add(self.force.reply())

    def _note(self) -> None:
        crime = self.force.a_crime()
        if crime is not None:
            self.add(told.WriteNote(crime=crime, text=self.draw.choice(NOTES)))

    def _a_person(self) -> str:
        return self.draw.choice(self.drawn.people).label

    def _sign_in(self) -> None:
        label = self._a_person()
        by: told.SignInBy = "link"
        if label in self.drawn.signed_in:
            by = self.draw.choice(("link", "text", "email", "text", "email"))
            if by != "link":
                # Their first link may not have come when they tried it.
                self.add(told.SignIn(person=label, by="link"))
        self.drawn.note_sign_in(label)
        self.add(self._sign_ins.sign_in(label, by))
        if self.draw.random() < 0.8:
            self.add(told.Read(person=label))

    def _sign_out(self) -> None:
        self.add(told.SignOut(person=self._a_person()))

    def _read(self) -> None:
        label = self._a_person()
        if self.draw.random() < 0.5:
            self.come_in(label)
        self.add(told.Read(person=label))

    def _choose(self) -> None:
        channels, label = self.draw.choice(_CHANNELS), self._a_person()
        self.come_in(label)
        self.add(told.ChooseChannels(person=label, channels=channels))

    def _ask(self) -> None:
        label = self._a_person()
        crimes = self.so_far.crimes_of(label)
        if crimes:
            self.come_in(label)
            is_long = self.draw.random() < 0.4
            text = (
                of_length(self.draw.choice(LENGTHS), self.drawn.draw_scripts)
                if is_long
                else self.draw.choice(QUESTIONS)
            )
            crime = self.draw.choice(crimes)
            about = _SUBJECTS[len(text) % len(_SUBJECTS)]
            self.add(told.Ask(person=label, crime=crime, text=text, about=about))

    def _text_back(self) -> None:
        if self._with_phones:
            who = self.draw.choice(self._with_phones)
            self.add(told.TextBack(person=who, words=self.draw.choice(TEXTS_BACK)))

    def _not_for_me(self) -> None:
        who = self.draw.choice(sorted(self.so_far.strangers) or [self._a_person()])
        channel: Channel = self.draw.choice(("text", "email"))
        self.add(told.SayNotForMe(person=who, channel=channel))

    def _try_to_sign_in(self) -> None:
        for step in self._sign_ins.steps():
            if isinstance(step, told.SignIn):
                self.drawn.signed_in.add(step.person)
            self.add(step)

    def _break(self) -> None:
        self.add(told.Breakdown(what=self.draw.choice(get_args(told.BreaksDown))))

    def _send_again(self) -> None:
        if not self.so_far.held_back and self.draw.random() < _RECORDED_AGAIN:
            self._record_again()
            return
        waiting = self.so_far.held_back or sorted(self.so_far.events)
        if waiting:
            self.add(told.SendHeldBack(event=self.draw.choice(waiting)))

    def _record_again(self) -> None:
        steps = self.drawn.steps
        crimes = [place for place, each in enumerate(steps) if isinstance(each, told.RecordCrime)]
        place = self.draw.choice(crimes)
        first, later = steps[place], steps[place:]
        if isinstance(first, told.RecordCrime):
            since = sum(each.seconds for each in later if isinstance(each, told.Wait))
            ago, event = first.happened_seconds_ago + since, self.force.new_event()
            by_now = {
                each.person: each.record.role
                for each in later
                if isinstance(each, told.ChangeDetails) and each.crime == first.crime
            }
            before = zip(first.people, first.roles, strict=True)
            roles = tuple(by_now.get(who, role) for who, role in before)
            again = structs.replace(first, event=event, happened_seconds_ago=ago, roles=roles)
            self.add(structs.replace(again, carriage="at once"))
