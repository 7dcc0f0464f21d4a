"""Rules of breakdowns: each is written down once, and only what is ours can be taken down."""

from datetime import datetime

import pytest

from simulator.errors import CannotVerify
from simulator.evidence.records import (
    GatewayCameBack,
    GatewayWentDown,
    PortalRestarted,
    SecondWorkerStarted,
)
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


class Workers:
    """A portal that notes when its second worker started and that it stopped."""

    def __init__(self) -> None:
        self.started: list[datetime] = []
        self.stops = 0

    def start_second_worker(self, at: datetime) -> None:
        """Note it."""
        self.started.append(at)

    def stop_second_worker(self) -> None:
        """Note it."""
        self.stops += 1


def test_a_second_worker_is_at_the_world_s_time() -> None:
    """It starts at this moment of the world, is asked for due work, and is written down."""
    workers, around = Workers(), Around()
    around.world.breakdowns.workers = workers

    around.world.breakdowns.start_second_worker()
    around.world.breakdowns.stop_second_worker()

    assert workers.started == around.portal.moved_to == [START]
    assert workers.stops == 1
    assert around.evidence.records == [SecondWorkerStarted(at=START)]


def test_a_second_worker_is_only_of_a_portal_in_process() -> None:
    """Of any other portal nothing is judged by it, and there is none to stop."""
    around = Around()

    with pytest.raises(CannotVerify, match="second worker only of a portal in this process"):
        around.world.breakdowns.start_second_worker()
    around.world.breakdowns.stop_second_worker()

    assert around.evidence.records == []
