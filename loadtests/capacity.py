"""Find how large a burst a portal stands: raise it until a limit breaks, narrow down, confirm.

Pure: it asks for runs at a scale and decides the next. The knee is the largest scale that held,
twice; above it stands what gave out first, with what shows it.
"""

from collections.abc import Callable, Sequence

from msgspec import Struct

from simulator.results.load import LoadResult

#: A scale is narrowed down until the next is less than so many times larger.
NARROW = 1.2
RUNS_MAX = 12
_UP = 2.0


class Trial(Struct, frozen=True, kw_only=True):
    """One run at a scale: whether it held, and why not ("" if it did)."""

    scale: float
    held: bool
    why: str


class Capacity(Struct, frozen=True, kw_only=True):
    """What was found: the largest scale that held (0 for none), and what gave out above it.

    `is_confirmed` says that the knee held twice. `limit` is "" if no run broke.
    """

    trials: list[Trial]
    knee: float
    is_confirmed: bool
    limit: str


def find_capacity(run: Callable[[float], LoadResult], *, begin: float = 1.0) -> Capacity:
    """Look for the knee from a scale on; makes at most RUNS_MAX runs."""
    trials: list[Trial] = []

    def holds(scale: float) -> bool:
        trials.append(_trial(scale, run(scale)))
        return trials[-1].held

    held, broke = _bracket(holds, begin)
    while held and broke and broke / held > NARROW and len(trials) < RUNS_MAX - 1:
        middle = round((held * broke) ** 0.5, 3)
        if holds(middle):
            held = middle
        else:
            broke = middle
    is_confirmed = bool(held) and len(trials) < RUNS_MAX and holds(held)
    if held and not is_confirmed and not trials[-1].held:
        broke = held
        held = max((each.scale for each in trials if each.held and each.scale < broke), default=0.0)
    return Capacity(trials=trials, knee=held, is_confirmed=is_confirmed, limit=_limit(trials, held))


def gave_out(result: LoadResult) -> str:
    """Say why a run did not hold, "" if it did; what ran out first stands before what broke."""
    if result.limited_by:
        return result.limited_by
    if result.verdict in {"PASS", "WARNING"}:
        return ""
    broken = [each.measure for each in result.slos if each.verdict == "FAIL"]
    harms = sorted({each.harm for each in result.harms if each.kind == "FAIL"})
    what = "; ".join([*broken, *harms]) or f"the run was {result.verdict}"
    return f"{_ran_out(result)}: {what}"


def _bracket(holds: Callable[[float], bool], begin: float) -> tuple[float, float]:
    """Find a scale that holds and a larger one that does not; 0 for one that was not found."""
    scale, held = begin, 0.0
    if holds(scale):
        for _ in range(RUNS_MAX - 3):
            held, scale = scale, scale * _UP
            if not holds(scale):
                return held, scale
        return scale, 0.0
    broke = scale
    for _ in range(4):
        scale /= _UP
        if holds(scale):
            return scale, broke
        broke = scale
    return 0.0, broke


def _trial(scale: float, result: LoadResult) -> Trial:
    why = gave_out(result)
    return Trial(scale=scale, held=not why, why=why)


def _limit(trials: Sequence[Trial], knee: float) -> str:
    above = [each for each in trials if not each.held and each.scale > knee]
    return min(above, key=lambda each: each.scale).why if above else ""


def _ran_out(result: LoadResult) -> str:
    """Name the part that gave out first, with what shows it."""
    used, cores = result.machine.cores_used, result.machine.cores
    if refused := sum(each.refused for each in result.series):
        return f"the gateway's limit, which refused {refused:,} messages"
    if sum(used.values()) > 0.9 * cores:
        most = max(used, key=lambda part: used[part])
        return f"{most} and the machine's {cores} cores"
    if used.get("portal", 0.0) > 0.9:
        return "the portal's one core"
    if used.get("database", 0.0) > 0.9:
        return "the database's one core"
    if result.machine.load_average > cores:
        busy = f"load average {result.machine.load_average:.1f}, {cores} cores"
        return f"the machine, busy with other work ({busy})"
    return "the portal, with cores to spare"
