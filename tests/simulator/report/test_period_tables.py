"""The periods as rows of words: all of them, and nothing that is not in the result."""

from datetime import date

import msgspec

from simulator.report.period_tables import HOW_TO_READ, PeriodTable, go_lives, period_tables
from tests.simulator.report import samples


def _rows(table: PeriodTable) -> dict[str, tuple[str, ...]]:
    return {row.label: row.cells for row in table.rows}


def test_every_row_has_a_cell_for_every_period() -> None:
    """Columns are the periods, in all three tables, and no label stands twice."""
    names = tuple(each.name for each in samples.periods())

    for table in period_tables(samples.rehearsal()):
        assert table.columns == names
        assert all(len(row.cells) == len(names) for row in table.rows)
        assert len(_rows(table)) == len(table.rows)


def test_every_kind_of_message_and_every_reason_has_its_row() -> None:
    """Known kinds in words, others by name; kinds that never occur are left out."""
    told, wrong, _ = (_rows(table) for table in period_tables(samples.rehearsal()))

    assert told["Invitations sent"][2] == "2,600"
    assert told["Sent: kind of its own"][0] == "1"
    assert "Journey messages sent" not in told
    assert wrong["People not reached"][2] == "134"
    assert (wrong["- number in the wrong field"][2], wrong["- bounced"][2]) == ("130", "4")


def test_the_commonest_reason_comes_first() -> None:
    """Reasons stand by how often they occur in the whole rollout."""
    wrong = period_tables(samples.rehearsal())[1]

    assert [row.label for row in wrong.rows[2:4]] == ["- number in the wrong field", "- bounced"]


def test_messages_and_people_are_not_added_up() -> None:
    """What nobody received is a row of messages; who was not reached is another, of people."""
    period = msgspec.structs.replace(
        samples.periods()[0], undeliverable=7, not_reached={"bounced": 3, "no number": 2}
    )
    wrong = _rows(period_tables(samples.rehearsal(periods=[period]))[1])

    assert wrong["Messages nobody received"] == ("7",)
    assert wrong["People not reached"] == ("5",)


def test_the_share_followed_can_be_reckoned() -> None:
    """It is of crimes with a person as victim, which stand above it, and says so; testers' is none.

    Of all crimes it would look wrong: somebody who divides must find what is printed.
    """
    told = _rows(period_tables(samples.rehearsal())[0])
    labels = list(told)

    assert told["- with a person as victim"][2] == "31,200"
    assert labels.index("- with a person as victim") < labels.index("Followed (1 in 20)")
    assert "of crimes with a person as victim" in HOW_TO_READ
    assert "a number a week of their own and no share" in HOW_TO_READ


def test_calls_avoided_are_the_difference_and_its_share() -> None:
    """Without less with; a dash for the share of no calls, and a minus where there were more."""
    period = msgspec.structs.replace(
        samples.periods()[0], update_calls_without=0, update_calls_with=10
    )
    calls = _rows(period_tables(samples.rehearsal(periods=[*samples.periods()[:1], period]))[2])

    assert calls["Update calls avoided"] == ("900", "-10")
    assert calls["- share of update calls"] == ("2.50%", "–")


def test_who_uses_the_portal_is_said_of_every_period() -> None:
    """Not yet, testers, or live."""
    told = _rows(period_tables(samples.rehearsal())[0])

    assert told["Portal"][:3] == ("not yet", "testers", "live")


def test_calls_are_counted_once() -> None:
    """A test's weeks lie in a live period, which counts their calls."""
    calls = _rows(period_tables(samples.rehearsal())[2])
    periods = samples.periods()

    for cells in calls.values():
        assert [each == "–" for each in cells] == [each.is_test for each in periods]


def test_who_was_told_of_a_stranger_is_reckoned_for_all() -> None:
    """A share was followed: of all there would be as many more; of testers' there is no more."""
    wrong = _rows(period_tables(samples.rehearsal(fraction=0.05))[1])
    people = [each.misdirected_people for each in samples.periods()]

    assert wrong["People of whom somebody else was told"] == tuple(f"{each:,}" for each in people)
    assert wrong["- were every crime followed, about"] == tuple(
        "–" if each.is_test else f"{20 * each.misdirected_people:,}" for each in samples.periods()
    )


def test_how_many_were_followed_is_in_the_label() -> None:
    """1 in 20, or all."""
    assert "Followed (1 in 20)" in _rows(period_tables(samples.rehearsal())[0])
    assert "Followed (all)" in _rows(period_tables(samples.rehearsal(fraction=1.0))[0])


def test_a_phase_goes_live_when_its_first_live_period_starts() -> None:
    """A test period is no go-live, nor is a second period of the same phase."""
    periods = samples.periods()
    later = msgspec.structs.replace(periods[2], name="Phase 1 again", starts=date(2028, 1, 3))

    assert go_lives([*periods, later]) == [
        (periods[2].starts, "Phase 1 live"),
        (periods[4].starts, "Phase 2 live"),
        (periods[6].starts, "Phase 3 live"),
    ]
