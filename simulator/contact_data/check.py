"""Checks an extract from end to end, in one database, and returns the numbers for the report."""

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct, structs

from simulator.contact_data import (
    addresses_of_others,
    call_back_answers,
    call_backs,
    contact_readings,
    database,
    detection,
    findings,
    flag_columns,
    guessed_columns,
    measured_rates,
    name_findings,
    name_readings,
    outputs,
    page,
    readiness,
    reading,
    records,
    repeated_people,
    safe_channels,
    same_person,
    who_is_told,
)
from simulator.contact_data.columns import ColumnMap, read_column_map, write_column_map
from simulator.contact_data.cost import Rehearse, widened
from simulator.errors import BadInput
from simulator.legible import did_you_mean
from simulator.results.folder import clear_results

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

#: The steps of a check, as its progress bar names them.
STEPS = (
    "reading the files", "joining the tables", "reading contact details", "reading names",
    "finding faults", "comparing people", "counting", "writing the files",
)  # fmt: skip
MEMORY_MB = 450
#: Ranges of made-up people in the crowds of `portal-suite generate`, which no exchange connects.
_CROWD_MOBILES, _CROWD_LANDLINES = ("069",), ("042",)


class Asked(Struct, frozen=True, kw_only=True):
    """What a check was asked to do."""

    files: tuple[Path, ...]
    out: Path
    on: date
    column_map: Path | None = None
    limit: float | None = None
    audit_sample: int = 0
    audit_results: Path | None = None
    earlier: tuple[Path, ...] = ()
    linkage: bool = False
    with_names: bool = False
    seed: int = 1
    cores: int = 2
    memory_mb: int = MEMORY_MB

    @property
    def call_list(self) -> Path:
        """Where the list of people to ring is written."""
        return self.out / "call-back-list.csv"


class Checked(Struct, frozen=True, kw_only=True):
    """A check's numbers, its map, and what was guessed."""

    readiness: readiness.Readiness
    columns: ColumnMap
    guessed: tuple[guessed_columns.Guessed, ...]
    map_path: Path


def check_extract(
    asked: Asked, *, on_step: Callable[[str], None], rehearse: Rehearse | None = None
) -> Checked:
    """Check the files; write the worklist and everything else to the folder `out`.

    `rehearse` rehearses what leaving the data as it is costs; without it that is not rehearsed.

    Raises BadInput naming file, line and column, and BadInput without the extra `data`.
    """
    if asked.audit_sample and asked.call_list.exists():
        raise BadInput(
            f"--audit-sample: {asked.call_list} is there already, and may be filled in; move it"
        )
    rung = call_back_answers.read_lines(asked.audit_results) if asked.audit_results else []
    earlier = tuple(sorted((_earlier(each) for each in asked.earlier), key=lambda each: each.on))
    with (
        outputs.for_owner_alone(),
        database.opened(
            asked.out,
            cores=asked.cores,
            memory_mb=asked.memory_mb,
            extract_bytes=sum(each.stat().st_size for each in asked.files if each.is_file()),
        ) as (db, working),
    ):
        columns, guessed, map_path = _read(db, asked, working, on_step)
        _find(db, columns, asked, on_step)
        seconds = None
        if asked.linkage:
            from simulator.contact_data.linkage import link_people

            on_step("linking people")
            seconds = link_people(db, columns)
        who_is_told.find_who_is_told(db, columns)
        call_backs.find_whom_to_ring(db)
        said = _said(db, asked, rung)
        clear_results("check-data", asked.out)
        on_step("counting")
        counted = readiness.count_everything(
            db,
            columns,
            files=[each.name for each in asked.files],
            on=asked.on,
            limit=asked.limit,
            call_backs=said,
        )
        if rehearse is not None:
            on_step("rehearsing")
            counted = _with_cost(counted, rehearse)
        result = structs.replace(
            counted,
            earlier=earlier,
            linkage_seconds=seconds,
            detection=detection.measure_detection(db) if columns.has("faults") else None,
        )
        on_step("writing the files")
        _write(db, columns, result, asked)
    return Checked(readiness=result, columns=columns, guessed=guessed, map_path=map_path)


def _said(
    db: "DuckDBPyConnection", asked: Asked, rung: list[call_back_answers.Line]
) -> call_backs.CallBacks | None:
    """Return what the call-backs say, matched with the extract; None if nobody was rung."""
    if not asked.audit_results:
        return None
    return call_back_answers.call_backs_of(db, asked.audit_results, rung)


def _with_cost(counted: readiness.Readiness, rehearse: Rehearse) -> readiness.Readiness:
    """Add what a rehearsal of the rates measured here says about the cost of not mending."""
    found = rehearse(*measured_rates.contents_measured(counted))
    cost = counted.cost
    found = structs.replace(found, misinformed=widened(found.misinformed, cost.misinformed))
    return structs.replace(counted, cost=structs.replace(cost, rehearsed=found))


def _write(
    db: "DuckDBPyConnection", columns: ColumnMap, result: readiness.Readiness, asked: Asked
) -> None:
    """Write every file of the check to its folder."""
    outputs.write_worklist(db, asked.out / "worklist.csv")
    outputs.write_who_can_be_told(db, asked.out / "who-can-be-told.csv")
    outputs.write_notes_to_read(db, asked.out / "notes-to-read.csv")
    outputs.write_mended(db, asked.out / "mended-proposal.csv", columns)
    if asked.audit_sample:
        call_backs.write_call_list(db, asked.call_list, size=asked.audit_sample, seed=asked.seed)
    measured_rates.write_rates(asked.out / "measured-rates.toml", result)
    numbers = outputs.write_numbers(asked.out / "numbers", result)
    worst = outputs.worst_records(db) if asked.with_names else {}
    written = page.data_check_html(
        result,
        limits=columns.limits,
        numbers=numbers,
        pages=page.write_station_pages(asked.out / "stations", result, worst=worst),
        worst=[] if result.stations else [each for some in worst.values() for each in some],
    )
    (asked.out / "report.html").write_text(written, encoding="utf-8")
    as_json = msgspec.json.format(msgspec.json.encode(result), indent=1)
    (asked.out / "readiness.json").write_bytes(as_json + b"\n")


