"""Messages in a victim's week: who counts, and in which week."""

from datetime import timedelta

from simulator.inputs.order import read_order
from simulator.rehearsal.plan import london_midnight
from simulator.rehearsal.victim_weeks import messages_a_week
from tests.simulator.real_files import ORDER
from tests.simulator.rehearsal.test_tally import message

ORDERED = read_order(ORDER)
PHASE_2 = london_midnight(ORDERED.go_live.phase_2)


def test_each_week_of_a_victim_counts_once_by_its_number_of_messages() -> None:
    """Two in one week and one in the next are two weeks; another victim's are others."""
    sent = [
        message(at=PHASE_2),
        message(at=PHASE_2 + timedelta(days=6, hours=23)),
        message(at=PHASE_2 + timedelta(days=7)),
        message(at=PHASE_2, person_id="q"),
    ]
    [found] = messages_a_week(ORDERED, sent)

    assert found.phase == 2
    assert found.weeks == [2, 1, 0, 0, 0, 0, 0]


def test_more_than_six_are_one_group() -> None:
    """Seven and eight are both above."""
    sent = [
        message(at=PHASE_2, person_id=who)
        for who, many in (("p", 7), ("q", 8))
        for _ in range(many)
    ]

    assert messages_a_week(ORDERED, sent)[0].weeks == [0, 0, 0, 0, 0, 0, 2]


def test_only_what_arrived_and_was_not_asked_for_counts() -> None:
    """Codes to sign in, and what reached somebody else or nobody, are left out."""
    sent = [
        message("one_time_code", at=PHASE_2),
        message(at=PHASE_2, fate="misdirected"),
        message(at=PHASE_2, fate="undeliverable"),
    ]

    assert messages_a_week(ORDERED, sent) == []


def test_a_week_is_of_the_phase_that_was_live_on_its_monday() -> None:
    """The day before phase 2 is of phase 1."""
    found = messages_a_week(
        ORDERED, [message(at=PHASE_2 - timedelta(hours=1)), message(at=PHASE_2)]
    )

    assert [(each.phase, sum(each.weeks)) for each in found] == [(1, 1), (2, 1)]
