"""Questions and tasks go to the crime system in rounds, every five minutes."""

from datetime import datetime
from typing import Any
from unittest.mock import patch

from starlette.applications import Starlette

from reference.portal.app import create_app as reference_app
from reference.portal.force.errands import Errands
from reference.portal.timestamps import seconds

_ROUND_SECONDS = 300
_run_due = Errands.run_due


async def _in_rounds(self: Errands, now: datetime) -> None:
    next_round = (seconds(now) // _ROUND_SECONDS + 1) * _ROUND_SECONDS
    await self.queue.database.run("UPDATE errand SET due_at = ? WHERE due_at = 0", (next_round,))
    await _run_due(self, now)


def create_app(*args: Any, **kwargs: Any) -> Starlette:
    """Build the reference with this one thing done otherwise."""
    patch.object(Errands, "run_due", _in_rounds).start()
    return reference_app(*args, **kwargs)
