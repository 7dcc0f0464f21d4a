"""The call tables: by uptake, by force, and beside what was published."""

import msgspec

from simulator.report.call_tables import call_sentences, call_tables
from simulator.report.period_tables import PeriodTable
from tests.simulator.report import samples


def _rows(table: PeriodTable) -> dict[str, tuple[str, ...]]:
    return {row.label: row.cells for row in table.rows}


def test_every_row_has_a_cell_for_every_column_and_fits() -> None:
    """No label twice, and each fits the first column of a terminal of 80."""
    for table in call_tables(samples.rehearsal()):
        assert all(len(row.cells) == len(table.columns) for row in table.rows)
        assert len(_rows(table)) == len(table.rows)
        assert max(len(label) for label in _rows(table)) <= 32
        assert len(set(table.columns)) == len(table.columns)


def test_uptake_has_a_column_for_each_share() -> None:
    """A share at which the portal makes calls has a fall below 0."""
    table = call_tables(samples.rehearsal())[0]

    assert table.columns == ("5%", "10%", "25%", "60%")
    assert _rows(table)["People registered in all, about"] == (
        "5,200",
        "10,400",
        "26,000",
        "62,400",
    )
    assert _rows(table)["Fewer, redials apart"] == ("-0.79%", "-0.58%", "0.05%", "1.53%")


def test_the_last_period_has_each_force_and_line() -> None:
    """Waits and shares of no calls are a dash."""
    table = call_tables(samples.rehearsal())[1]

    assert table.columns[:2] == ("Hampshire 101", "Hampshire 999")
    assert _rows(table)["Mean wait with"] == ("30.9 s", "–", "30.9 s", "–")
    assert _rows(table)["Abandoned without"][0] == "3.90%"


def test_call_backs_have_rows_only_where_there_are_any() -> None:
    """Who left the line, who was rung back and after how long; a second desk has its columns."""
    plain = samples.rehearsal()
    rings_back = [
        msgspec.structs.replace(
            each, left_for_call_back_with=40, called_back_with=37, call_back_seconds_with=612.5
        )
        for each in plain.lines
    ]
    desk = msgspec.structs.replace(plain.lines[-1], line="second desk")

    table = call_tables(msgspec.structs.replace(plain, lines=rings_back, second_desk=[desk]))[1]

    assert "Called back with" not in _rows(call_tables(plain)[1])
    assert table.columns[-1] == "Thames Valley second desk"
    assert _rows(table)["Called back with"] == ("37", "37", "37", "37", "0")
    assert _rows(table)["Waited for a call back, with"][0] == "612.5 s"
    assert max(len(label) for label in _rows(table)) <= 32


def test_abandoned_calls_stand_by_each_definition_in_use() -> None:
    """From 0, 5, 10 and 60 seconds on, and who was answered in 10 seconds of all who called."""
    plain = samples.rehearsal()
    after = {0: 0.04, 5: 0.035, 10: 0.03, 60: 0.01}
    lines = [
        msgspec.structs.replace(each, abandoned_after_with=after, in_target_of_offered_with=0.72)
        for each in plain.lines
    ]

    rows = _rows(call_tables(msgspec.structs.replace(plain, lines=lines))[1])

    assert "Abandoned after 0 s, with" not in _rows(call_tables(plain)[1])
    assert rows["- of the calls offered, with"][0] == "72.00%"
    assert [rows[f"Abandoned after {each} s, with"][0] for each in after] == [
        "4.00%",
        "3.50%",
        "3.00%",
        "1.00%",
    ]
    assert max(len(label) for label in rows) <= 32


def test_the_uptake_is_said_first_with_the_published_total() -> None:
    """Every share is of those invited who would register, as the columns of the tables are."""
    first, *others = call_sentences(samples.rehearsal())

    assert first == (
        "In this run 60% would (assumed); by its end 50% of those whom an invitation reached had, "
        "counted once for each crime. The one published figure is 6,000 registered in all "
        "(Salesforce customer story), as many as if 6% of those invited here would register."
    )
    assert others[0].startswith("The ceiling first")


def test_a_result_from_before_has_no_such_tables() -> None:
    """Without the numbers there is nothing to show."""
    old = samples.rehearsal(uptake=None, lines=[], published=[])

    assert call_tables(old) == []
    assert call_sentences(old) == []
