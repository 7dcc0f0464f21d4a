"""Who is rostered, and the fewest who would keep the targets: in a line, and as a table."""

from collections.abc import Sequence

from simulator.report.amounts import NOTHING
from simulator.report.period_tables import PeriodTable, Row
from simulator.results.planning import PlanResult, Roster, Staff
from simulator.results.values import Estimate

_BY_THE_HOUR = "by the hour, before a rota"
_ON_SHIFTS = "rostered on shifts"
_ONE_NUMBER = (
    "By the hour means that each hour has its own handlers. No rota can do that, "
    "so one needs more: see scenarios/plans/shifts-with-breaks.toml."
)


def staffed(staff: Sequence[Staff]) -> str:
    """Say what each force has, as planned and today, and whether people can work it."""
    hows = {_how(on) for e in staff for on in (e.is_today_on_shifts, e.is_planned_on_shifts)}
    if len(hows) == 1:
        said = [f"{title(e.force)} {e.planned:,.0f} (today {e.today:,.0f})" for e in staff]
        return f"full-time handlers {hows.pop()}: {', '.join(said)}"
    said = []
    for each in staff:
        now, then = _how(each.is_today_on_shifts), _how(each.is_planned_on_shifts)
        today = f"{each.today:,.0f}" if now == then else f"{each.today:,.0f} {now}"
        said.append(f"{title(each.force)} {each.planned:,.0f} {then} (today {today})")
    return f"full-time handlers: {', '.join(said)}"


def _how(is_on_shifts: bool) -> str:  # noqa: FBT001
    return _ON_SHIFTS if is_on_shifts else _BY_THE_HOUR


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
    if over := [each for each in result.staff if each.is_planned_on_shifts]:
        more = ", ".join(f"{title(e.force)} {e.planned_over_need:.0%}" for e in over)
        said.append(
            "Shifts put more people on the phones than calls need, because they begin at few "
            f"times of the day and last for hours: {more} more."
        )
    if not all(each.is_today_on_shifts and each.is_planned_on_shifts for each in result.staff):
        said.append(_ONE_NUMBER)
    return " ".join(said)


def _needed(number: Estimate | None) -> tuple[str, str]:
    if number is None:
        return "more", NOTHING
    return f"{number.mean:,.0f}", f"{number.half_width:,.1f}"


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
    return "more" if number is None else f"{number.mean:,.0f} (± {number.half_width:,.1f})"


def title(force: str) -> str:
    """Give the name of a force as people write it."""
    return force.replace("_", " ").title()
