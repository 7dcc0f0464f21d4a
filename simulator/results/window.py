"""The results of a phase's test weeks as plain values: one line a day, and the whole."""

from datetime import date

from msgspec import Struct

from simulator.results.values import CodeCount, HarmCount
from simulator.verdicts import Finding, Kind


class WindowDay(Struct, frozen=True, kw_only=True):
    """One day of a phase's test weeks. `failures` counts the portal's."""

    day: date
    updates: int
    messages: int
    not_reached: int
    sign_ins: int
    questions: int
    tasks: int
    failures: int


class WindowResult(Struct, frozen=True, kw_only=True):
    """A phase's test weeks, rehearsed at volume, from `starts` to the day before `ends`."""

    name: str
    portal: str
    order: str
    phase: int
    seed: int
    starts: date
    ends: date
    crimes: int
    verdict: Kind
    obligations: int
    days: list[WindowDay]
    harms: list[HarmCount]
    failures: list[Finding]
    untried: list[str] = []
    #: How often each kind of event was recorded, and the kinds that a crime system may send and did
    #: not: of those these weeks say nothing.
    tried: dict[str, int] = {}
    not_tried: list[str] = []
    victims_code: CodeCount = CodeCount()
