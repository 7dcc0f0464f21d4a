"""The call-back sample: whose numbers to ring, and what the answers say of the whole.

Rules cannot see that a well-formed number is somebody else's. A sample rung by people can. It is
spread over stations and entry routes; answers are weighted back to the whole.
"""

import csv
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from msgspec import Struct, structs

from simulator.contact_data.database import in_groups, safe_cell, safe_text, scalar
from simulator.contact_data.drawn_lists import Drawn, drawn_list, key_of
from simulator.errors import BadInput
from simulator.results.share_interval import wilson
from simulator.streams import Streams

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

COLUMNS = (
    "call", "station", "entry_route", "records_like_it", "occurrence_id", "person_id",
    "name_to_ask_for", "mobile", "email", "right_person", "remark", "row", "drawn",
)  # fmt: skip
#: What a caller writes in `right_person`.
RIGHT, WRONG, UNKNOWN = "yes", "no", "no answer"
_NAME = "trim(given_name || ' ' || family_name)"
#: How many records there are to ring, by stratum.
LIKE_IT = (
    "SELECT station, entry_route, count(*) FROM record JOIN to_ring USING (n) GROUP BY 1, 2 "
    "ORDER BY 1, 2"
)
Stratum: TypeAlias = tuple[str, str]


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
    """What the call-backs say: of the whole by weight, and by station and entry route.

    Of `strata_unasked` nobody was reached; `unasked_share` is how many of all records they hold.
    `silent_wrong` is the whole if each person who did not answer, and everybody where nobody was
    drawn, were a wrong person. `drawn` is how the list was drawn.
    """

    whole: WrongRate
    silent_wrong: WrongRate
    stations: tuple[WrongRate, ...]
    routes: tuple[WrongRate, ...]
    strata_unasked: tuple[str, ...] = ()
    unasked_share: float = 0.0
    drawn: Drawn | None = None

    @property
    def worst_high(self) -> float:
        """The upper end, if everybody in a stratum where nobody was reached were a wrong person."""
        return self.whole.high * (1 - self.unasked_share) + self.unasked_share

    @property
    def cautious_high(self) -> float:
        """The higher of what silence may hide: by stratum, and person by person."""
        return max(self.worst_high, self.silent_wrong.high)


class Answer(Struct, frozen=True):
    """What one call told: the stratum of its record, and the answer."""

    station: str
    route: str
    answer: str

    @property
    def stratum(self) -> Stratum:
        """The station and the entry route."""
        return self.station, self.route


def find_whom_to_ring(database: "DuckDBPyConnection") -> None:
    """Make `to_ring`: the records from which a list is drawn.

    Only people whom the portal would tell are among them, and nobody for whom contact is not safe.
    """
    database.execute(
        "CREATE TABLE to_ring AS SELECT n, true AS may_be_rung FROM record JOIN told USING (n) "
        "WHERE record.is_victim AND is_open_eligible AND reached"
    )


def write_call_list(database: "DuckDBPyConnection", path: Path, *, size: int, seed: int) -> int:
    """Write a list of `size` people to ring, by strata; return how many there are."""
    strata = database.execute(LIKE_IT).fetchall()
    counts = {(str(station), str(route)): int(count) for station, route, count in strata}
    wanted = spread(counts, size)
    random = Streams(seed).for_("contact_data.call_backs")
    rows: list[tuple[object, ...]] = []
    keys: list[tuple[str, ...]] = []
    for (station, route), number in wanted.items():
        ids = database.execute(
            "SELECT n FROM record JOIN to_ring USING (n) WHERE station = ? AND entry_route = ? "
            "ORDER BY n",
            [station, route],
        ).fetchnumpy()["n"]
        chosen = sorted(int(each) for each in random.choice(ids, size=number, replace=False))
        found = database.execute(
            f"SELECT occurrence_id, person_id, {safe_cell(_NAME)}, {in_groups('m_mobile')}, "
            "e_email, record.n FROM record JOIN reading USING (n) WHERE n IN (SELECT unnest(?)) "
            "ORDER BY n",
            [chosen],
        ).fetchall()
        keys += [
            key_of(str(safe_text(str(each[0]))), str(safe_text(str(each[1]))), int(each[-1]))
            for each in found
        ]
        rows += [
            (station, route, counts[station, route], *each, "", "", row) for *each, row in found
        ]
    mark = drawn_list(keys, seed=seed).mark
    with path.open("w", encoding="utf-8", newline="") as file:
        written = csv.writer(file)
        written.writerow(COLUMNS)
        written.writerows(
            (number, *map(safe_text, each), mark) for number, each in enumerate(rows, 1)
        )
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


