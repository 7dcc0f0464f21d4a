"""Say why a run did not hold: whom it harmed, what broke, what ran out, what held it up.

Pure. What ran out is told with its evidence: the cores that each part took in the seconds in which
most was taken. One core is the end only for what is one process.
"""

from collections.abc import Iterable, Sequence
from statistics import fmean

from simulator.report.load_tables import label
from simulator.results.load import CoresSecond, LoadMeasure, LoadResult, Machine, Part

#: A machine, or a process, that took more than this of its cores had no more to give.
FULL = 0.9
#: The seconds in which most of the cores were taken are looked for in so long a stretch.
_STRETCH_SECONDS = 5.0
_LOOKS_MAX = 20
#: Of the machine, so much taken by other work is no matter.
_OTHERS_SHARE_MAX = 0.15
#: Cores that are awaited for more of the time than this are none to spare (throttled, or unequal).
_WAITED_SHARE_MAX = 0.25
#: So many of a hundred messages may be turned away by a limit before that is what ran out.
_REFUSED_SHARE_MAX = 0.01
_OURS = {"generator": "our generator's one core; give --workers", "doubles": "our gateway's core"}


def gave_out(result: LoadResult) -> str:
    """Say why a run did not hold, "" if it did: harm first, then what broke, then what limited it.

    A run may have harmed somebody whatever its limit was. A portal that broke its limits before all
    visits could be made would have with them, too: those found nobody free because it was slow.
    """
    limited = f"; the limit was {result.limited_by}" if result.limited_by else ""
    harms = sorted({each.harm for each in result.harms if each.kind == "FAIL"})
    if harms:
        return f"harm ({', '.join(harms)}): {ran_out(result)}{limited}"
    broken = [label(each.measure) for each in result.slos if each.verdict == "FAIL"]
    if broken:
        return f"{ran_out(result)}: {'; '.join(broken)}{limited}"
    if result.limited_by:
        return result.limited_by
    if result.stopped:
        return result.stopped
    if result.verdict in {"PASS", "WARNING"}:
        return ""
    return f"{ran_out(result)}: not everything was done in time ({result.verdict})"


def is_told(result: LoadResult) -> bool:
    """Say whether everyone was told in time, and nobody harmed: a missed comfort is no matter."""
    if result.verdict in {"PASS", "WARNING"}:
        return not result.limited_by
    broken = [each for each in result.slos if each.verdict == "FAIL"]
    is_only_of_comfort = bool(broken) and all(each.is_comfort for each in broken)
    is_whole = not (result.failures or result.limited_by or result.stopped)
    return result.verdict == "FAIL" and is_only_of_comfort and is_whole and _all_told(result)


def ran_out(result: LoadResult) -> str:
    """Name what gave out first, with what shows it."""
    refused, machine = sum(each.refused for each in result.series), result.machine
    if refused > _REFUSED_SHARE_MAX * max(result.messages, 1):
        return f"the gateway's limit, which refused {refused:,} messages"
    busiest = busiest_stretch(machine.cores_over_time)
    if busiest is None:
        return "not known, because nobody looked at the cores"
    shown = _shown(busiest, machine)
    if busiest.others > _OTHERS_SHARE_MAX * machine.cores and _is_full(busiest, machine):
        return f"the machine, busy with other work ({shown})"
    for part, name in _OURS.items():
        if busiest.busiest.get(part, 0.0) > FULL:  # type: ignore[call-overload]
            return f"{name} ({shown})"
    if _is_full(busiest, machine):
        most = max(busiest.used, key=lambda part: busiest.used[part])
        return f"the machine's {machine.cores} cores, most of them the {most}'s ({shown})"
    return f"{_of_portal(busiest, machine)} ({shown})"


