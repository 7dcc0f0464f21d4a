"""Counts what was played: stories, steps, edges and failures, each failure by its fingerprint."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from msgspec import Struct, structs

from simulator.evidence.records import MessageAccepted, Seen
from simulator.evidence.shown_words import ShownWords, shown_words
from simulator.explore.decided_edges import decided_edges
from simulator.explore.edges import Edge, met_by
from simulator.explore.judged_story import FailingStory, Failure, Judged
from simulator.explore.seeming_order import is_right_by_own_order, seems_to_have_own_order
from simulator.explore.story import Story
from simulator.explore.unreachable import Reach
from simulator.inputs.order import Order
from simulator.results.exploration import EdgeCount, SeemingOrder
from simulator.verdicts import Kind, worst

#: Why the judge decided about no edge of a story; or not about one of a field of the order.
_NOTHING_SHOWN = "the portal sent no message and showed no page in the stories that met it"
_ANOTHER_VALUE = (
    "no story that met it depends on it: nothing waited for it or came of it, or by another value "
    "of this field of the order the judge would have found and expected the same"
)
#: To ask takes time, so it is asked of the first stories only.
_NOT_ASKED = "only later stories of the run met it, of which this is not asked: try another seed"


class Played(Struct, frozen=True, kw_only=True):
    """What became of one story; `failing` has it once for each of its failures.

    `judged` are those of its edges about which the judge decided, and about which it was asked;
    `undecided` says of the others about which it was asked why it did not. A story that failed by
    `another_order` may be `right_by_own`, the force's.
    """

    number: int
    failing: tuple[FailingStory, ...]
    step_kinds: Counter[str]
    edges: frozenset[Edge]
    messages: int
    judged: frozenset[Edge] = frozenset()
    undecided: dict[Edge, str] = {}
    words: frozenset[ShownWords] = frozenset()
    another_order: bool = False
    right_by_own: bool = False

    @property
    def failures(self) -> tuple[Failure, ...]:
        """What failed in it."""
        return tuple(each.failure for each in self.failing)


def played_of(
    story: Story,
    judged: Judged,
    order: Order,
    *,
    number: int,
    others: tuple[FailingStory, ...] = (),
    asked: frozenset[Edge] | None = None,
) -> Played:
    """Say what became of a story that was judged, and of `others` that were made of it.

    A step that was not done counts for nothing. About which edges the judge decided is found for
    those in `asked` (None for all): it takes time, and once in a run is enough.
    """
    done = structs.replace(story, steps=judged.done)
    edges = met_by(done, order)
    about = edges if asked is None else edges & asked
    decided = decided_edges(about, done, judged, order)
    was_shown = any(isinstance(each, MessageAccepted | Seen) for each in judged.records)
    return Played(
        number=number,
        failing=(*(FailingStory.of(story, each, judged) for each in judged.failures), *others),
        step_kinds=Counter(type(each).__name__ for each in judged.done),
        edges=edges,
        judged=decided,
        undecided=dict.fromkeys(about - decided, _ANOTHER_VALUE if was_shown else _NOTHING_SHOWN),
        messages=sum(isinstance(each, MessageAccepted) for each in judged.records),
        words=shown_words(judged.records),
        another_order=bool(story.order),
        right_by_own=bool(story.order and judged.failures)
        and is_right_by_own_order(story, judged, order),
    )


@dataclass
class Tally:
    """Counts what was played; `played` has the number of each story."""

    played: list[int] = field(default_factory=list)
    messages: int = 0
    step_kinds: Counter[str] = field(default_factory=Counter)
    words: set[ShownWords] = field(default_factory=set)
    #: The edges that stories of this run can meet.
    reachable: frozenset[Edge] = frozenset()
    #: Of the stories of another order than the force's: those that failed, and those of them that
    #: are right by the force's.
    _failed_by_order: int = 0
    _right_by_own: int = 0
    _numbers: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    _kinds: dict[str, Kind] = field(default_factory=dict)
    _met: Counter[Edge] = field(default_factory=Counter)
    _judged: set[Edge] = field(default_factory=set)
    _undecided: dict[Edge, str] = field(default_factory=dict)
    #: For each failure, the story of the lowest number that showed it.
    _first: dict[str, tuple[int, FailingStory]] = field(default_factory=dict)

    def take(self, played: Played) -> None:
        """Count one story."""
        self.played.append(played.number)
        self.messages += played.messages
        self.step_kinds += played.step_kinds
        self.words |= played.words
        self._met.update(played.edges)
        self._judged |= played.judged
        for edge, why in played.undecided.items():
            if self._undecided.get(edge) != _ANOTHER_VALUE:
                self._undecided[edge] = why
        self._failed_by_order += played.another_order and bool(played.failing)
        self._right_by_own += played.right_by_own
        kinds = {each.fingerprint: each.kind for each in played.failures}
        for each in reversed(played.failing):
            first = self._first.get(each.failure.fingerprint)
            if first is None or played.number <= first[0]:
                self._first[each.failure.fingerprint] = played.number, each
        for fingerprint, kind in kinds.items():
            self._numbers[fingerprint].append(played.number)
            self._kinds[fingerprint] = worst([kind, self._kinds.get(fingerprint, kind)])

    @property
    def stories(self) -> int:
        """How many stories were played."""
        return len(self.played)

    @property
    def failures(self) -> int:
        """How many failures there are, each counted once however many stories show it."""
        return len(self._numbers)

    @property
    def covered(self) -> str:
        """Say how many of the edges that can be met were met so far."""
        met = len(self.reachable & self._met.keys())
        return f"{met:,} of {len(self.reachable):,} edges met"

    @property
    def seems_ordered(self) -> SeemingOrder | None:
        """Count the failures of a portal that seems to have the force's order in every story."""
        failed, explained = self._failed_by_order, self._right_by_own
        if not seems_to_have_own_order(explained, failed):
            return None
        return SeemingOrder(explained=explained, failed=failed)

    def most_frequent_first(self) -> list[tuple[str, list[int]]]:
        """List each failure with the numbers of its stories."""
        found = [(each, sorted(numbers)) for each, numbers in self._numbers.items()]
        return sorted(found, key=lambda each: (-len(each[1]), each[0]))

    def first_of(self, fingerprint: str) -> FailingStory:
        """Give the first story that showed a failure, not made shorter."""
        return self._first[fingerprint][1]

    def not_judged(self, every: frozenset[Edge]) -> frozenset[Edge]:
        """Return the edges about which the judge decided in no story so far."""
        return every - self._judged

    def edges(self, every: Sequence[Edge], reach: Reach) -> tuple[EdgeCount, ...]:
        """Say for every edge in how many stories it was met, if it was judged, or why none can."""
        return tuple(
            EdgeCount(
                kind=each.kind,
                value=each.value,
                stories=self._met[each],
                judged=each in self._judged,
                unreachable="" if self._met[each] else reach.why_unreachable(each),
                why_not_judged=self._why_not_judged(each),
            )
            for each in every
        )

    def _why_not_judged(self, edge: Edge) -> str:
        if edge in self._judged or not self._met[edge]:
            return ""
        return self._undecided.get(edge, _NOT_ASKED)

    def verdict(self) -> Kind:
        """Give the verdict: without any message there was nothing to judge."""
        if self._kinds:
            return worst(self._kinds.values())
        return "PASS" if self.messages else "INCONCLUSIVE"