def wrong_rates(answers: Sequence[Answer], counts: Mapping[Stratum, int]) -> CallBacks:
    """Work out the share of wrong people, by stratum and for the whole.

    The whole is weighted by how many records each stratum has: `counts`. Its interval is Wilson's,
    on as many answers as an unweighted sample would need for the same variance (Kish). Raises
    BadInput if nobody was reached.
    """
    asked = {each.stratum for each in answers if each.answer != UNKNOWN}
    if not asked:
        raise BadInput(
            "--audit-results: nobody was reached: fill in the column right_person with yes or no"
        )
    unasked = sorted(each for each in counts if each not in asked)
    return CallBacks(
        whole=_weighted(answers, counts, named="the whole extract"),
        silent_wrong=_if_silence_is_wrong(answers, counts),
        stations=_by(answers, counts, lambda each: each.station),
        routes=_by(answers, counts, lambda each: each.route),
        strata_unasked=tuple(" / ".join(filter(None, each)) or "(blank)" for each in unasked),
        unasked_share=sum(counts[each] for each in unasked) / sum(counts.values()),
    )


def _if_silence_is_wrong(answers: Sequence[Answer], counts: Mapping[Stratum, int]) -> WrongRate:
    """Weigh the answers as if everybody who did not answer, or could not, were a wrong person."""
    silent = [
        Answer(each.station, each.route, WRONG if each.answer == UNKNOWN else each.answer)
        for each in answers
    ]
    found = _weighted(silent, counts, named="the whole extract, if no answer is a wrong person")
    drawn = {each.stratum for each in answers}
    share = sum(counts[each] for each in counts if each not in drawn) / sum(counts.values())
    return structs.replace(
        found,
        share=found.share * (1 - share) + share,
        high=found.high * (1 - share) + share,
    )


def _by(
    answers: Iterable[Answer], counts: Mapping[Stratum, int], name: Callable[[Answer], str]
) -> tuple[WrongRate, ...]:
    groups: dict[str, list[Answer]] = {}
    for each in answers:
        groups.setdefault(name(each), []).append(each)
    return tuple(
        _weighted(rows, counts, named=key or "(blank)") for key, rows in sorted(groups.items())
    )


def _weighted(answers: Sequence[Answer], counts: Mapping[Stratum, int], *, named: str) -> WrongRate:
    """Weigh the answers of each stratum by how many records it has; nobody asked tells nothing."""
    strata: dict[Stratum, list[bool]] = {}
    for each in answers:
        if each.answer != UNKNOWN:
            strata.setdefault(each.stratum, []).append(each.answer == WRONG)
    asked = sum(map(len, strata.values()))
    share, low, high = 0.0, 0.0, 1.0
    if asked:
        records = sum(counts[each] for each in strata)
        weights = {each: counts[each] / records for each in strata}
        share = sum(weights[each] * sum(wrong) / len(wrong) for each, wrong in strata.items())
        spent = sum(weights[each] ** 2 / len(wrong) for each, wrong in strata.items())
        low, high = wilson(share, 1 / spent)
    return WrongRate(
        name=named,
        asked=asked,
        wrong=sum(map(sum, strata.values())),
        no_answer=len(answers) - asked,
        share=share,
        low=low,
        high=high,
    )


def records_to_call(database: "DuckDBPyConnection") -> int:
    """Count the records from which a sample is drawn."""
    return scalar(database, "SELECT count(*) FROM to_ring")
