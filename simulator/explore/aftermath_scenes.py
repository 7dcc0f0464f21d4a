"""Draws short scenes in which what went before decides what the portal may show or send later.

An older fact comes after a newer one; news follows an end; a closed case is read long after; a
question waits while the crime system is away; a stranger's word, or an old proof, is tried again.
"""

from collections.abc import Callable
from random import Random
from typing import get_args

from msgspec import structs

from reference.contract.events import Channel, ClosingOutcome
from simulator.explore import steps as told
from simulator.explore.drawn_steps import DrawnSteps
from simulator.explore.force_drawing import offence_fields, offences_by
from simulator.explore.people_scenes import PeopleScenes
from simulator.explore.scene_steps import SceneSteps, scene_about
from simulator.explore.words import QUESTIONS

_DAY, _HOUR = 86_400, 3_600
#: Of each of these the newest counts, in whatever order they come.
_OVERTAKEN = (
    *("_allocate", "_allocate", "_change_appointment", "_change_details", "_reclassify"),
    *("_close", "_charge", "_reopen", "_officer_away", "milestone"),
)
#: After each of these a portal sends and shows something else than before.
_TURNS = (
    "_transfer",
    "_transfer",
    "_cancel",
    "_close",
    "_charge",
    "_reopen",
    "_reclassify",
    "merge",
)
_PLAIN_NEWS = ("_deploy", "_allocate", "_make_appointment", "milestone")
#: What happens to one crime a second and a third time, each told before the next.
_AGAIN = (
    ("_close", "_reopen", "_close", "_reopen"),
    ("_allocate", "_officer_away", "_allocate", "_allocate"),
    ("milestone", "milestone", "milestone"),
    ("_reclassify", "_reclassify", "_reclassify"),
    ("_change_details", "_change_details", "_change_details"),
)
#: How long after its end a closed case is read, as shares of the days for which it is kept.
_SHARES_OF_KEPT = (0.1, 0.2, 0.3, 0.5, 0.8, 1)
#: A story ends so long before its first case may be deleted: what is then shown is open.
_BEFORE_DELETION_SECONDS = 45 * _DAY


