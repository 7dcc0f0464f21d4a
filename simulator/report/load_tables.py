"""The tables of a burst, for terminal and page: times, limits, what was sent, what it took."""

from msgspec import Struct

from simulator.report.amounts import NOTHING, count, rate, seconds, several, share
from simulator.results.load import LoadMeasure, LoadResult, Machine

_NAMES: dict[str, str] = {
    "update_to_message": "update to message",
    "update_to_page": "update to page",
    "sign_in": "visit to signed in",
    "all_read": "visit to all read",
    "asked": "visit to question taken",
    "failed_visits_share": "visits that failed",
    "stop_taken": "STOP to answered",
    "stops_not_taken_share": "STOPs that were never taken",
    "pages_never_shown_share": "pages that never showed it",
    "drain_seconds": "last update to last message",
    "oldest": "oldest update not yet told",
    "recovery_seconds": "end of a fault to all told",
    "memory_growth": "portal's memory, growth",
    "receipts_refused_share": "receipts that were not taken",
    "cores_stolen_share": "cores that the host gave to others",
    "cores_awaited_share": "time in which other work held cores that were needed",
}


#: What would be written as 0.00 s is not told.
_LATE_SECONDS_TOLD = 0.005


class LoadRow(Struct, frozen=True, kw_only=True):
    """One row: its label and cells."""

    label: str
    cells: tuple[str, ...]


def times(result: LoadResult) -> list[LoadRow]:
    """From what was due to what was done: p50, p95, p99, p99.9 and the longest."""
    rows = []
    for name in _STEPS:
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


def missed(result: LoadResult) -> str:
    """Name each measure that missed a limit, once, and why visits failed ("" for none)."""
    found: dict[str, None] = {}
    for each in result.slos:
        if each.verdict == "PASS" or each.level == "sure":
            continue
        why = result.visits_failed_by if each.measure == "failed_visits_share" else ""
        found[label(each.measure) + (f" (most often: {why})" if why else "")] = None
    return f"Missed: {'; '.join(found)}." if found else ""


def accepted(result: LoadResult) -> list[str]:
    """Say how many of the updates were accepted; nothing where none was to be sent."""
    if not result.events_scheduled:
        return []
    updates = several(result.events_scheduled, "update")
    return [f"{count(result.events_accepted)} of {updates} accepted"]


def visited(result: LoadResult) -> str:
    """Say how many visits were made, failed, and could not be made because nobody was free."""
    said = f"{several(result.visits, 'visit')}, {count(result.visits_failed)} failed"
    if result.ordered.visits_ordered:
        said += f", {count(result.ordered.visits_not_made)} more found nobody free"
    return said


def counts(result: LoadResult) -> str:
    """Say what was sent and what came of it, and how long the run looked for what comes twice."""
    parts = accepted(result)
    if result.events_scheduled:
        looked_for = result.looked_for_repeats_seconds is not None
        twice = f" (looked for what comes twice: {looked(result)})" if looked_for else ""
        sent = several(result.messages, "message")
        parts.append(f"{sent} sent, {count(result.obligations)} due{twice}")
    parts.append(visited(result))
    parts += [f"took {seconds(result.seconds)}"] if result.seconds else []
    return f"{'; '.join(parts)}."


def looked(result: LoadResult) -> str:
    """Say how long nothing but what comes twice was awaited."""
    waited = result.looked_for_repeats_seconds
    if waited is None:
        return NOTHING
    return f"{waited:g} s" if waited else "not at all, as time was up"


def surroundings(result: LoadResult) -> list[str]:
    """Sentences on whether the burst was made as ordered, and what took the machine."""
    ordered, machine = result.ordered, result.machine
    parts = ", ".join(f"{part} {used:.2f}" for part, used in machine.cores_used.items())
    took = (
        f"Cores used of {machine.cores}: {parts}. Our gateway takes "
        f"{rate(machine.gateway_per_second_max)} messages a second; the portal sent "
        f"{count(machine.gateway_per_second_peak)} at most."
    )
    database = f" Database: {machine.database}." if machine.database else ""
    pinned = " Portal and database had cores of their own." if machine.pinned else ""
    versions = ", ".join(f"{name} {number}" for name, number in machine.versions.items())
    where = (
        f"Machine: {machine.processor or machine.system}, {machine.cores} cores, load average "
        f"{machine.load_average:.1f} before the burst.{database}{pinned} Python {machine.python}; "
        f"{versions}. Seed {result.seed}."
    )
    by = f" by {ordered.workers} workers" if ordered.workers else ""
    asked = f"{count(ordered.requests)} requests were sent{by}: {', '.join(result.journeys)}."
    if result.reached != "by URL":
        asked = f"{asked} The portal was reached {result.reached}: times include its own."
    oldest = result.measures.get("oldest_max_seconds", 0.0)
    if ordered.pages_cut_off:
        asked = (
            f"{asked} Of {several(ordered.pages_watched, 'watched page')} "
            f"{count(ordered.pages_cut_off)} had not had their time when the run ended."
        )
    if ordered.stops:
        asked = (
            f"{asked} {several(ordered.stops, 'text')} said STOP; "
            f"{several(ordered.updates_met_a_stop, 'update')} met one on the way, and may be told "
            "or not."
        )
    asked = f"{asked}{_capped(result)}"
    told = f"The oldest update not yet told was {seconds(oldest)} old."
    waited = [told] if oldest else []
    return [
        *_sent(result),
        f"{took}{_each(result)}{_busiest(result)}",
        *_database_waits(machine),
        *waited,
        asked,
        where,
    ]


