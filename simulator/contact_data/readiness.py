"""The numbers of a check: the headline, red, amber and green, by station, and the verdict."""

import math
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Literal, TypeAlias

from msgspec import Struct

from simulator.contact_data.call_backs import CallBacks, records_to_call
from simulator.contact_data.columns import ColumnMap
from simulator.contact_data.cost import Amount, Cost
from simulator.contact_data.database import literal, scalar
from simulator.contact_data.detection import Detection
from simulator.contact_data.kinds import DIMENSIONS, KINDS
from simulator.contact_data.meanings_of_words import UnknownWord, unknown_words
from simulator.results.share_interval import wilson
from simulator.verdicts import Kind

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

Colour: TypeAlias = Literal["green", "amber", "red", "not measured"]
#: Stations beyond these are counted together: a page with thousands would not open.
STATIONS_MAX = 60
#: What must be there, each in one of these fields.
_REQUIRED = (
    ("given_name", "full_name"), ("family_name", "full_name"), ("date_of_birth",),
    ("safe_to_contact",), ("mobile", "landline", "email", "phone_number"),
)  # fmt: skip
_BLANK_MEANS = {
    "not_safe": "whether contact is safe: nobody counts as safe, because blank_safe_to_contact is "
    "not_safe. If a column says it, name it in the map",
    "safe": "whether contact is safe: everybody counts as safe, because blank_safe_to_contact is "
    "safe, unless the notes warn",
}
FORMULA = (
    "open eligible crimes with at least one victim for whom contact is safe and a mobile or an "
    "email is usable, divided by all open eligible crimes"
)


class Headline(Struct, frozen=True, kw_only=True):
    """How many open eligible crimes have a victim with one safe usable contact."""

    crimes: int
    reached: int

    @property
    def share(self) -> float:
        """The share; 0 where there is no crime."""
        return self.reached / self.crimes if self.crimes else 0.0


class DimensionShare(Struct, frozen=True, kw_only=True):
    """One dimension: the share of victims' records without a fault of it."""

    dimension: str
    records: int
    sound: int
    colour: Colour

    @property
    def share(self) -> float:
        """The share; 0 where there is no record."""
        return self.sound / self.records if self.records else 0.0


class KindCount(Struct, frozen=True, kw_only=True):
    """How often a kind of fault or question was found in a field."""

    kind: str
    field: str
    what: str
    dimension: str
    is_question: bool
    count: int


class Station(Struct, frozen=True, kw_only=True):
    """One station: its headline, its dimensions, and what it must correct most."""

    name: str
    records: int
    headline: Headline
    dimensions: tuple[DimensionShare, ...]
    kinds: tuple[KindCount, ...]
    to_correct: int
    why_not: tuple[tuple[str, int], ...] = ()


class Share(Struct, frozen=True, kw_only=True):
    """Records of one entry route, or typed by one role, and how many have a fault."""

    name: str
    records: int
    faulty: int


class Blanks(Struct, frozen=True, kw_only=True):
    """Victims' records that have nothing where a rehearsal needs to know it.

    `mobile` and `email` are in no field, nor in the notes. `safe`, `not_safe` and `not_said` are
    what the extract says of safe contact, all 0 where it has no such column.
    """

    mobile: int
    email: int
    both: int
    safe: int
    not_safe: int
    not_said: int


class Earlier(Struct, frozen=True, kw_only=True):
    """The headline of an earlier extract, for the trend."""

    on: date
    share: float
    dimensions: dict[str, float]


class Readiness(Struct, frozen=True, kw_only=True):
    """Everything that the report shows. It names nobody."""

    files: tuple[str, ...]
    on: date
    records: int
    victims: int
    open_eligible: int
    headline: Headline
    reachable_min: float
    limit: float | None
    dimensions: tuple[DimensionShare, ...]
    kinds: tuple[KindCount, ...]
    why_not: tuple[tuple[str, int], ...]
    would_tell_another: int
    stations: tuple[Station, ...]
    stations_beyond: int
    routes: tuple[Share, ...]
    roles: tuple[Share, ...]
    to_call: int
    blanks: Blanks
    cost: Cost
    not_in_extract: tuple[str, ...]
    unknown_words: tuple[UnknownWord, ...] = ()
    call_backs: CallBacks | None = None
    detection: Detection | None = None
    linkage_seconds: float | None = None
    earlier: tuple[Earlier, ...] = ()
    formula: str = FORMULA

    @property
    def verdict(self) -> Kind:
        """PASS and FAIL by the force's limits; INCONCLUSIVE where a limit was not judged."""
        # Whether a crime is open, and a person a victim, is not known: neither is the share.
        if self.unknown_words:
            return "INCONCLUSIVE"
        if self.headline.share < self.reachable_min or self.headline.crimes == 0:
            return "FAIL" if self.headline.crimes else "INCONCLUSIVE"
        if self.call_backs is None or self.limit is None:
            return "INCONCLUSIVE"
        if self.call_backs.whole.high > self.limit:
            return "FAIL"
        # A person who did not answer may be somebody else, and everybody where nobody was reached.
        return "PASS" if self.call_backs.cautious_high <= self.limit else "INCONCLUSIVE"


