"""The model sends what the reference portal sends: the same cases through both, compared.

It does so under every order that a plan may make of today's, and while the portal is down.
"""

from pathlib import Path
from typing import Any

import pytest
import tomli_w

from simulator.planning.against_portal import (
    SECONDS_APART_MAX,
    ComparedCase,
    Comparison,
    SentMessage,
    compare,
    is_same,
)
from simulator.planning.model_run import LEFT_OUT, LEFT_OUT_CHANGES, ROUGHLY
from simulator.planning.modelled_portal import Outage
from simulator.planning.scenario import read_scenario
from simulator.rehearsal.officer_behaviour import CALL_BACK
from simulator.rehearsal.rollout import read_rollout
from tests.simulator.planning.drawn_orders import (
    MESSAGES,
    ChangeRaw,
    changed_by,
    drawn,
    put,
    without,
)
from tests.simulator.planning.small_plans import PLANS
from tests.simulator.real_files import ROLLOUT, ROOT, parsed
from tests.simulator.rehearsal.small import write_small

#: With as many seeds, 10,000 cases: `make proof` runs them all.
CASES, SEEDS = 900, 12
#: Of each other order there are fewer, for some weeks more than an order's phases take.
CASES_OF_AN_ORDER, WEEKS_OF_AN_ORDER = 400, 6
DRAWN_ORDERS = 24
_HOUR, _DAY = 3600, 86_400
#: The files in which a plan may change what the portal is told, sends, and asks.
_MODELLED = ("order", "rollout", "data_quality")
#: When the portal is down, after phase 1 went live: a day, a night, a week, a moment, twice.
OUTAGES = {
    "a Monday, 8 to 20": [Outage(35 * _DAY + 8 * _HOUR, 35 * _DAY + 20 * _HOUR)],
    "an evening to the next day": [Outage(34 * _DAY + 18 * _HOUR, 35 * _DAY + 14 * _HOUR)],
    "six days, until night": [Outage(40 * _DAY + 23 * _HOUR, 46 * _DAY + 23 * _HOUR)],
    "into the morning, for a week": [
        Outage(day * _DAY + 5 * _HOUR, day * _DAY + 10 * _HOUR) for day in range(33, 40)
    ],
    "three hours twice": [
        Outage(36 * _DAY + 10 * _HOUR, 36 * _DAY + 13 * _HOUR),
        Outage(36 * _DAY + 14 * _HOUR, 36 * _DAY + 17 * _HOUR),
    ],
}


def unchanged(_raw: dict[str, Any]) -> None:
    """Change nothing."""


def rollout_of_what_is_modelled(
    folder: Path,
    weeks: int,
    *,
    order: ChangeRaw = unchanged,
    rollout: ChangeRaw = unchanged,
    data_quality: ChangeRaw = unchanged,
) -> Path:
    """Write a small rollout of what the model follows, live for so many weeks at the end."""

    def change(raw: dict[str, Any]) -> None:
        journey = parsed(ROOT / raw["journey"])
        journey["further"] = [e for e in journey["further"] if is_modelled(e)]
        (folder / "journey.toml").write_text(tomli_w.dumps(journey))
        raw["journey"] = str(folder / "journey.toml")
        quality = parsed(ROOT / read_rollout(ROLLOUT).data_quality)
        data_quality(quality)
        (folder / "data-quality.toml").write_text(tomli_w.dumps(quality))
        raw["data_quality"] = str(folder / "data-quality.toml")
        raw["calendar"]["quarter_weeks"] = weeks
        rollout(raw)
        for name in ("texts_stop", "chooses_channel", "withdraws_support"):
            raw["victims"][name]["value"] = 0.0

    return write_small(folder, rollout=change, order=order)


def is_modelled(further: dict[str, Any]) -> bool:
    """Say whether the model follows this to the end, as docs/planning.md says.

    When a crime was reported stays: officers may be sent before it is recorded.
    """
    event, change = further["event"], further.get("change")
    return further.get("before", False) or not (
        event in {*ROUGHLY, *LEFT_OUT} or change in LEFT_OUT_CHANGES
    )


