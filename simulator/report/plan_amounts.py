"""How the numbers of a plan are written in tables and sentences, each as its unit is read."""

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
    """Write half the width of the interval of a number; a dash where there is none."""
    return shown(number.half_width, unit) if number.half_width else NOTHING
