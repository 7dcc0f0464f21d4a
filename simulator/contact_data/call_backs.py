"""The call-back sample: whose numbers to ring, and what the answers say of the whole.

Rules cannot see that a well-formed number is somebody else's. A sample rung by people can. It is
spread over stations and entry routes; answers are weighted back to the whole.
"""

import csv
import math
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from simulator.contact_data.database import in_groups, safe_cell, safe_text, scalar
from simulator.errors import BadInput
from simulator.legible import did_you_mean
from simulator.streams import Streams

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

#: Two-sided 95%.
_Z = 1.959963984540054
COLUMNS = (
    "call", "station", "entry_route", "records_like_it", "occurrence_id", "person_id",
    "name_to_ask_for", "mobile", "email", "right_person", "remark",
)  # fmt: skip
#: What a caller writes in `right_person`.
RIGHT, WRONG, UNKNOWN = "yes", "no", "no answer"
_NAME = "trim(given_name || ' ' || family_name)"
_TO_CALL = "record.is_victim AND is_open_eligible AND (by_text OR by_email) AND is_safe"


class WrongRate(Struct, frozen=True, kw_only=True):
    """Of the people who were asked, how many were not the victim; shares with a 95% interval."""

    name: str
    asked: int
    wrong: int
    no_answer: int
    share: float
    low: float
    high: float


class CallBacks(Struct, frozen=True, kw_only=True):
    """What the call-backs say: of the whole by weight, and by station and entry route."""

    whole: WrongRate
    stations: tuple[WrongRate, ...]
    routes: tuple[WrongRate, ...]
    strata_unasked: tuple[str, ...] = ()


class Answer(Struct, frozen=True):
    """One line of a filled-in list: its stratum, how many records are like it, and the answer."""

    station: str
    route: str
    like_it: int
    answer: str


def write_call_list(database: "DuckDBPyConnection", path: Path, *, size: int, seed: int) -> int:
    """Write a list of `size` people to ring, by strata; return how many there are.

    Only people whom the portal would tell are on it, and nobody for whom contact is not safe.
    """
    strata = database.execute(
        f"SELECT record.station, record.entry_route, count(*) FROM record JOIN told USING (n) "
        f"WHERE {_TO_CALL} GROUP BY 1, 2 ORDER BY 1, 2"
    ).fetchall()
    counts = {(str(station), str(route)): int(count) for station, route, count in strata}
    wanted = spread(counts, size)
    random = Streams(seed).for_("contact_data.call_backs")
    rows: list[tuple[object, ...]] = []
    for (station, route), number in wanted.items():
        ids = database.execute(
            f"SELECT n FROM record JOIN told USING (n) WHERE {_TO_CALL} AND station = ? "
            "AND entry_route = ? ORDER BY n",
            [station, route],
        ).fetchnumpy()["n"]
        chosen = sorted(int(each) for each in random.choice(ids, size=number, replace=False))
        found = database.execute(
            f"SELECT occurrence_id, person_id, {safe_cell(_NAME)}, {in_groups('m_mobile')}, "
            "e_email FROM record JOIN reading USING (n) WHERE n IN (SELECT unnest(?)) ORDER BY n",
            [chosen],
        ).fetchall()
        rows += [(station, route, counts[station, route], *each, "", "") for each in found]
    with path.open("w", encoding="utf-8", newline="") as file:
        written = csv.writer(file)
        written.writerow(COLUMNS)
        written.writerows((number, *map(safe_text, each)) for number, each in enumerate(rows, 1))
    return len(rows)


def spread(counts: Mapping[tuple[str, str], int], size: int) -> dict[tuple[str, str], int]:
    """Spread a sample over strata in proportion, with at least one from each while it lasts."""
    size = min(size, sum(counts.values()))
    largest = sorted(counts, key=lambda each: (-counts[each], each))
    given = dict.fromkeys(largest[:size], 1)
    left, total = size - len(given), sum(counts[each] for each in given)
    shares = {each: min(counts[each] - 1, left * counts[each] / max(1, total)) for each in given}
    for each, share in shares.items():
        given[each] += int(share)
    by_rest = sorted(given, key=lambda each: (int(shares[each]) - shares[each], each))
    while sum(given.values()) < size:
        for each in by_rest:
            if given[each] < counts[each] and sum(given.values()) < size:
                given[each] += 1
    return given


def read_answers(path: Path) -> list[Answer]:
    """Read a filled-in list; raises BadInput with the file, the line and the column."""
    try:
        with path.open(encoding=_encoding(path), newline="") as file:
            rows = csv.DictReader(file)
            names = rows.fieldnames or []
            missing = [each for each in ("station", "entry_route", "records_like_it",
                                         "right_person") if each not in names]  # fmt: skip
            if missing:
                raise BadInput(
                    f"{path}: line 1: no column {missing[0]!r}; give the list that --audit-sample "
                    "wrote, filled in"
                )
            return [_answer(path, rows.line_num, each) for each in rows]
    except (OSError, UnicodeError, csv.Error) as error:
        reason = getattr(error, "strerror", None) or "not a CSV file in UTF-8"
        raise BadInput(f"{path}: {reason}; check the path") from None


