"""Portals that ask for the date of birth as ordered, and are too kind about it."""

from datetime import date, timedelta
from typing import Any
from unittest.mock import patch

from starlette.applications import Starlette

from reference.portal.app import create_app
from reference.portal.people import sign_in
from reference.portal.rules.identity_proof import Candidate, Given, is_proved


def forgets_the_year(*args: Any, **kwargs: Any) -> Starlette:
    """Let anybody in who knows the day of the party."""

    def in_any_year(candidate: Candidate, given: Given, key: str) -> bool:
        assert isinstance(given, date)
        years = [given.replace(year=year) for year in range(1940, 2000)]
        return any(is_proved(candidate, each, key) for each in years)

    patch.object(sign_in, "is_proved", in_any_year).start()
    return create_app(*args, **kwargs)


def takes_month_and_day_either_way(*args: Any, **kwargs: Any) -> Starlette:
    """Let in who writes dates as elsewhere, and whoever guesses so."""

    def either_way(candidate: Candidate, given: Given, key: str) -> bool:
        assert isinstance(given, date)
        turned = given.replace(day=given.month, month=min(given.day, 12))
        return is_proved(candidate, given, key) or is_proved(candidate, turned, key)

    patch.object(sign_in, "is_proved", either_way).start()
    return create_app(*args, **kwargs)


def takes_a_day_more_or_less(*args: Any, **kwargs: Any) -> Starlette:
    """Let in who slipped by a day, which a zone of time may do, and whoever guesses so."""

    def nearly(candidate: Candidate, given: Given, key: str) -> bool:
        assert isinstance(given, date)
        near = [given + timedelta(days=each) for each in (-1, 0, 1)]
        return any(is_proved(candidate, each, key) for each in near)

    patch.object(sign_in, "is_proved", nearly).start()
    return create_app(*args, **kwargs)
