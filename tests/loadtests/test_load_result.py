"""The result of a burst follows from its evidence: the verdict, the counts and the times."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadtests.burst_victims import BurstVictims
from loadtests.bursts import Burst
from loadtests.load_result import make_load_result, percentile
from loadtests.locust_process import VisitCounts
from simulator.evidence.records import EventDelivered, EvidenceLog, MessageAccepted, Record
from simulator.inputs.order import read_order
from simulator.inputs.target import read_target
from simulator.neighbours.crime_system.records import CrimeSystem
from simulator.results.values import LoadResult
from tests.loadtests.bursts_for_tests import burst_values
from tests.simulator.real_files import ROOT

ORDER = read_order(ROOT / "scenarios" / "orders" / "burst.toml")
FORCE = next(iter(ORDER.forces.values())).name
TARGET = read_target(ROOT / "scenarios" / "targets" / "reference-for-load.toml")
START = datetime(2026, 6, 1, 9, tzinfo=UTC)
CLOSED_AT = START + timedelta(minutes=1)
LATER = CLOSED_AT + timedelta(minutes=16)
COUNT = 4
CROWD = BurstVictims(
    run="test",
    count=COUNT,
    force="thames_valley",
    reference_prefix="43",
    offence_subgroup="Bicycle theft",
)


class Play:
    """A burst of four crimes, with the messages that a portal made of it."""

    def __init__(self) -> None:
        self.log = EvidenceLog()
        self.now = START
        self._crime_system = CrimeSystem(now=lambda: self.now, evidence=self.log, source="test")
        for number in range(COUNT):
            self.log.append(CROWD.known(number, START))
            event_id = self._crime_system.record(CROWD.recorded(number, START, "key"))
            self._delivered(event_id)
            self.message(number, event_id, START, carries="invitation")
        self.now = CLOSED_AT
        self.closed = [
            self._crime_system.record(CROWD.closed(number, CLOSED_AT)) for number in range(COUNT)
        ]

    def delivered(self) -> "Play":
        """Hand every closure over."""
        for event_id in self.closed:
            self._delivered(event_id)
        return self

    def told(self, seconds: Mapping[int, float]) -> "Play":
        """Tell victims of their closure, so many seconds after it was scheduled."""
        for number, after in seconds.items():
            self.message(number, self.closed[number], CLOSED_AT + timedelta(seconds=after))
        return self

    def message(self, number: int, reference: str, at: datetime, *, carries: str = "") -> None:
        """Have the gateway take a text to a victim."""
        self.log.append(
            msgspec.convert(
                {
                    "kind": "MessageAccepted",
                    "at": at,
                    "message_id": f"message-{len(self.log.records)}",
                    "channel": "text",
                    "to": CROWD.mobile_phone(number),
                    "subject": "",
                    "body": f"{FORCE}: there is news for you.",
                    "sender": "Police",
                    "reference": reference,
                    "carries": carries,
                },
                MessageAccepted,
            )
        )

    def _delivered(self, event_id: str) -> None:
        self.log.append(EventDelivered(at=self.now, event_id=event_id, status=202))


def judged(
    records: Sequence[Record],
    *,
    end: datetime = LATER,
    tally: VisitCounts | None = None,
    **slo: object,
) -> LoadResult:
    """Judge a burst, with an SLO if given."""
    values = burst_values(crimes=COUNT, visitors=0)
    if slo:
        limit = {"value": slo["seconds"], "unit": "seconds", "assumed": "a test"}
        values["slo"] = {"update_to_message_p95_seconds": limit, "level": slo["level"]}
    burst = msgspec.convert(values, Burst)
    return make_load_result(burst, TARGET, ORDER, records, tally or VisitCounts(visits=3), end=end)


ALL = {0: 1.0, 1: 2.0, 2: 3.0, 3: 4.0}


def test_a_burst_with_every_message_passes() -> None:
    """Times start when an update was scheduled; invitations are not counted."""
    result = judged(Play().delivered().told(ALL).log.records)

    assert result.verdict == "PASS"
    assert (result.events_scheduled, result.events_accepted) == (COUNT, COUNT)
    assert (result.messages, result.obligations, result.visits) == (COUNT, COUNT, 3)
    assert result.update_to_message_p50_seconds == 2.0
    assert result.update_to_message_max_seconds == 4.0
    assert result.seconds == 4.0
    assert not result.failures
    assert not result.harms


def test_a_message_that_never_came_is_lost() -> None:
    """A missing message is the portal's harm, and does not make the others look faster."""
    result = judged(Play().delivered().told({0: 1.0, 1: 2.0, 2: 3.0}).log.records)

    assert result.verdict == "FAIL"
    assert [(each.harm, each.owner, each.count) for each in result.harms] == [("lost", "portal", 1)]
    assert result.update_to_message_max_seconds == 3.0


