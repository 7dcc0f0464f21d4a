"""One sign-in as a person, answer by answer; what was tried and what came of it is evidence.

The evidence keeps how each answer was wrong, and never the answer itself.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, TypeVar

from simulator.drivers.base import Refused, Session, Step
from simulator.errors import PortalNotAvailable
from simulator.evidence.records import SignedIn, SignInAnswer, SigningIn, SignInTried
from simulator.judge.facts.sign_in_attempts import NO_CODE
from simulator.neighbours.gateway.inbox import Accepted
from simulator.world import victims
from simulator.world.victims import Victim
from simulator.world.world import World

T = TypeVar("T")


@dataclass
class SignInUnderWay:
    """A sign-in as `victim`; `reads` holds the phone and mailbox at which codes are read."""

    world: World
    victim: Victim
    reads: Victim
    code: str = field(init=False, default="")
    code_sent_at: datetime | None = field(init=False, default=None)
    session: Session | None = field(init=False, default=None)
    _begun_at: datetime = field(init=False)
    _step: Step | None = field(init=False, default=None)
    _asked: str = field(init=False, default="")
    _invitation_id: str = field(init=False, default="")
    _address: str = field(init=False, default="")
    _answers: list[SignInAnswer] = field(init=False, default_factory=list)

    def __post_init__(self) -> None:
        self._begun_at = self.world.now

    def follow(self, link: str, *, wrong: str = "", sent: str = "") -> bool:
        """Begin by a link; for one that was changed, `sent` is "" and says that none was sent."""
        self._invitation_id = victims.carrier_of(self.world, self.reads, sent) if sent else ""
        portal = self.world.portal
        return self._begun(self._answered("link", wrong, lambda: portal.open_invitation(link)))

    def begin(self, address: str, *, written: str = "", wrong: str = "") -> bool:
        """Begin by an address, perhaps as it is `written` by the person."""
        self._address = address
        portal, given = self.world.portal, written or address
        return self._begun(self._answered("address", wrong, lambda: portal.begin_sign_in(given)))

    def prove(self, proof: str, *, wrong: str = "") -> bool:
        """Give a proof; a code may then come. Return whether the portal went on."""
        begun = self._step
        if begun is None:
            return False
        world, before = self.world, {each.message_id for each in self._messages()}
        world.evidence.append(SigningIn(at=world.now, person_id=self.victim.person_id))
        step = self._answered("proof", wrong, lambda: world.portal.prove(begun, proof))
        if step is None:
            return False
        self._step = step
        victims.await_code(world, self.reads, before)
        self._take_code(before)
        return True

    def enter(self, code: str, *, wrong: str = "") -> bool:
        """Enter a code; return whether it opened a session."""
        step = self._step
        if step is None:
            return False
        if not code:
            self._answers.append(SignInAnswer(to="code", wrong=NO_CODE, taken=False))
            return False
        session = self._answered("code", wrong, lambda: self.world.portal.enter_code(step, code))
        self.session = session or self.session
        return session is not None

    def note_wrong_proofs(self, address: str, times: int) -> None:
        """Note that so many wrong proofs were given and refused at an address."""
        self._address = address
        self._answers += [SignInAnswer(to="proof", wrong="another one", taken=False)] * times

    def write_down(self) -> None:
        """Write down in the evidence what was tried since it was last written down."""
        world, person_id = self.world, self.victim.person_id
        if not self._answers:
            return
        let_in = self._answers[-1].to == "code" and self._answers[-1].taken
        world.evidence.append(
            SignInTried(
                at=world.now,
                begun_at=self._begun_at,
                person_id=person_id,
                answers=tuple(self._answers),
                let_in=let_in,
                invitation_id=self._invitation_id,
                address=self._address,
                asked=self._asked,
                code_sent_at=self.code_sent_at,
            )
        )
        if let_in:
            world.evidence.append(SignedIn(at=world.now, person_id=person_id))
        # What follows is told by itself: it is no second use of the link.
        self._answers, self._invitation_id, self._asked = [], "", ""

    def _begun(self, step: Step | None) -> bool:
        self._step = step
        self._asked = step.asks if step is not None else ""
        return step is not None

    def _answered(
        self, to: Literal["link", "address", "proof", "code"], wrong: str, give: Callable[[], T]
    ) -> T | None:
        try:
            result = give()
        except Refused:
            result = None
        except PortalNotAvailable:
            # No code can be sent while the gateway is down, and the contract lets a portal say so.
            if not self.world.breakdowns.is_gateway_down:
                raise
            result = None
        self._answers.append(SignInAnswer(to=to, wrong=wrong, taken=result is not None))
        return result

    def _messages(self) -> list[Accepted]:
        return victims.messages_of(self.world, self.reads)

    def _take_code(self, before: set[str]) -> None:
        """Read the code that came; if none came, an earlier one may still be valid."""
        found = [
            (code, each.accepted_at, each.message_id in before)
            for each in self._messages()
            if not self.world.link_in(each) and (code := self.world.code_in(each))
        ]
        new = [each for each in found if not each[2]]
        if new or found:
            self.code, self.code_sent_at, _is_old = new[0] if new else found[-1]
