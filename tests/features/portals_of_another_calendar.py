"""Portals that reckon by another list of bank holidays than the order's: each must be caught.

They stand apart from the tests, since the features load them in a process of their own.
"""

from datetime import date, datetime, timedelta
from typing import Any
from unittest.mock import patch

from msgspec import structs
from starlette.applications import Starlette

from reference.portal.app import create_app as reference_app
from reference.portal.rules import victims_code
from reference.portal.settings import Settings
from simulator.inputs.working_days import english_bank_holidays

_FIRST, _LAST = date(2024, 1, 1), date(2036, 1, 1)
_TUESDAY, _WEDNESDAY, _THURSDAY = 1, 2, 3
_within_working_days = victims_code.within_working_days


def days_of_the_week(*weekdays: int) -> list[date]:
    """List every day of these weekdays in the years that a run may come to."""
    days = [_FIRST + timedelta(days=each) for each in range((_LAST - _FIRST).days)]
    return [day for day in days if day.weekday() in weekdays]


LOCAL = days_of_the_week(_TUESDAY, _WEDNESDAY)


def by_england_s_list(*args: Any, **kwargs: Any) -> Starlette:
    """Build a portal that reckons by England's list, whatever the order names: it is too soon."""
    return _reckoning_by(english_bank_holidays(range(2024, 2036)), *args, **kwargs)


def by_a_longer_list(*args: Any, **kwargs: Any) -> Starlette:
    """Build a portal that has more days off than the order names: it is late."""
    return _reckoning_by(days_of_the_week(_TUESDAY, _WEDNESDAY, _THURSDAY), *args, **kwargs)


def _reckoning_by(days: "list[date] | tuple[date, ...]", *args: Any, **kwargs: Any) -> Starlette:
    def within(at: datetime, count: int, settings: Settings) -> datetime:
        settings = structs.replace(settings, bank_holidays=frozenset(days))
        return _within_working_days(at, count, settings)

    patch.object(victims_code, "within_working_days", within).start()
    return reference_app(*args, **kwargs)
