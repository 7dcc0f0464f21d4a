"""The result of a burst follows from its evidence: the verdict, the counts and the times."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

import msgspec
import pytest
from msgspec import structs

from loadtests.burst_victims import BurstVictims
from loadtests.bursts import Burst
from loadtests.faults import FaultTimes
from loadtests.load_result import Played, make_load_result
from loadtests.slo import Slo
from loadtests.visit_times import VisitCounts, VisitTimes
from simulator.evidence.records import EventDelivered, EvidenceLog, MessageAccepted, Record
from simulator.inputs.order import read_order
from simulator.inputs.target import read_target
from simulator.neighbours.crime_system.records import CrimeSystem
from simulator.results.load import CoresSecond, LoadResult
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
    """A burst of four crimes, with the messages that a portal made of it.

    The records of the victims in `omitted` have nobody in them; some have wrong numbers.
    """

    def __init__(
        self, *, omitted: Sequence[int] = (), wrong_numbers: Mapping[int, str] | None = None
    ) -> None:
        self.log = EvidenceLog()
        self._wrong = wrong_numbers or {}
        if self._wrong:
            self.log.append(CROWD.known(COUNT, START))
        self.now = START
        self._crime_system = CrimeSystem(now=lambda: self.now, evidence=self.log, source="test")
        for number in range(COUNT):
            self.log.append(CROWD.known(number, START))
            recorded = CROWD.recorded(number, START, "key")
            if number in omitted:
                recorded = structs.replace(recorded, victims=())
            if number in self._wrong:
                [victim] = recorded.victims
                wrong = structs.replace(victim, mobile_phone=self._wrong[number])
                recorded = structs.replace(recorded, victims=(wrong,))
            event_id = self._crime_system.record(recorded)
            self._delivered(event_id)
            if number in omitted:
                continue
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

    def delivered_one(self, number: int) -> "Play":
        """Hand one closure over."""
        self._delivered(self.closed[number])
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
                    "to": self._wrong.get(number, CROWD.mobile_phone(number)),
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


def visits(made: int, failed: int = 0, **changes: Any) -> VisitCounts:
    """Visits, of which so many failed."""
    each = VisitTimes(
        due_seconds=0.5, late_seconds=0.0, signed_in_seconds=1.0, all_read_seconds=2.0
    )
    broken = VisitTimes(due_seconds=0.5, late_seconds=0.0, failed="503 Busy")
    return VisitCounts(visits=[each] * (made - failed) + [broken] * failed, **changes)


def judged(
    records: Sequence[Record],
    *,
    end: datetime = LATER,
    counts: VisitCounts | None = None,
    slos: Sequence[Slo] = (),
    gateway_per_second_max: float = 1000.0,
    data_quality: str = "",
    **more: Any,
) -> LoadResult:
    """Judge a burst, with limits if given."""
    values = burst_values(crimes=COUNT, visitors=0, data_quality=data_quality)
    burst = msgspec.convert(values, Burst)
    played = Played(
        counts=counts or visits(3),
        end=end,
        cores_used={"portal": 0.5, "generator": 0.2, "doubles": 0.1},
        gateway_per_second_max=gateway_per_second_max,
        **more,
    )
    return make_load_result(burst, TARGET, ORDER, records, played, slos=slos, begun_at=START)


ALL = {0: 1.0, 1: 2.0, 2: 3.0, 3: 4.0}


def test_a_person_who_cannot_be_told_is_not_waited_for() -> None:
    """Where records have faults the judge says who can be told; one of those is still missed."""
    told = Play(omitted=[3]).delivered().told({0: 1.0, 1: 2.0, 2: 3.0}).log.records
    missed = Play(omitted=[3]).delivered().told({0: 1.0, 1: 2.0}).log.records
    right = judged(told, data_quality="rates.toml")
    short = judged(missed, data_quality="rates.toml")

    assert (right.verdict, right.messages, right.obligations) == ("PASS", 3, 3)
    assert (right.events_scheduled, right.series[-1].backlog) == (COUNT, 0)
    assert short.verdict == "FAIL"
    assert [each.harm for each in short.harms] == ["lost"]
    assert judged(told).verdict == "INCONCLUSIVE"


def test_a_burst_with_every_message_passes() -> None:
    """Times start when an update was scheduled; invitations are not counted."""
    result = judged(Play().delivered().told(ALL).log.records)

    assert result.verdict == "PASS"
    assert (result.events_scheduled, result.events_accepted) == (COUNT, COUNT)
    assert (result.messages, result.obligations, result.visits) == (COUNT, COUNT, 3)
    assert result.measures["update_to_message_p50_seconds"] == 2.0
    assert result.measures["update_to_message_max_seconds"] == 4.0
    assert result.seconds == 4.0
    assert not result.failures
    assert not result.harms


def test_a_message_that_never_came_is_lost() -> None:
    """A missing message is the portal's harm, and does not make the others look faster."""
    result = judged(Play().delivered().told({0: 1.0, 1: 2.0, 2: 3.0}).log.records)

    assert result.verdict == "FAIL"
    assert [(each.harm, each.owner, each.count) for each in result.harms] == [("lost", "portal", 1)]
    assert result.measures["update_to_message_max_seconds"] == 3.0


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
    assert result.measures["update_to_message_max_seconds"] == 4.0


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
    assert "update_to_message_p95_seconds" not in result.measures


