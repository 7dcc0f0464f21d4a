"""Messages go out in rounds, every ten minutes: in time, and not at once."""

from datetime import datetime, timedelta
from typing import Any
from unittest.mock import patch

from starlette.applications import Starlette

from reference.portal.app import create_app as reference_app
from reference.portal.rules import quiet_hours
from reference.portal.settings import Settings

_ROUND_MINUTES = 10
#: A round takes so long: a second worker may come to it a little later.
_LASTS = timedelta(minutes=2)
_send_at = quiet_hours.send_at


def _in_rounds(due_at: datetime, settings: Settings) -> datetime:
    since_round = timedelta(minutes=due_at.minute % _ROUND_MINUTES, seconds=due_at.second)
    if since_round < _LASTS:
        return _send_at(due_at, settings)
    return _send_at(due_at + timedelta(minutes=_ROUND_MINUTES) - since_round, settings)


def create_app(*args: Any, **kwargs: Any) -> Starlette:
    """Build the reference with this one thing done otherwise."""
    patch.object(quiet_hours, "send_at", _in_rounds).start()
    return reference_app(*args, **kwargs)
