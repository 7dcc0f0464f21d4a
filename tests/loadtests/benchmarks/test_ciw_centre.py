"""The centre beside Ciw, call by call, on a model that both express: two lines and two desks."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from loadtests.benchmarks.crowds import HERE, OTHERS, environment_with
from simulator.contact_centre.call_outcomes import join_outcomes
from simulator.contact_centre.call_queue import Desk
from simulator.contact_centre.calls import Calls, FurtherSteps
from simulator.contact_centre.centre import Answered, answer_passed_on
from simulator.contact_centre.skilled_desk import SkilledDesk, Teams
from simulator.files.paths import ROOT
from simulator.processes.child_process import run_to_end

CALLS = 20_000
HANDLERS, SECOND_HANDLERS = 20, 8
START = datetime(2026, 2, 2, tzinfo=UTC)


def drawn() -> Calls:
    """Draw calls to both lines, of which four in ten are passed on."""
    rng = np.random.default_rng(7)
    calls = Calls(
        at_seconds=np.cumsum(rng.exponential(9.5, CALLS)),
        line=(rng.random(CALLS) > 0.4).astype(np.int8),
        service_seconds=rng.exponential(180, CALLS),
        patience_seconds=rng.exponential(200, CALLS),
    )
    passes = rng.random(CALLS) < 0.4
    further = FurtherSteps(
        picks_up_at=np.zeros(CALLS, dtype=np.int8),
        second_seconds=np.where(passes, rng.exponential(170, CALLS), 0.0),
        second_patience_seconds=rng.exponential(300, CALLS),
    )
    return replace(calls, further=further)


Row = tuple[int, int, float, bool]  # desk, call, wait, hung up


def by_ciw(calls: Calls, folder: Path) -> list[Row]:
    """Let Ciw answer the same calls in an environment of its own."""
    assert calls.further is not None
    file = folder / "calls.json"
    columns: dict[str, NDArray[Any]] = {
        "at": calls.at_seconds,
        "line": calls.line,
        "service": calls.service_seconds,
        "patience": calls.patience_seconds,
        "second_service": calls.further.second_seconds,
        "second_patience": calls.further.second_patience_seconds,
    }
    file.write_text(json.dumps({name: column.tolist() for name, column in columns.items()}))
    python = environment_with(ROOT / OTHERS / "ciw", HERE / "ciw.txt")
    numbers = (str(HANDLERS), str(SECOND_HANDLERS))
    assert run_to_end((str(python), str(HERE / "ciw_centre.py"), str(file), *numbers)) == 0
    return [tuple(row) for row in json.loads((folder / "calls.json.answers").read_text())]


def by_ours(calls: Calls, desk: Desk | SkilledDesk) -> list[Row]:
    """Answer them with a desk of ours, and those passed on with a second."""
    outcomes = join_outcomes(desk.run(calls), desk.finish())
    first = Answered(calls=calls, outcomes=outcomes, redials=desk.redials())
    second = answer_passed_on(first, Desk(roster=[SECOND_HANDLERS] * 168, start=START))
    assert calls.further is not None
    # No two calls take equally long there.
    numbers = {seconds: n for n, seconds in enumerate(calls.further.second_seconds.tolist())}
    of_second = [numbers[seconds] for seconds in second.calls.service_seconds.tolist()]
    return sorted(
        (desk_number, call, wait, gone)
        for desk_number, answered, calls_there in (
            (1, outcomes, range(CALLS)),
            (2, second.outcomes, of_second),
        )
        for call, wait, gone in zip(
            calls_there,
            answered.wait_seconds.tolist(),
            answered.abandoned.tolist(),
            strict=True,
        )
    )


@pytest.mark.proof
def test_every_call_ends_as_in_ciw(tmp_path: Path) -> None:
    """0 differences: who waits how long and who hangs up, at both desks, with either of ours."""
    calls = drawn()

    expected = by_ciw(calls, tmp_path)

    roster = [HANDLERS] * 168
    for desk in (
        Desk(roster=roster, start=START),
        SkilledDesk(teams=Teams(shared=roster), start=START),
    ):
        found = by_ours(calls, desk)
        assert [(a[0], a[1], a[3]) for a in found] == [(b[0], b[1], b[3]) for b in expected]
        assert [a[2] for a in found] == pytest.approx([b[2] for b in expected], abs=1e-5)
    for number in (1, 2):
        gone = [each[3] for each in expected if each[0] == number]
        assert 0.01 < sum(gone) / len(gone) < 0.2
