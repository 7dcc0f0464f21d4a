"""The reference with a faulty line to its gateway: of ten updates it loses one and repeats one.

Started as a process by a target's command; only messages that answer a closure are touched.
"""

from starlette.applications import Starlette

from reference.operations.environment import read_configuration
from reference.operations.http_outbound import HttpOutbound
from reference.operations.service import create_service

_ONE_OF = 10


class FaultyOutbound(HttpOutbound):
    """Believes that a lost message was sent."""

    def __init__(self) -> None:
        super().__init__()
        self._updates = 0

    async def send(
        self, method: str, url: str, headers: dict[str, str], body: bytes
    ) -> tuple[int, bytes]:
        """Send once, twice or not at all."""
        if b"-burst-" not in body:
            return await super().send(method, url, headers, body)
        self._updates += 1
        if self._updates % _ONE_OF == 1:
            return 201, b'{"id": "00000000-0000-4000-8000-%012d"}' % self._updates
        if self._updates % _ONE_OF == 2:
            await super().send(method, url, headers, body)
        return await super().send(method, url, headers, body)


def create_app() -> Starlette:
    """Build it from the environment, as the reference is."""
    given = read_configuration()
    return create_service(given.settings, given.secrets, outbound=FaultyOutbound())
