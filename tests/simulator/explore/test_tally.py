"""Of every edge it is counted what became of it, and of one that was not judged it is said why."""

from datetime import UTC, datetime

from simulator.evidence.records import Record, Seen
from simulator.explore.edges import Edge, met_by
from simulator.explore.judged_story import Judged
from simulator.explore.tally import Played, Tally, played_of
from simulator.explore.unreachable import Reach
from tests.simulator.explore.stories import CRIME, PLAIN, order, story

ANYTHING = Reach(
    capabilities=frozenset(),
    order_is_fixed=False,
    can_restart=True,
    can_start_worker=True,
    days=None,
)
SEEN = Seen(
    at=datetime(2026, 6, 2, tzinfo=UTC),
    person_id="P0000001",
    where="timeline",
    crime_reference=CRIME,
    texts=("Theft",),
)
#: An edge of the order, and one of the contract, that the plain story meets.
OFFENCE, STEP = Edge("offence", "in: Bicycle theft"), Edge("event", "Deploy at once")


def played(*records: Record, asked: frozenset[Edge] | None = None) -> Played:
    """Give what became of the plain story: nothing of it depends on the order."""
    judged = Judged(failures=(), records=records, done=PLAIN)
    return played_of(story(*PLAIN), judged, order(), number=0, asked=asked)


def why(*stories: Played) -> dict[Edge, str]:
    """Give why each of the two edges was not judged."""
    tally = Tally()
    for each in stories:
        tally.take(each)
    counted = tally.edges((OFFENCE, STEP), ANYTHING)
    return {Edge(each.kind, each.value): each.why_not_judged for each in counted}


def test_an_edge_that_was_not_judged_has_its_reason() -> None:
    """Nothing was shown; or, of the order, nothing depends on it; or it was not asked."""
    assert {OFFENCE, STEP} <= met_by(story(*PLAIN), order())
    nothing_shown = why(played())
    assert all("sent no message and showed no page" in each for each in nothing_shown.values())
    shown = why(played(SEEN))
    assert shown[STEP] == ""
    assert "another value of this field of the order" in shown[OFFENCE]
    not_asked = why(played(SEEN, asked=frozenset()))
    assert all("of which this is not asked" in each for each in not_asked.values())


def test_what_is_known_better_from_another_story_is_said() -> None:
    """In whichever order the stories come: nothing depends on it, though a page was shown."""
    both = (played(), played(SEEN), played(SEEN, asked=frozenset()))

    for stories in (both, both[::-1]):
        assert "another value of this field of the order" in why(*stories)[OFFENCE]
        assert why(*stories)[STEP] == ""


def test_an_edge_that_was_never_met_has_no_such_reason() -> None:
    """There is nothing to explain."""
    assert set(why().values()) == {""}
