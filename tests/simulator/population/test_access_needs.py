"""Who needs another language or format, and what that does to registering, reading and ringing."""

import numpy as np
import pytest

from simulator.files.checked_toml import Share
from simulator.population.access_needs import (
    AccessNeed,
    AccessNeeds,
    By,
    check_access_needs,
    make_access_needs,
)
from simulator.rehearsal.rollout import read_rollout
from simulator.streams import Streams
from tests.simulator.real_files import ROLLOUT


def need(by: By, group: str, share: float, *, times: float = 0.5, rings: float = 0.1) -> AccessNeed:
    """Make a kind of need."""

    def of(value: float) -> Share:
        return Share(value, unit="share", assumed="a test")

    return AccessNeed(
        by=by, group=group, share=of(share), registers=of(times), reads=of(times), rings=of(rings)
    )


KINDS = (
    need("Language", "Polish", 0.2),
    need("Format", "large print", 0.1),
    need("Format", "easy read", 0.1),
)


def test_shares_are_drawn_by_streams_of_their_own() -> None:
    """About the share has each need; another language changes nobody's format."""
    drawn = make_access_needs(20_000, KINDS, Streams(1))
    without = make_access_needs(20_000, KINDS[1:], Streams(1))

    assert (drawn.places["Language"] == 0).mean() == pytest.approx(0.2, abs=0.01)
    assert (drawn.places["Format"] == 1).mean() == pytest.approx(0.1, abs=0.01)
    assert ((drawn.places["Format"] >= 0) == (without.places["Format"] >= 0)).all()
    assert (without.places["Language"] == -1).all()


def test_both_needs_of_a_person_count() -> None:
    """One who needs neither is as others are; two needs multiply, and either may make them ring."""
    language, large_print = np.array([-1, 0, 0], np.int8), np.array([-1, -1, 1], np.int8)
    needs = AccessNeeds(KINDS, {"Language": language, "Format": large_print})

    assert needs.registers().tolist() == needs.reads().tolist() == [1, 0.5, 0.25]
    assert needs.rings().tolist() == pytest.approx([0, 0.1, 0.19])
    assert needs.groups(0) == [("Language", "English"), ("Format", "none needed")]
    assert needs.groups(2) == [("Language", "Polish"), ("Format", "large print")]


def test_a_device_or_little_attention_lowers_reading_of_the_rollout() -> None:
    """Victims without a smartphone read less, those with little attention too, and both least."""
    kinds = read_rollout(ROLLOUT).access_needs
    needs = make_access_needs(50_000, kinds, Streams(1))
    usual = (needs.places["Language"] < 0) & (needs.places["Format"] < 0)
    has_device, attends = (needs.places[each] < 0 for each in ("Device", "Attention"))

    reads = [
        needs.reads()[usual & device & attention].mean()
        for device, attention in (
            (has_device, attends),
            (~has_device, attends),
            (has_device, ~attends),
            (~has_device, ~attends),
        )
    ]
    assert reads[0] == 1
    assert reads[3] < min(reads[1:3]) <= max(reads[1:3]) < 1


def test_without_kinds_nobody_has_a_need() -> None:
    """Everybody reads English, as where a scenario says nothing of it."""
    needs = make_access_needs(3, (), Streams(1))

    assert needs.registers().tolist() == [1, 1, 1]
    assert needs.rings().tolist() == [0, 0, 0]


@pytest.mark.parametrize(
    ("kinds", "says"),
    [
        ((KINDS[0], KINDS[0]), "Language 'Polish' is there twice"),
        ((need("Format", "none needed", 0.1),), "Format 'none needed' is there twice"),
        ((KINDS[0], need("Language", "Urdu", 0.9)), "shares by Language add up to 1.1"),
    ],
)
def test_groups_that_contradict_are_refused(kinds: tuple[AccessNeed, ...], says: str) -> None:
    """A group named twice, one named as the others are, and more victims than there are."""
    with pytest.raises(ValueError, match=says):
        check_access_needs(kinds)
