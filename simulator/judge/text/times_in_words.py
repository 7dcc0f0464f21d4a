"""Whether words say a day and a time of it, in any of the ways that people write them."""

import re
from datetime import datetime

from simulator.clock import LONDON

_QUARTERS = {15: "quarter past", 30: "half past"}
_HOURS = [
    "twelve",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
]


def says_when(words: str, at: datetime) -> bool:
    """Say whether words name the day and the time of a moment, as London's clocks have it."""
    local = at.astimezone(LONDON)
    return _says_day(words, local) and _says_time(words, local)


def _says_day(words: str, local: datetime) -> bool:
    """Take the day of the month, or the day of the week, whatever stands around it."""
    day_of_month = rf"(?<![\d:.])0?{local.day}(?:st|nd|rd|th)?(?![\d:])"
    return bool(re.search(rf"{day_of_month}|\b{local:%a}", words, re.IGNORECASE))


def _says_time(words: str, local: datetime) -> bool:
    hour, minute = local.hour, local.minute
    # "12:30am" is no appointment after noon: who reads it does not come.
    not_wrong_half = rf"(?!\s*{'p' if hour < 12 else 'a'}\.?\s?m\b)"
    forms = [
        rf"(?<!\d)0?{each}[:.h ]?{minute:02d}(?!\d){not_wrong_half}"
        for each in {hour, (hour - 1) % 12 + 1}
    ]
    if minute in _QUARTERS:
        hour_in_words = rf"(?:{_HOURS[hour % 12]}|{(hour - 1) % 12 + 1})\b"
        forms.append(rf"\b{_QUARTERS[minute]} {hour_in_words}")
    if minute == 0:
        forms.append(rf"(?<![\d:.])0?{(hour - 1) % 12 + 1} ?{'a' if hour < 12 else 'p'}\.?m\b")
        forms.append(rf"\b(?:{_HOURS[hour % 12]}|{(hour - 1) % 12 + 1}) o['’]clock")
        forms.append({0: r"\bmidnight\b", 12: r"\b(?:noon|midday)\b"}.get(hour, r"(?!)"))
    return bool(re.search("|".join(forms), words, re.IGNORECASE))
