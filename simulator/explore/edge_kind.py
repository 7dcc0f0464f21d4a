"""A kind of edge, and what all kinds read of a story."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from functools import cached_property
from itertools import accumulate
from typing import Any, NamedTuple, TypeAlias

from simulator.clock import LONDON
from simulator.explore import steps as told
from simulator.explore.other_orders import Changes
from simulator.explore.story import Story
from simulator.inputs.order import Order

#: Kinds of edge of which some values need a capability, and how the refused ones end.
LIMIT, FIELD_LIMIT, RECEIPT, REFUSED = "limit", "limit of a field", "receipt", ", to be refused"
ANOTHER_ORDER, DURATION, MOMENT = "another order", "duration", "moment"
#: Of what people write to each other: in any letters, and in those of several bytes.
LENGTH_KINDS = ("length", "length in another script")
PERSONS_MERGED = "records of persons merged"
_NEWS = (told.Deploy, told.Allocate, told.MakeAppointment, told.Charge, told.Close)
Values: TypeAlias = Iterable[str]


class Window(NamedTuple):
    """A time at which a story meets an edge: something the judge expects falls in it.

    One that is `crossed` begins with a moment over which something must wait, until it ends.
    """

    begins: datetime
    ends: datetime
    is_crossed: bool = False

    def has(self, since: datetime, until: datetime) -> bool:
        """Say whether what lasted from one time to another was there."""
        if self.is_crossed:
            return since < self.begins <= until <= self.ends
        return since <= self.ends and self.begins <= until


class EdgeKind(NamedTuple):
    """A kind of edge: all its values under an order in a phase, and those that a story meets.

    `beside` gives, for an edge of a field of the order, what would be otherwise in orders beside
    that of the story: the judge decided about the field if it expects something else by one of
    them. It gives None for an edge of the contract. `when` gives the times at which a story meets
    a value, where the edge is one of time: something must have waited for it, or come then.
    """

    name: str
    all: Callable[[Order, int], Values]
    met: Callable[["StoryRead"], Values]
    beside: Callable[["StoryRead", str], Iterable[Changes] | None] = lambda _seen, _value: None
    when: Callable[["StoryRead", str], Iterable[Window]] | None = None


class StoryRead:
    """A story with what several kinds of edge read of it; each list is made once."""

    def __init__(self, story: Story, order: Order, own: Order) -> None:
        """Read a story of this order; `own` is the order of the force."""
        self.story = story
        self.order = order
        self.own = own
        self.steps = story.steps
        self._of: dict[tuple[type, ...], list[Any]] = {}
        self.records_by_label = [(each.label, each.record) for each in story.people]
        changed = self.of(told.ChangeDetails)
        self.records_by_label += [(each.person, each.record) for each in changed]
        self.records = [record for _label, record in self.records_by_label]

    def of(self, *kinds: type) -> list[Any]:
        """List the steps of some kinds."""
        if kinds not in self._of:
            self._of[kinds] = [each for each in self.steps if isinstance(each, kinds)]
        return self._of[kinds]

    @cached_property
    def seconds(self) -> tuple[int, ...]:
        """Give how many seconds after the beginning each step happens; a wait, at its end."""
        return tuple(accumulate(map(told.lasts_seconds, self.steps)))

    @cached_property
    def moments(self) -> tuple[datetime, ...]:
        """Give the moment of each step, in London."""
        begins = self.story.begins_at
        return tuple((begins + timedelta(seconds=each)).astimezone(LONDON) for each in self.seconds)

    @cached_property
    def agreed_days(self) -> tuple[tuple[datetime, datetime], ...]:
        """Give when the days are over since news, for each number agreed on with its people."""
        days_of: dict[str, set[int]] = {}
        for label, record in self.records_by_label:
            days_of.setdefault(label, set()).update(filter(None, [record.update_frequency_days]))
        people: dict[str, tuple[str, ...]] = {}
        found: list[tuple[datetime, datetime]] = []
        for begun, step in zip(self.moments, self.steps, strict=True):
            if isinstance(step, told.RecordCrime):
                people[step.crime] = step.people
            if isinstance(step, _NEWS):
                days = {each for label in people.get(step.crime, ()) for each in days_of[label]}
                # Days of 24 hours, also where the clocks change.
                found += ((begun, begun.astimezone(UTC) + timedelta(days=each)) for each in days)
        return tuple(found)
