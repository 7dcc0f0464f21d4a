"""The reference where the gateway lists at once, and nobody waits minutes after each of many kills.

It asks the gateway for what it may have sent after seconds; all else is as it is.
"""

from starlette.types import ASGIApp

from reference.operations.service import create_app as as_it_is
from reference.portal.messages import sending
from reference.portal.storage import outbox

#: Longer than a request may take.
_SECONDS = 12


def create_app() -> ASGIApp:
    """Build the portal as its service does."""
    outbox.LISTED_SECONDS_MAX = sending.LISTED_SECONDS_MAX = _SECONDS  # type: ignore[attr-defined]
    return as_it_is()
