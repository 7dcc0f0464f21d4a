"""What cannot be done by hand, found before a tester keys in anything.

Time is real here: a scenario that takes longer than a tester waits is SKIP, with the time it needs.
"""

import re
from collections.abc import Sequence
from datetime import timedelta

#: Steps that only our own doubles can do, by how they begin.
_NOT_BY_HAND = {
    "the crime system sends the same event again": "an event cannot be sent twice by hand",
    "the crime system holds back ": "an event cannot be held back by hand",
    "the crime system is down": "the force's test crime system cannot be taken down for this",
    "a mail scanner follows ": "what a mail scanner sends cannot be sent by hand",
}
_UNITS = {"minute": timedelta(minutes=1), "hour": timedelta(hours=1), "day": timedelta(days=1)}
_DAY = timedelta(days=1)
#: Steps during which a night, a week or a month passes.
_LONG = {
    r"^it is \d": _DAY,
    r"^it is Monday morning$": 7 * _DAY,
    r" from \d+:00 until \d+ in the morning$": _DAY,
    r"^the time for an answer is over$": 7 * _DAY,
    r" when the week is over$": 7 * _DAY,
    r"^the review period of the closed case is over$": 29 * _DAY,
}
#: Steps that last as long as a message may take.
_PATIENT = (
    r" gets no (?:message|more messages)(?: by (?:text|email))?$"
    r"|^\w+ tries to write |^\w+ texts back "
)


def why_not_by_hand(
    sentences: Sequence[str], *, wait_seconds_max: float, patience: timedelta
) -> str:
    """Explain why a scenario cannot be done by hand, or return "" if it can.

    `sentences` are its steps without Given, When and Then. `patience` is how long a message may
    take, and so how long to wait before saying that none came.
    """
    for sentence in sentences:
        for begins, why in _NOT_BY_HAND.items():
            if sentence.startswith(begins):
                return why
    needed = max((time_needed(each, patience) for each in sentences), default=timedelta(0))
    if needed.total_seconds() > wait_seconds_max:
        return (
            f"it needs {duration(needed)} of real time, but access.wait_seconds_max is "
            f"{wait_seconds_max:g}"
        )
    return ""


def time_needed(sentence: str, patience: timedelta) -> timedelta:
    """Return how long a step takes by itself."""
    if passes := re.match(r"(an?|\d+) (minute|hour|day)s? (?:pass|has|have)", sentence):
        count = int(passes[1]) if passes[1].isdigit() else 1
        return count * _UNITS[passes[2]]
    if days := re.search(r" twice a day for (\d+) days$|^in (\d+) more days ", sentence):
        return int(days[1] or days[2]) * _DAY
    if re.search(_PATIENT, sentence):
        return patience
    return next(
        (needed for pattern, needed in _LONG.items() if re.search(pattern, sentence)),
        timedelta(0),
    )


def duration(needed: timedelta) -> str:
    """Write a duration in round units."""
    for unit in ("day", "hour", "minute"):
        if needed >= _UNITS[unit]:
            count = round(needed / _UNITS[unit])
            return f"about {count} {unit}{'' if count == 1 else 's'}"
    return f"{needed.total_seconds():g} seconds"
