"""Rules of breakdowns: each is written down once, and only what is ours can be taken down."""

from datetime import datetime

import pytest

from simulator.errors import CannotVerify
from simulator.evidence.records import GatewayCameBack, GatewayWentDown, PortalRestarted
from simulator.inputs.handsets import Handsets
from simulator.world.recipient_guard import Recipients
from tests.simulator.scripted_driver import ScriptedDriver
from tests.simulator.worlds import START, Around


class SendsElsewhere(ScriptedDriver):
    """Says itself what it sent."""

    capabilities = frozenset({"messages_since"})


def test_a_gateway_that_went_down_is_written_down_once() -> None:
    """The evidence says when it went down and when it came back."""
    around = Around()

    around.world.breakdowns.take_gateway_down()
    assert around.inbox.is_down
    around.world.breakdowns.bring_gateway_back()
    around.world.breakdowns.bring_gateway_back()

    assert not around.inbox.is_down
    assert around.evidence.records == [GatewayWentDown(at=START), GatewayCameBack(at=START)]


@pytest.mark.parametrize(
    "around",
    [
        Around(portal=SendsElsewhere()),
        Around(
            recipients=Recipients(Handsets(mobiles=("07700 900001",), vouched_by="Dana Okafor"))
        ),
    ],
    ids=["the vendor's own record", "test handsets"],
)
def test_a_gateway_that_is_not_ours_cannot_be_taken_down(around: Around) -> None:
    """Where messages go by another nothing is shown by it, so that nothing is judged."""
    with pytest.raises(CannotVerify, match="does not send by our gateway"):
        around.world.breakdowns.take_gateway_down()

    assert around.evidence.records == []


def test_a_portal_that_is_restarted_is_at_the_world_s_time() -> None:
    """It is started at this moment of the world, asked for all due work, and it is written down."""
    restarted: list[datetime] = []
    around = Around(restart=restarted.append)

    around.world.breakdowns.restart_portal()

    assert restarted == around.portal.moved_to == [START]
    assert around.evidence.records == [PortalRestarted(at=START)]


def test_a_portal_that_is_not_ours_is_not_killed() -> None:
    """Where the run does not start it nothing is judged by it."""
    around = Around()

    with pytest.raises(CannotVerify, match="we did not start this portal"):
        around.world.breakdowns.restart_portal()

    assert around.evidence.records == []
