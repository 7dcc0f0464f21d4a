"""Exploring alone: a broken portal counts as found only by a story that the reference passes."""

from pathlib import Path

import pytest
from msgspec import structs

from simulator.prove.explored_portals import explore_broken, median_seconds, summary
from simulator.prove.explored_table import explored_csv, read_explored
from simulator.prove.run import read_broken_portals
from tests.simulator.prove.explored import CAUGHT, UNREACHED


def test_the_summary_counts_and_names() -> None:
    """The median is of those that were found; an alarm on the reference fails the whole."""
    told = summary([CAUGHT, UNREACHED], {}, seconds_max=20, seed=1)
    assert (told.broken, told.caught, told.verdict) == (2, 1, "PASS")
    assert told.needs_a_step == ("B-024 believes_any_sender",)
    assert median_seconds([UNREACHED]) is None
    alarms = {1: {7: frozenset({"ONCE-01|duplicated"})}}
    assert summary([CAUGHT], alarms, seconds_max=20, seed=1).verdict == "FAIL"


@pytest.mark.slow(seconds=8)
def test_fewer_than_95_in_100_found_fails() -> None:
    """Of those whose defect a story calls; one that waits for a step does not count."""
    missed = structs.replace(CAUGHT, caught=False, fingerprint="")

    def verdict_of(caught: int) -> str:
        rows = [CAUGHT] * caught + [missed, UNREACHED]
        return summary(rows, {}, seconds_max=20, seed=1).verdict

    assert (verdict_of(18), verdict_of(19)) == ("FAIL", "PASS")


def test_a_story_that_could_not_be_played_finds_nothing(tmp_path: Path) -> None:
    """It is said why, also in a table that is read again."""
    stuck = structs.replace(
        CAUGHT, caught=False, fingerprint="", why_not_played="the portal did not answer"
    )
    path = tmp_path / "explored.csv"
    path.write_text(explored_csv([stuck]))

    [read] = read_explored(path)

    assert read.why_not == "could not be played: the portal did not answer"
    assert summary([read], {}, seconds_max=20, seed=1).caught == 0


def test_a_broken_portal_is_found_and_what_the_reference_fails_too_is_not_counted() -> None:
    """A portal that sends twice is found at once, unless the reference failed in the same way."""
    broken = read_broken_portals(only="sends_twice")
    [found] = explore_broken(broken, seconds_max=30, seed=1, alarms={})
    assert found.caught
    assert found.story == 0
    known = {1: dict.fromkeys(range(10_000), frozenset({found.fingerprint}))}
    [again] = explore_broken(broken, seconds_max=2, seed=1, alarms=known)
    assert again.fingerprint != found.fingerprint
