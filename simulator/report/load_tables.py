"""The tables of a burst, for terminal and page: times, limits, what was sent, what it took."""

from msgspec import Struct

from simulator.report.amounts import NOTHING, count, seconds, share
from simulator.results.load import LoadMeasure, LoadResult

_NAMES: dict[str, str] = {
    "update_to_message": "update to message",
    "sign_in": "visit to signed in",
    "all_read": "visit to all read",
    "failed_visits_share": "visits that failed",
    "drain_seconds": "last update to last message",
}


class LoadRow(Struct, frozen=True, kw_only=True):
    """One row: its label and cells."""

    label: str
    cells: tuple[str, ...]


def times(result: LoadResult) -> list[LoadRow]:
    """From what was due to what was done: p50, p95, p99 and the longest."""
    rows = []
    for name in ("update_to_message", "sign_in", "all_read"):
        cells = tuple(_time(result, f"{name}_{each}_seconds") for each in _SHARES)
        if any(each != NOTHING for each in cells):
            rows.append(LoadRow(label=_NAMES[name], cells=cells))
    return rows


def limits(result: LoadResult) -> list[LoadRow]:
    """Each limit, what was measured, what is allowed, and the verdict."""
    return [
        LoadRow(
            label=f"{each.level}: {label(each.measure)}",
            cells=(
                amount(each.measure, each.measured),
                amount(each.measure, each.most),
                each.verdict,
            ),
        )
        for each in result.slos
    ]


def surroundings(result: LoadResult) -> list[str]:
    """Sentences on whether the burst was made as ordered, and what took the machine."""
    ordered, machine = result.ordered, result.machine
    parts = ", ".join(f"{part} {used:.2f}" for part, used in machine.cores_used.items())
    sent = (
        f"Sent: {ordered.updates_per_second_sent:,.0f} updates a second of "
        f"{ordered.updates_per_second_ordered:,.0f} ordered; "
        f"{count(ordered.visits_ordered - ordered.visits_not_made)} of "
        f"{count(ordered.visits_ordered)} visits; 1 in 100 begun "
        f"{ordered.late_p99_seconds:.2f} s late or more."
    )
    took = (
        f"Cores used of {machine.cores}: {parts}. Our gateway takes "
        f"{machine.gateway_per_second_max:,.0f} messages a second; the portal sent "
        f"{count(machine.gateway_per_second_peak)} at most."
    )
    return [sent, took]


def label(measure: LoadMeasure) -> str:
    """Name a measure in words: "update to message, p95"."""
    for start, name in _NAMES.items():
        if measure.startswith(start):
            rest = measure.removeprefix(start).removesuffix("_seconds").strip("_")
            return f"{name}, {rest}" if rest else name
    return measure


def amount(measure: LoadMeasure, value: float) -> str:
    """Write a measure with its unit."""
    return share(value) if measure.endswith("_share") else seconds(value)


_SHARES = ("p50", "p95", "p99", "max")


def _time(result: LoadResult, name: str) -> str:
    value = next((v for each, v in result.measures.items() if each == name), None)
    return NOTHING if value is None else seconds(value)
