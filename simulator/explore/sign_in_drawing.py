"""Draws what strangers and other people try at sign-in, around the limits of the order.

Each draw is a few steps that belong together: what comes before an attempt, and the attempt.
"""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import get_args

from reference.contract.events import Channel
from reference.contract.identity import Proof
from simulator.explore import steps as told
from simulator.explore.lawful import StorySoFar
from simulator.explore.spellings import PHONE_SPELLINGS
from simulator.explore.story import Person
from simulator.inputs.order import Order

_DAY, _HOUR, _MINUTE = 86_400, 3_600, 60
#: One second where a limit is exact, and one minute for a portal that keeps time by the minute.
_UNITS = (-_MINUTE, -1, 0, 1, _MINUTE)
#: So many wrong answers in an hour, and the right one is refused: AUTH-13.
WRONG_IN_AN_HOUR_MAX = 100
#: The contract: "Takes a number in any usual spelling".
USUAL = (
    "5 and 6 digits", "5, 3 and 3 digits", "with hyphens", "+44", "+44 with spaces", "+44 (0)",
    "(+44) 0", "0044", "spaces around it",
)  # fmt: skip
#: Near misses of each proof.
_MISSES: dict[Proof, tuple[told.Miss, ...]] = {
    "agreed_word": ("another one", "cut short", "too long", "date of birth"),
    "date_of_birth": ("another one", "day and month swapped", "another year"),
}
_CHANGES: tuple[told.LinkChange, ...] = get_args(told.LinkChange)[1:]
_RESTART = told.Breakdown(what="portal restarted")
Steps = list[told.Step]


