"""What failed in an outage is tried again after 80 minutes: the order gives 90."""

from datetime import datetime, timedelta
from typing import Any
from unittest.mock import patch

from starlette.applications import Starlette

from reference.portal.app import create_app as reference_app
from reference.portal.storage.errand_queue import ErrandQueue
from reference.portal.storage.outbox import Message, Outbox

_REST = timedelta(minutes=80)
_errand, _message = ErrandQueue.try_again, Outbox.try_again


async def _errand_after_rest(self: ErrandQueue, key: str, at: int) -> None:
    await _errand(self, key, at + int(_REST.total_seconds()))


async def _message_after_rest(self: Outbox, message: Message, at: datetime) -> None:
    await _message(self, message, at + _REST)


def create_app(*args: Any, **kwargs: Any) -> Starlette:
    """Build the reference with this one thing done otherwise."""
    patch.object(ErrandQueue, "try_again", _errand_after_rest).start()
    patch.object(Outbox, "try_again", _message_after_rest).start()
    return reference_app(*args, **kwargs)