def compared_by_order(folder: Path, seed: int, order: ChangeRaw) -> Comparison:
    """Compare some cases by another order than today's."""
    path = rollout_of_what_is_modelled(folder, WEEKS_OF_AN_ORDER, order=order)
    return compare(path, seed=seed, cases=CASES_OF_AN_ORDER)


def tight(raw: dict[str, Any]) -> None:
    """Let two messages go a week, of everything that there is to tell."""
    put(raw, "messages.per_week_max", 2)
    put(raw, "catalogue.switched_off", [])
    put(raw, "journey.still_with_us_days", 3)


def case_of(*sent: SentMessage, rang: bool = True, reached: int = 5) -> ComparedCase:
    """Make a case with these messages, one of which reached the victim."""
    return ComparedCase(list(sent), [(reached, True, False)], (rang,))


UPDATE = SentMessage(5, "text", "CrimeClosed 1", ("update", "reply", "advice"))
MODELLED = UPDATE._replace(names=("advice",))


@pytest.mark.parametrize(
    "other",
    [
        case_of(MODELLED._replace(channel="email")),
        case_of(MODELLED._replace(names=("still_with_us",))),
        case_of(MODELLED._replace(about="CrimeClosed 2")),
        case_of(MODELLED._replace(at=6)),
        case_of(MODELLED, MODELLED),
        case_of(),
        case_of(MODELLED, rang=False),
        case_of(MODELLED, reached=6),
    ],
)
def test_another_message_channel_news_or_second_differs(other: ComparedCase) -> None:
    """Also one message more or fewer, and a call; only what fails may be a minute apart."""
    assert is_same(case_of(UPDATE), case_of(MODELLED))
    assert not is_same(case_of(UPDATE), other)


def test_what_comes_of_a_failed_address_may_be_a_minute_apart() -> None:
    """And no more."""
    for apart, expected in ((60, True), (61, False)):
        later = case_of(MODELLED._replace(at=5 + apart), reached=5 + apart)
        assert is_same(case_of(UPDATE), later, SECONDS_APART_MAX) is expected


def test_everything_of_the_journey_is_compared_or_named() -> None:
    """What is left out is named with the reason, and no more than that is left out."""
    further = parsed(ROOT / read_rollout(ROLLOUT).journey)["further"]
    left = {each.get("change") or each["event"] for each in further if not is_modelled(each)}

    assert left == {*LEFT_OUT, *LEFT_OUT_CHANGES, *ROUGHLY}
    assert {"CrimeCancelled", "died", "marker_added"}.isdisjoint(left)


@pytest.mark.slow(seconds=8)
def test_victims_who_die_or_may_not_be_told_any_longer_are_the_same(tmp_path: Path) -> None:
    """Where it happens to two in five: nothing is sent after it, and who was told hears."""

    def change(raw: dict[str, Any]) -> None:
        path = tmp_path / "journey.toml"
        journey = parsed(path)
        for each in journey["further"]:
            if each.get("change") in {"died", "marker_added"} or each["event"] == "CrimeCancelled":
                each["share"]["value"] = 0.4
        path.write_text(tomli_w.dumps(journey))

    compared = compare(rollout_of_what_is_modelled(tmp_path, 2, rollout=change), seed=3, cases=90)

    assert compared.differing == []
    assert compared.tasks["sensitive_contact"] > 3


@pytest.mark.slow(seconds=4)
def test_a_few_cases_are_the_same(tmp_path: Path) -> None:
    """Every message at its second, who registered, and which worry became a call."""
    compared = compare(rollout_of_what_is_modelled(tmp_path, 1), seed=7, cases=60)

    assert compared.differing == []
    assert compared.messages > 100
    assert compared.rang < compared.worries
    assert compared.tasks.total() - compared.tasks[CALL_BACK] > 5
    assert sum(compared.kinds.values()) >= compared.messages
    assert {each.split()[0] for each in compared.kinds} == {"text", "email"}
    assert all(words for _channel, words in (each.split(" ") for each in compared.kinds))
    assert compared.to_the_second == sum(compared.kinds.values())
    assert compared.left_out.keys() == {*LEFT_OUT, *LEFT_OUT_CHANGES, *ROUGHLY}
    # Update calls leave tasks in both: they are among what may not differ.
    assert compared.tasks[CALL_BACK] > 0
    assert compared.refused == 0


