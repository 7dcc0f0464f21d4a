"""A portal that counts the last seven days, whatever week the order names: it must be caught.

It stands apart from the tests, since the features load it in a process of their own.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from unittest.mock import patch

from msgspec import structs
from starlette.applications import Starlette

from reference.portal.app import create_app as reference_app
from reference.portal.rules import message_limits
from reference.portal.settings import Settings

_cap_until = message_limits.cap_until


def by_the_last_seven_days(*args: Any, **kwargs: Any) -> Starlette:
    """Build a portal that holds news back for longer than a calendar week does."""
    patch.object(message_limits, "cap_until", _rolling).start()
    return reference_app(*args, **kwargs)


def _rolling(
    wanted_at: datetime, sent: Sequence[datetime], phase: int, settings: Settings
) -> datetime:
    return _cap_until(wanted_at, sent, phase, structs.replace(settings, week="rolling"))