class AftermathScenes(SceneSteps):
    """Draws scenes in which what went before decides."""

    def __init__(self, drawn: DrawnSteps, draw: Random) -> None:
        super().__init__(drawn, draw)
        self._lives = PeopleScenes(drawn, draw)

    def kinds(self) -> list[Callable[[], None]]:
        """List the scenes that can be drawn now, those that show most more than once."""
        kinds = [self.overtaken, self.overtaken, self.goes_on_after_a_turn]
        kinds += [self.again_and_again] * 3 + [self.moved_and_called_off] * 2
        kinds += [self.closed_by_another_offence] * 2 + [self.merged_twice] * 2
        # Where the go-live days are the target's, stories are to end within some months of them.
        kinds += [] if self.drawn.which.order_is_fixed else [self.read_long_after]
        kinds += [self.untold_closure, self.untold_closure, self.doubted, self.doubted]
        kinds += [self.chooses_after_it_was_disowned] * 2 if self._lives.misdirected() else []
        kinds += [self.another_word] if self.order.sign_in.proof == "agreed_word" else []
        kinds += [self.agrees_anew] * 2 if self.phase >= 2 else []
        if self.phase >= 3:
            kinds += [self.asks_while_it_is_down, self.asks_in_a_merger]
            kinds += [self.named_in_a_reply] * 3 if self._with_others() else []
        return kinds

    @scene_about(SceneSteps.a_crime)
    def overtaken(self, crime: str) -> None:
        """Have an older fact come after a newer one of the same kind, and be seen."""
        kind = self.draw.choice(_OVERTAKEN)
        if kind == "_change_appointment":
            self._now(self.force.step_of("_make_appointment", crime))
        older = self._held_back(kind, crime)
        if not older:
            return
        self._pause(60, _HOUR, _DAY)
        self._now(self.force.step_of(kind, crime))
        self._pause(60, _HOUR, _DAY)
        self._sends(older)
        self._seen(crime)

    @scene_about(SceneSteps.a_crime)
    def goes_on_after_a_turn(self, crime: str) -> None:
        """Have the force go on recording about a crime that has just taken a turn."""
        self._has_news(crime, _TURNS)
        for _news in range(self.draw.choice((1, 1, 2))):
            self._pause(60, _HOUR, _DAY)
            self._has_news(crime, _PLAIN_NEWS)
        self._seen(crime)

    @scene_about(SceneSteps.a_crime)
    def again_and_again(self, crime: str) -> None:
        """Have the same happen to a crime again, when what came before has been told."""
        for kind in self.draw.choice(_AGAIN):
            self._now(self.force.step_of(kind, crime))
            self._pause(_HOUR, 2 * _HOUR, _DAY)
        self._seen(crime)

    @scene_about(SceneSteps.crime_and_victim)
    def moved_and_called_off(self, crime: str, victim: str) -> None:
        """Have an appointment of a victim made, moved once or twice, and called off in time."""
        made = self._makes_appointment(crime, victim, 10 * _DAY, 20 * _DAY, 45 * _DAY)
        for _change in range(self.draw.choice((1, 1, 2))):
            self._pause(_HOUR, 2 * _HOUR, _DAY)
            self._moves(made, self.draw.choice((7, 8, 30)) * _DAY)
        self._pause(_HOUR, 2 * _HOUR, _DAY)
        event = {**self._event(crime), "appointment": made.appointment}
        self.add(told.CancelAppointment(person=victim, **event))
        self._seen(crime)

    @scene_about(SceneSteps.crime_and_victim)
    def closed_by_another_offence(self, crime: str, victim: str) -> None:
        """Have a crime become one whose end an officer tells, or one whose end a message tells."""
        told_by_officer = {*self.order.sensitive_closures.offence_subgroups}
        eligible = self.order.eligibility.offence_subgroups
        sorts = [
            tuple(each for each in eligible if (each in told_by_officer) is is_so)
            for is_so in self.draw.sample((True, False), 2)
        ]
        self.come_in(victim)
        for subgroups in filter(None, sorts):
            offence = self.draw.choice(offences_by(subgroups)[0])
            step = self.force.step_of("_reclassify", crime)
            if isinstance(step, told.Reclassify):
                step = structs.replace(step, **offence_fields(offence), safeguarding=())
            self._now(step)
            self._pause(60, 2 * _HOUR, _DAY)
        self._now(self.force.step_of("_close", crime))
        self._seen(crime)

    @scene_about(SceneSteps.crime_and_victim)
    def merged_twice(self, crime: str, victim: str) -> None:
        """Have a crime go on as another, and that as a third, of which there is news then."""
        # They keep the page of the first.
        self._reads(victim)
        goes_on = crime
        for _merger in range(2):
            self.add(self.force.record_crime_beside(goes_on))
            merger = self.force.merge(goes_on)
            if not isinstance(merger, told.Merge):
                return
            self._now(merger)
            self._pause(60, _HOUR, _DAY)
            goes_on = merger.into
        self._has_news(goes_on, _PLAIN_NEWS)
        self._reads(victim, 2 * _HOUR, _DAY)

    @scene_about(SceneSteps.crime_and_victim)
    def read_long_after(self, crime: str, victim: str) -> None:
        """Have a case close, and be read after a part of the days for which it is kept."""
        self._now(self.force.step_of("_close", crime))
        self.wait(_HOUR)
        self.come_in(victim)
        kept = self.order.records.retention_days * _DAY
        latest = kept - self.so_far.seconds - _BEFORE_DELETION_SECONDS
        seconds = min(latest, int(kept * self.draw.choice(_SHARES_OF_KEPT)))
        self._waits(seconds)
        self._reads(victim)
        self.drawn.is_over = True

    @scene_about(SceneSteps.crime_and_victim)
    def untold_closure(self, crime: str, victim: str) -> None:
        """Have a case end that an officer tells first, and something happen before they do."""
        self.come_in(victim)
        ordered = tuple(self.order.sensitive_closures.outcomes)
        outcomes = [each for each in get_args(ClosingOutcome) if each in ordered]
        outcome: ClosingOutcome = self.draw.choice(outcomes or list(get_args(ClosingOutcome)))
        self.add(told.Close(outcome=outcome, **self._event(crime)))
        is_long = self.phase >= 3 and self.draw.random() < 0.4
        self._waits(
            self._closed_days() * _DAY + _HOUR if is_long else self.draw.choice((_HOUR, _DAY))
        )
        meanwhile = self.draw.choice(("reopened", "asked", "news", "nothing"))
        # A closed case takes no questions by then, but its victim does not know that it is closed.
        meanwhile = "asked" if is_long else meanwhile
        if meanwhile == "reopened":
            self.add(told.Reopen(**self._event(crime)))
        elif meanwhile == "asked":
            self._asks(victim, crime)
        elif meanwhile == "news":
            self._has_news(crime, _PLAIN_NEWS)
        self._reads(victim)
        self._pause(2 * _HOUR, _DAY)
        self.add(told.NoteContact(person=victim, **self._event(crime)))
        self._seen(crime)

    @scene_about(SceneSteps.crime_and_victim)
    def doubted(self, _crime: str, victim: str) -> None:
        """Have anybody say that a victim's messages are not for them, and the victim come in."""
        misdirected = self._lives.misdirected()
        channel: Channel = self.draw.choice(("text", "text", "email"))
        label = victim
        if misdirected and self.draw.random() < 0.6:
            _label, stranger = self.draw.choice(misdirected)
            label, channel = stranger.label, "text" if stranger.phone else "email"
        else:
            self.come_in(victim)
        self.add(told.SayNotForMe(person=label, channel=channel, as_holder=False))
        self._pause(60, 2 * _HOUR, _DAY)
        if label != victim or self.draw.random() < 0.2:
            self.add(told.SayNotForMe(person=label, channel=channel))
            self._pause(60, _HOUR)
        self.add(told.SignIn(person=victim, by=channel))
        self._reads(victim)

    def chooses_after_it_was_disowned(self) -> None:
        """Have a victim choose channels after a stranger disowned what was written for them."""
        label, stranger = self.draw.choice(self._lives.misdirected())
        self._lives.has_a_crime(label)
        crimes = self.so_far.crimes_of(label)
        if not crimes:
            return
        self._pause(_HOUR, _DAY)
        channel: Channel = "text" if stranger.phone else "email"
        self.add(told.SayNotForMe(person=stranger.label, channel=channel))
        self._pause(60, _HOUR)
        self.add(told.SignIn(person=label, by="link"))
        chosen: tuple[Channel, ...] = self.draw.choice((("text", "email"), (channel,)))
        self.add(told.ChooseChannels(person=label, channels=chosen))
        self._pause(_HOUR, _DAY)
        self._now(self.force.step_of(self.draw.choice(_PLAIN_NEWS), crimes[-1]))
        self._seen(crimes[-1])

    @scene_about(SceneSteps.crime_and_victim)
    def agrees_anew(self, crime: str, victim: str) -> None:
        """Have a victim agree twice how often they are told, and no news come for as long."""
        self.come_in(victim)
        self._pause(_HOUR, _DAY)
        for days in self.draw.sample((1, 2, 7, 14), 2):
            self._writes(crime, victim, update_frequency_days=days)
            # The weekly limit may delay such a message by days.
            self.wait((days + 10) * _DAY)
        self._reads(victim)

    @scene_about(SceneSteps.crime_and_victim)
    def another_word(self, crime: str, victim: str) -> None:
        """Have a victim who has come in agree another word, and somebody try the old one."""
        if self.force.is_taken_for_another(victim):
            return
        self.come_in(victim)
        self.add(told.SignIn(person=victim, by="text"))
        word = self.drawn.casting.spare_word()
        record = self.force.records[victim]
        changed = told.ChangeDetails(person=victim, record=record, word=word, **self._event(crime))
        if not word or not self.so_far.allows(changed):
            return
        self.add(changed)
        self._pause(_HOUR, _DAY)
        by: told.SignInBy = self.draw.choice(("text", "text", "email"))
        self.add(
            told.Guess(
                person=victim, by=by, wrong="proof", times=1, miss="the old one", then_right=True
            )
        )
        self._reads(victim)

    @scene_about(SceneSteps.crime_and_victim)
    def asks_while_it_is_down(self, crime: str, victim: str) -> None:
        """Have a victim ask while the crime system is down, and read before and after it is up."""
        self.come_in(victim)
        self.add(told.Breakdown(what="crime system down"))
        self.add(told.Ask(person=victim, crime=crime, text=self.draw.choice(QUESTIONS)))
        self._pause(1, 60, 600)
        self.add(told.Read(person=victim))
        self._pause(60, 2 * _HOUR)
        self.add(told.Breakdown(what="crime system back"))
        self._reads(victim, 2 * _HOUR)

    @scene_about(SceneSteps.crime_and_victim)
    def asks_in_a_merger(self, crime: str, victim: str) -> None:
        """Have a victim ask about the crime that theirs is merged into, and undo the merger."""
        self.come_in(victim)
        beside = self.force.record_crime_beside(crime)
        self._now(beside)
        merge = self.force.merge(crime)
        if not isinstance(merge, told.Merge):
            return
        for each in (crime, merge.into):
            self._now(self.force.step_of("_allocate", each))
        self.wait(_HOUR)
        self._now(merge)
        self._pause(_HOUR, 2 * _HOUR)
        self._asks(victim, merge.into)
        self._pause(60, 2 * _HOUR)
        self._now(self.force.unmerge(crime))
        self._reads(victim, 2 * _HOUR)

    def named_in_a_reply(self) -> None:
        """Have an officer name another person of the crime in a reply, which may slip out."""
        crime = self.draw.choice(self._with_others())
        people = self.so_far.crimes[crime]
        victim = self.draw.choice(people.victims)
        others = [each for each in people.people if each != victim]
        other = self.force.records[self.draw.choice(others)]
        name = self.draw.choice((f"{other.given_name} {other.family_name}", other.family_name))
        self.come_in(victim)
        text = f"I have spoken to {name.strip()}, and will write again on Monday."
        self.add(told.Reply(person=victim, text=text, **self._event(crime)))
        self._reads(victim, _HOUR, _DAY)

    def _with_others(self) -> list[str]:
        crimes = self.so_far.crimes.items()
        return [name for name, each in crimes if each.victims and len({*each.people}) > 1]

    def _closed_days(self) -> int:
        two_way = self.order.two_way
        return self.draw.choice(
            (two_way.closed_case_days, max(two_way.closed_case_days, two_way.review_days))
        )

    def _seen(self, crime: str) -> None:
        self._pause(60, _HOUR, _DAY)
        if self.draw.random() < 0.5:
            self._has_news(crime, _PLAIN_NEWS, 2 * _HOUR, _DAY)
        victims = self.so_far.crimes[crime].victims
        if victims:
            self._reads(self.draw.choice(victims))
