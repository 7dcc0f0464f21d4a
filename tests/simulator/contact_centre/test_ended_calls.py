"""Every caller ends once, however the desk is set up; one who does not is an error."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from simulator.contact_centre.centre import Answered, answer_calls
from simulator.contact_centre.ended_calls import ended_calls
from simulator.errors import NotConserved
from tests.simulator.contact_centre.test_centre import ALL_ON, START, calls_of_a_week
from tests.simulator.contact_centre.test_staffing import PARAMETERS, changed


def answered(**settings: Any) -> tuple[Answered, Answered | None]:
    """Answer a week's calls to Hampshire."""
    parameters = changed(**settings) if settings else PARAMETERS
    return answer_calls(calls_of_a_week(parameters), parameters, "hampshire", START)


@pytest.mark.parametrize("settings", [{}, ALL_ON])
def test_every_caller_ends_once(settings: dict[str, Any]) -> None:
    """The four ends add up to the callers, of the quick desk and of one with everything on."""
    first, second = answered(**settings)
    ended = ended_calls(first)

    assert sum(ended) == len(first.calls) > 1000
    assert ended.answered > ended.abandoned > 0
    assert (ended.called_back > 0) is bool(settings)
    assert (second is not None) is bool(settings)
    if second is not None:
        assert sum(ended_calls(second)) == len(second.calls) > 0


def broken(first: Answered, part: str, **columns: Any) -> Answered:
    """Give the same with other columns in one part."""
    return replace(first, **{part: replace(getattr(first, part), **columns)})


def test_a_caller_who_is_lost_or_answered_twice_is_an_error() -> None:
    """Each sort of damage to a true result is named."""
    first, _second = answered()
    outcomes, redials = first.outcomes, first.redials
    some = np.flatnonzero(~outcomes.abandoned)[:1]
    again = np.full(len(redials), some[0])
    too_early = broken(first, "redials", at_seconds=np.zeros(len(redials)))
    waits = outcomes.wait_seconds.copy()
    waits[0] = -1.0

    for damaged, said in (
        (broken(first, "outcomes", call=outcomes.call[::-1]), "a call has no end, or two"),
        (broken(first, "redials", call=again), "a caller was answered twice"),
        (
            broken(first, "redials", call=again, abandoned=np.ones(len(redials), dtype=np.bool_)),
            "a caller rang again and had not hung up",
        ),
        (too_early, "a redial came too soon"),
        (broken(first, "outcomes", wait_seconds=waits), "a wait ended before it began"),
    ):
        with pytest.raises(NotConserved, match=said):
            ended_calls(damaged)


def test_a_caller_who_hung_up_is_not_rung_back() -> None:
    """A call back to one who hung up, and a call back before it was asked for, are errors."""
    first, _second = answered(**ALL_ON)
    assert first.call_backs is not None
    hung_up = np.flatnonzero(first.outcomes.abandoned)[: len(first.call_backs)]
    others = first.call_backs.call.copy()
    others[: len(hung_up)] = hung_up

    with pytest.raises(NotConserved, match="hung up and is rung back"):
        ended_calls(broken(first, "call_backs", call=others))
    early = first.call_backs.wait_seconds - 1e9
    with pytest.raises(NotConserved, match="before it was asked for"):
        ended_calls(broken(first, "call_backs", wait_seconds=early))
