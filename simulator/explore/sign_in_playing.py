"""Plays what strangers and other people try at sign-in, with links, codes and sessions.

What was tried goes into the evidence, and whether it should have worked is for the judge.
"""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from reference.contract.events import Channel
from simulator.drivers.base import Refused
from simulator.errors import PortalNonsense
from simulator.evidence.records import AnswersCompared, LinkVisited
from simulator.explore import steps as told
from simulator.explore.actor import Actor, as_known
from simulator.explore.sign_in_under_way import SignInUnderWay
from simulator.explore.story import Stranger
from simulator.population.drama_numbers import ORDINARY_MOBILES, mobile_phone
from simulator.population.identity import Identity
from simulator.world import victims
from simulator.world.world import World

#: Each digit and letter becomes the next: a wrong code has the form of the right one.
_DIGITS, _LOWER, _UPPER = "0123456789", "abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_NEXT = str.maketrans(
    {
        each: kind[(at + 1) % len(kind)]
        for kind in (_DIGITS, _LOWER, _UPPER)
        for at, each in enumerate(kind)
    }
)
_END_CHARACTERS = 8


@dataclass(frozen=True)
class SignInPlay:
    """Plays the steps about signing in, for the people and strangers of one story."""

    world: World
    identity: Identity
    actors: Mapping[str, Actor]
    strangers: Mapping[str, Stranger]

    def guess(self, step: told.Guess) -> None:
        """Give wrong answers, starting anew as often as the step says, and then the right one."""
        actor = self.actors[step.person]
        for sign_in in range(step.sign_ins):
            under_way = actor.begin(step.by)
            if under_way is None:
                return
            if step.wrong == "proof":
                self._guess_proofs(actor, under_way, step)
            elif under_way.prove(actor.victim.proof):
                self._guess_codes(actor, under_way, step)
            is_last = sign_in == step.sign_ins - 1
            if is_last and step.then_right and under_way.session is None:
                self._give_the_right(actor, under_way, step.wrong)
            actor.come_in(under_way)

    def enter_code(self, step: told.EnterCode) -> Iterator[datetime]:
        """Enter a code late, or twice; give the time at which it is entered."""
        actor = self.actors[step.person]
        under_way = actor.begin(step.by)
        if under_way is None:
            return
        if under_way.prove(actor.victim.proof):
            yield self.world.now + timedelta(seconds=step.after_seconds)
            under_way.enter(under_way.code)
        actor.come_in(under_way)
        if step.again and under_way.session is not None:
            under_way.enter(under_way.code, wrong="used")
            under_way.write_down()

    def sign_in_together(self, step: told.SignInTogether) -> None:
        """Bring two people to the code, and let each enter their own, or the other's first."""
        actors = [self.actors[step.person], self.actors[step.other]]
        begun = [each.begin(by) for each, by in zip(actors, (step.by, step.other_by), strict=True)]
        both = [each for each in begun if each is not None]
        for under_way, actor in zip(begun, actors, strict=True):
            if under_way is not None:
                under_way.prove(actor.victim.proof)
        codes = [each.code for each in both]
        for at, (under_way, actor) in enumerate(zip(begun, actors, strict=True)):
            if under_way is None:
                continue
            if step.crossed and len(both) == len(set(codes)) == 2 and all(codes):
                under_way.enter(codes[1 - at], wrong="another person's")
            if under_way.code and under_way.session is None:
                under_way.enter(under_way.code)
            actor.come_in(under_way)

    def follow_link(self, step: told.FollowLink) -> None:
        """Sign in by a link that is old, used or changed."""
        actor = self.actors[step.person]
        if step.change == "for saying not me":
            self._open_by_the_other_link(actor, step.change)
            return
        links = actor.links()
        if len(links) <= step.back:
            return
        link = links[-1 - step.back]
        changed = changed_link(link, step.change)
        if changed == "" or (step.change and changed == link):
            return
        under_way = SignInUnderWay(self.world, actor.victim, actor.victim)
        if step.change:
            under_way.follow(changed, wrong=step.change)
        else:
            actor.links_used.add(link)
            under_way.follow(link, sent=link)
        if under_way.prove(actor.victim.proof):
            under_way.enter(under_way.code)
        actor.come_in(under_way)

    def _open_by_the_other_link(self, actor: Actor, change: told.LinkChange) -> None:
        """Try to sign in by the link that is there to say that a message was not for its holder."""
        messages = victims.messages_of(self.world, actor.victim)
        links = [link for each in messages if (link := self.world.not_for_me_link_in(each))]
        if links:
            under_way = SignInUnderWay(self.world, actor.victim, actor.victim)
            # A page that asks for no proof is no sign-in.
            with suppress(PortalNonsense):
                under_way.follow(links[-1], wrong=change)
            under_way.write_down()

    def visit_links(self, step: told.VisitLinks) -> None:
        """Have a mail scanner follow every link."""
        actor = self.actors[step.person]
        for link in actor.links():
            with suppress(Refused):
                self.world.portal.visit(link)
            carrier = victims.carrier_of(self.world, actor.victim, link)
            actor.note(LinkVisited, invitation_id=carrier)

    def sign_in_from(self, step: told.SignInFrom) -> None:
        """Try a person's proof from another's phone or mailbox, and read the code there.

        By a link the code may also go to the person, who may have been asked for it.
        """
        actor = self.actors[step.person]
        holder = self.strangers.get(step.other) or self.actors[step.other].person
        address = holder.phone if step.channel == "text" else holder.mailbox
        theirs = actor.person
        own = {theirs.phone, theirs.mailbox, theirs.own_phone, theirs.own_mailbox}
        if not address or address in own or self._proves_another(actor):
            return
        if step.by_link:
            is_text = step.channel == "text"
            held = (address, theirs.mailbox) if is_text else (theirs.phone, address)
        else:
            held = (holder.phone, holder.mailbox)
        reads = replace(
            actor.victim,
            known=as_known(Stranger(label="", phone=held[0], mailbox=held[1]), self.world.now),
        )
        if not step.by_link:
            under_way = SignInUnderWay(self.world, actor.victim, reads)
            self._goes_on(under_way, actor, has_begun=under_way.begin(address, wrong="another's"))
            return
        sent = [self.world.link_in(each) for each in self.world.messages_at(address)]
        # Whose each link is, the one who holds them all cannot tell.
        for link in filter(None, reversed(sent)):
            under_way = SignInUnderWay(self.world, actor.victim, reads)
            has_begun = under_way.follow(link, sent=link)
            self._goes_on(under_way, actor, has_begun=has_begun)
            if has_begun:
                return

    def _goes_on(self, under_way: SignInUnderWay, actor: Actor, *, has_begun: bool) -> None:
        if has_begun and under_way.prove(actor.victim.proof):
            under_way.enter(under_way.code)
        under_way.write_down()

    def compare_answers(self, step: told.CompareAnswers) -> None:
        """Give the same wrong proofs at a person's address and at one that nobody has."""
        actor = self.actors[step.person]
        address = actor.address(step.channel)
        if not address:
            return
        known = self._said_to(address, step.times)
        unknown = self._said_to(self._of_nobody(step.channel), step.times)
        channel = step.channel
        actor.note(AnswersCompared, address=address, channel=channel, known=known, unknown=unknown)
        under_way = SignInUnderWay(self.world, actor.victim, actor.victim)
        under_way.note_wrong_proofs(address, step.times)
        under_way.write_down()

    def use_session(self, step: told.UseSession) -> None:
        """Ask for the crimes in a person's session, even if it is over."""
        self.actors[step.person].use_session(older=step.older)

    def keep_reading(self, step: told.KeepReading) -> Iterator[datetime]:
        """Read in good time, again and again; give each time of reading."""
        actor, end = self.actors[step.person], self.world.now + timedelta(seconds=step.seconds)
        pause = timedelta(minutes=max(1, self.world.order.sign_in.session_minutes * 4 // 5))
        while self.world.now < end and actor.use_session():
            yield min(end, self.world.now + pause)

    def _give_the_right(self, actor: Actor, under_way: SignInUnderWay, missed: str) -> None:
        if missed == "code" or under_way.prove(actor.victim.proof):
            under_way.enter(under_way.code)

    def _guess_proofs(self, actor: Actor, under_way: SignInUnderWay, step: told.Guess) -> None:
        known = {each.victim.proof.casefold() for each in self.actors.values()}
        for number in range(step.times):
            guess = actor.old_word
            if step.miss != "the old one":
                guess = _missed(actor.victim.proof, step.miss, actor.person.born, number)
            if not guess or guess.casefold() in known:
                continue
            went_on = under_way.prove(guess, wrong=step.miss)
            # A portal that went on may have sent a code, as if the proof had been right.
            if went_on and under_way.code and under_way.enter(under_way.code):
                return

    def _guess_codes(self, actor: Actor, under_way: SignInUnderWay, step: told.Guess) -> None:
        guess = under_way.code
        for number in range(step.times if guess else 0):
            if step.another_code and number == step.times // 2:
                # If the portal sends none, the code that came before is still the right one.
                under_way.prove(actor.victim.proof)
                guess = under_way.code
            guess = guess.translate(_NEXT)
            if under_way.enter(guess, wrong="another one"):
                return

    def _proves_another(self, actor: Actor) -> bool:
        others = [each for each in self.actors.values() if each is not actor]
        return any(each.victim.proof.casefold() == actor.victim.proof.casefold() for each in others)

    def _said_to(self, address: str, times: int) -> tuple[str, ...]:
        """Give wrong proofs at an address; return what is said, without the address and digits."""
        said: list[str] = []
        step, proof = None, self.identity.proof_of(agreed_word="lighthouse", born=date(1911, 3, 5))
        for _proof in range(times):
            try:
                if step is None:
                    step = self.world.portal.begin_sign_in(address)
                    said.append(f"asks for {step.asks}")
                asks = self.world.portal.prove(step, proof).asks
                said.append(f"asks for {asks}")
            except Refused as refused:
                words = f"{refused.title} {refused.detail}".replace(address, "")
                without = "".join(each for each in words if not each.isdigit())
                said.append(f"{refused.status} {without}")
        return tuple(said)

    def _of_nobody(self, channel: Channel) -> str:
        if channel == "email":
            return "nobody.at.all00@example.org"
        people = [each.person for each in self.actors.values()]
        taken = {each.phone[-3:] for each in people}
        taken |= {each.phone[-3:] for each in self.strangers.values()}
        for actor in self.actors.values():
            record = actor.victim.record
            taken |= {record.mobile_phone.strip()[-3:], record.other_phone.strip()[-3:]}
        numbers = map(mobile_phone, reversed(ORDINARY_MOBILES))
        return next(each for each in numbers if each[-3:] not in taken)


def _missed(proof: str, miss: told.Miss, born: date, number: int) -> str:
    try:
        right = date.fromisoformat(proof)
    except ValueError:
        wrong = {
            "another one": f"swallow {number}",
            "cut short": proof[: -1 - number],
            "too long": proof + "s" * (number + 1),
            "date of birth": born.isoformat(),
        }
        return wrong.get(miss, f"swallow {number}")
    if miss == "day and month swapped" and right.day <= 12 and right.day != right.month:
        return right.replace(day=right.month, month=right.day).isoformat()
    if miss == "another year":
        return right.replace(day=min(right.day, 28), year=right.year + 1 + number).isoformat()
    return (right + timedelta(days=30 + number)).isoformat()


def changed_link(link: str, change: told.LinkChange) -> str:
    """Change the end of a link as a step says; "" if it has no end to change so."""
    end = link[-_END_CHARACTERS:]
    start = link[:-_END_CHARACTERS]
    token = link.rpartition("/")[2]
    # Where all letters are of one case, a portal may read either.
    is_mixed = token != token.lower() and token != token.upper()
    changed: dict[told.LinkChange, str] = {
        "": link,
        "cut short": link[:-1],
        "too long": f"{link}{link[-1]}",
        "another case": start + end.swapcase() if is_mixed else "",
        "one character": start + _with_next_character(end),
        "end": start + end[::-1],
    }
    return changed.get(change, "")


def _with_next_character(end: str) -> str:
    for at in range(2, len(end) - 1):
        if (changed := end[at].translate(_NEXT)) != end[at]:
            return end[:at] + changed + end[at + 1 :]
    return end