def count_everything(
    database: "DuckDBPyConnection",
    columns: ColumnMap,
    *,
    files: Sequence[str],
    on: date,
    limit: float | None,
    call_backs: CallBacks | None,
) -> Readiness:
    """Count the findings of a check; the tables `record`, `told` and `finding` are there."""
    _make_counts(database)
    victims = scalar(database, "SELECT count(*) FROM record WHERE is_victim")
    headline = _headlines(database, "''").get("", Headline(crimes=0, reached=0))
    stations = tuple(_stations(database, columns))
    return Readiness(
        files=tuple(files),
        on=on,
        records=scalar(database, "SELECT count(*) FROM record"),
        victims=victims,
        open_eligible=scalar(
            database, "SELECT count(*) FROM record WHERE is_victim AND is_open_eligible"
        ),
        headline=headline,
        reachable_min=columns.limits.reachable_min,
        limit=limit,
        dimensions=_dimensions(database, columns, victims, call_backs),
        kinds=_kinds(database, "true"),
        why_not=tuple(
            (str(why), int(count))
            for why, count in database.execute(
                "SELECT why_not, count(*) FROM told JOIN record USING (n) WHERE why_not <> '' "
                "AND is_open_eligible GROUP BY 1 ORDER BY 2 DESC, 1"
            ).fetchall()
        ),
        would_tell_another=scalar(
            database,
            "SELECT count(DISTINCT n) FROM finding JOIN kind USING (kind) WHERE tells_another",
        ),
        stations=stations[:STATIONS_MAX],
        stations_beyond=max(0, len(stations) - STATIONS_MAX),
        routes=_shares(database, "entry_route") if columns.has("entry_route") else (),
        roles=_shares(database, "recorded_by_role") if columns.has("recorded_by_role") else (),
        to_call=records_to_call(database),
        blanks=_blanks(database, columns),
        cost=cost_reckoned(headline, call_backs),
        not_in_extract=_not_in_extract(database, columns),
        unknown_words=unknown_words(database, columns),
        call_backs=call_backs,
    )


def cost_reckoned(headline: Headline, call_backs: CallBacks | None) -> Cost:
    """Reckon the cost without a rehearsal: crimes that cannot be told, and people misinformed."""
    reached = 1000 * headline.share
    rate = call_backs.whole if call_backs else None
    return Cost(
        untold=1000 - reached if headline.crimes else 0.0,
        misinformed=Amount(
            value=reached * rate.share, low=reached * rate.low, high=reached * rate.high
        )
        if rate
        else None,
    )


def _blanks(database: "DuckDBPyConnection", columns: ColumnMap) -> Blanks:
    no_mobile = "record.mobile = '' AND l_mobile = '' AND e_mobile = '' AND n_mobile = ''"
    no_email = "record.email = '' AND m_email = '' AND l_email = '' AND n_email = ''"
    means_safe = ("yes", "") if columns.limits.blank_safe_to_contact == "safe" else ("yes",)
    is_safe = " OR ".join(f"safe = {literal(each)}" for each in means_safe)
    [found] = database.execute(
        f"SELECT count(*) FILTER ({no_mobile}), count(*) FILTER ({no_email}), "
        f"count(*) FILTER ({no_mobile} AND {no_email}), count(*) FILTER ({is_safe}), "
        f"count(*) FILTER (safe = 'no'), count(*) FILTER (NOT ({is_safe} OR safe = 'no')) "
        "FROM record JOIN reading USING (n) WHERE is_victim"
    ).fetchall()
    mobile, email, both, *safe = map(int, found)
    yes, no, not_said = safe if columns.has("safe_to_contact") else (0, 0, 0)
    return Blanks(mobile=mobile, email=email, both=both, safe=yes, not_safe=no, not_said=not_said)


def _make_counts(database: "DuckDBPyConnection") -> None:
    """Make `faults_by`: for each victim's record, a column a dimension, the number of faults."""
    columns = ", ".join(
        f"count(*) FILTER (dimension = '{each}' AND NOT is_question) AS {each}"
        for each in DIMENSIONS
    )
    database.execute(
        f"CREATE TABLE faults_by AS SELECT n, {columns}, "
        "count(*) FILTER (NOT is_question) AS fault_count, sum(score) AS score "
        "FROM finding JOIN kind USING (kind) GROUP BY n"
    )


