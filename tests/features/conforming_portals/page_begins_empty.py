"""A crime's page has no entry for the crime's own recording: its first entry is the first step."""

from datetime import datetime
from typing import Any
from unittest.mock import patch

from starlette.applications import Starlette

from reference.contract.events import AnyEvent, CrimeRecorded
from reference.portal.app import create_app as reference_app
from reference.portal.cases.timeline import Timeline
from reference.portal.rules.crime_state import Crime

_show = Timeline.show


async def _steps_only(
    self: Timeline, crime: Crime, event: AnyEvent, said_at: datetime, **who: Any
) -> None:
    if not isinstance(event, CrimeRecorded):
        await _show(self, crime, event, said_at, **who)


def create_app(*args: Any, **kwargs: Any) -> Starlette:
    """Build the reference with this one thing done otherwise."""
    patch.object(Timeline, "show", _steps_only).start()
    return reference_app(*args, **kwargs)