@pytest.mark.slow(seconds=8)
@pytest.mark.parametrize(
    "order",
    [
        pytest.param(changed_by("message-flood")["order"], id="flood", marks=pytest.mark.proof),
        pytest.param(tight, id="tight"),
    ],
)
def test_a_few_cases_are_the_same_by_another_order(tmp_path: Path, order: ChangeRaw) -> None:
    """A flood of messages, and a week that has room for two, are the portal's too."""
    path = rollout_of_what_is_modelled(tmp_path, 2, order=order)

    compared = compare(path, seed=5, cases=60)

    assert compared.differing == []
    assert compared.messages > 100


@pytest.mark.slow(seconds=4)
def test_a_few_cases_are_the_same_where_the_portal_stops(tmp_path: Path) -> None:
    """While the portal is stopped nothing goes; then all that waited goes, as the order says."""
    stopped = [Outage(30 * _DAY + 8 * _HOUR, 32 * _DAY + 2 * _HOUR)]

    compared = compare(rollout_of_what_is_modelled(tmp_path, 1), seed=7, cases=60, outages=stopped)

    assert compared.differing == []
    assert compared.refused > 10


@pytest.mark.proof
@pytest.mark.slow(seconds=240)
@pytest.mark.parametrize("seed", range(1, SEEDS + 1))
def test_random_cases_are_the_same(tmp_path: Path, seed: int) -> None:
    """No case differs, of thousands with wrong details, late events, questions and outcomes."""
    compared = compare(rollout_of_what_is_modelled(tmp_path, 14), seed=seed, cases=CASES)

    assert compared.differing == []
    assert compared.cases == CASES


def plans_of_the_portal() -> list[str]:
    """Name the plans that change what the portal is told, sends or asks."""
    found = {
        path.stem: {each.file for each in read_scenario(path)[0].changes}
        for path in sorted(PLANS.glob("*.toml"))
    }
    return [name for name, files in found.items() if files & {*_MODELLED, "journey"}]


@pytest.mark.proof
@pytest.mark.slow(seconds=60)
@pytest.mark.parametrize("plan", plans_of_the_portal())
def test_cases_are_the_same_by_every_plan(tmp_path: Path, plan: str) -> None:
    """What a plan changes in the order, in what people do and in the details is so in both."""
    changes = changed_by(plan)
    assert changes.keys() <= {*_MODELLED}
    path = rollout_of_what_is_modelled(tmp_path, WEEKS_OF_AN_ORDER, **changes)

    compared = compare(path, seed=11, cases=CASES_OF_AN_ORDER)

    assert compared.differing == []
    assert compared.messages > 500


@pytest.mark.proof
@pytest.mark.slow(seconds=100)
@pytest.mark.parametrize("message", MESSAGES)
def test_cases_are_the_same_without_each_message(tmp_path: Path, message: str) -> None:
    """With each trigger switched off in turn, and each automatic message, no case differs."""
    compared = compared_by_order(tmp_path, 12, without(message))

    assert compared.differing == []
    assert bool(compared.messages) == (message != "CrimeRecorded")


@pytest.mark.proof
@pytest.mark.slow(seconds=180)
@pytest.mark.parametrize("seed", range(1, DRAWN_ORDERS + 1))
def test_cases_are_the_same_by_orders_drawn(tmp_path: Path, seed: int) -> None:
    """Limits, bundles, quiet hours, phases, triggers and eligibility drawn: no case differs."""
    assert compared_by_order(tmp_path, seed, drawn(seed)).differing == []


@pytest.mark.proof
@pytest.mark.slow(seconds=40)
@pytest.mark.parametrize("stops", OUTAGES.values(), ids=OUTAGES.keys())
def test_cases_are_the_same_where_the_portal_stops(tmp_path: Path, stops: list[Outage]) -> None:
    """A portal that is stopped for so long and started again goes on as the model's does."""
    path = rollout_of_what_is_modelled(tmp_path, WEEKS_OF_AN_ORDER)

    compared = compare(path, seed=13, cases=CASES_OF_AN_ORDER, outages=stops)

    assert compared.differing == []
    assert compared.refused > 0