def _database_waits(machine: Machine) -> list[str]:
    """Say how many sessions of the database worked or waited at a time, and for what."""
    most = sorted(machine.database_waits.items(), key=lambda each: -each[1])
    named = ", ".join(f"{what} {number:.2f}" for what, number in most if number >= 0.005)
    return [f"Sessions of the database at a time: {named}."] if named else []


def _sent(result: LoadResult) -> list[str]:
    """Say how far what was sent kept to what was ordered; nothing where nothing was."""
    ordered, parts = result.ordered, []
    if result.events_scheduled:
        parts.append(
            f"{rate(ordered.updates_per_second_sent)} updates a second of "
            f"{rate(ordered.updates_per_second_ordered)} ordered"
        )
    if ordered.visits_ordered:
        made = ordered.visits_ordered - ordered.visits_not_made
        parts.append(f"{count(made)} of {count(ordered.visits_ordered)} visits")
    if ordered.late_p99_seconds >= _LATE_SECONDS_TOLD:
        parts.append(f"1 in 100 begun {ordered.late_p99_seconds:.2f} s late or more")
    return [f"Sent: {'; '.join(parts)}."] if parts else []


def _capped(result: LoadResult) -> str:
    """Say how the cap on requests was shared out ("" for none)."""
    ordered = result.ordered
    if not ordered.rate_max:
        return ""
    users = several(ordered.workers, "worker") if ordered.workers else "Locust"
    return (
        f" The portal got at most {ordered.rate_max:g} requests a second. Preparation and receipts "
        f"had all of them before the burst; in it receipts had {share(ordered.receipts_share)}, "
        f"and {users} the rest. {several(ordered.held_back, 'request')} waited over a second for a "
        "place."
    )


def _each(result: LoadResult) -> str:
    """Say what portal and database took of a core for each update, visits included."""
    each = result.seconds_per_update
    if not each:
        return ""
    return f" Portal and database took {each * 1000:.1f} ms of a core for each update."


def _busiest(result: LoadResult) -> str:
    """Say what each part took in the busiest seconds, and other work."""
    busiest = result.machine.busiest
    if busiest is None:
        return ""
    parts = sorted(busiest.used.items(), key=lambda each: -each[1])
    took = ", ".join(f"{part} {used:.2f}" for part, used in parts)
    stolen = f", of it {busiest.stolen:.2f} the host's" if busiest.stolen else ""
    waited = ""
    if busiest.waited_share is not None:
        waited = f" Something waited for a core for {share(busiest.waited_share)} of that time."
    return (
        f" In the busiest seconds, from {busiest.second:.0f} on: {took}, other work "
        f"{busiest.others:.2f}{stolen}.{waited}"
    )


def faults(result: LoadResult) -> list[LoadRow]:
    """Each fault: when it began and ended, and how soon everything due by then was told."""
    return [
        LoadRow(
            label=each.kind,
            cells=(
                seconds(each.began_seconds),
                seconds(each.ended_seconds),
                "never" if each.recovery_seconds is None else seconds(each.recovery_seconds),
            ),
        )
        for each in result.faults
    ]


def label(measure: LoadMeasure) -> str:
    """Name a measure in words: "update to message, p95"."""
    for start, name in _NAMES.items():
        if measure.startswith(start):
            rest = measure.removeprefix(start).removesuffix("_seconds")
            rest = rest.removesuffix("_megabytes").strip("_").replace("p999", "p99.9")
            return f"{name}, {rest}" if rest else name
    return measure


def amount(measure: LoadMeasure, value: float) -> str:
    """Write a measure with its unit."""
    if measure.endswith("_megabytes"):
        return f"{value:,.0f} MB"
    return share(value) if measure.endswith("_share") else seconds(value)


_STEPS = ("update_to_message", "update_to_page", "sign_in", "all_read", "asked", "stop_taken")
_SHARES = ("p50", "p95", "p99", "p999", "max")


def _time(result: LoadResult, name: str) -> str:
    value = next((v for each, v in result.measures.items() if each == name), None)
    return NOTHING if value is None else seconds(value)
