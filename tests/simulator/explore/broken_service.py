"""The reference as a service that sends each message twice: a portal that runs already, broken."""

from unittest.mock import patch

from starlette.applications import Starlette

from fixtures.broken_portals.sending import sends_twice
from reference.operations import service
from reference.portal import app as portal_app


def create_app() -> Starlette:
    """Build the service around the broken portal."""
    with patch.object(portal_app, "create_app", sends_twice):
        return service.create_app()