def busiest_stretch(seconds: Iterable[CoresSecond]) -> CoresSecond | None:
    """Return the mean over the few seconds in which the burst took most; None if nobody looked.

    Not those in which other work did: that is told of the same seconds.
    """
    whole = _stretches(seconds)
    return max(map(_mean, whole), key=lambda each: sum(each.used.values())) if whole else None


def fullest(seconds: Iterable[CoresSecond], part: Part) -> float:
    """Say what the busiest process of a part took of its core in the seconds in which it was most.

    0 if nobody looked.
    """
    means = [_mean(each).busiest.get(part, 0.0) for each in _stretches(seconds)]
    return max(means, default=0.0)


def machine_measures(seconds: Sequence[CoresSecond], cores: int) -> dict[LoadMeasure, float]:
    """Say what share of the cores the host gave away, and how long other work was in the way.

    What the burst itself makes wait for a core is what a burst is for.
    """
    found: dict[LoadMeasure, float] = {}
    if not seconds:
        return found
    found["cores_stolen_share"] = fmean(each.stolen for each in seconds) / cores
    waited = [
        each.waited_share if each.others > _OTHERS_SHARE_MAX * cores else 0.0
        for each in seconds
        if each.waited_share is not None
    ]
    if waited:
        found["cores_awaited_share"] = fmean(waited)
    return found


def _stretches(seconds: Iterable[CoresSecond]) -> list[list[CoresSecond]]:
    """Give every stretch of a few seconds in which somebody looked."""
    looks = list(seconds)
    stretches = [
        [
            each
            for each in looks[place : place + _LOOKS_MAX]
            if each.second < first.second + _STRETCH_SECONDS
        ]
        for place, first in enumerate(looks)
    ]
    return [each for each in stretches if each[-1].second >= each[0].second + 1] or stretches[:1]


def _of_portal(busiest: CoresSecond, machine: Machine) -> str:
    """Name the process that could take no more, though the machine had cores to spare."""
    portal, count = busiest.used.get("portal", 0.0), machine.portal_workers
    if machine.pinned and portal + busiest.used.get("database", 0.0) > FULL * machine.cores / 2:
        return "the half of the cores that portal and database have by --pin"
    if busiest.busiest.get("portal", 0.0) > FULL:
        is_one = count == 1 and portal < busiest.busiest["portal"] + 1 - FULL
        named = "its only process" if is_one else "one of its processes"
        return f"the portal: {named} took a whole core"
    if busiest.busiest.get("database", 0.0) > FULL:
        return "the database: one of its processes took a whole core"
    waited = busiest.waited_share or 0.0
    if waited > _WAITED_SHARE_MAX:
        return (
            f"the cores: something waited for one for {waited:.0%} of the time, though not all ran"
        )
    return "the portal, with cores to spare"


def _all_told(result: LoadResult) -> bool:
    left = result.series[-1].backlog if result.series else 0
    return not left and result.events_accepted >= result.events_scheduled


def _is_full(busiest: CoresSecond, machine: Machine) -> bool:
    return _taken(busiest) > FULL * machine.cores


def _taken(look: CoresSecond) -> float:
    return sum(look.used.values()) + look.others


def _mean(looks: list[CoresSecond]) -> CoresSecond:
    parts = {part for each in looks for part in each.used}
    waited = [each.waited_share for each in looks if each.waited_share is not None]
    return CoresSecond(
        second=looks[0].second,
        used={part: fmean(each.used.get(part, 0.0) for each in looks) for part in parts},
        busiest={part: fmean(each.busiest.get(part, 0.0) for each in looks) for part in parts},
        others=fmean(each.others for each in looks),
        stolen=fmean(each.stolen for each in looks),
        waited_share=fmean(waited) if waited else None,
    )


def _shown(look: CoresSecond, machine: Machine) -> str:
    parts = sorted(look.used.items(), key=lambda each: -each[1])
    took = ", ".join(f"{part} {used:.2f}" for part, used in [*parts, ("others", look.others)])
    return f"{machine.cores} cores, at second {look.second:.0f}: {took}"