def test_the_rate_that_was_sent_is_of_the_updates_that_were_taken() -> None:
    """A portal that died took few of them: the rest were not sent at any rate."""
    play = Play()
    play.log.append(EventDelivered(at=play.now, event_id=play.closed[0], status=202))
    one = judged(play.log.records, counts=visits(3, sent_in_seconds=0.5))
    whole = judged(Play().delivered().log.records, counts=visits(3, sent_in_seconds=0.5))

    assert one.ordered.updates_per_second_sent == 1 / 0.5
    assert whole.ordered.updates_per_second_sent == COUNT / 0.5


def test_a_hollow_run_is_never_judged() -> None:
    """Without any message at the gateway, the settings are in doubt, not the portal."""
    silent = [
        each for each in Play().delivered().log.records if not isinstance(each, MessageAccepted)
    ]

    assert judged(silent).verdict == "INCONCLUSIVE"


@pytest.mark.parametrize(
    ("most", "level", "verdict"),
    [(3.9, "must", "FAIL"), (3.9, "should", "WARNING"), (4.0, "must", "PASS")],
)
def test_a_missed_limit_counts_as_its_level_says(
    most: float, level: Literal["must", "should"], verdict: str
) -> None:
    """A missed `must` fails, a missed `should` warns, and the limit itself is met."""
    limit = Slo(measure="update_to_message_p95_seconds", level=level, most=most, assumed="a test")
    result = judged(Play().delivered().told(ALL).log.records, slos=[limit])

    assert result.verdict == verdict
    assert [each.most for each in result.slos] == [most]


@pytest.mark.parametrize(("failed", "verdict"), [(0, "PASS"), (1, "FAIL"), (3, "FAIL")])
def test_visits_that_failed_break_their_limit(failed: int, verdict: str) -> None:
    """One visit in three that fails is no pass, though every message came."""
    limit = Slo(measure="failed_visits_share", level="must", most=0.01, assumed="a test")
    records = Play().delivered().told(ALL).log.records
    result = judged(records, counts=visits(3, failed), slos=[limit])

    assert (result.verdict, result.visits_failed) == (verdict, failed)
    assert sum(result.errors.values()) == failed


@pytest.mark.parametrize(
    ("counts", "gateway", "said"),
    [
        (visits(3, sent_late_seconds=[1.2] * 9), 1000.0, "the generator: 1 in 100"),
        (visits(97, not_made=3), 1000.0, "the generator: 3 of 100 visits"),
        (visits(3), 1.0, "our gateway"),
    ],
)
def test_a_burst_that_we_held_up_says_nothing_of_the_portal(
    counts: VisitCounts, gateway: float, said: str
) -> None:
    """A late generator, visits nobody could make, and a slow gateway of ours are INCONCLUSIVE."""
    records = Play().delivered().told(ALL).log.records
    result = judged(records, counts=counts, gateway_per_second_max=gateway)

    assert result.verdict == "INCONCLUSIVE"
    assert result.limited_by.startswith(said)


