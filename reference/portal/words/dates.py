"""Dates and times in words, as pages and timelines show them: by the clock in London."""

from datetime import date, datetime
from functools import cache

from reference.portal.timestamps import LONDON
from reference.portal.words.languages import Words, words_of


def london(at: datetime, words: Words | None = None) -> str:
    """Write a moment as people in London do: 3 June 2026 at 2:15pm.

    Raises ValueError for a time without a zone, which could be shown an hour wrong.
    """
    if at.tzinfo is None:
        raise ValueError(f"{at.isoformat()} has no time zone")
    local, say = at.astimezone(LONDON), words or words_of()
    return say.plain(
        "dates.moment",
        day=day_of(local, say),
        hour=local.hour % 12 or 12,
        minute=f"{local.minute:02}",
        half=say.plain("dates.am" if local.hour < 12 else "dates.pm"),
    )


def day_of(on: date, words: Words | None = None) -> str:
    """Write a date as people do: 3 June 2026."""
    say = words or words_of()
    return say.plain("dates.day", day=on.day, month=_months(say)[on.month - 1], year=on.year)


@cache
def _months(words: Words) -> list[str]:
    return words.plain("dates.months").split()
