"""The result of a burst as plain values: what was sent, judged and measured, and what it took."""

from pathlib import Path
from typing import Literal, TypeAlias

import msgspec
from msgspec import Struct

from simulator.results.values import HarmCount
from simulator.verdicts import Finding, Kind

#: What a burst measures, with its unit last. Times begin when a thing was due.
LoadMeasure: TypeAlias = Literal[
    "update_to_message_p50_seconds",
    "update_to_message_p95_seconds",
    "update_to_message_p99_seconds",
    "update_to_message_p999_seconds",
    "update_to_message_max_seconds",
    "sign_in_p50_seconds",
    "sign_in_p95_seconds",
    "sign_in_p99_seconds",
    "sign_in_p999_seconds",
    "sign_in_max_seconds",
    "all_read_p50_seconds",
    "all_read_p95_seconds",
    "all_read_p99_seconds",
    "all_read_p999_seconds",
    "all_read_max_seconds",
    "asked_p50_seconds",
    "asked_p95_seconds",
    "asked_p99_seconds",
    "asked_p999_seconds",
    "asked_max_seconds",
    "update_to_page_p50_seconds",
    "update_to_page_p95_seconds",
    "update_to_page_p99_seconds",
    "update_to_page_p999_seconds",
    "update_to_page_max_seconds",
    "pages_never_shown_share",
    "stop_taken_p50_seconds",
    "stop_taken_p95_seconds",
    "stop_taken_p99_seconds",
    "stop_taken_p999_seconds",
    "stop_taken_max_seconds",
    "stops_not_taken_share",
    "oldest_max_seconds",
    "failed_visits_share",
    "drain_seconds",
    "recovery_seconds",
    "memory_growth_megabytes",
    "receipts_refused_share",
    "cores_stolen_share",
    "cores_awaited_share",
]
#: A missed must fails, a missed should warns; beyond what is sure, no other limit can be judged.
Level: TypeAlias = Literal["must", "should", "sure"]
#: Who took processor time.
Part: TypeAlias = Literal["portal", "database", "generator", "doubles"]


class SloOutcome(Struct, frozen=True, kw_only=True):
    """One limit and what was measured. One of `comfort` is not what the order asks for."""

    measure: LoadMeasure
    level: Level
    most: float
    measured: float
    verdict: Kind
    why: str
    is_comfort: bool = False


class LoadSecond(Struct, frozen=True, kw_only=True):
    """One second of a burst, as it was at its end.

    `backlog` is updates accepted that had no message yet, `oldest_seconds` the age of the oldest
    update that was due and had none. `refused` counts the messages that our gateway refused.
    """

    second: int
    updates_accepted: int = 0
    messages: int = 0
    backlog: int = 0
    oldest_seconds: float = 0.0
    refused: int = 0
    visits_begun: int = 0
    visits_failed: int = 0
    update_to_message_max_seconds: float = 0.0


class FaultOutcome(Struct, frozen=True, kw_only=True):
    """A fault in the burst, in seconds from its beginning.

    `recovery_seconds` is from the fault's end until all that was due by then was told; None if
    something never was.
    """

    kind: str
    began_seconds: float
    ended_seconds: float
    recovery_seconds: float | None


class Ordered(Struct, frozen=True, kw_only=True):
    """How far what was sent kept to what was ordered: without this, a slow generator looks fast.

    `late_p99_seconds` is how much later than due a thing was begun. A visit is `not_made` if no
    visitor was free; a watched page is `cut_off` if the run ended before it had its time. `workers`
    is how many Locust workers sent it, 0 for Locust alone. An update that met a STOP on its way is
    not judged. `rate_max` is the cap on requests to the portal, 0 for none: while Locust ran,
    receipts had `receipts_share` of it, and `held_back` requests waited long for their place.
    """

    updates_per_second_ordered: float
    updates_per_second_sent: float
    visits_ordered: int
    visits_not_made: int
    late_p99_seconds: float
    requests: int = 0
    workers: int = 0
    stops: int = 0
    updates_met_a_stop: int = 0
    pages_watched: int = 0
    pages_cut_off: int = 0
    rate_max: float = 0.0
    receipts_share: float = 0.0
    held_back: int = 0