def test_a_wrong_portal_fails_though_we_held_it_up() -> None:
    """What was lost is lost, however slow we were."""
    records = Play().delivered().told({0: 1.0, 1: 1.0, 2: 1.0}).log.records
    result = judged(records, counts=visits(3, sent_late_seconds=[5.0] * 9))

    assert result.verdict == "FAIL"


def test_each_second_is_counted() -> None:
    """Updates, messages and the backlog between them, second by second."""
    series = judged(Play().delivered().told(ALL).log.records).series

    assert [each.updates_accepted for each in series] == [4, 0, 0, 0, 0]
    assert [each.messages for each in series] == [0, 1, 1, 1, 1]
    assert [each.backlog for each in series] == [4, 3, 2, 1, 0]
    assert series[0].visits_begun == 3
    assert series[4].update_to_message_max_seconds == 4.0


def test_a_lost_worker_leaves_nothing_to_judge() -> None:
    """Its evidence is missing, so that no harm is told, and the generator was the limit."""
    play = Play().delivered().told({0: 1.0})
    play.message(1, "of a worker that was lost", CLOSED_AT)
    whole = judged(play.log.records)
    partial = judged(play.log.records, counts=visits(3, workers=2, workers_lost=1))

    assert whole.harms
    assert (partial.verdict, partial.harms, partial.failures) == ("INCONCLUSIVE", [], [])
    assert partial.limited_by.startswith("the generator: 1 of 2 workers ended before")


def test_a_burst_that_stopped_by_itself_is_no_pass() -> None:
    """The reason is told."""
    result = judged(
        Play().delivered().told(ALL).log.records, counts=visits(3, stopped="it is down")
    )

    assert (result.verdict, result.stopped) == ("INCONCLUSIVE", "it is down")


def test_a_fault_and_the_oldest_update_are_measured() -> None:
    """At the end of a second the oldest was 3 s old; the last was told 2 s after the fault."""
    fault = FaultTimes(
        kind="portal killed",
        began_at=CLOSED_AT + timedelta(seconds=1),
        ended_at=CLOSED_AT + timedelta(seconds=2),
    )
    result = judged(Play().delivered().told(ALL).log.records, faults=(fault,))

    assert result.measures["recovery_seconds"] == 2.0
    assert result.measures["oldest_max_seconds"] == 3.0
    [found] = result.faults
    assert (found.began_seconds, found.recovery_seconds) == (1.0, 2.0)


def test_what_the_portal_s_memory_grew_by_is_measured() -> None:
    """Only where it was looked at."""
    records = Play().delivered().told(ALL).log.records

    assert (
        judged(records, memory_megabytes=(80.0, 95.0)).measures["memory_growth_megabytes"] == 15.0
    )
    assert "memory_growth_megabytes" not in judged(records).measures


def test_what_was_not_taken_at_once_is_an_error_of_its_kind() -> None:
    """Updates that were turned away or not answered are counted, beside the visits that failed."""
    play = Play()
    for event_id, status in ((play.closed[0], 503), (play.closed[1], 503), (play.closed[2], 0)):
        play.log.append(EventDelivered(at=play.now, event_id=event_id, status=status))
    result = judged(play.delivered().told(ALL).log.records, counts=visits(3, failed=1))

    assert result.errors == {
        "503 Busy": 1,
        "update answered 503, and delivered again": 2,
        "update not answered, and delivered again": 1,
    }
    assert result.events_accepted == COUNT


def test_the_busiest_seconds_stand_in_the_result() -> None:
    """What each part took then is not diluted by the wait after the burst."""
    looks = [
        CoresSecond(second=float(each), used={"portal": 1.0 if each < 5 else 0.0})
        for each in range(60)
    ]
    result = judged(Play().delivered().told(ALL).log.records, cores_over_time=looks)

    assert result.machine.busiest is not None
    assert result.machine.busiest.used == {"portal": 1.0}
