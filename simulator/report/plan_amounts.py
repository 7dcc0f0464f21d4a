"""How the numbers of a plan are written in tables and sentences, each as its unit is read."""

from collections.abc import Callable

from simulator.report.amounts import NOTHING
from simulator.results.values import Estimate

_MILLION = 999_999.5


def shown(number: float, unit: str) -> str:
    """Write a number as its unit is read; an interval that is not known is a dash."""
    if number != number or abs(number) == float("inf"):  # noqa: PLR0124  only nan differs from itself
        return NOTHING
    if unit == "share":
        return f"{number:.2%}"
    if unit == "pounds":
        amount = abs(number)
        # In a table of 80 columns a million in full would break in two.
        said = f"{amount / 1e6:,.2f}m" if amount >= _MILLION else f"{amount:,.0f}"
        return f"{'-' if number < 0 else ''}£{said}"
    if unit in {"seconds", "minutes"} or (unit == "hours" and abs(number) < 100):
        return f"{number:,.1f}"
    return f"{number:,.0f}"


def span(number: Estimate, unit: str) -> str:
    """Write the interval of a number; one of no width says so."""
    if number.low == number.high:
        return "the same each time"
    return f"{shown(number.low, unit)} to {shown(number.high, unit)}"


def plus_minus(number: Estimate, unit: str) -> str:
    """Write half the width of the interval of a number; a dash where there is none.

    Where an end is cut off, as at 0 for a count, ± would say what cannot be: both ends are written.
    """
    if not number.half_width:
        return NOTHING
    return spread(number, lambda each: shown(each, unit))


def spread(number: Estimate, write: Callable[[float], str]) -> str:
    """Write half the width of an interval, or both ends where one is cut off."""
    if number.is_even:
        return write(number.half_width)
    return f"{write(number.low)} to {write(number.high)}"


def about(number: Estimate, write: Callable[[float], str]) -> str:
    """Write the interval of a number for a sentence: ± half its width, or both ends."""
    return f"{'± ' if number.is_even else ''}{spread(number, write)}"
