"""A broken portal as a process of its own, built from the environment as the reference is."""

from typing import Any
from unittest.mock import patch

from msgspec import structs
from starlette.applications import Starlette

from reference.operations.environment import read_configuration
from reference.operations.service import create_service
from reference.portal.messages.sending import Sending

_worded = Sending._worded


async def _telling(self: Sending, *message: Any) -> Any:
    outgoing = await _worded(self, *message)
    return structs.replace(outgoing, body=f"About your theft: {outgoing.body}")


def create_app() -> Starlette:
    """Build the portal that says in every message what it is about."""
    patch.object(Sending, "_worded", _telling).start()
    given = read_configuration()
    return create_service(given.settings, given.secrets)
