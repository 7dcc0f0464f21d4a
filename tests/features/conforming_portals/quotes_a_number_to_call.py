"""Every email ends with a number to quote, as many digits as a code has, and with victims' rights.

It is a number for everybody; what stands there says nothing of anybody who reads it.
"""

from datetime import datetime
from typing import Any
from unittest.mock import patch

from msgspec import structs
from starlette.applications import Starlette

from reference.portal.app import create_app as reference_app
from reference.portal.messages.gateway import Outgoing
from reference.portal.messages.sending import Sending
from reference.portal.storage.outbox import Message

_END = "Quote 482913 when you call. The Victims' Code: https://www.thames-valley.police.example/victims-code"
_worded = Sending._worded


async def _with_a_number(self: Sending, message: Message, now: datetime) -> Outgoing:
    outgoing = await _worded(self, message, now)
    if message.channel == "text":
        return outgoing
    return structs.replace(outgoing, body=f"{outgoing.body}\n\n{_END}")


def create_app(*args: Any, **kwargs: Any) -> Starlette:
    """Build the reference with emails that end like this."""
    patch.object(Sending, "_worded", _with_a_number).start()
    return reference_app(*args, **kwargs)
