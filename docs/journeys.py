"""Write docs/journeys.md from the data: `python docs/journeys.py`."""

import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from simulator.force.crime_journey import Journey, read_journey
from simulator.force.crimes import Crimes, make_crimes
from simulator.force.figures import load_figures
from simulator.force.journey_by_group import GroupRules, StateOfGroup, by_group
from simulator.force.journey_diagram import GroupCourse, beside_it, courses, main_course
from simulator.streams import Streams

#: A longer time is read in days.
_HOURS_READ = 72
PAGE = Path(__file__).with_name("journeys.md")
_HEAD = """# What happens to a crime

Made from `scenarios/journeys/reported-crime.toml` and `fixtures/figures` by `docs/journeys.py`:
change the data, then run `python docs/journeys.py`. On each arrow is the share of crimes to which
it happens, if not all, and the median time, or the shortest and longest median by grade, outcome
and offence. Every number has its source there, or why it is assumed.

## Its main course
"""
_BESIDE = """
## What else may happen

Milestones, officers who are away, and what puts a crime or its victim's record off course.
"""
_GROUPS = """
## By offence group

What becomes of a year of both forces' crimes. Outcomes are drawn from those that the Home Office
published for each force and group, year to March 2025; times and allocation are assumed. "No help"
is that the victim does not support action.

| Offence group | Crimes | Allocated | Charged | No suspect | No help | Other | Open | Half end in |
|---|---|---|---|---|---|---|---|---|
"""

_STATES = """
## When each state comes, by offence group

The share of a group's crimes to which each state comes, and the median time from recording. They
differ because outcomes differ by group, and by the guards below. Grades are drawn alike for every
group: no force publishes them by offence.

"""
_OWN = """
## The rules of its own that each offence group has

One file has the states, delays, guards and branches of every group. These are its guards by
offence subgroup; whatever they do not name goes as drawn above.

"""


def written() -> str:
    """Write the page."""
    journey = read_journey()
    year = _year(journey)
    rows = "\n".join(map(_row, courses(year)))
    groups = by_group(journey, year)
    drawings = [
        f"\n```mermaid\n{each}\n```\n" for each in (main_course(journey), beside_it(journey))
    ]
    return (
        f"{_HEAD}{drawings[0]}{_BESIDE}{drawings[1]}{_GROUPS}{rows}\n"
        f"{_STATES}{_states(groups)}\n{_OWN}{_own(groups)}\n"
    )


def _states(groups: Sequence[GroupRules]) -> str:
    events = [each.event for each in groups[0].states]
    head = ("Offence group", *(re.sub(r"(?<!^)(?=[A-Z])", " ", each).lower() for each in events))
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    lines += [f"| {' | '.join((e.group, *map(_when, e.states)))} |" for e in groups]
    return "\n".join(lines)


def _when(state: StateOfGroup) -> str:
    if state.hours is None:
        return "–"
    soon = f"{state.hours:.1f} h" if state.hours < _HOURS_READ else f"{state.hours / 24:.0f} days"
    return f"{state.share:.0%}, {soon}"


def _own(groups: Sequence[GroupRules]) -> str:
    lines = ["| Offence group | Offence subgroups | Rules of its own |", "|---|---|---|"]
    lines += [
        f"| {e.group} | {', '.join(e.subgroups)} | {'; '.join(e.own) or 'none'} |" for e in groups
    ]
    return "\n".join(lines)


def _year(journey: Journey) -> Crimes:
    return make_crimes(
        figures=load_figures(),
        start=date(2026, 1, 1),
        end=date(2027, 1, 1),
        journey=journey,
        streams=Streams(1),
    )


def _row(each: GroupCourse) -> str:
    shares = (
        *(each.allocated, each.charged, each.no_suspect),
        *(each.no_support, each.other, each.undecided),
    )
    days = "–" if each.days_to_end is None else f"{each.days_to_end:.0f} days"
    cells = (each.group, f"{each.crimes:,}", *(f"{share:.0%}" for share in shares), days)
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    PAGE.write_text(written(), encoding="utf-8")
