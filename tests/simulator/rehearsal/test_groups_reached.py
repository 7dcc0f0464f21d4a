"""How each group of victims fares, in a small rehearsal."""

from pathlib import Path
from typing import Any

import pytest

from simulator.inputs.order import read_order
from simulator.population.access_needs import make_access_needs
from simulator.rehearsal.groups_reached import groups_reached
from simulator.rehearsal.run import CompletedRehearsal
from simulator.streams import Streams
from tests.simulator.real_files import ORDER
from tests.simulator.rehearsal.small import rehearse_small


def test_each_way_of_grouping_has_every_victim(ordinary: CompletedRehearsal) -> None:
    """Languages and formats add up to the same."""
    groups = ordinary.result.groups
    totals = {
        by: sum(each.victims for each in groups if each.by == by) for by in ("Language", "Format")
    }

    assert totals["Language"] == totals["Format"] > 100
    for each in groups:
        assert each.excluded + each.unreached <= each.victims
        assert each.read_again <= each.registered <= each.victims - each.excluded


def test_without_evidence_there_are_no_groups(ordinary: CompletedRehearsal) -> None:
    """Nobody is counted who is in no crime."""
    needs = make_access_needs(0, (), Streams(1))

    assert groups_reached(read_order(ORDER), [], ordinary.judgements["live"], needs) == []


@pytest.mark.proof
def test_who_does_not_read_english_registers_less_and_rings_more(
    tmp_path: Path, ordinary: CompletedRehearsal
) -> None:
    """If such victims never register and always ring, nobody of the group does, and calls rise."""

    def all_speak_another(raw: dict[str, Any]) -> None:
        raw["access_needs"] = [raw["access_needs"][0]]
        for field, value in (("share", 1), ("registers", 0), ("rings", 1)):
            raw["access_needs"][0][field]["value"] = value

    found = rehearse_small(tmp_path, rollout=all_speak_another, fraction=0.001).result

    languages = [each for each in found.groups if each.by == "Language"]
    assert [each.group for each in languages] == ["other, reads English"]
    assert languages[0].registered == languages[0].read_again == 0
    assert languages[0].victims - languages[0].excluded > languages[0].unreached
    assert sum(each.registered for each in ordinary.result.groups if each.by == "Language") > 0
    assert found.periods[-1].calls_101_with > found.periods[-1].calls_101_without
