"""A rehearsal's Victims' Code by row, what it cannot measure, and who is left out: rows of words.

The same in the terminal and on the page, as the tables by period are.
"""

from collections.abc import Iterator, Sequence

from simulator.report.amounts import NOTHING, count, hours, share_with_interval
from simulator.report.period_tables import PeriodTable, Row
from simulator.results.values import CodeRow, CodeRowNotMeasured, GroupReached, RehearsalResult

_CAPTION = "The Victims' Code, row by row"
_HOW_LONG = (
    "Half were recorded so soon after it happened (the force), received so soon after that (the "
    "integration), and told so soon after that (the portal and the gateway). 9 in 10 were told "
    "within the last column, from when it happened."
)

#: Of fewer people a share is too uncertain to say: half of 20 has an interval of 30% to 70%.
SHARED_OVER_MIN = 20
_TOO_FEW = "too few"
_WHOSE_SHARE = (
    "Not reached, told late, registers and reads on (signs in again later) are shares of those who "
    "are not excluded, each with its 95% interval for which crimes were followed (Wilson). “Too "
    f"few” stands for a share of fewer than {SHARED_OVER_MIN} people. Language and format "
    "change what a victim does, by shares that are assumed: no record says who reads what. No "
    "simulated victim does anything because of their age, marker, rights or channel."
)


def code_tables(result: RehearsalResult) -> list[PeriodTable]:
    """Make the tables of the Victims' Code: by row of it, how long each took, and by group."""
    tables = []
    if result.code_rows:
        tables += [_in_time(result.code_rows), _how_long(result.code_rows)]
    if result.groups:
        tables.append(_by_group(result.groups))
    return tables


def not_measured_sentences(result: RehearsalResult) -> list[str]:
    """Say which rows of the Code the run does not measure, by why."""
    by_reason: dict[str, list[CodeRowNotMeasured]] = {}
    for each in result.code_not_measured:
        by_reason.setdefault(each.reason, []).append(each)
    return [
        f"{_sentence(reason)}: {'; '.join(map(_unmeasured, rows))}."
        for reason, rows in by_reason.items()
    ]


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]


def _unmeasured(row: CodeRowNotMeasured) -> str:
    time = f", {row.time}" if row.time else ", no time that we know"
    return f"{row.right}, {row.what} ({row.told_by}{time})"


def _label(row: CodeRow) -> str:
    return f"{row.right}: {row.what}"


def _in_time(rows: Sequence[CodeRow]) -> PeriodTable:
    return PeriodTable(
        caption=f"{_CAPTION}: in time, and who held up what came late",
        columns=("Has a time", "News", "In time", "Late by"),
        rows=tuple(
            Row(
                label=_label(each),
                cells=(
                    _has_a_time(each),
                    count(each.news),
                    NOTHING if each.told_in_time is None else count(each.told_in_time),
                    ", ".join(f"{owner} {n}" for owner, n in each.late_by.items()) or NOTHING,
                ),
            )
            for each in rows
        ),
        note=" ".join([*_times(rows), *_told_by_others(rows)]),
    )


def _has_a_time(row: CodeRow) -> str:
    if row.told_in_time is not None:
        return "yes"
    return "not ours" if row.time else "no"


def _times(rows: Sequence[CodeRow]) -> list[str]:
    times = dict.fromkeys(each.time for each in rows if each.told_in_time is not None)
    found = [f"Yes: {each}, from when it happened." for each in times]
    if any(each.told_in_time is None and not each.time for each in rows):
        found.append("No: there is no time in the Code, so nothing is in time or late.")
    return found


def _told_by_others(rows: Sequence[CodeRow]) -> list[str]:
    return [
        f"Not ours: {each.what} is told by {each.told_by} ({each.time}); the portal says only that "
        "it is so, and no clock here runs for it."
        for each in rows
        if each.told_in_time is None and each.time
    ]


def _how_long(rows: Sequence[CodeRow]) -> PeriodTable:
    return PeriodTable(
        caption=f"{_CAPTION}: how long each took",
        columns=("Recorded", "Received", "Told", "9 in 10"),
        rows=tuple(
            Row(
                label=_label(each),
                cells=tuple(
                    map(
                        hours,
                        (
                            each.hours_to_record,
                            each.hours_to_receive,
                            each.hours_to_tell,
                            each.hours_to_tell_most,
                        ),
                    )
                ),
            )
            for each in rows
        ),
        note=_HOW_LONG,
    )


def _by_group(groups: Sequence[GroupReached]) -> PeriodTable:
    return PeriodTable(
        caption="Who is left out: victims of followed crimes recorded since the portal is live",
        columns=("Victims", "Excluded", "Not reached", "Told late", "Registers", "Reads on"),
        rows=tuple(
            Row(
                label=f"{each.by}: {each.group}",
                cells=(count(each.victims), *_shares(each)),
            )
            for each in groups
        ),
        note=_WHOSE_SHARE,
    )


def _shares(group: GroupReached) -> Iterator[str]:
    """Write who was excluded of all, and what became of the others."""
    others = group.victims - group.excluded
    yield _share(group.excluded, group.victims)
    for part in (group.unreached, group.told_late, group.registered, group.read_again):
        yield _share(part, others)


def _share(part: int, whole: int) -> str:
    if not whole:
        return NOTHING
    return _TOO_FEW if whole < SHARED_OVER_MIN else share_with_interval(part, whole)
