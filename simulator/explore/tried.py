"""The portal that is explored, and what starts it: a story alone has a portal of its own."""

from dataclasses import dataclass
from pathlib import Path

from msgspec import structs

from simulator.errors import BadInput, PortalUnreachable
from simulator.explore.judged_story import Judged
from simulator.explore.lawful import without_unclaimed
from simulator.explore.steps import StartSecondWorker
from simulator.explore.story import Story
from simulator.explore.story_drawing import order_of
from simulator.explore.timeline import fresh_timeline
from simulator.files.paths import ROOT
from simulator.inputs.order import Order, read_order
from simulator.inputs.target import SecretValues, Target, read_target, secret_values
from simulator.world.made_up_records import MadeUpRecords
from simulator.world.recipient_guard import check_recipients


@dataclass(frozen=True)
class Tried:
    """The portal that is explored, with what starts it."""

    target: Target
    order: Order
    secrets: SecretValues

    @property
    def order_is_fixed(self) -> bool:
        """Say whether the portal has the force's own order in every story.

        One in process and one behind a driver in Python take another by themselves; others claim
        to, from their settings or from the file that a program is told.
        """
        access, claims = self.target.access, self.target.claims
        if not access.lives_with_the_run:
            return True
        claims_to = bool(access.command or access.program) and "takes_order" in claims.capabilities
        return not (claims_to or access.application or access.driver)

    @property
    def is_woven(self) -> bool:
        """Say whether one portal plays many stories: it takes long to start, or runs already."""
        access = self.target.access
        return bool(access.command or access.program) or not access.lives_with_the_run

    @property
    def has_workers(self) -> bool:
        """Say whether the suite can start a second worker, and the portal claims to allow it."""
        access, claims = self.target.access, self.target.claims
        return bool(access.application) and "workers" in claims.capabilities

    def as_claimed(self, story: Story) -> Story:
        """Leave out of a story what the portal cannot have: a second worker, unclaimed events."""
        story = without_unclaimed(story, self.target.claims.capabilities)
        if self.has_workers:
            return story
        steps = (each for each in story.steps if not isinstance(each, StartSecondWorker))
        return structs.replace(story, steps=tuple(steps))

    def judged(self, story: Story) -> Judged:
        """Play a story on a portal of its own, and judge it.

        A portal that cannot be reached is tried once more, from the beginning: if that happens
        again, the story does it, and the failure is the portal's. Raises PortalUnreachable if it
        does not even start.
        """
        try:
            return self._judged(story, is_last=False)
        except PortalUnreachable:
            return self._judged(story, is_last=True)

    def _judged(self, story: Story, *, is_last: bool) -> Judged:
        order, source = order_of(story, self.order), MadeUpRecords(story.seed).source
        with fresh_timeline(self.target, order, self.secrets, [story], source=source) as timeline:
            timeline.is_last = is_last
            (judged,) = timeline.play([story])
        return judged


def tried_of(path: Path, application: str = "") -> Tried:
    """Read what a portal is explored by: its target, order and secrets; raises BadInput."""
    target = read_target(path)
    if application:
        access = structs.replace(target.access, application=application)
        target = structs.replace(target, access=access)
    check_recipients(target, path)
    if "test_clock" not in target.claims.capabilities:
        raise BadInput(
            f"{path}: claims.capabilities lacks test_clock; the stories take weeks, so explore "
            "needs a portal whose clock it can set"
        )
    if target.access.handsets is not None and not target.access.lives_with_the_run:
        raise BadInput(
            f"{path}: access.handsets: explore makes up its people, so messages must come to our "
            "gateway: leave handsets out"
        )
    return Tried(target, read_order(ROOT / target.order), secret_values(target, path))