def _read(
    db: "DuckDBPyConnection", asked: Asked, working: Path, on_step: Callable[[str], None]
) -> tuple[ColumnMap, tuple[guessed_columns.Guessed, ...], Path]:
    """Read the files, and map their columns: by the map given, or by a guess that is saved."""
    on_step("reading the files")
    names = [each.name for each in asked.files]
    if len(set(names)) < len(names):
        raise BadInput(f"{', '.join(names)}: two files have one name; rename one")
    looked_at = [reading.look_at(each) for each in asked.files]
    map_path = asked.column_map or asked.out / "columns.toml"
    has_map = asked.column_map is not None and map_path.exists()
    columns = read_column_map(map_path, asked.files) if has_map else None
    loaded = {}
    for number, file in enumerate(looked_at):
        table = f"raw_{number}"
        loaded[file.path.name] = (table, reading.load(db, file, table, working))
    guessed: list[guessed_columns.Guessed] = []
    with reading.named_errors(looked_at):
        for table, file in loaded.values():
            reading.check_has_rows(db, file, table)
        if columns is None:
            columns, guessed = _guess(db, list(loaded.values()), map_path)
        if not has_map:
            _save_guess(map_path, columns, asked)
        files_by_name = {name: file for name, (_table, file) in loaded.items()}
        _check_columns_exist(map_path, columns, files_by_name)
        on_step("joining the tables")
        flags = flag_columns.read_flags(
            db, columns, {name: (table, file.columns) for name, (table, file) in loaded.items()}
        )
        tables = {name: table for name, (table, _file) in loaded.items()}
        records.join_records(db, columns, tables, flags)
    return columns, tuple(guessed), map_path


def _guess(
    db: "DuckDBPyConnection", loaded: Sequence[tuple[str, reading.TextFile]], map_path: Path
) -> tuple[ColumnMap, list[guessed_columns.Guessed]]:
    tables = [(file.path, table, file.columns) for table, file in loaded]
    columns, guessed = guessed_columns.guess_columns(db, tables, half_guess=map_path)
    if columns.has("faults"):
        columns = structs.replace(
            columns, test_mobiles=_CROWD_MOBILES, test_landlines=_CROWD_LANDLINES
        )
    return columns, guessed


def _find(
    db: "DuckDBPyConnection", columns: ColumnMap, asked: Asked, on_step: Callable[[str], None]
) -> None:
    readiness.register_kinds(db)
    on_step("reading contact details")
    contact_readings.read_contacts(db, columns)
    on_step("reading names")
    name_readings.read_names(db)
    on_step("finding faults")
    addresses_of_others.find_addresses_of_others(db, columns)
    safe_channels.read_channels(db)
    findings.find_in_rows(db, columns, on=asked.on)
    name_findings.find_in_names(db, columns)
    on_step("comparing people")
    repeated_people.find_repeated(db, columns)
    same_person.find_same_people(db)
    same_person.find_safe_in_one(db)
    repeated_people.find_numbers_of_two(db, columns)
    repeated_people.find_crimes_without_victim(db, columns)


def _save_guess(path: Path, columns: ColumnMap, asked: Asked) -> None:
    """Save a guess; raises BadInput rather than write over what a person corrected."""
    if not path.parent.is_dir():
        raise BadInput(f"--map {path}: no such folder; check the path")
    if path.exists():
        try:
            is_the_same = read_column_map(path, asked.files) == columns
        except BadInput:
            is_the_same = False
        if not is_the_same:
            raise BadInput(
                f"{path}: there is a map already, other than today's guess; give it with --map "
                f"{path}, or remove it"
            )
    write_column_map(path, columns)


def _check_columns_exist(
    path: Path, columns: ColumnMap, files: dict[str, reading.TextFile]
) -> None:
    for table in columns.table:
        there = files[table.file].columns
        named = {f"columns.{field}": column for field, column in table.columns.items()}
        for field, column in (*named.items(), *(("ignored", each) for each in table.ignored)):
            if column not in there:
                raise BadInput(
                    f"{path}: table {table.file}: {field}: it is {column!r}, which "
                    f"{table.file} does not have{did_you_mean(column, there)}"
                )


class _EarlierNumbers(Struct):
    """What the trend needs of the numbers of an earlier check, of whatever version."""

    on: date
    headline: readiness.Headline
    dimensions: tuple[readiness.DimensionShare, ...]


def _earlier(path: Path) -> readiness.Earlier:
    """Read the numbers of an earlier check; raises BadInput."""
    try:
        found = msgspec.json.decode(path.read_bytes(), type=_EarlierNumbers)
    except (OSError, msgspec.MsgspecError) as error:
        reason = getattr(error, "strerror", None) or f"not the numbers of a check ({error})"
        raise BadInput(
            f"--earlier {path}: {reason}; give a readiness.json of an earlier check"
        ) from None
    return readiness.Earlier(
        on=found.on,
        share=found.headline.share,
        dimensions={each.dimension: each.share for each in found.dimensions},
    )
