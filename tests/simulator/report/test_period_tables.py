"""The period tables hold every period, and nothing that is not in the result."""

from datetime import date, timedelta

import msgspec

from simulator.report.amounts import short_day
from simulator.report.period_tables import HOW_TO_READ, PeriodTable, go_lives, period_tables
from tests.simulator.report import samples


def _rows(table: PeriodTable) -> dict[str, tuple[str, ...]]:
    return {row.label: row.cells for row in table.rows}


def test_every_row_has_a_cell_for_every_period() -> None:
    """All three tables have one column a period, and no label twice."""
    names = tuple(each.name for each in samples.periods())

    for table in period_tables(samples.rehearsal()):
        assert table.columns == names
        assert all(len(row.cells) == len(names) for row in table.rows)
        assert len(_rows(table)) == len(table.rows)


def test_every_kind_of_message_and_every_reason_has_its_row() -> None:
    """Known kinds are in words, others by name; kinds that never occur are left out."""
    messages, wrong, _ = (_rows(table) for table in period_tables(samples.rehearsal()))

    assert messages["Invitations sent"][2] == "2,600"
    assert messages["Sent: kind of its own"][0] == "1"
    assert "Journey messages sent" not in messages
    assert wrong["People not reached"][2] == "134"
    assert (wrong["- number in the wrong field"][2], wrong["- bounced"][2]) == ("130", "4")


def test_the_commonest_reason_comes_first() -> None:
    """Reasons are sorted by how often they occur in the whole rollout."""
    wrong = period_tables(samples.rehearsal())[1]

    assert [row.label for row in wrong.rows[2:4]] == ["- number in the wrong field", "- bounced"]


def test_messages_and_people_are_not_added_up() -> None:
    """Messages not delivered and people not reached are separate rows."""
    period = msgspec.structs.replace(
        samples.periods()[0], undeliverable=7, not_reached={"bounced": 3, "no number": 2}
    )
    wrong = _rows(period_tables(samples.rehearsal(periods=[period]))[1])

    assert wrong["Messages not delivered"] == ("7",)
    assert wrong["People not reached"] == ("5",)


def test_a_reader_can_check_the_share_followed() -> None:
    """It is a share of the crimes with a person as victim, in the row above; testers' is not.

    A reader who divides the two rows must find the share that is printed.
    """
    rows = _rows(period_tables(samples.rehearsal())[0])
    labels = list(rows)

    assert rows["- with a person as victim"][2] == "31,200"
    assert labels.index("- with a person as victim") < labels.index("Followed (1 in 20)")
    assert "the share shown, of the crimes with a person as victim" in HOW_TO_READ
    assert "In a test period it is the crimes that synthetic testers put in" in HOW_TO_READ


def test_a_period_is_shown_until_its_last_day() -> None:
    """`ends` is the day after the last; the column "Until" shows the last."""
    rows = _rows(period_tables(samples.rehearsal())[0])
    days = [each.ends - timedelta(days=1) for each in samples.periods()]

    assert rows["Until"] == tuple(short_day(each) for each in days)


def test_calls_avoided_are_the_difference_and_its_share() -> None:
    """Calls without less calls with; a dash if there were none, a minus if there were more."""
    period = msgspec.structs.replace(
        samples.periods()[0], update_calls_without=0, update_calls_with=10
    )
    calls = _rows(period_tables(samples.rehearsal(periods=[*samples.periods()[:1], period]))[2])

    assert calls["Update calls avoided"] == ("900", "-10")
    assert calls["- share of update calls"] == ("2.50%", "–")


def test_every_period_says_who_uses_the_portal() -> None:
    """Not yet, testers, or live."""
    rows = _rows(period_tables(samples.rehearsal())[0])

    assert rows["Portal"][:3] == ("not yet", "testers", "live")


def test_calls_are_counted_once() -> None:
    """Test weeks are part of a live period, which counts their calls."""
    calls = _rows(period_tables(samples.rehearsal())[2])
    periods = samples.periods()

    for cells in calls.values():
        assert [each == "–" for each in cells] == [each.is_test for each in periods]


def test_misdirected_news_is_scaled_to_all_crimes() -> None:
    """A live period's count is divided by the share followed; a test period's is not scaled."""
    wrong = _rows(period_tables(samples.rehearsal(fraction=0.05))[1])
    people = [each.misdirected_people for each in samples.periods()]

    assert wrong["Victims with news misdirected"] == tuple(f"{each:,}" for each in people)
    assert wrong["- scaled to all crimes, about"] == tuple(
        "–" if each.is_test else f"{20 * each.misdirected_people:,}" for each in samples.periods()
    )


def test_how_many_were_followed_is_in_the_label() -> None:
    """1 in 20, or all."""
    assert "Followed (1 in 20)" in _rows(period_tables(samples.rehearsal())[0])
    assert "Followed (all)" in _rows(period_tables(samples.rehearsal(fraction=1.0))[0])


def test_a_phase_goes_live_when_its_first_live_period_starts() -> None:
    """A test period is not a go-live, and neither is a second period of the same phase."""
    periods = samples.periods()
    later = msgspec.structs.replace(periods[2], name="Phase 1 again", starts=date(2028, 1, 3))

    assert go_lives([*periods, later]) == [
        (periods[2].starts, "Phase 1 live"),
        (periods[4].starts, "Phase 2 live"),
        (periods[6].starts, "Phase 3 live"),
    ]
