"""The Victims' Code by row, and by group of victims, in a small rehearsal."""

from simulator.inputs.order import read_order
from simulator.rehearsal.code_meter import groups_reached
from simulator.rehearsal.run import CompletedRehearsal
from simulator.report.call_tables import code_tables
from tests.simulator.real_files import ORDER


def test_rows_add_up_to_what_the_judge_counted(ordinary: CompletedRehearsal) -> None:
    """Every piece of news is in one row; nothing is told before it happened."""
    rows = ordinary.result.code_rows
    news = ordinary.judgements["live"].code_news

    assert sum(each.news for each in rows) == len(news) > 20
    assert {"the case closed", "a charge"} <= {each.what for each in rows}
    for each in rows:
        assert each.told_in_time + sum(each.late_by.values()) == each.news
        assert each.hours_to_record is not None
        assert each.hours_to_record >= 0


def test_news_happens_before_it_is_recorded_received_and_told(
    ordinary: CompletedRehearsal,
) -> None:
    """The times of each piece of news are in that order."""
    for each in ordinary.judgements["live"].code_news:
        assert each.happened_at <= each.recorded_at <= each.received_at
        assert each.told_at is None or each.received_at <= each.told_at


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
    """Nobody is counted who is in no crime; the report has both tables where there is news."""
    judgement = ordinary.judgements["live"]

    assert groups_reached(read_order(ORDER), [], judgement) == []
    assert len(code_tables(ordinary.result)) == 2
