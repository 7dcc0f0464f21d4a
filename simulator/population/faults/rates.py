"""How often each kind of fault occurs, by who typed it and where: `scenarios/data-quality/*.toml`.

Each number has its source, or says why it is assumed.
"""

from pathlib import Path
from typing import Annotated, Literal

from msgspec import Meta, field

from simulator.errors import BadInput
from simulator.files import checked_toml
from simulator.files.checked_toml import Amount, Share, Strict
from simulator.files.paths import ROOT
from simulator.legible import did_you_mean
from simulator.population.faults.kinds import KINDS, Group, of_group

DEFAULT_RATES = ROOT / "scenarios" / "data-quality" / "practice-note.toml"

Name = Annotated[str, Meta(min_length=1, max_length=60)]
Week = Annotated[int, Meta(ge=1, le=520)]


class TypedBy(Strict, frozen=True, kw_only=True):
    """One way in which details are typed: by whom, and how they reached the record.

    `errors` is how often something is wrong there, compared with the average of all; `times` says
    the same of single kinds, on top of that.
    """

    role: Name
    entry_route: Name
    share: Share
    errors: Amount
    times: dict[str, Amount] = field(default_factory=dict)


class EntryCheck(Strict, frozen=True, kw_only=True):
    """Training or a check at entry: from a week on, a share of faults no longer happens.

    `refused` asks the person who types a `question`; `trained` prevents without a word. An empty
    list of roles, routes or stations means all of them.
    """

    name: Name
    kinds: list[str]
    from_week: Week
    share: Share
    does: Literal["trained", "refused"]
    question: str = ""
    roles: list[Name] = field(default_factory=list)
    entry_routes: list[Name] = field(default_factory=list)
    stations: list[Name] = field(default_factory=list)

    def __post_init__(self) -> None:
        if not self.kinds:
            raise ValueError(f"{self.name}: kinds is empty; list the kinds of fault that it stops")
        if (self.does == "refused") != bool(self.question):
            raise ValueError(
                f"{self.name}: a check that refuses needs a question that the officer sees, and "
                "training has none"
            )


class FaultRates(Strict, frozen=True, kw_only=True):
    """How often each fault occurs over all records.

    `name_wrong` is the share of records with a wrong name, and `names` says how often each kind
    occurs among them; the other tables hold shares of the records that can have the fault.
    `stations` holds each station's errors, compared with the average.
    """

    name_wrong: Share
    names: dict[str, Amount]
    births: dict[str, Share]
    contacts: dict[str, Share]
    records: dict[str, Share]
    number_spelt_otherwise: Share
    typed_by: list[TypedBy]
    stations: dict[Name, Amount]
    entry_checks: list[EntryCheck] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._check_kinds()
        if not self.typed_by or not self.stations:
            raise ValueError("typed_by or stations is empty; give at least one of each")
        total = sum(each.share.value for each in self.typed_by)
        if abs(total - 1) > 1e-6:
            raise ValueError(f"the shares of typed_by add up to {total:g}; make that 1")
        if not sum(each.value for each in self.names.values()):
            raise ValueError("every weight in names is 0; give at least one kind a weight")
        for each in self.typed_by:
            _known(each.times, tuple(KINDS), f"typed_by {each.role} times")
        self._check_entry_checks()

    def _check_kinds(self) -> None:
        tables: tuple[tuple[str, dict[str, Amount] | dict[str, Share], tuple[Group, ...]], ...] = (
            ("names", self.names, ("name",)),
            ("births", self.births, ("birth",)),
            ("contacts", self.contacts, ("moved", "mobile", "email")),
            ("records", self.records, ("record",)),
        )
        for table, given, groups in tables:
            _known(given, tuple(each.name for each in of_group(*groups)), table)

    def _check_entry_checks(self) -> None:
        roles = tuple(each.role for each in self.typed_by)
        routes = tuple(each.entry_route for each in self.typed_by)
        for check in self.entry_checks:
            where = f"entry_checks {check.name}"
            _known(check.kinds, tuple(KINDS), f"{where} kinds")
            _known(check.roles, roles, f"{where} roles")
            _known(check.entry_routes, routes, f"{where} entry_routes")
            _known(check.stations, tuple(self.stations), f"{where} stations")

    def rate(self, kind: str) -> float:
        """Return a kind's rate, or its weight if it is a kind of wrong name; 0 if not given."""
        for table in (self.names, self.births, self.contacts, self.records):
            if kind in table:
                return table[kind].value
        return 0.0


def _known(
    given: dict[str, Amount] | dict[str, Share] | list[str], known: tuple[str, ...], where: str
) -> None:
    for each in given:
        if each not in known:
            raise ValueError(f"{where}: there is no {each!r}{did_you_mean(each, known)}")


def read_fault_rates(*, path: Path = DEFAULT_RATES) -> FaultRates:
    """Read the rates; raises BadInput naming the field."""
    return checked_toml.read(path, FaultRates)


def with_entry_checks(rates: FaultRates, path: Path) -> FaultRates:
    """Add the training and entry checks of another file; raises BadInput."""
    extra = checked_toml.read(path, EntryChecks)
    try:
        return FaultRates(
            **{
                name: getattr(rates, name)
                for name in rates.__struct_fields__
                if name != "entry_checks"
            },
            entry_checks=[*rates.entry_checks, *extra.entry_checks],
        )
    except ValueError as error:
        raise BadInput(f"{path}: {error}") from None


class EntryChecks(Strict, frozen=True, kw_only=True):
    """A file that holds training and entry checks alone."""

    entry_checks: list[EntryCheck]
