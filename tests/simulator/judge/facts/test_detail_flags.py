"""When the force must be asked to look at a victim's details."""

from datetime import timedelta

from simulator.judge.facts.detail_flags import DetailFlags
from tests.simulator.judge.force_story import BEGINS


def test_a_look_is_owed_once_until_the_force_is_asked() -> None:
    """While the force has changed nothing since it was asked, it need not be asked again."""
    flags = DetailFlags()
    now = BEGINS[1]
    flags.owe("person-1", "crime", "text: missing", now)
    flags.owe("person-1", "crime", "email: missing", now)

    assert len(flags.opened) == 1

    flags.raised("person-1", now)
    flags.owe("person-1", "crime", "text: did not arrive", now)

    assert [flag.raised_at for flag in flags.opened] == [now, now]

    flags.details_changed("person-1", "a number", None, now + timedelta(minutes=1))
    flags.owe("person-1", "crime", "text: missing", now)

    assert [flag.raised_at for flag in flags.opened] == [now, now, None]


def test_a_portal_may_ask_before_it_has_answered_the_delivery() -> None:
    """The task is in the evidence before the delivery, at the same moment."""
    flags = DetailFlags()
    now = BEGINS[1]
    flags.raised("person-1", now)
    flags.details_changed("person-1", "a number", None, now)
    flags.owe("person-1", "crime", "text: missing", now)

    assert [flag.raised_at for flag in flags.opened] == [now]
