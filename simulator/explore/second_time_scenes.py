"""Draws scenes in which something comes a second time, or beside another of its kind.

Many portals do right by the first stop, end, appointment, talk, question or absence, and take the
second for the first. As in `RareScenes`, each scene has a draw of its own.
"""

from datetime import UTC, datetime, time, timedelta
from typing import Literal, get_args

from msgspec import structs

from reference.contract.events import Channel, ClosingOutcome, Milestone, Role, VictimRecord
from simulator.clock import LONDON
from simulator.explore import steps as told
from simulator.explore.scene_steps import SceneSteps, scene_about
from simulator.explore.times import WAIT_SECONDS_MAX, next_clock_change
from simulator.explore.words import PUT_IN_ANOTHER_FORM, QUESTIONS, STOPS

_DAY, _HOUR, _MINUTE = 86_400, 3_600, 60
_PLAIN_NEWS = ("_deploy", "_allocate", "_allocate")
#: What a victim chooses one after the other: each channel ends, begins again, and may end again.
_BOTH: tuple[Channel, ...] = ("text", "email")
_CHOICES: tuple[tuple[tuple[Channel, ...], ...], ...] = (
    ((), _BOTH, ()),
    ((), ("text",), ()),
    (("email",), _BOTH, ("email",)),
    (("text",), _BOTH, ("text",)),
)
_ROLES: tuple[Role, ...] = get_args(Role)
_OF_BAIL: tuple[Milestone, ...] = ("suspect_on_bail", "bail_changed", "bail_changed")
#: Turns after which a page is another, or nobody may read it any more.
_TURNS = ("_cancel", "_close", "_transfer", "_change_details")
#: Ends that a force may order an officer to tell first.
_ENDS: tuple[ClosingOutcome, ...] = (5, 13)
#: How long an officer is away, if that is known, and how long after that something follows.
_ABSENCES: tuple[tuple[tuple[int | None, int], ...], ...] = (
    ((None, _HOUR),),
    ((_DAY, _DAY + 60),),
    ((_HOUR, _DAY), (3 * _DAY, _HOUR)),
    ((_HOUR, _DAY), (None, _HOUR)),
)
#: What asks for an answer, and for nothing else.
_PLAIN_QUESTIONS = ("Is there any news?", "Has anybody looked at the cameras?")
#: Regular word may be later than was agreed: the weekly limit holds it back for days.
_LATE_DAYS_MAX = 10