def test_a_portal_that_is_still_sending_is_not_judged() -> None:
    """A message not due when the wait ends is neither lost nor sent, so there is no pass."""
    result = judged(
        Play().delivered().told({0: 1.0}).log.records, end=CLOSED_AT + timedelta(minutes=1)
    )

    assert result.verdict == "INCONCLUSIVE"
    assert result.failures == []


def test_a_second_message_about_the_same_update_is_a_harm() -> None:
    """A duplicate fails the burst; the first message is the one that is timed."""
    result = judged(Play().delivered().told(ALL).told({0: 90.0}).log.records)

    assert result.verdict == "FAIL"
    assert [(each.harm, each.count) for each in result.harms] == [("duplicated", 1)]
    assert result.messages == COUNT + 1
    assert result.update_to_message_max_seconds == 4.0


def test_a_message_to_somebody_else_is_a_harm() -> None:
    """A message that answers one victim's update on another's telephone is misdirected."""
    play = Play().delivered().told(ALL)
    play.message(1, play.closed[0], CLOSED_AT + timedelta(seconds=5))

    result = judged(play.log.records)

    assert result.verdict == "FAIL"
    assert [each.harm for each in result.failures] == ["misdirected"]


def test_updates_that_were_not_accepted_are_not_lost() -> None:
    """A burst that did not reach the portal says nothing about it."""
    result = judged(Play().log.records)

    assert result.verdict == "INCONCLUSIVE"
    assert (result.events_accepted, result.messages) == (0, 0)
    assert result.update_to_message_p95_seconds is None


def test_a_hollow_run_is_never_judged() -> None:
    """Without any message at the gateway, the settings are in doubt, not the portal."""
    silent = [
        each for each in Play().delivered().log.records if not isinstance(each, MessageAccepted)
    ]

    assert judged(silent).verdict == "INCONCLUSIVE"


@pytest.mark.parametrize(
    ("seconds", "level", "verdict"),
    [(3.9, "must", "FAIL"), (3.9, "should", "WARNING"), (4.0, "must", "PASS")],
)
def test_a_missed_limit_counts_as_its_level_says(seconds: float, level: str, verdict: str) -> None:
    """A missed `must` fails, a missed `should` warns, and the limit itself is met."""
    result = judged(Play().delivered().told(ALL).log.records, seconds=seconds, level=level)

    assert result.verdict == verdict
    assert result.slo_update_to_message_p95_seconds == seconds


@pytest.mark.parametrize(("failed", "verdict"), [(1, "WARNING"), (3, "INCONCLUSIVE")])
def test_visits_that_failed_are_no_pass(failed: int, verdict: str) -> None:
    """Some failed visits are a WARNING; if all failed, it is INCONCLUSIVE."""
    tally = VisitCounts(visits=3, failed={"503 Busy": failed})

    result = judged(Play().delivered().told(ALL).log.records, tally=tally)

    assert (result.verdict, result.visits_failed) == (verdict, failed)


@given(
    st.lists(st.floats(0, 1e6), min_size=1, max_size=200).map(sorted),
    st.floats(0.01, 1),
)
def test_a_percentile_is_a_value_that_enough_do_not_exceed(
    values: list[float], share: float
) -> None:
    """At least that share of the values is no larger, and no smaller value has that property."""
    found = percentile(values, share)

    assert found in values
    assert sum(each <= found for each in values) >= share * len(values)
    assert sum(each < found for each in values) < share * len(values)


def test_percentiles_of_a_known_list() -> None:
    """Nearest rank, worked by hand: of 1 to 100 the 95th is 95; of nothing there is none."""
    hundred = [float(each) for each in range(1, 101)]

    assert [percentile(hundred, share) for share in (0.5, 0.95, 0.99, 1)] == [50, 95, 99, 100]
    assert percentile([7.0], 0.5) == 7.0
    assert percentile([], 0.5) is None
