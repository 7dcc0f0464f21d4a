"""Portals that do not work: each is the reference with one part disabled.

They patch what they run in, and so run in a process of their own.
"""

from typing import Any, NoReturn
from unittest.mock import patch

from starlette.applications import Starlette

from reference.portal.app import create_app as reference_app
from reference.portal.cases.conversations import Conversations
from reference.portal.cases.journeys import Journeys
from reference.portal.cases.timeline import Timeline
from reference.portal.errors import Problem
from reference.portal.people.sign_in import SignIn


async def _refuse(*_args: Any, **_kwargs: Any) -> NoReturn:
    raise Problem(403, "No")


async def _do_nothing(*_args: Any, **_kwargs: Any) -> None:
    return None


async def _end_plan(self: Journeys, planned: Any, *_args: Any) -> None:
    await self.crimes.plan_message(planned.crime_reference, planned.person_id, None)


def lets_nobody_in(*args: Any, **kwargs: Any) -> Starlette:
    """Refuse every sign-in at its last step."""
    patch.object(SignIn, "enter_code", _refuse).start()
    return reference_app(*args, **kwargs)


def shows_nothing(*args: Any, **kwargs: Any) -> Starlette:
    """Show nothing on any timeline."""
    patch.object(Timeline, "show", _do_nothing).start()
    return reference_app(*args, **kwargs)


def throws_replies_away(*args: Any, **kwargs: Any) -> Starlette:
    """Announce officers' replies, but do not store them."""
    patch.object(Conversations, "receive_reply", _do_nothing).start()
    return reference_app(*args, **kwargs)


def sends_nothing_by_itself(*args: Any, **kwargs: Any) -> Starlette:
    """Send no advice, and no message that a case is still open."""
    patch.object(Journeys, "_send", _end_plan).start()
    return reference_app(*args, **kwargs)