def _headlines(database: "DuckDBPyConnection", by: str) -> dict[str, Headline]:
    """Count crimes, and those with a victim who is reached, by station or in all."""
    crime = "CASE WHEN occurrence_id = '' THEN n::VARCHAR ELSE occurrence_id END"
    rows = database.execute(
        f"SELECT place, count(*), count(*) FILTER (is_reached) FROM (SELECT {by} AS place, "
        f"{crime} AS crime, bool_or(coalesce(reached, false)) AS is_reached FROM record "
        "LEFT JOIN told USING (n) WHERE is_open_eligible AND NOT is_suspect "
        "GROUP BY ALL) GROUP BY place"
    ).fetchall()
    return {
        str(name): Headline(crimes=int(crimes), reached=int(reached))
        for name, crimes, reached in rows
    }


def _dimensions(
    database: "DuckDBPyConnection",
    columns: ColumnMap,
    victims: int,
    call_backs: CallBacks | None,
    where: str = "true",
) -> tuple[DimensionShare, ...]:
    counts = ", ".join(f"count(*) FILTER ({each} > 0)" for each in DIMENSIONS)
    [faulty] = database.execute(
        f"SELECT {counts} FROM faults_by JOIN record USING (n) WHERE is_victim AND {where}"
    ).fetchall()
    found = []
    for dimension, number in zip(DIMENSIONS, faulty, strict=True):
        sound = victims - int(number)
        is_measured = bool(victims) and _is_measured(columns, dimension)
        colour = _colour(columns, sound / victims) if is_measured else "not measured"
        if dimension == "accuracy":
            # Only people can tell that a well-formed detail is wrong; the interval's end decides.
            share = 1 - call_backs.whole.high if call_backs else 0.0
            sound = math.floor(victims * share)
            colour = _colour(columns, share) if call_backs else "not measured"
        found.append(
            DimensionShare(dimension=dimension, records=victims, sound=sound, colour=colour)
        )
    return tuple(found)


def _is_measured(columns: ColumnMap, dimension: str) -> bool:
    """Say whether the extract has what a dimension is about: nothing is complete unseen."""
    if dimension == "timeliness":
        return columns.has("recorded_on") or columns.has("phone_on")
    if dimension == "completeness":
        return all(any(map(columns.has, ways)) for ways in _REQUIRED)
    return True


def _colour(columns: ColumnMap, share: float) -> Colour:
    if share >= columns.limits.green_from:
        return "green"
    return "amber" if share >= columns.limits.amber_from else "red"


def _kinds(database: "DuckDBPyConnection", where: str) -> tuple[KindCount, ...]:
    rows = database.execute(
        "SELECT kind, field, what, dimension, is_question, count(*) FROM finding "
        f"JOIN kind USING (kind) JOIN record USING (n) WHERE {where} GROUP BY ALL "
        "ORDER BY 6 DESC, 1, 2"
    ).fetchall()
    return tuple(
        KindCount(
            kind=str(kind), field=str(field), what=str(what), dimension=str(dimension),
            is_question=bool(is_question), count=int(count),
        )
        for kind, field, what, dimension, is_question, count in rows
    )  # fmt: skip


def _stations(database: "DuckDBPyConnection", columns: ColumnMap) -> list[Station]:
    """Count by station, the one with most to correct first."""
    if not columns.has("station"):
        return []
    headlines = _headlines(database, "station")
    dimensions = ", ".join(f"count(*) FILTER (coalesce({each}, 0) > 0)" for each in DIMENSIONS)
    rows = database.execute(
        f"SELECT station, count(*), {dimensions}, count(*) FILTER (coalesce(fault_count, 0) > 0) "
        "FROM record LEFT JOIN faults_by USING (n) WHERE is_victim GROUP BY 1 "
        "ORDER BY sum(coalesce(score, 0)) DESC, 1"
    ).fetchall()
    kinds, why_not = _kinds_by_station(database), _why_not_by_station(database)
    found = []
    for name, records, *faulty, to_correct in rows:
        shares = tuple(
            DimensionShare(
                dimension=dimension,
                records=int(records),
                sound=int(records) - int(number),
                colour="not measured"
                if dimension == "accuracy" or not _is_measured(columns, dimension)
                else _colour(columns, 1 - int(number) / int(records)),
            )
            for dimension, number in zip(DIMENSIONS, faulty, strict=True)
        )
        found.append(
            Station(
                name=str(name) or "(blank)",
                records=int(records),
                headline=headlines.get(str(name), Headline(crimes=0, reached=0)),
                dimensions=shares,
                kinds=kinds.get(str(name), ()),
                to_correct=int(to_correct),
                why_not=tuple(why_not.get(str(name), ())),
            )
        )
    return found


