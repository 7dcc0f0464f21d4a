"""Says which edges no story can meet on a portal that runs already, and why."""

from datetime import date, datetime, timedelta

from simulator.clock import LONDON
from simulator.explore.edges import Edge

_ORDER = "the portal keeps the order that it was started with"
_NOT_OURS = "the suite did not start this portal, so it cannot restart it"
_PASSED = "the portal's clock is past it"
_BEYOND = "it does not come before the order's bank holidays end"


def why_unreachable(edge: Edge, begun_at: datetime, ends: datetime) -> str:
    """Say why no story can meet an edge between two times on one portal ("" if one can)."""
    if edge.kind == "another order":
        return _ORDER
    if edge.kind == "state asked for after a restart":
        return _NOT_OURS
    if edge.kind != "day":
        return ""
    first, last = begun_at.astimezone(LONDON).date(), ends.astimezone(LONDON).date()
    try:
        day = datetime.strptime(edge.value, "%d %B %Y").date()  # noqa: DTZ007  a day has no zone
    except ValueError:
        return "" if edge.value in _named(first, last) else _named_reason(edge.value)
    if day < first:
        return _PASSED
    return "" if day < last else _BEYOND


def _named(first: date, last: date) -> set[str]:
    """Name the months between two days, and 29 February if it is one of them."""
    days = (first + timedelta(days=each) for each in range((last - first).days))
    names = {f"{day:%B}" for day in days}
    years = range(first.year, last.year + 1)
    leap_days = [date(each, 3, 1) - timedelta(days=1) for each in years]
    if any(first <= each < last and each.day > 28 for each in leap_days):
        names.add("29 February")
    return names


def _named_reason(value: str) -> str:
    """Explain a month or 29 February that does not come; other days always do."""
    months = {f"{date(2028, month, 1):%B}" for month in range(1, 13)}
    return _BEYOND if value in months | {"29 February"} else ""