class SecondTimeScenes(SceneSteps):
    """Draws scenes in which something happens again, or to one of two."""

    def channels_change_in_a_full_week(self) -> None:
        """Have a victim ask for one channel alone when the week is full, and news come after that.

        What went by that channel before counts still.
        """
        asked = [e for e in self._likely_told() if _asks_for_both(self.force.records[e])]
        victim, crime = self.told_and_in(asked) or ("", "")
        if victim not in asked:
            return
        self._fills_the_week(crime)
        channels = self.draw.choice((("text",), ("email",)))
        self._writes(crime, victim, preferred_channels=channels)
        for _news in range(2):
            self._pause(_HOUR, 3 * _HOUR)
            self._deploys(crime)
        self.wait(10 * _DAY)

    @scene_about(SceneSteps.told_and_in)
    def stops_and_starts_again(self, victim: str, crime: str) -> None:
        """Have a victim end channels, begin them again, and end them once more, with news between.

        By a text they may end what they had not ended on the page.
        """
        for channels in self.draw.choice(_CHOICES):
            self.come_in(victim)
            self.add(told.ChooseChannels(person=victim, channels=channels))
            self.add(told.Read(person=victim))
            self._pause(60, _HOUR)
            self._has_news(crime, _PLAIN_NEWS, 2 * _HOUR, _DAY)
        if self.draw.random() < 0.6:
            self.add(told.TextBack(person=victim, words=self.draw.choice(STOPS)))
            self._pause(60, _HOUR)
            self._has_news(crime, _PLAIN_NEWS, 2 * _HOUR, _DAY)
        self._reads(victim)

    @scene_about(SceneSteps.told_by_day)
    def has_two_browsers(self, victim: str, crime: str) -> None:
        """Have a victim be signed in at home and elsewhere, and sign out in one of the two."""
        self._pause(60, 5 * _MINUTE)
        by: told.SignInBy = self.draw.choice(("text", "email"))
        for step in (told.SignIn(person=victim, by=by), told.UseSession(person=victim, older=True)):
            self.add(step)
            self.wait(60)
        is_older = self.draw.random() < 0.5
        self.add(told.SignOut(person=victim, older=is_older))
        if self.draw.random() < 0.3:
            self._has_news(crime, _TURNS, 60)
        for older in self.draw.sample((True, False), 2):
            self.add(told.UseSession(person=victim, older=older))
        self.add(told.Read(person=victim, older=not is_older))

    @scene_about(SceneSteps.told_by_day)
    def reads_on(self, victim: str, _crime: str) -> None:
        """Have a victim read on for longer than they may do nothing, and then do nothing."""
        idle = self.order.sign_in.session_minutes * _MINUTE
        self.add(told.KeepReading(person=victim, seconds=idle + idle // 2 + _MINUTE))
        if self.draw.random() < 0.5:
            self.wait(idle + self.draw.choice((-2, 2)) * _MINUTE)
        self.add(told.UseSession(person=victim))

    def bounces_again(self) -> None:
        """Have a victim's number fail, and then the one that is written down for it.

        In some stories they hold the second, and that the first failed comes days later.
        """
        texted = [e for e in self._likely_told() if self._is_texted(e)]
        phone = self.drawn.casting.spare_phone() if texted else ""
        if not phone:
            return
        victim, is_late = texted[0], self.draw.random() < 0.4
        fails = told.TellReceipt(
            person=victim, channel="text", receipt="fails late" if is_late else "permanent-failure"
        )
        is_invitation = self.draw.random() < 0.3
        if is_invitation:
            self.add(fails)
        self._by_day()
        crime = self._records_crime_of(victim)
        if not crime:
            return
        self.wait(2 * _HOUR)
        self.come_in(victim)
        if not is_invitation:
            self.add(fails)
            self._tells_by_day(crime)
        if is_late:
            self._has_another_phone(victim, phone)
        self._writes(crime, victim, mobile_phone=phone)
        self.wait(3 * _DAY if is_late else _HOUR)
        for _news in range(2):
            self._tells_by_day(crime)
        self._reads(victim)

    def code_bounces(self) -> None:
        """Have the one-time code of a victim fail, and news come after that."""
        texted = [e for e in self._likely_told() if self._is_texted(e)]
        victim, crime = self.told_by_day(texted) or ("", "")
        if not crime:
            return
        self.wait(_HOUR)
        channel: Channel = "text" if victim in texted else "email"
        fails = told.TellReceipt(
            person=victim, channel=channel, receipt="permanent-failure", of_code=True
        )
        self.add(fails)
        self.add(told.SignIn(person=victim, by=channel))
        self._pause(120, _HOUR)
        self._tells_by_day(crime)
        self._reads(victim)

    @scene_about(SceneSteps.told_by_day)
    def gateway_fails(self, victim: str, crime: str) -> None:
        """Have the gateway refuse a message, give no answer for it, or be down for hours.

        Asked too soon, it does not know of what it took without an answer. A victim may get another
        phone while news waits for it.
        """
        self._by_day()
        phone = self.drawn.casting.spare_phone() if self.draw.random() < 0.5 else ""
        for channel in () if phone else _BOTH:
            status: Literal[429, 500, 503, 504] = self.draw.choice((429, 500, 503, 504))
            self.add(told.RefuseSend(person=victim, channel=channel, status=status))
        if phone:
            self.add(told.Breakdown(what="gateway down"))
        self._tells_by_day(crime)
        if phone:
            self._has_another_phone(victim, phone)
            self._writes(crime, victim, mobile_phone=phone)
            self.wait(_HOUR)
            self.add(told.Breakdown(what="gateway back"))
        self.wait(_DAY)

    @scene_about(SceneSteps.told_by_day)
    def is_locked_out_again(self, victim: str, _crime: str) -> None:
        """Have somebody use up the attempts at a victim's address, and again days later."""
        by: Channel = "text" if self._is_texted(victim) else "email"
        most = self.order.sign_in.attempts_max
        for _time in range(2):
            self.add(told.Guess(person=victim, by=by, wrong="proof", times=most))
            self.wait(3 * _DAY)

    @scene_about(SceneSteps.told_by_day)
    def says_the_same_again(self, victim: str, crime: str) -> None:
        """Have a victim ask the same twice; a reply comes again, and then one of the same words."""
        words = self.draw.choice(_PLAIN_QUESTIONS)
        for _question in range(2):
            self._asks(victim, crime, words)
            self._pause(60, _HOUR)
        reply = told.Reply(person=victim, text="We are looking into it.", **self._event(crime))
        self.add(reply)
        self._pause(60, _DAY)
        self.add(told.SendHeldBack(event=reply.event))
        if self.draw.random() < 0.7:
            self.add(structs.replace(reply, event=self.force.new_event()))
        self._reads(victim, 2 * _HOUR)

    @scene_about(SceneSteps.told_by_day)
    def comes_from_two_systems(self, victim: str, crime: str) -> None:
        """Have news come under an id that another crime system gave to a crime told to nobody."""
        step = self.force.record_crime()
        if not isinstance(step, told.RecordCrime):
            return
        self._by_day()
        force, offence = [*self.order.forces][-1], self.force.offence(is_told=False)
        self._records(step, victim, force=force, elsewhere=True, **offence)
        self.wait(60)
        self._tells_by_day(crime)
        self._reads(victim)

    def reported_it_themselves(self) -> None:
        """Have a victim stand in a crime as its reporter too, among others, in any order."""
        likely = self._likely_told()
        step = self.force.record_crime() if likely else None
        if not isinstance(step, told.RecordCrime):
            return
        others = likely[1:2]
        both: list[tuple[str, Role]] = [(likely[0], "reporter"), (likely[0], "victim")]
        drawn = [*both, *((each, self.draw.choice(_ROLES)) for each in others)]
        in_order = self.draw.sample(drawn, len(drawn))
        people, roles = zip(*in_order, strict=True)
        crime = self._records(step, likely[0], people=people, roles=roles)
        self.wait(2 * _HOUR)
        self._tells_by_day(crime)
        self._reads(likely[0])

    def waits_as_the_clocks_change(self) -> None:
        """Have news wait for the morning after the clocks change, on which an officer comes too."""
        changes_at = next_clock_change(self.now)
        noon = datetime.combine(changes_at.date(), time(12, 30), tzinfo=LONDON)
        until = int((changes_at - timedelta(days=2) - self.now).total_seconds())
        if not 0 < until <= WAIT_SECONDS_MAX:
            return
        self.wait(until)
        chosen = self.told_by_day()
        if not chosen:
            return
        victim, crime = chosen
        starts = int((noon - self.now).total_seconds())
        self._makes_appointment(crime, victim, starts)
        self._reads(victim)
        night = changes_at - timedelta(hours=self.draw.choice((1, 2, 3)))
        self.wait(max(1, int((night - self.now).total_seconds())))
        self._deploys(crime, 20 * _HOUR)
        self._reads(victim)

    def _has_another_phone(self, victim: str, phone: str) -> None:
        self.force.people[victim] = structs.replace(self.force.people[victim], phone=phone)
        self.add(told.Move(person=victim, phone=phone))

    def _is_texted(self, label: str) -> bool:
        record = self.force.records[label]
        is_safe = record.safe_channel in (None, "text")
        return is_safe and "text" in record.preferred_channels and record.told_instead is None

    def _tells_by_day(self, crime: str) -> None:
        self._by_day()
        self._deploys(crime, 2 * _HOUR)

    @scene_about(SceneSteps.told_and_in)
    def goes_on_as_it_was(self, victim: str, crime: str) -> None:
        """Have a case end and be reopened: it has its officer, and its victim hears as agreed."""
        self._allocates(crime, "", *self.force.names.teams)
        self._pause(2 * _HOUR, _DAY)
        self._now(self.force.step_of(self.draw.choice(("_close", "_close", "_charge")), crime))
        self._pause(2 * _HOUR, _DAY)
        self.add(told.Reopen(**self._event(crime)))
        self._reads(victim, 2 * _HOUR, _DAY)
        if self.phase >= 3 and self.draw.random() < 0.5:
            self.add(told.Ask(person=victim, crime=crime, text=self.draw.choice(QUESTIONS)))
        agreed = self.force.records[victim].update_frequency_days
        days = agreed or self.order.journey.still_with_us_days
        if self.phase >= 2:
            self.wait(min(WAIT_SECONDS_MAX, (days + _LATE_DAYS_MAX) * _DAY))

    @scene_about(SceneSteps.told_and_in)
    def has_two_appointments(self, victim: str, crime: str) -> None:
        """Have a victim be seen at two places, and the first of the two appointments moved."""
        in_days, made = self.draw.choice((10, 20, 45)) * _DAY, list[told.MakeAppointment]()
        for place in self.draw.sample(self.force.names.places, 2):
            made.append(self._makes_appointment(crime, victim, in_days, at=place))
            self._pause(60, 2 * _HOUR, _DAY)
        moved_to = self._in_days(self.draw.choice((7, 30)), self.draw.choice((None, 12, 12, 0)))
        self._moves(made[0], moved_to)
        self._reads(victim, 2 * _HOUR, _DAY)

    @scene_about(SceneSteps.told_and_in)
    def talks_of_something_else(self, victim: str, crime: str) -> None:
        """Have an officer talk to a victim before an end, or a release, and then about it.

        A talk from before may be written down after it.
        """
        told_first = self.order.sensitive_milestones.enhanced_rights
        ordered = self.order.sensitive_closures.outcomes
        ends = [each for each in get_args(ClosingOutcome) if each in ordered]
        step: told.Step = told.Close(outcome=self.draw.choice(ends or _ENDS), **self._event(crime))
        if self.phase >= 2 and told_first and self.draw.random() < 0.7:
            self._writes(crime, victim, enhanced_rights=True)
            milestone = self.draw.choice(told_first)
            step = told.ReachMilestone(milestone=milestone, **self._event(crime))
        self.add(told.NoteContact(person=victim, **self._event(crime)))
        self.wait(_DAY)
        self.add(step)
        for before in (self.draw.choice((60, 2 * _HOUR)), 0):
            since = self.draw.choice((_HOUR, 5 * _HOUR))
            self.wait(since)
            ago = since + before if before else 0
            talk = told.NoteContact(person=victim, happened_seconds_ago=ago, **self._event(crime))
            self.add(talk)
            self._reads(victim, 2 * _HOUR, _DAY)

    @scene_about(SceneSteps.told_and_in)
    def bail_changes_again(self, _victim: str, crime: str) -> None:
        """Have a suspect be bailed, and the conditions changed twice: an officer asks each time."""
        for milestone in _OF_BAIL:
            self.add(told.ReachMilestone(milestone=milestone, **self._event(crime)))
            self._pause(2 * _HOUR, _DAY)

    @scene_about(SceneSteps.told_and_in)
    def one_of_two_is_answered(self, victim: str, crime: str) -> None:
        """Have two questions wait, and a reply to one: the other is late when its days are over.

        They are of two victims of one crime, or of one victim about two crimes.
        """
        others = [each for each in self._likely_told() if each != victim]
        beside = others[:1] if self.draw.random() < 0.5 else []
        another = self._records_crime_of(victim, *beside)
        asked = [(victim, another), (victim, crime)]
        if beside and beside[0] in self.so_far.crimes[another].victims:
            asked = [(victim, another), (beside[0], another)]
        self.wait(2 * _HOUR)
        for label, about in self.draw.sample(asked, 2):
            self._asks(label, about, self.draw.choice(_PLAIN_QUESTIONS))
            self._pause(60, _HOUR)
        reply = told.Reply(person=victim, text="We are looking into it.", **self._event(another))
        self.add(reply)
        over = self.order.working_days.deadline(self.now, self.order.two_way.reply_working_days)
        self.wait(int((over - self.now).total_seconds()) + 2 * _DAY)
        self._reads(victim)

    @scene_about(SceneSteps.told_and_in)
    def is_away_again(self, victim: str, crime: str) -> None:
        """Have an officer be away, once or twice, and a victim write to them then or after it.

        The crime may have been allocated to them again meanwhile.
        """
        officer = self._allocates(crime, team := self.draw.choice(self.force.names.teams))
        for away, then in self.draw.choice(_ABSENCES):
            self.wait(_HOUR)
            self._now(told.OfficerAway(officer=officer, for_seconds=away, **self._event(crime)))
            self.wait(then)
        if self.draw.random() < 0.5:
            self._now(told.Allocate(officer=officer, team=team, **self._event(crime)))
            self._pause(_HOUR, _DAY)
        self._asks(victim, crime, self.draw.choice(_PLAIN_QUESTIONS))
        self.wait(2 * _HOUR)

    @scene_about(SceneSteps.told_and_in)
    def writes_as_people_do(self, victim: str, crime: str) -> None:
        """Have a victim write what pages and databases like to put in another form, and read it."""
        if self.draw.random() < 0.2:
            self._now(self.force.step_of("_charge", crime))
            self.wait(2 * _HOUR)
        for text in self.draw.sample(PUT_IN_ANOTHER_FORM, 2):
            self._asks(victim, crime, text)
            self._pause(60, _HOUR)
        self._reads(victim)

    def _in_days(self, days: int, hour: int | None) -> int:
        """Give the seconds until half past an hour by London's clock in so many days, or until now.

        At 12 and at 0 people and portals take one half of the day for the other.
        """
        now = self.now.astimezone(LONDON)
        then = now + timedelta(days=days)
        if hour is not None:
            then = then.replace(hour=hour, minute=30, second=0, microsecond=0)
        return int((then.astimezone(UTC) - now).total_seconds())


def _asks_for_both(record: VictimRecord) -> bool:
    return {*record.preferred_channels} == {*_BOTH} and record.safe_channel is None
