"""Write docs/journeys.md from the data: `python docs/journeys.py`."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

import numpy as np

from simulator.files.paths import ROOT
from simulator.force.crime_journey import Journey
from simulator.force.crimes import Crimes
from simulator.force.journey_by_group import (
    GroupRules,
    StateOfGroup,
    by_group,
    journey_of_group,
    subgroups_of,
)
from simulator.force.journey_diagram import GroupCourse, beside_it, courses, main_course
from simulator.inputs.order import read_order
from simulator.rehearsal.journey_shares import journey_shares, journey_shares_by_group
from simulator.rehearsal.population import Population, make_population
from simulator.rehearsal.rollout import read_rollout
from simulator.streams import Streams

#: A longer time is read in days.
_HOURS_READ = 72
#: Shares on arrows are counted from every fifth crime of a year: some 65,000.
_ONE_IN = 5
#: And those of each offence group from at most so many of its crimes.
_OF_GROUP = 10_000
_SEED = 1
PAGE = Path(__file__).with_name("journeys.md")
_HEAD = """# What happens to a crime

Made from `scenarios/journeys/reported-crime.toml` and `fixtures/figures` by `docs/journeys.py`:
change the data, then run `python docs/journeys.py`. On each arrow is the share of the crimes at its
beginning to which it happens, counted from simulated crimes, and the median time, or the shortest
and longest median by grade, outcome and offence. Every number has its source there, or why it is
assumed.

## Its main course
"""
_BESIDE = """
## What else may happen

Milestones, and what puts a crime or its victim's record off course. Officers who are away or leave
are not drawn: they follow from the roster in `scenarios/phased-rollout.toml`.
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
differ because outcomes and grades differ by group, and by the guards below.

"""
_GRADES = """
## Response grades, by offence group

1 is an emergency, 2 a priority, 3 scheduled, and 4 is resolved with nobody sent. No force publishes
grades by offence, and neither force its grades at all: all are assumed, those of each subgroup with
why. Together they make the shares in `grades` of the journey.

| Offence group | Grade 1 | Grade 2 | Grade 3 | Grade 4 |
|---|---|---|---|---|
"""
_OWN = """
## The rules of its own that each offence group has

One file has the states, delays, guards and branches of every group. These are its guards by
offence subgroup; whatever they do not name goes as drawn above.

"""


_DRAWN = """
## A drawing of each offence group

The same journey, with what is guarded by offence and how often each thing comes in that group,
counted from at most 10,000 of its crimes. What happened to none of those is left out. Open one to
see it.
"""


def written() -> str:
    """Write the page."""
    population = _year()
    year = population.crimes
    journey = year.journey
    rows = "\n".join(map(_row, courses(year)))
    groups = by_group(journey, year)
    counted = np.arange(0, len(year), _ONE_IN)
    shares = journey_shares(population, counted, Streams(_SEED))
    course, beside = _drawings(journey, shares, "The journey of a crime")
    return (
        f"{_HEAD}{course}{_BESIDE}{beside}{_GROUPS}{rows}\n"
        f"{_GRADES}{_grades(groups, year)}\n"
        f"{_STATES}{_states(groups)}\n{_OWN}{_own(groups)}\n{_DRAWN}{''.join(_drawn(population))}"
    )


def _drawn(population: Population) -> Iterator[str]:
    journey = population.crimes.journey
    subgroups = subgroups_of(population.crimes.figures)
    counted = journey_shares_by_group(population, _OF_GROUP, Streams(_SEED))
    for group, shares in counted.items():
        course, beside = _drawings(
            journey_of_group(journey, subgroups[group], shares), shares, group
        )
        yield f"\n<details>\n<summary>{group}</summary>\n{course}{beside}\n</details>\n"


def _drawings(journey: Journey, shares: Mapping[str, float], title: str) -> list[str]:
    """Draw the main course of a journey, and what else may happen in it."""
    found = (main_course(journey, shares, title), beside_it(journey, shares, title))
    return [f"\n```mermaid\n{each}\n```\n" for each in found]


def _grades(groups: Sequence[GroupRules], year: Crimes) -> str:
    of_all = [float((year.grade == each).mean()) for each in (1, 2, 3, 4)]
    rows = [*((each.group, each.grades) for each in groups), ("All", of_all)]
    return "\n".join(
        f"| {name} | {' | '.join(f'{share:.0%}' for share in shares)} |" for name, shares in rows
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


def _year() -> Population:
    rollout = read_rollout(ROOT / "scenarios" / "phased-rollout.toml")
    return make_population(
        rollout,
        read_order(ROOT / rollout.order),
        root=ROOT,
        start=date(2026, 1, 1),
        end=date(2027, 1, 1),
        fraction=0,
        identity_key="",
        streams=Streams(_SEED),
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
