"""People who signed in before the run's phase went live, and which rules apply to them then.

A phase is a date: a victim who already followed a crime is told by its rules from that day on. They
sign in once, before the run enters its phase, and each is in one scenario.
"""

from features.people import Actor, Register
from features.running_scenario import Scene, Unmet
from features.scenario_evidence import Past
from simulator.drivers.base import Refused
from simulator.errors import CannotVerify
from simulator.world.world import World

_NAME, _CRIME = "Alex", "public order offence"
_PEOPLE = 2


class PhaseBefore:
    """Has people come in while an earlier phase is live, and hands them to a scenario later."""

    def __init__(self, register: Register, past: Past, phase: int) -> None:
        self._register = register
        self._past = past
        self._phase = phase
        self._followers: list[Actor] = []
        self._begun = 0
        self._why_none: Exception = CannotVerify(
            "nobody can be there before a phase without a test clock: not verified"
        )

    def begin(self, world: World) -> None:
        """Let people come in during the first phase, if the portal can be in it before its own."""
        if self._phase < 2 or "test_clock" not in world.portal.capabilities:
            return
        self._begun = len(world.evidence.records)
        world.enter_phase(1)
        scene = Scene(world, self._register, self._past)
        try:
            for _each in range(_PEOPLE):
                actor = scene.add(_NAME, ("text",))
                scene.record_crime([actor], _CRIME)
                self._past.leave([actor])
                scene.register_with_portal(actor)
                self._followers.append(actor)
        except (Unmet, Refused) as error:
            # Other scenarios do not need them.
            self._why_none = error

    def bring_in(self, scene: Scene) -> Actor:
        """Bring one of them into a scenario, who is judged by all since they came in."""
        if not self._followers:
            raise self._why_none
        actor = self._followers.pop()
        self._past.give_back(actor)
        scene.bring_in(actor, self._begun)
        return actor
