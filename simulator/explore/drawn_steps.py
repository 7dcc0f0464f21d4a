"""The steps of a story as they are drawn: each is taken only if it is lawful after those before.

What draws them, one by one or in scenes, adds them here.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Literal, TypeAlias

from msgspec import Struct

from simulator.explore import steps as told
from simulator.explore.cast import Casting
from simulator.explore.force_drawing import ForceDrawing, drawn_officers
from simulator.explore.force_names import ForceNames
from simulator.explore.lawful import StorySoFar
from simulator.explore.story import Person, Stranger
from simulator.explore.times import FIXED_DAYS_MAX
from simulator.inputs.order import Order
from simulator.world.made_up_records import MadeUpRecords

#: An area that stories lean to.
Focus: TypeAlias = Literal["", "events", "messages", "sign-in", "contact", "two-way", "breakdowns"]
#: A crime system that is away for longer shows nothing new: a portal asks it again each hour.
_OUTAGE_SECONDS_MAX = 3 * 86_400
#: Steps of a story on the target's own days last so long; it ends up to forty days after them.
_FIXED_SECONDS_MAX = (FIXED_DAYS_MAX - 45) * 86_400


class WhichStory(Struct, frozen=True, kw_only=True):
    """What is to be drawn: the story of a seed, for a portal that is to be in `phase`.

    The `order` is the story's own, unless it is fixed, and `usual` is the force's. `records` are
    how its force writes.
    """

    order: Order
    usual: Order
    phase: int
    seed: str
    order_is_fixed: bool
    focus: Focus
    records: MadeUpRecords


@dataclass
class DrawnSteps:
    """The steps that are drawn so far; `now` is the moment of the latest."""

    which: WhichStory
    draw: Random
    casting: Casting
    people: tuple[Person, ...]
    strangers: tuple[Stranger, ...]
    now: datetime
    steps: list[told.Step] = field(init=False, default_factory=list)
    so_far: StorySoFar = field(init=False)
    draw_scripts: Random = field(init=False)
    force: ForceDrawing = field(init=False)
    signed_in: set[str] = field(init=False, default_factory=set)
    is_over: bool = field(init=False, default=False)
    #: When each person last tried to sign in.
    came_in_at: dict[str, datetime] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        # Not for secrets, and a draw of its own, also for the force's replies.
        self.draw_scripts = Random(f"scripts/{self.which.phase}/{self.which.seed}")  # noqa: S311
        self.so_far = StorySoFar.at_the_start(self.people, self.strangers)
        self.force = ForceDrawing(
            self.draw,
            self.which.order,
            self.so_far,
            {each.label: each for each in self.people},
            {each.label: each.record for each in self.people},
            drawn_officers(self.which.records),
            ForceNames(self.which.seed),
            self.draw_scripts,
        )

    @contextmanager
    def drawn_from(self, draw: Random) -> Iterator[None]:
        """Draw steps from another stream for a time: those after it stay as they were drawn."""
        first = self.draw
        self.draw = self.force.draw = draw
        try:
            yield
        finally:
            self.draw = self.force.draw = first

    def add(self, step: told.Step | None) -> None:
        """Take a step, if it is lawful now."""
        if step is not None and self.so_far.allows(step):
            self.so_far.take(step)
            self.steps.append(step)
            if isinstance(step, told.Wait):
                self.now += timedelta(seconds=step.seconds)

    def wait(self, seconds: int) -> None:
        """Let time pass, unless the story would last too long; no outage lasts for weeks."""
        if self.which.order_is_fixed and self.so_far.seconds + seconds > _FIXED_SECONDS_MAX:
            return
        since = self.so_far.crime_system_down_since_seconds
        if since is not None and self.so_far.seconds + seconds - since > _OUTAGE_SECONDS_MAX:
            self.add(told.Breakdown(what="crime system back"))
        self.add(told.Wait(seconds=seconds))

    def come_in(self, label: str) -> None:
        """Have a person sign in before they do something, unless they have just done so.

        They use the link of an invitation; one who has used theirs uses their phone or mailbox.
        """
        since = self.came_in_at.get(label)
        session = timedelta(minutes=self.which.order.sign_in.session_minutes)
        if since is not None and self.now - since < session:
            return
        self.add(told.SignIn(person=label, by="link"))
        if label in self.signed_in:
            self.add(told.SignIn(person=label, by=self.draw.choice(("text", "email"))))
        self.note_sign_in(label)

    def note_sign_in(self, label: str) -> None:
        """Note that a person has tried to sign in."""
        self.signed_in.add(label)
        self.came_in_at[label] = self.now
