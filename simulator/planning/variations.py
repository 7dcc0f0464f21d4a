"""The variations of one year: each message off in turn, each number low and high, other uptakes.

All are run on the year's own crimes, people, worries and calls, so each differs from the plan in
nothing but what is varied.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from msgspec import structs

from simulator.planning.assumed_number import Number
from simulator.planning.plan_input import PlanInput
from simulator.planning.scenario import Change, YearFiles, read_year
from simulator.planning.year import Year, YearOfPortal
from simulator.rehearsal.net_benefit import NET, benefit_of
from simulator.rehearsal.officer_behaviour import call_back_tasks
from simulator.rehearsal.uptake import SHARES

#: The event whose message invites: without it nobody learns of the portal.
INVITATION = "CrimeRecorded"
#: All messages but the invitation, switched off together.
ALL_UPDATES = "all updates"
#: Shares of invited victims who register: those of a rehearsal, nobody, and everybody.
UPTAKES = (0.0, *SHARES, 1.0)
_AUTOMATIC = ("advice", "still_with_us")
_NEVER_DAYS = 36_500


class AtUptake(NamedTuple):
    """One year in which a share registers: how many do, and what it saves and costs, by line."""

    registered: float
    benefit: dict[str, float]


def messages_off(files: YearFiles) -> Iterator[tuple[str, YearFiles]]:
    """Give the files with each message of the order off in turn, and at last all updates."""
    order = files.order
    for event in dict.fromkeys(each.event for each in order.triggers):
        left = tuple(each for each in order.triggers if each.event != event)
        yield event, structs.replace(files, order=structs.replace(order, triggers=left))
    for name in _AUTOMATIC:
        yield name, _without_automatic(files, [name])
    invitation = tuple(each for each in order.triggers if each.event == INVITATION)
    alone = structs.replace(files, order=structs.replace(order, triggers=invitation))
    yield ALL_UPDATES, _without_automatic(alone, _AUTOMATIC)


def _without_automatic(files: YearFiles, names: Sequence[str]) -> YearFiles:
    journey = files.order.journey
    if "advice" in names:
        journey = structs.replace(journey, advice_for={})
    if "still_with_us" in names:
        journey = structs.replace(journey, still_with_us_days=_NEVER_DAYS)
    return structs.replace(files, order=structs.replace(files.order, journey=journey))


def effects_of_messages(
    year: Year, files: YearFiles, run: YearOfPortal
) -> dict[str, tuple[float, float]]:
    """Give the calls that each message saves, net, and how many messages there are of it."""
    found = {}
    for event, without in messages_off(files):
        off = year.run(without).figures
        found[event] = (run.figures.net - off.net, run.figures.messages - off.messages)
    return found


def swings_of_numbers(
    plan: PlanInput, year: Year, run: YearOfPortal
) -> list[tuple[float, float, float, float]]:
    """Give for each number the calls saved at low and at high, more than usual, and the pounds."""
    study, today = plan.study, plan.today
    usual = benefit_of(year.use_of_portal(today, run.figures), today.costs)[NET]
    swings = []
    for each in study.numbers:
        calls, pounds = [], []
        for value in (each.low, each.high):
            changes: list[Change | Number] = [*plan.scenario.both, each]
            files = read_year(study, changes, said_in=plan.scenario.study, values=[value])
            figures = (run if differs_in_costs_alone(files, today) else year.run(files)).figures
            net = benefit_of(year.use_of_portal(files, figures), files.costs)[NET]
            calls.append(figures.net - run.figures.net)
            pounds.append(net - usual)
        swings.append((calls[0], calls[1], pounds[0], pounds[1]))
    return swings


def by_uptake(
    year: Year, files: YearFiles, run: YearOfPortal, *, rostered_hours_more: float
) -> list[AtUptake]:
    """Run the plan again at each of `UPTAKES`; `run` is at the plan's own share."""
    found = []
    for share in UPTAKES:
        figures = at_uptake(year, files, share, run).figures
        use = year.use_of_portal(files, figures, rostered_hours_more=rostered_hours_more)
        found.append(AtUptake(figures.registered, benefit_of(use, files.costs)))
    return found


def at_uptake(year: Year, files: YearFiles, share: float, run: YearOfPortal) -> YearOfPortal:
    """Run the files with this share of invited victims who register; `run` is that of the files."""
    victims = files.rollout.victims
    if victims.registers.value == share:
        return run
    registers = structs.replace(victims.registers, value=share)
    victims = structs.replace(victims, registers=registers)
    rollout = structs.replace(files.rollout, victims=victims)
    return year.run(structs.replace(files, rollout=rollout))


def differs_in_costs_alone(files: YearFiles, today: YearFiles) -> bool:
    """Say whether a year goes as today: what things cost changes nothing that happens.

    How many calls are rung back, and how long that takes, is in the costs and does.
    """
    if call_back_tasks(files.costs) != call_back_tasks(today.costs):
        return False
    return structs.replace(files, costs=today.costs) == today
