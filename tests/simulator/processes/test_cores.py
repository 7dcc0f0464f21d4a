"""Rules of counting cores: as many as this process may use, and not as many as there are."""

import os

import pytest

from simulator.processes.cores import cores


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="only Linux can bind a process")
def test_a_process_that_is_bound_to_one_core_has_one() -> None:
    """Two processes on one core would each take twice as long."""
    before = os.sched_getaffinity(0)
    try:
        os.sched_setaffinity(0, {min(before)})
        assert cores() == 1
    finally:
        os.sched_setaffinity(0, before)
    assert cores() == len(before)
