"""The gateway's own speed is measured, and leaves no message behind."""

from loadtests.gateway_ceiling import gateway_per_second_max
from simulator.clock import wall_now
from simulator.neighbours.gateway.inbox import Inbox
from simulator.neighbours.gateway.notify import DEFAULT_TEMPLATES, notify_app
from simulator.neighbours.gateway.notify_service import NotifyService
from simulator.processes.loopback import free_port, serving
from tests.simulator.neighbours.gateway.double import API_KEY


def test_it_takes_many_messages_and_keeps_none() -> None:
    """The smoke-test number is answered and not kept, so the burst is not disturbed."""
    inbox = Inbox(wall_now)
    gateway = notify_app(
        inbox,
        service=NotifyService.of_key(API_KEY),
        security_now=wall_now,
        templates=DEFAULT_TEMPLATES,
    )
    with serving(gateway, free_port()) as url:
        speed = gateway_per_second_max(url, API_KEY, wall_now())
        stranger = gateway_per_second_max(url, API_KEY[:-1] + "0", wall_now())

    assert speed > 10
    assert stranger == 0
    assert not [each for each in inbox.drain() if hasattr(each, "message_id")]
