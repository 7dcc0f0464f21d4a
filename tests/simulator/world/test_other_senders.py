"""What the force did not sign goes to a portal by the way of what it did sign, or is no proof."""

from typing import ClassVar

import pytest

from reference.contract.events import VictimRecord
from simulator.drivers.base import Delivery, SignedBy
from simulator.errors import CannotVerify
from simulator.world.other_senders import deliver_signed_by
from tests.simulator.scripted_driver import ScriptedDriver
from tests.simulator.worlds import MOBILE, START, Around, crime

FORGED = Delivery("forged", [b'{"id": "not-the-forces"}'])


def portal_that_has_a_crime(portal: ScriptedDriver) -> tuple[Around, str]:
    """Have the force record a crime, and give the id of that event."""
    around = Around(portal=portal)
    around.meet()
    victim = VictimRecord(person_id="p", mobile_phone=MOBILE, safe_to_contact=True)
    event_id = around.crime_system.record(crime(START, victim))
    around.world.settle()
    return around, event_id


class Elsewhere(ScriptedDriver):
    """Posts what another sender signed to an address where nothing is."""

    answers: ClassVar[int] = 404

    def deliver_signed_by(self, delivery: Delivery, signed_by: SignedBy) -> int:
        """Answer as a server does that knows no such page."""
        self.signers.append(signed_by)
        return self.answers


def test_a_driver_shows_first_that_it_uses_the_way_of_the_force() -> None:
    """What the force signed goes that way once more, and is taken; then what it did not sign."""
    around, known = portal_that_has_a_crime(ScriptedDriver())

    assert deliver_signed_by(around.world, FORGED, "another key", known) == 401

    assert around.portal.signers == ["the force", "another key"]
    assert around.portal.taken.count(known) == 2
    assert "not-the-forces" not in around.portal.taken


def test_a_way_on_which_nothing_is_taken_proves_nothing() -> None:
    """A wrong address refuses everybody: that the portal does is not verified."""
    around, known = portal_that_has_a_crime(Elsewhere())

    with pytest.raises(CannotVerify, match=r"answered 404 .* does not use the interface"):
        deliver_signed_by(around.world, FORGED, "nobody", known)

    assert around.portal.signers == ["the force"]


def test_a_portal_that_fetches_has_no_such_way() -> None:
    """It reads the change feed: that nothing can be posted to it is how it should be."""
    around, known = portal_that_has_a_crime(Elsewhere())
    around.world.integration.feed = around.crime_system.changes
    around.crime_system.changes.is_asked = True

    assert deliver_signed_by(around.world, FORGED, "nobody", known) == 404


def test_with_nothing_that_the_portal_has_the_rest_is_tried() -> None:
    """Where no event could be handed over there is nothing to show the way with."""
    around, _known = portal_that_has_a_crime(ScriptedDriver())

    assert deliver_signed_by(around.world, FORGED, "the force an hour ago", "") == 401
