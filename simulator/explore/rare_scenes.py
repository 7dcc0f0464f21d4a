"""Draws scenes that hardly come together by themselves, each in some stories, near their end.

Each scene has a draw of its own: other stories, and this one until then, stay as they are drawn.
"""

from msgspec import structs

from simulator.explore import steps as told
from simulator.explore.scene_steps import SceneSteps, scene_about
from simulator.judge.text.danger_sentences import danger_sentences

_DAY, _HOUR = 86_400, 3_600
#: What a page shows, each in its place, in whatever order it comes.
_SHOWN = ("_deploy", "_allocate", "_make_appointment", "_charge", "_close", "_reopen")
_PLAIN_NEWS = ("_deploy", "_allocate", "_allocate")
#: What a victim asks during a merger that is taken back: some of it is urgent.
_ASKED_MEANWHILE = (*danger_sentences().certain[:2], "Is there any news?")


class RareScenes(SceneSteps):
    """Draws scenes that hardly come together by themselves."""

    @scene_about(SceneSteps.a_crime)
    def comes_late(self, crime: str) -> None:
        """Have a step come after newer ones of other kinds, and a victim read them."""
        victims = self.so_far.crimes[crime].victims
        if not victims:
            return
        kinds = [*_SHOWN, *(("milestone",) if self.phase >= 2 else ())]
        kinds += ["reply_in"] * 2 if self.phase >= 3 else []
        late, *newer = self.draw.sample(kinds, self.draw.choice((2, 3)))
        event = self._held_back(late, crime)
        for kind in newer:
            self._pause(60, _HOUR, _DAY)
            self._now(self.force.step_of(kind, crime))
        self._pause(60, _HOUR, _DAY)
        self._sends(event)
        self._pause(2 * _HOUR, _DAY)
        self._reads(self.draw.choice(victims))

    def merged_and_parted(self) -> None:
        """Have a victim follow another's crime for a time, and older news of theirs come late."""
        likely = self._likely_told()
        others = [each for each in self.force.people if each not in likely]
        chosen = [*likely, *self.draw.sample(others, len(others))][:2]
        crimes = [self._records_crime_of(each) for each in chosen]
        if len(chosen) < 2 or not all(crimes):
            return
        crime, into = crimes
        self._pause(2 * _HOUR, _DAY)
        for each in chosen:
            self.come_in(each)
        is_late = self.draw.random() < 0.6
        event = self._held_back(self.draw.choice(_PLAIN_NEWS), crime) if is_late else ""
        self._pause(60, _HOUR)
        if not self.force.may_be_merged(crime, into):
            return
        self.add(told.Merge(into=into, **self._event(crime)))
        self._pause(60, 2 * _HOUR, _DAY)
        self._sends(event)
        self._reads(chosen[0], 2 * _HOUR, _DAY)
        if self.draw.random() < 0.7:
            self.add(told.Unmerge(**self._event(crime)))
            self._pause(60, 2 * _HOUR, _DAY)
        for about in self.draw.sample((crime, into), self.draw.choice((1, 2))):
            self._has_news(about, _PLAIN_NEWS, 2 * _HOUR, _DAY)
        for each in chosen:
            self._reads(each)

    @scene_about(SceneSteps.told_as_standard)
    def rights_come_late(self, victim: str, crime: str) -> None:
        """Have news wait in a full week, and its victim's enhanced rights recorded then."""
        self.come_in(victim)
        self._fills_the_week(crime)
        waiting = structs.replace(self.force.milestone(crime), milestone="suspect_released")
        self._now(waiting if self.phase >= 2 else self.force.step_of("_charge", crime))
        self._pause(2 * _HOUR, _DAY, 2 * _DAY)
        self._writes(crime, victim, enhanced_rights=True)
        self.wait(10 * _DAY)

    @scene_about(SceneSteps.told_and_in)
    def another_code(self, victim: str, _crime: str) -> None:
        """Have a stranger use up the wrong codes of a sign-in, and ask for another between them."""
        self._pause(2 * _HOUR, _DAY)
        most = self.order.sign_in.attempts_max
        guess = told.Guess(
            person=victim,
            by=self.draw.choice(("text", "text", "email")),
            wrong="code",
            times=self.draw.choice((most, most + 1)),
            then_right=True,
            another_code=True,
        )
        self.add(guess)

    def own_crimes_merged(self) -> None:
        """Have news of one of a victim's own crimes wait while it is merged with another and back.

        In phase 3 the victim asks something meanwhile, of which the officer must still know.
        """
        chosen = self._to_merge(self._likely_told()[:1], _HOUR, 2 * _HOUR)
        if not chosen:
            return
        victim, crime, into = chosen
        self.wait(2 * _HOUR)
        self.come_in(victim)
        self._has_news(crime, _PLAIN_NEWS, 60, 60, _DAY)
        self._merge(crime, into)
        self._pause(60, 60, 2 * _HOUR)
        self._part(crime, asks=victim)
        self._has_news(crime, _PLAIN_NEWS)
        self._reads(victim, 2 * _HOUR, 4 * _DAY)

    @scene_about(SceneSteps.crimes_to_merge)
    def asked_about_another(self, victim: str, crime: str, into: str) -> None:
        """Have a victim ask about another's crime, into which theirs is merged for a time."""
        self.wait(2 * _HOUR)
        self.come_in(victim)
        self._merge(crime, into)
        self._pause(60, 2 * _HOUR)
        self._part(crime, asks=victim)
        self._reads(victim)

    def merged_out_of_the_portal(self) -> None:
        """Have a crime that its victim follows merged into one of which nobody is told.

        That one may then be recorded as an offence of which they are told again.
        """
        chosen = self._to_merge(self._likely_told()[:2], into_is_told=False)
        if not chosen:
            return
        victim, crime, into = chosen
        self._pause(2 * _HOUR, _DAY)
        self.come_in(victim)
        self._merge(crime, into)
        self._reads(victim, 2 * _HOUR, _DAY)
        if self.draw.random() < 0.5:
            self._reclassify(into, is_told=True)
            self._reads(victim, 2 * _HOUR, 4 * _DAY)

    @scene_about(SceneSteps.crimes_to_merge)
    def reclassified_before_a_merger(self, victim: str, crime: str, into: str) -> None:
        """Have what was recorded of a crime's offence before a merger come after it."""
        self.wait(2 * _HOUR)
        self.come_in(victim)
        event = self._held_back("_reclassify", crime)
        self.wait(60)
        self._merge(crime, into)
        self._pause(60, 2 * _HOUR)
        self._sends(event)
        self._reads(victim, 2 * _HOUR, _DAY)

    def marker_goes(self) -> None:
        """Have a marker of one crime keep its victim from another too, until it is taken away."""
        markers = self.order.eligibility.safeguarding_of_the_person
        likely = self._likely_told()
        if not likely or not markers:
            return
        marked = self._records_crime_of(likely[0], markers=(self.draw.choice(markers),))
        self._pause(60, _HOUR)
        other = self._records_crime_of(likely[0]) if marked else ""
        if not other or other == marked:
            return
        for again in self.draw.choice(((), (True, False, True, False))):
            self._pause(2 * _HOUR, _DAY)
            self._reclassify(marked, is_told=again)
        self._pause(2 * _HOUR, _DAY)
        self._reclassify(marked, is_told=True)
        self._reads(likely[0], 2 * _HOUR)
        self.wait(4 * _DAY)

    def details_come_late(self) -> None:
        """Have crimes be recorded of a victim who cannot be reached, and then their details."""
        likely = self._likely_told()
        crime = self._records_crime_of(likely[0]) if likely else ""
        if not crime:
            return
        victim, right = likely[0], self.force.records[likely[0]]
        self._writes(crime, victim, mobile_phone="", email="")
        for _crime in range(2):
            self._pause(60, _HOUR)
            self._records_crime_of(victim)
        self._pause(60, _DAY)
        if self.draw.random() < 0.5 and not self.force.is_taken_for_another(victim):
            person = self.force.people[victim]
            held = {"mobile_phone": person.phone, "email": person.mailbox}
            self._writes(crime, victim, **held, preferred_channels=("text", "email"))
        else:
            self._writes(crime, victim, mobile_phone=right.mobile_phone, email=right.email)
        self._reads(victim, 2 * _HOUR, 4 * _DAY)

    def report_ends_first(self) -> None:
        """Have it come that no crime is recorded of a report, and only then the report."""
        report = structs.replace(self.force.report(), carriage="held back", happened_seconds_ago=0)
        self.add(report)
        self.wait(60)
        self._now(self.force.close_report(report))
        self._pause(60, _HOUR)
        self._sends(report.event)
        self.wait(2 * _HOUR)

    def _merge(self, crime: str, into: str) -> None:
        self.add(told.Merge(into=into, **self._event(crime)))

    def _part(self, crime: str, *, asks: str) -> None:
        """Take a merger back; in phase 3 a victim may ask something before."""
        into = self.so_far.crimes[crime].into
        if self.phase >= 3 and into and self.draw.random() < 0.7:
            words = self.draw.choice(_ASKED_MEANWHILE)
            self.add(told.Ask(person=asks, crime=into, text=words))
            self.wait(60)
        self.add(told.Unmerge(**self._event(crime)))
        self._pause(2 * _HOUR, _DAY)

    def _reclassify(self, crime: str, *, is_told: bool) -> None:
        offence = self.force.offence(is_told=is_told)
        self.add(told.Reclassify(**offence, **self._event(crime)))
