"""How a date of birth gets wrong: pure functions of dates."""

from datetime import date


def is_swappable(born: date) -> bool:
    """Say whether day and month can be swapped and give another date."""
    return born.day <= 12 and born.day != born.month


def wrong_birth(kind: str, born: date) -> date | None:
    """Write a date of birth with a fault of this kind; None where it is missing.

    Day and month stay as they are where they cannot be swapped.
    """
    if kind == "day_and_month_swapped":
        return date(born.year, born.day, born.month) if is_swappable(born) else born
    if kind == "century_wrong":
        year = born.year + (-100 if born.year >= 2000 else 100)
        # 29 February is not in every century's year.
        return date(year, born.month, min(born.day, 28) if born.month == 2 else born.day)
    return None