def _encoding(path: Path) -> str:
    """Find how a list was saved: a spreadsheet's plain CSV is Windows-1252."""
    try:
        path.read_bytes().decode()
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8-sig"


def _answer(path: Path, line: int, row: Mapping[str, str | None]) -> Answer:
    said = (row["right_person"] or "").strip().lower()
    said = {"y": RIGHT, "n": WRONG, "": UNKNOWN}.get(said, said)
    if said not in (RIGHT, WRONG, UNKNOWN):
        hint = did_you_mean(said, (RIGHT, WRONG, UNKNOWN))
        raise BadInput(
            f"{path}: line {line}, column 'right_person': it is {said!r:.60}; write yes, no or "
            f"no answer{hint}"
        )
    like_it = (row["records_like_it"] or "").strip()
    if not like_it.isdecimal() or int(like_it) < 1:
        raise BadInput(
            f"{path}: line {line}, column 'records_like_it': it is {like_it!r:.60}; leave the "
            "number as --audit-sample wrote it"
        )
    return Answer(row["station"] or "", row["entry_route"] or "", int(like_it), said)


def wrong_rates(answers: Sequence[Answer]) -> CallBacks:
    """Work out the share of wrong people, by stratum and for the whole.

    The whole is weighted by how many records each stratum has. Its interval is Wilson's, on as many
    answers as an unweighted sample would need for the same variance (Kish). Raises BadInput if
    nobody was reached.
    """
    strata: dict[tuple[str, str], list[Answer]] = {}
    for each in answers:
        strata.setdefault((each.station, each.route), []).append(each)
    asked = {key: rows for key, rows in strata.items() if _asked(rows)}
    if not asked:
        raise BadInput(
            "--audit-results: nobody was reached: fill in the column right_person with yes or no"
        )
    return CallBacks(
        whole=_weighted(asked, answers),
        stations=_by(answers, lambda each: each.station),
        routes=_by(answers, lambda each: each.route),
        strata_unasked=tuple(
            " / ".join(filter(None, key)) or "(blank)" for key in strata if key not in asked
        ),
    )


def _by(answers: Iterable[Answer], name: "object") -> tuple[WrongRate, ...]:
    assert callable(name)
    groups: dict[str, dict[tuple[str, str], list[Answer]]] = {}
    for each in answers:
        group = groups.setdefault(name(each), {})
        group.setdefault((each.station, each.route), []).append(each)
    found = []
    for key, strata in sorted(groups.items()):
        rows = [each for group in strata.values() for each in group]
        asked = {stratum: group for stratum, group in strata.items() if _asked(group)}
        if asked:
            found.append(_weighted(asked, rows, named=key or "(blank)"))
        else:
            found.append(WrongRate(name=key or "(blank)", asked=0, wrong=0,
                                   no_answer=len(rows), share=0.0, low=0.0, high=1.0))  # fmt: skip
    return tuple(found)


def _weighted(
    asked: Mapping[tuple[str, str], Sequence[Answer]],
    rows: Sequence[Answer],
    *,
    named: str = "the whole extract",
) -> WrongRate:
    records = sum(group[0].like_it for group in asked.values())
    share, spent = 0.0, 0.0
    for group in asked.values():
        weight, number = group[0].like_it / records, _asked(group)
        share += weight * _wrong(group) / number
        spent += weight**2 / number
    low, high = wilson(share, 1 / spent)
    number = _asked(rows)
    return WrongRate(
        name=named,
        asked=number,
        wrong=_wrong(rows),
        no_answer=len(rows) - number,
        share=share,
        low=low,
        high=high,
    )


def _asked(rows: Sequence[Answer]) -> int:
    return sum(each.answer != UNKNOWN for each in rows)


def _wrong(rows: Sequence[Answer]) -> int:
    return sum(each.answer == WRONG for each in rows)


def wilson(share: float, number: float) -> tuple[float, float]:
    """Give Wilson's 95% interval of a share seen in `number` answers."""
    middle = (share + _Z**2 / (2 * number)) / (1 + _Z**2 / number)
    half = (
        _Z
        / (1 + _Z**2 / number)
        * math.sqrt(share * (1 - share) / number + _Z**2 / (4 * number**2))
    )
    return max(0.0, middle - half), min(1.0, middle + half)


def records_to_call(database: "DuckDBPyConnection") -> int:
    """Count the records from which a sample is drawn."""
    return scalar(database, f"SELECT count(*) FROM record JOIN told USING (n) WHERE {_TO_CALL}")
