"""How each group of victims fares, in a small rehearsal."""

from simulator.inputs.order import read_order
from simulator.rehearsal.groups_reached import groups_reached
from simulator.rehearsal.run import CompletedRehearsal
from tests.simulator.real_files import ORDER


def test_each_way_of_grouping_has_every_victim(ordinary: CompletedRehearsal) -> None:
    """Ages, rights and channels each add up to the same; a victim may have several markers."""
    groups = ordinary.result.groups
    totals = {
        by: sum(each.victims for each in groups if each.by == by)
        for by in ("Age", "Rights", "Channel", "Marker")
    }

    assert totals["Age"] == totals["Rights"] == totals["Channel"] > 100
    assert totals["Marker"] >= totals["Age"]
    for each in groups:
        assert each.excluded + each.unreached <= each.victims


def test_who_the_order_leaves_out_is_excluded(ordinary: CompletedRehearsal) -> None:
    """Children and victims of domestic abuse are excluded; most adults are not."""
    by_group = {each.group: each for each in ordinary.result.groups}

    for name in ("under 18", "domestic abuse"):
        assert by_group[name].excluded == by_group[name].victims > 0
    assert by_group["25 to 64"].excluded < by_group["25 to 64"].victims


def test_without_evidence_there_are_no_groups(ordinary: CompletedRehearsal) -> None:
    """Nobody is counted who is in no crime."""
    assert groups_reached(read_order(ORDER), [], ordinary.judgements["live"]) == []