@dataclass
class SignInDrawing:
    """Draws attempts for the people of one story."""

    draw: Random
    order: Order
    so_far: StorySoFar
    people: dict[str, Person]

    def steps(self) -> Steps:
        """Draw one attempt, with what comes before it."""
        ways: dict[Callable[[str], Steps], float] = {
            self._guess: 16,
            self._guess_endlessly: 0.8,
            self._late_code: 5,
            self._together: 4 if len(self.people) > 1 else 0,
            self._old_link: 5,
            self._changed_link: 4,
            self._visit: 4,
            self._end_of_session: 7,
            self._long_session: 1.5,
            self._from_elsewhere: 4,
            self._compare: 4,
            self._pry: 3,
        }
        way = self.draw.choices(list(ways), list(ways.values()))[0]
        return way(self._person())

    def sign_in(self, person: str, by: told.SignInBy) -> told.SignIn:
        """Draw a sign-in that should work, typed and spelt in a usual way."""
        typed: told.Typed = "as agreed"
        if self.draw.random() < 0.25:
            typed = self.draw.choice(get_args(told.Typed))
        written = ""
        if by != "link" and self.draw.random() < 0.4:
            written = self._spelt(self.people[person], by)
        return told.SignIn(person=person, by=by, written=written, typed=typed)

    def restart(self) -> Steps:
        """Draw a restart of the portal, sometimes."""
        return [_RESTART] if self.draw.random() < 0.15 else []

    def _person(self) -> str:
        return self.draw.choice(list(self.people))

    def _by(self) -> told.SignInBy:
        return self.draw.choice(("link", "link", "text", "text", "email"))

    def _channel(self) -> Channel:
        return self.draw.choice(("text", "text", "email"))

    def _guess(self, person: str) -> Steps:
        most = self.order.sign_in.attempts_max
        guess = told.Guess(
            person=person,
            by=self._by(),
            wrong=self.draw.choice(("proof", "code")),
            times=max(1, self.draw.choice((1, most - 1, most - 1, most - 1, most, most, most + 1))),
            miss=self.draw.choice(_MISSES[self.order.sign_in.proof]),
            sign_ins=self.draw.choice((1, 1, 1, 2)),
            then_right=self.draw.random() < 0.8,
        )
        return [*self._come_in_first(person, guess.by), guess]

    def _guess_endlessly(self, person: str) -> Steps:
        most, by = self.order.sign_in.attempts_max, self._channel()
        sign_ins = -(-WRONG_IN_AN_HOUR_MAX // most)
        guess = told.Guess(person=person, by=by, wrong="proof", times=most, sign_ins=sign_ins)
        right = told.Guess(person=person, by=by, wrong="proof", times=0, then_right=True)
        return [*self._come_in_first(person, by), guess, *self.restart(), right]

    def _late_code(self, person: str) -> Steps:
        life, by = self.order.sign_in.code_minutes * _MINUTE, self._by()
        after = self.draw.choice((0, 0, 0, *(life + unit for unit in _UNITS)))
        again = self.draw.random() < 0.7
        step = told.EnterCode(person=person, by=by, after_seconds=max(0, after), again=again)
        return [*self._come_in_first(person, by), step]

    def _together(self, person: str) -> Steps:
        other = self.draw.choice([each for each in self.people if each != person])
        crossed = self.draw.random() < 0.7
        by, other_by = self._by(), self._by()
        return [
            told.SignInTogether(
                person=person, by=by, other=other, other_by=other_by, crossed=crossed
            )
        ]

    def _old_link(self, person: str) -> Steps:
        back = self.draw.choice((0, 0, 1, 1, 2))
        match self.draw.randrange(3):
            case 0:
                life = self.order.sign_in.invitation_days * _DAY
                before: Steps = [told.Wait(seconds=max(1, life + self.draw.choice(_UNITS)))]
            case 1:
                before = [told.SignIn(person=person, by="link"), *self.restart()]
            case _:
                before = [
                    told.FollowLink(person=person),
                    told.Wait(seconds=self.draw.choice((1, _MINUTE, 20 * _MINUTE, 2 * _HOUR))),
                ]
        return [*before, told.FollowLink(person=person, back=back)]

    def _changed_link(self, person: str) -> Steps:
        change = self.draw.choice(_CHANGES)
        return [told.FollowLink(person=person, change=change), self.sign_in(person, "link")]

    def _visit(self, person: str) -> Steps:
        return [told.VisitLinks(person=person), self.sign_in(person, "link")]

    def _end_of_session(self, person: str) -> Steps:
        come_in = self.sign_in(person, self._by())
        if self.draw.random() < 0.4:
            return [
                come_in,
                told.SignOut(person=person),
                *self.restart(),
                told.UseSession(person=person),
            ]
        life = self.order.sign_in.session_minutes * _MINUTE
        idle = max(1, life + self.draw.choice((-2 * _MINUTE, -_MINUTE, 0, _MINUTE, _HOUR)))
        return [come_in, told.Wait(seconds=idle), told.UseSession(person=person)]

    def _long_session(self, person: str) -> Steps:
        longest = self.order.sign_in.session_hours_max * _HOUR
        seconds = longest + self.draw.choice((-2 * _MINUTE, 0, _MINUTE, 10 * _MINUTE))
        reading = told.KeepReading(person=person, seconds=seconds)
        return [self.sign_in(person, self._by()), reading, told.UseSession(person=person)]

    def _from_elsewhere(self, person: str) -> Steps:
        """Try a person's proof from the phone of another, perhaps after they disowned it."""
        others = sorted((self.so_far.people | self.so_far.strangers) - {person})
        strangers = sorted(self.so_far.strangers)
        if not others:
            return []
        other = self.draw.choice(strangers if strangers and self.draw.random() < 0.7 else others)
        channel = self._channel()
        said: Steps = []
        if other in strangers and self.draw.random() < 0.5:
            said = [told.SayNotForMe(person=other, channel=channel), *self.restart()]
        by_link = self.draw.random() < 0.5
        tried = told.SignInFrom(person=person, other=other, channel=channel, by_link=by_link)
        return [*self._come_in_first(person, channel), *said, tried]

    def _compare(self, person: str) -> Steps:
        most = self.order.sign_in.attempts_max
        times = self.draw.choice((1, 1, 1, most, most + 1))
        return [told.CompareAnswers(person=person, channel=self._channel(), times=times)]

    def _pry(self, person: str) -> Steps:
        return [self.sign_in(person, self._by()), told.Pry(person=person)]

    def _come_in_first(self, person: str, by: told.SignInBy) -> Steps:
        """A person who was never in cannot come back by an address: let them come in before."""
        if by == "link" or self.draw.random() < 0.3:
            return []
        return [told.SignIn(person=person, by="link")]

    def _spelt(self, person: Person, by: told.SignInBy) -> str:
        if by == "text":
            return PHONE_SPELLINGS[self.draw.choice(USUAL)](person.phone) if person.phone else ""
        mailbox = person.mailbox
        return self.draw.choice((mailbox.upper(), mailbox.title(), f" {mailbox}", f"{mailbox} "))