def _why_not_by_station(database: "DuckDBPyConnection") -> dict[str, list[tuple[str, int]]]:
    found: dict[str, list[tuple[str, int]]] = {}
    for station, why, count in database.execute(
        "SELECT station, why_not, count(*) FROM told JOIN record USING (n) WHERE why_not <> '' "
        "AND is_open_eligible GROUP BY ALL ORDER BY 3 DESC, 2"
    ).fetchall():
        found.setdefault(str(station), []).append((str(why), int(count)))
    return found


def _kinds_by_station(database: "DuckDBPyConnection") -> dict[str, tuple[KindCount, ...]]:
    rows = database.execute(
        "SELECT station, kind, field, what, dimension, is_question, count(*) FROM finding "
        "JOIN kind USING (kind) JOIN record USING (n) GROUP BY ALL ORDER BY 7 DESC, 2, 3"
    ).fetchall()
    found: dict[str, list[KindCount]] = {}
    for station, kind, field, what, dimension, is_question, count in rows:
        found.setdefault(str(station), []).append(
            KindCount(
                kind=str(kind), field=str(field), what=str(what), dimension=str(dimension),
                is_question=bool(is_question), count=int(count),
            )
        )  # fmt: skip
    return {station: tuple(each) for station, each in found.items()}


def _shares(database: "DuckDBPyConnection", by: str) -> tuple[Share, ...]:
    rows = database.execute(
        f"SELECT {by}, count(*), count(*) FILTER (coalesce(fault_count, 0) > 0) FROM record "
        "LEFT JOIN faults_by USING (n) WHERE is_victim GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 40"
    ).fetchall()
    return tuple(
        Share(name=str(name) or "(blank)", records=int(records), faulty=int(faulty))
        for name, records, faulty in rows
    )


def _not_in_extract(database: "DuckDBPyConnection", columns: ColumnMap) -> tuple[str, ...]:
    """List what could not be judged, because no column has it."""
    told = {
        "safe_to_contact": _BLANK_MEANS[columns.limits.blank_safe_to_contact],
        "notes": "notes about contact: what they warn of is not known",
        "status": "which crimes are open: every crime counts as open",
        "role": "roles in a crime: everybody counts as a victim",
        "station": "stations: the worklist is one list",
        "supervisor": "supervisors: the worklist is by station alone",
        "recorded_on": "when details were written down: timeliness is not judged",
        "given_name": "first names: completeness is not measured",
        "family_name": "last names: completeness is not measured",
        "date_of_birth": "dates of birth: completeness is not measured",
        "person_id": "numbers of persons: duplicates are found by row",
        "email": "email addresses",
    }
    suspects = scalar(database, "SELECT count(*) FROM record WHERE is_suspect")
    unseen = (
        ("suspects: whether a victim's number is a suspect's cannot be seen",)
        if not suspects and not (columns.has("suspect_mobile") or columns.has("suspect_email"))
        else ("numbers of crimes: every suspect is asked about as one of another crime",)
        if not columns.has("occurrence_id")
        else ()
    )
    has_closed = columns.has("closed_on")
    has_phone_day = columns.has("phone_on")
    has_whole_name = columns.has("full_name")
    return unseen + tuple(
        words
        for field, words in told.items()
        if not columns.has(field)
        and not (field == "status" and has_closed)
        and not (field == "recorded_on" and has_phone_day)
        and not (field in ("given_name", "family_name") and has_whole_name)
    )


def share_interval(part: int, whole: int) -> tuple[float, float]:
    """Give the 95% interval of a share of counted things."""
    return wilson(part / whole, whole) if whole else (0.0, 1.0)


def register_kinds(database: "DuckDBPyConnection") -> None:
    """Make the table `kind` from the list of kinds."""
    database.execute(
        "CREATE TABLE kind (kind VARCHAR, dimension VARCHAR, score INTEGER, what VARCHAR, "
        "to_do VARCHAR, is_question BOOLEAN, tells_another BOOLEAN)"
    )
    rows = ", ".join(
        f"({literal(each.kind)}, {literal(each.dimension)}, {each.score}, {literal(each.what)}, "
        f"{literal(each.to_do)}, {each.is_question}, {each.tells_another})"
        for each in KINDS
    )
    database.execute(f"INSERT INTO kind VALUES {rows}")
