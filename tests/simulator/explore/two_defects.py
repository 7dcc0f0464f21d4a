"""A portal with two mistakes at once: it sends each message twice, and advice a phase too early."""

from typing import Any
from unittest.mock import patch

from starlette.applications import Starlette

from fixtures.broken_portals import advises_before_phase_2, sends_twice
from reference.portal.messages.gateway import Gateway


def create_app(*args: Any, **kwargs: Any) -> Starlette:
    """Build the reference with both."""
    patch.object(Gateway, "send_all", sends_twice._twice).start()
    return advises_before_phase_2.create_app(*args, **kwargs)
