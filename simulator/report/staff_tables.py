"""Who is rostered, and the fewest who would keep the targets: in a line, and as a table."""

from collections.abc import Mapping, Sequence

from simulator.report.amounts import NOTHING
from simulator.report.period_tables import PeriodTable, Row
from simulator.report.plan_amounts import about, spread
from simulator.results.planning import PlanResult, Roster, RotaForm, Staff
from simulator.results.values import Estimate

_ONE_DECIMAL = "{:,.1f}".format
_BY_THE_HOUR = "by the hour, before a rota"
_ROTAS: Mapping[RotaForm, str] = {
    "by the hour": _BY_THE_HOUR,
    "on shifts": "rostered on shifts",
    "by headcount": "by the force's own headcount",
}
_ONE_NUMBER = (
    "By the hour means that each hour has its own handlers. No rota can do that, "
    "so one needs more: see scenarios/plans/shifts-with-breaks.toml."
)


def staffed(staff: Sequence[Staff]) -> str:
    """Say what each force has, as planned and today, and whether people can work it."""
    rotas = {rota for each in staff for rota in (each.today_rota, each.planned_rota)}
    if len(rotas) == 1:
        said = [f"{title(e.force)} {e.planned:,.0f} (today {e.today:,.0f})" for e in staff]
        return f"full-time handlers {_ROTAS[rotas.pop()]}: {', '.join(said)}"
    said = []
    for each in staff:
        now, then = _ROTAS[each.today_rota], _ROTAS[each.planned_rota]
        today = f"{each.today:,.0f}" if now == then else f"{each.today:,.0f} {now}"
        said.append(f"{title(each.force)} {each.planned:,.0f} {then} (today {today})")
    return f"full-time handlers: {', '.join(said)}"


def rotas_compared(staff: Sequence[Staff]) -> str:
    """Say in a sentence that a plan is beside handlers who are rostered otherwise; else ""."""
    other = [each for each in staff if each.today_rota != each.planned_rota]
    if not other:
        return ""
    said = "; ".join(
        f"{title(e.force)} {_ROTAS[e.today_rota]} today and {_ROTAS[e.planned_rota]} as planned"
        for e in other
    )
    return (
        f"Two kinds of rota are compared: {said}. So the pounds beside today are of the rota, and "
        "not of what the rest of the plan does: to have the same rota on both sides, say it under "
        "[[both]] in the plan."
    )


def handlers_table(result: PlanResult) -> PeriodTable:
    """Give the full-time equivalents of each force: as rostered, and the fewest for the targets."""
    fewest = {each.force: each for each in result.rosters}
    is_as_today = all(each.planned is None for each in result.measures)
    names = ["No portal", "Today"] if is_as_today else ["No portal", "Today", "Planned"]
    columns = [column for name in names for column in (name, "± 95%")]
    rows = []
    for each in result.staff:
        rostered = [None, each.today, each.planned][: len(names)]
        cells = [c for n in rostered for c in (NOTHING if n is None else f"{n:,.0f}", NOTHING)]
        rows.append(Row(label=f"{title(each.force)}: rostered", cells=tuple(cells)))
        found = fewest.get(each.force)
        if found is not None:
            needed = [found.without, found.today, found.planned][: len(names)]
            cells = [cell for n in needed for cell in _needed(n)]
            rows.append(Row(label=f"{title(each.force)}: needed", cells=tuple(cells)))
    return PeriodTable(
        caption="Handlers, full-time equivalents",
        columns=tuple(columns),
        rows=tuple(rows),
        note=_note(result),
    )


def _note(result: PlanResult) -> str:
    said = []
    if result.rosters:
        years = result.rosters[0].years
        said.append(
            f"Needed is the fewest for {'; '.join(result.targets)}: each of {years} years by "
            "itself. It covers no other wait, such as how long 101 callers hold."
        )
    if over := [each for each in result.staff if each.planned_rota == "on shifts"]:
        more = ", ".join(f"{title(e.force)} {e.planned_over_need:.0%}" for e in over)
        said.append(
            "Shifts put more people on the phones than calls need, because they begin at few "
            f"times of the day and last for hours: {more} more."
        )
    if any("by the hour" in {each.today_rota, each.planned_rota} for each in result.staff):
        said.append(_ONE_NUMBER)
    return " ".join(said)


def _needed(number: Estimate | None) -> tuple[str, str]:
    if number is None:
        return "more", NOTHING
    return f"{number.mean:,.0f}", spread(number, _ONE_DECIMAL)


def fewest_sentence(each: Roster) -> str:
    """Say what the targets need of one force, and how far its roster is from missing them."""
    needs, without = _people(each.planned), _people(each.without)
    return (
        f"{title(each.force)}: {each.rostered:,.0f} full-time handlers rostered; the targets need "
        f"{needs}, today's plan {_people(each.today)}, no portal {without}. {_breaks(each)}"
    )


def _breaks(each: Roster) -> str:
    """Say how far the roster is from missing a target."""
    if each.planned is None:
        return "No roster that was tried keeps them."
    spare = each.rostered - each.planned.mean
    if spare < 0:
        return f"It breaks as it is: {-spare:,.0f} too few."
    return f"It breaks with {spare / each.rostered:.0%} fewer."


def _people(number: Estimate | None) -> str:
    return "more" if number is None else f"{number.mean:,.0f} ({about(number, _ONE_DECIMAL)})"


def title(force: str) -> str:
    """Give the name of a force as people write it."""
    return force.replace("_", " ").title()
