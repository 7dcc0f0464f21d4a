"""Trust falls with what victims mind, and rises with news on time."""

from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from simulator.rehearsal.rollout import read_rollout
from simulator.rehearsal.trust import LATE, SILENCE, TOO_MANY, UNKNOWN, WRONG, Trust
from simulator.rehearsal.trust import TrustParameters as Parameters
from simulator.streams import Streams
from tests.simulator.real_files import ROLLOUT
from tests.simulator.rehearsal.small import rehearse_small

HOUR = 3600
REAL = read_rollout(ROLLOUT).trust


def parameters(**values: float) -> Parameters:
    """Take the real numbers, with everybody beginning at 0.7, and some others."""
    assert REAL is not None
    changed = {"starts_spread": 0.0, **values}
    return structs.replace(
        REAL, **{n: structs.replace(getattr(REAL, n), value=v) for n, v in changed.items()}
    )


def trust(**values: float) -> Trust:
    """Give the trust of nobody yet."""
    made = Trust(parameters(**values), Streams(1).of_occasions("trust"))
    for place, event_id in enumerate(("recorded", "allocated", "closed")):
        made.note_news(7, event_id, place * HOUR, is_answer=False)
    return made


def see(
    made: Trust, event_id: str, hours: float, *, sender: str = "text", many: bool = False
) -> float:
    """Let the victim see a message; give how much more or less they trust for it."""
    before = made.level(7)
    made.see(7, event_id, sender, int(hours * HOUR), is_too_many=many)
    return round(made.level(7) - before, 6)


def test_each_thing_that_victims_mind_costs_its_own() -> None:
    """A sender nobody knew, the same within the hour, out of order, and one too many.

    The same event a day later is no news: an automatic message names the last.
    """
    made, of = trust(), parameters()
    on_time = of.on_time.value

    assert see(made, "recorded", 1) == pytest.approx(on_time - of.fall(UNKNOWN))
    assert see(made, "closed", 3) == on_time
    assert see(made, "closed", 3.5) == -of.fall(WRONG)
    assert see(made, "closed", 50) == 0
    assert see(made, "allocated", 4) == pytest.approx(on_time - of.fall(WRONG))
    assert see(made, "closed", 3, sender="email") == pytest.approx(on_time - of.fall(UNKNOWN))
    assert see(made, "still with us", 30, many=True) == -of.fall(TOO_MANY)


def test_late_news_costs_trust_and_wins_none() -> None:
    """A day is soon; a minute more is late."""
    made = trust()
    see(made, "recorded", 1)

    assert see(made, "allocated", 25) == parameters().on_time.value
    assert see(made, "closed", 26.1) == -parameters().fall(LATE)


def test_an_answer_is_as_old_as_its_question() -> None:
    """Within three days it wins trust, later it costs some; each question has one answer."""
    made = trust()
    see(made, "recorded", 1)
    made.note_question(7, 10 * HOUR)
    made.note_question(7, 10 * HOUR)
    made.note_news(7, "soon", 20 * HOUR, is_answer=True)
    made.note_news(7, "slow", 90 * HOUR, is_answer=True)

    assert see(made, "soon", 21) == parameters().answered.value
    assert see(made, "slow", 91) == -parameters().fall(LATE)


def test_only_who_was_told_something_waits_in_vain() -> None:
    """Silence costs nothing where the portal never wrote: there is no promise to break."""
    made = trust()
    made.wait_in_vain(7)
    untouched = made.level(7)
    see(made, "recorded", 1)
    before = made.level(7)
    made.wait_in_vain(7)

    assert untouched == 0.7
    assert made.level(7) == pytest.approx(before - parameters().fall(SILENCE))


def test_who_has_little_trust_follows_no_link_and_may_ring() -> None:
    """The others follow it, and ring for other reasons only."""
    much, little = trust(), trust(starts_mean=0.3)

    assert much.see(7, "recorded", "text", HOUR, is_too_many=False)
    assert not little.see(7, "recorded", "text", HOUR, is_too_many=False)
    assert much.chance_of_call(7) == 0
    assert little.chance_of_call(7) == parameters().rings.value > 0


def test_who_rings_hears_that_it_is_genuine() -> None:
    """They trust the messages more from then on; to others who ring it says nothing new."""
    much, little = trust(), trust(starts_mean=0.3)
    for each in (much, little):
        each.hear_that_it_is_genuine(7)

    assert little.level(7) == pytest.approx(0.3 + parameters().reassured.value)
    assert not little.is_low(7)
    assert much.level(7) == 0.7


@pytest.mark.proof  # tests/simulator/planning/test_model_run.py tries the model of it
def test_without_trust_nobody_registers(tmp_path: Path) -> None:
    """A portal that nobody trusts makes calls."""

    def nobody_trusts(raw: dict[str, Any]) -> None:
        for name, value in (("starts_mean", 0), ("starts_spread", 0)):
            raw["trust"][name]["value"] = value

    found = rehearse_small(tmp_path, rollout=nobody_trusts).result

    assert sum(each.registered for each in found.periods if not each.is_test) == 0
    assert found.periods[-1].calls_101_with > found.periods[-1].calls_101_without
