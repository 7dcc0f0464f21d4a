"""Every number of a check's pages as tables, to download: of the whole, and of a station."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias

from simulator.contact_data.database import safe_text
from simulator.contact_data.detection import Detection
from simulator.contact_data.readiness import DimensionShare, KindCount, Readiness, Station

Row: TypeAlias = tuple[object, ...]


def as_csv(rows: Iterable[Row]) -> str:
    """Write rows as CSV; a spreadsheet runs nothing of it."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows(map(safe_text, row) for row in rows)
    return text.getvalue()


def tables_of(result: Readiness) -> dict[str, Sequence[Row]]:
    """Return the tables of the board's page, by the name of their file."""
    tables: dict[str, Sequence[Row]] = {
        "headline.csv": [
            ("open_eligible_crimes", "with_one_safe_usable_contact", "share"),
            (result.headline.crimes, result.headline.reached, result.headline.share),
        ],
        "why_not.csv": [("why_not", "victims"), *result.why_not],
        "dimensions.csv": _dimensions(
            {"": result.dimensions, **{each.name: each.dimensions for each in result.stations}}
        ),
        "kinds.csv": _kinds(
            {"": result.kinds, **{each.name: each.kinds for each in result.stations}}
        ),
        "stations.csv": [
            ("station", "victims", "open_eligible_crimes", "reached", "share", "to_correct"),
            *(
                (each.name, each.records, each.headline.crimes, each.headline.reached,
                 each.headline.share, each.to_correct)
                for each in result.stations
            ),
        ],
        "cost.csv": [
            ("for_each_1000_open_eligible_crimes", "value", "low", "high"),
            ("cannot be told", result.cost.untold, "", ""),
            *_costs(result),
        ],
        "who_typed_it.csv": [
            ("by", "name", "records", "with_a_fault"),
            *(("entry route", each.name, each.records, each.faulty) for each in result.routes),
            *(("role", each.name, each.records, each.faulty) for each in result.roles),
        ],
    }  # fmt: skip
    if result.unknown_words:
        tables["unknown_words.csv"] = [
            ("field", "word", "records", "counts_as"),
            *((each.field, each.word, each.records, each.counts_as)
              for each in result.unknown_words),
        ]  # fmt: skip
    if result.call_backs:
        tables["call_backs.csv"] = list(_call_backs(result))
    if result.earlier:
        tables["trend.csv"] = [
            ("extract_of", "share_that_can_be_told"),
            *((each.on.isoformat(), each.share) for each in result.earlier),
            (result.on.isoformat(), result.headline.share),
        ]
    if result.detection:
        tables |= _detection(result.detection)
    return tables


def tables_of_station(station: Station) -> dict[str, Sequence[Row]]:
    """Return the tables of a station's page, by the name of their file."""
    headline = station.headline
    return {
        "headline.csv": [
            ("open_eligible_crimes", "with_one_safe_usable_contact", "share", "victims",
             "to_correct"),
            (headline.crimes, headline.reached, headline.share, station.records,
             station.to_correct),
        ],
        "why_not.csv": [("why_not", "victims"), *station.why_not],
        "dimensions.csv": _dimensions({station.name: station.dimensions}),
        "kinds.csv": _kinds({station.name: station.kinds}),
    }  # fmt: skip


def _dimensions(by_station: Mapping[str, Sequence[DimensionShare]]) -> list[Row]:
    return [
        ("station", "dimension", "records", "sound", "share", "colour"),
        *(
            (name, each.dimension, each.records, each.sound, each.share, each.colour)
            for name, shares in by_station.items()
            for each in shares
        ),
    ]


def _kinds(by_station: Mapping[str, Sequence[KindCount]]) -> list[Row]:
    return [
        ("station", "kind", "field", "what", "dimension", "fault_or_question", "count"),
        *(
            (name, each.kind, each.field, each.what, each.dimension,
             "question" if each.is_question else "fault", each.count)
            for name, kinds in by_station.items()
            for each in kinds
        ),
    ]  # fmt: skip


def _costs(result: Readiness) -> Iterator[Row]:
    """Give what leaving the data as it is costs, as far as it is known, with its interval."""
    rehearsed = result.cost.rehearsed
    for what, each in (
        ("people misinformed, by call-backs", result.cost.misinformed),
        ("messages lost, rehearsed", rehearsed and rehearsed.lost),
        ("people misinformed, rehearsed", rehearsed and rehearsed.misinformed),
    ):
        if each:
            yield what, each.value, each.low, each.high


def _call_backs(result: Readiness) -> Iterator[Row]:
    found = result.call_backs
    assert found is not None
    yield "by", "name", "reached", "wrong_person", "no_answer", "share", "low", "high"
    for by, rates in (
        ("whole", (found.whole,)),
        ("whole, no answer a wrong person", (found.silent_wrong,)),
        ("station", found.stations),
        ("entry route", found.routes),
    ):
        for each in rates:
            yield (
                by, each.name, each.asked, each.wrong, each.no_answer, each.share, each.low,
                each.high,
            )  # fmt: skip


def _detection(found: Detection) -> dict[str, Sequence[Row]]:
    """Give what was found of what was planted, by group and by kind, beside the limit."""
    return {
        "found_by_group.csv": [
            ("group", "planted", "found", "said", "explained"),
            *((each.group, each.planted, each.found, each.said, each.right)
              for each in found.groups),
            ("repairs", "", "", found.repairs, found.repairs_right),
        ],
        "found_by_kind.csv": [
            ("planted", "group", "how_many", "found", "recall", "low", "high", "limit"),
            *(
                (each.kind, each.group, each.planted, each.found, each.recall, each.low, each.high,
                 "" if each.limit is None else each.limit)
                for each in found.kinds
            ),
        ],
        "said_by_kind.csv": [
            ("said", "how_often", "explained", "precision"),
            *((each.kind, each.said, each.right, each.precision) for each in found.said),
        ],
    }  # fmt: skip
