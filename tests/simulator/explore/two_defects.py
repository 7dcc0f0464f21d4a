"""A portal with two mistakes at once: it sends each message twice, and advice a phase too early."""

from typing import Any

from starlette.applications import Starlette

from fixtures.broken_portals.announcing import advises_before_phase_2
from fixtures.broken_portals.sending import sends_twice


def create_app(*args: Any, **kwargs: Any) -> Starlette:
    """Build the reference with both."""
    sends_twice(*args, **kwargs)
    return advises_before_phase_2(*args, **kwargs)