class CoresSecond(Struct, frozen=True, kw_only=True):
    """What was taken of the cores since the look before, in cores, by part.

    `busiest` is what the busiest process of each part took, `others` what was no part of the burst;
    of that, `stolen` is what the host gave to other machines. `waited_share` is the share of the
    time in which something waited for a core, None where the system does not say.
    """

    second: float
    used: dict[Part, float]
    busiest: dict[Part, float] = {}
    others: float = 0.0
    stolen: float = 0.0
    waited_share: float | None = None


class Machine(Struct, frozen=True, kw_only=True):
    """Where the burst ran, and what each part took of its cores, in cores.

    `load_average` is the machine's over the minute before the burst: what others took. With
    `pinned`, portal and database had cores of their own. The cores used are a mean over
    `watched_seconds`. `portal_workers` is how many processes the portal was started with,
    `busiest` the mean over the few seconds in which most was taken. `database_waits` is how many
    sessions of a database of ours worked, or waited for what, at a time.
    """

    cores: int
    cores_used: dict[Part, float]
    gateway_per_second_max: float
    gateway_per_second_peak: int
    python: str
    system: str
    processor: str = ""
    load_average: float = 0.0
    pinned: bool = False
    database: str = ""
    versions: dict[str, str] = {}
    watched_seconds: float = 0.0
    portal_workers: int = 1
    cores_over_time: list[CoresSecond] = []
    busiest: CoresSecond | None = None
    database_waits: dict[str, float] = {}


class LoadResult(Struct, frozen=True, kw_only=True):
    """A burst: what was sent and judged, and how long it took from update to gateway.

    Times start when the update was scheduled, even if it was sent later. `limited_by` names what
    kept the burst from showing the portal, "" for nothing: the result is then inconclusive.
    `slow` says that the portal kept all visitors waiting, so that visits were not made. `stopped`
    says why the burst ended before its time. `data_quality` names the rates by which the force's
    records were made wrong on purpose: what they alone did is told apart from the portal.
    """

    name: str
    portal: str
    order: str
    verdict: Kind
    scale: float
    events_scheduled: int
    events_accepted: int
    messages: int
    obligations: int
    visits: int
    visits_failed: int
    measures: dict[LoadMeasure, float]
    slos: list[SloOutcome]
    ordered: Ordered
    machine: Machine
    limited_by: str
    errors: dict[str, int]
    series: list[LoadSecond]
    harms: list[HarmCount]
    failures: list[Finding]
    seconds: float
    begun_at: str
    seed: int = 1
    journeys: tuple[str, ...] = ()
    faults: list[FaultOutcome] = []
    stopped: str = ""
    slow: str = ""
    data_quality: str = ""
    #: Why most of the visits failed that did ("" where none did).
    visits_failed_by: str = ""
    #: So long nothing was awaited but what comes twice; 0 if time was up before, None if not known.
    looked_for_repeats_seconds: float | None = None
    #: How the users reached the portal, in words.
    reached: str = "by URL"

    #: Who vouches for the vendor's own driver that stood between ("" where none did).
    vouched_by: str = ""

    @property
    def seconds_per_update(self) -> float:
        """What portal and database took of a core for each update, visits too; 0: not known."""
        used, seconds = self.machine.cores_used, self.machine.watched_seconds
        cores = used.get("portal", 0.0) + used.get("database", 0.0)
        return cores * seconds / self.events_accepted if self.events_accepted else 0.0


def progress_in(path: Path) -> str:
    """Read how far it is ("" if nothing was said)."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=str)
    except (OSError, msgspec.DecodeError):
        return ""
