"""A failure says which reference was waited for, so that a vendor finds it in their own log."""

import re
from pathlib import Path

import pytest

from simulator.accept.features_run import run_features
from simulator.processes.features_process import Run
from tests.simulator.real_files import TARGET


@pytest.mark.slow(seconds=3)
def test_a_message_that_never_came_is_told_with_the_event_that_it_should_name(
    tmp_path: Path, warm: Run
) -> None:
    """And with the references of those that did come."""
    silent = "fixtures.broken_portals.events_in:drops_a_delivery_with_old_facts"
    [result] = run_features(
        TARGET, phase=1, out=tmp_path, only="S-071", application=silent, run=warm
    )

    assert result.verdict == "FAIL"
    assert re.fullmatch(
        r"nothing: the latest event is '[^']+', and the references since are none",
        result.observed,
    )
