"""Write amounts, shares and moments as people in Britain read them, the same in every report."""

import re
from datetime import date, datetime

from simulator.clock import LONDON, written_day
from simulator.results.share_interval import wilson

NOTHING = "–"
#: An interval this wide, or wider, is written with 0 decimals of a percentage, or with 1.
_INTERVAL_WIDTHS = (0.02, 0.002)


def count(number: int) -> str:
    """Write a count: 12,345."""
    return f"{number:,}"


def several(number: int, noun: str, plural: str = "") -> str:
    """Write a count of things: 1 harm, 2 harms; 2 stories, with their plural given."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {plural or f'{noun}s'}"


def as_sentence(words: str) -> str:
    """End a sentence with a full stop, unless it has its own end."""
    return words if words.endswith((".", "?", "!")) else f"{words}."


def force_name(name: str) -> str:
    """Write a force's key as its name: "Thames Valley" for thames_valley."""
    return name.replace("_", " ").title()


def kind(name: str) -> str:
    """Write the name of a kind in words: "sign in from" for SignInFrom."""
    return re.sub(r"(?<!^)(?=[A-Z])", " ", name).lower()


def share(part: float) -> str:
    """Write a share between 0 and 1 as a percentage with two decimals: 0.21%."""
    return f"{part:.2%}"


def share_of(part: int, whole: int) -> str:
    """Write `part` as a percentage of `whole`, or a dash if the whole is 0."""
    return share(part / whole) if whole else NOTHING


def share_with_interval(part: int, whole: int) -> str:
    """Write a share of `whole`, above 0, with its 95% interval: 46% (42 to 51).

    It has no more decimals than the interval's width bears.
    """
    low, high = wilson(part / whole, whole)
    decimals = next(
        (places for places, width in enumerate(_INTERVAL_WIDTHS) if high - low >= width),
        len(_INTERVAL_WIDTHS),
    )
    middle, low, high = (100 * each for each in (part / whole, low, high))
    return f"{middle:.{decimals}f}% ({low:.{decimals}f} to {high:.{decimals}f})"


def one_in(fraction: float) -> str:
    """Write a fraction as "1 in 20", "all" for 1, or a percentage if neither is exact."""
    if fraction == 1:
        return "all"
    every = round(1 / fraction) if fraction > 0 else 0
    if every and abs(1 / every - fraction) < 1e-9:
        return f"1 in {every:,}"
    return share(fraction)


def hours(number: float | None) -> str:
    """Write hours with one decimal, or a dash."""
    return NOTHING if number is None else f"{number:,.1f} h"


def seconds(number: float | None) -> str:
    """Write seconds with two decimals, or a dash."""
    return NOTHING if number is None else f"{number:,.2f} s"


def rate(number: float) -> str:
    """Write how many of something a second: with one decimal below 10, and none above."""
    return f"{number:,.1f}" if number < 9.95 else f"{number:,.0f}"


def value(number: float) -> str:
    """Write any number as briefly as possible: 0.2, 12,345."""
    return f"{int(number):,}" if number == int(number) else f"{number:,.6g}"


def day(when: date) -> str:
    """Write a day: 18 May 2026."""
    return written_day(when)


def short_day(when: date) -> str:
    """Write a day in a narrow column: 18 May 26."""
    return f"{when.day} {when:%b %y}"


def moment(when: datetime) -> str:
    """Write a moment as London clocks show it: 18 May 2026 14:05 London time."""
    local = when.astimezone(LONDON)
    return f"{day(local)} {local:%H:%M} London time"
