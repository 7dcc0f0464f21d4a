"""How well the check finds what was planted: precision and recall by kind, on made-up people.

An extract of made-up people says, in its column `faults`, what is wrong with each record and what
is true. The check itself never reads that column: only this does, after the check is done.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal, TypeAlias, get_args

from msgspec import Struct, structs

from simulator.contact_data.database import listed, literal, scalar
from simulator.contact_data.kinds import CERTAIN
from simulator.contact_data.knowable_names import Knower, Written, known_share
from simulator.population.faults.kinds import of_group
from simulator.results.share_interval import wilson

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

Group: TypeAlias = Literal["wrong field", "malformed", "name", "another's", "record", "unseen"]

_NAME = (
    "name_misspelt", "email_spells_otherwise", "joined_or_split", "digits_in_name", "initials",
    "accents_lost", "case_lost", "same_name_twice", "whole_name_in_one", "email_has_other_name",
)  # fmt: skip
_MISSPELT: tuple[Group, tuple[str, ...]] = ("name", _NAME)
_DIGITS = ("too_few_digits", "too_many_digits", "no_such_range", "not_for_texts", "zero_lost")
_NAME_KINDS = tuple(each.name for each in of_group("name"))
#: So many names show what can be known of a kind, and how often a right name is called wrong.
_NAMES_OF_A_KIND, _RIGHT_NAMES = 1_000, 10_000
_SHARED = ("shared_by_many", "shared_by_strangers", "forces_own_number", "other_partys_address")
_AT_HOME = (*_SHARED, "number_of_two")
#: What each planted kind may be found as. `unseen` are well formed, and look right: only a call
#: back finds them. What the check says of them by other means counts all the same.
PLANTED: Mapping[str, tuple[Group, tuple[str, ...]]] = {
    **dict.fromkeys(
        ("letter_inserted", "letter_deleted", "letter_substituted", "letters_transposed",
         "keyboard_neighbour", "phonetic", "misread_by_scanner"), _MISSPELT),
    "nickname": ("name", _NAME),
    "married_name": ("name", _NAME),
    "names_swapped": ("name", ("names_swapped",)),
    "initial_only": ("name", ("initials", "one_name")),
    "names_joined": ("name", (*_NAME, "one_name")),
    "name_split": ("name", _NAME),
    "case_lost": ("name", ("case_lost",)),
    "accents_lost": ("name", _NAME),
    "title_in_name": ("name", ("title_in_name",)),
    "placeholder": ("name", ("placeholder_name",)),
    "fake_name": ("name", ("made_up_name", "placeholder_name", "title_in_name")),
    "name_missing": ("name", ("one_name", "name_missing", "whole_name_in_one")),
    "day_and_month_swapped": ("unseen", ("born_day_month", "born_impossible")),
    "century_wrong": ("record", ("born_out_of_range", "born_default")),
    "birth_missing": ("record", ("born_missing",)),
    "mobile_in_landline_field": ("wrong field", ("mobile_in_landline", "landline_in_mobile")),
    # The number looks like the victim's own in the wrong field: it waits to be confirmed.
    "anothers_in_landline_field": ("wrong field", ("mobile_in_landline", "landline_in_mobile")),
    "mobile_and_email_missing": ("record", ("no_contact", "safe_channel_missing")),
    "phone_in_email": ("wrong field", ("number_in_email",)),
    "email_in_notes": ("wrong field", ("email_in_notes",)),
    "email_in_mobile_field": ("wrong field", ("email_in_phone", "mobile_in_landline")),
    "two_in_one_field": ("wrong field", ("two_in_one",)),
    "name_in_phone_field": ("wrong field", ("name_in_phone", "placeholder_number")),
    "number_with_words": ("malformed", ("words_with_number",)),
    "digit_lost": ("malformed", _DIGITS),
    "digit_doubled": ("malformed", _DIGITS),
    "leading_zero_lost": ("malformed", ("zero_lost",)),
    "plus_44_zero": ("malformed", ("plus_44_zero",)),
    "email_domain_typo": ("malformed", ("domain_misspelt", "not_an_email", "domain_dead")),
    "email_at_missing": ("malformed", ("at_missing", "at_mistyped", "not_an_email")),
    "email_comma": ("malformed", ("comma_in_email", "not_an_email")),
    "email_space": ("malformed", ("space_in_email", "not_an_email")),
    "email_dead_domain": ("malformed", ("domain_dead",)),
    "mobile_missing": ("unseen", ("no_contact", "safe_channel_missing")),
    "email_missing": ("unseen", ("no_contact", "safe_channel_missing")),
    "digit_wrong": ("unseen", _SHARED),
    "digits_transposed": ("unseen", _SHARED),
    "stale_number": ("unseen", (*_SHARED, "old")),
    "partners_number": ("another's", _AT_HOME),
    "suspects_number": ("another's", _SHARED),
    "officers_number": ("another's", _SHARED),
    "forces_number": ("another's", _SHARED),
    "shared_number": ("another's", _SHARED),
    "email_misspelt": ("unseen", ("email_spells_otherwise", *_SHARED)),
    "email_of_another": ("unseen", _SHARED),
    "wrong_role": ("record", ("role_wrong", "role_missing")),
    "duplicate_person": ("record", ("person_twice", "person_twice_perhaps")),
    "omitted_person": ("record", ("no_victim", "role_wrong")),
}  # fmt: skip


#: True of the record whatever is planted: a person may have no phone at all, households share
#: phones and mailboxes, also with a suspect, and one of two strangers has a number rightly.
_FACTS = frozenset(
    {
        *("no_contact", "safe_channel_missing", "old", "role_missing"),
        *("other_partys_address", "number_of_two", "shared_by_strangers"),
    }
)


class KindFound(Struct, frozen=True, kw_only=True):
    """One planted kind: how many there are, how many were found, with the 95% interval."""

    kind: str
    group: str
    planted: int
    found: int
    low: float
    high: float
    #: The share that can be known to be wrong at all; of kinds of wrong names alone.
    limit: float | None = None

    @property
    def recall(self) -> float:
        """The share that was found."""
        return self.found / self.planted if self.planted else 0.0


class SaidRight(Struct, frozen=True, kw_only=True):
    """One kind of finding: how often it was said, and how often a planted fault explains it."""

    kind: str
    said: int
    right: int

    @property
    def precision(self) -> float:
        """The share that a planted fault explains."""
        return self.right / self.said if self.said else 0.0


class GroupFound(Struct, frozen=True, kw_only=True):
    """One group: faults planted and found, findings said and explained by a planted fault."""

    group: str
    planted: int
    found: int
    said: int
    right: int


class Detection(Struct, frozen=True, kw_only=True):
    """What was found of what was planted; recall and precision by group; repairs that are right."""

    kinds: tuple[KindFound, ...]
    said: tuple[SaidRight, ...]
    groups: tuple[GroupFound, ...]
    repairs: int
    repairs_right: int
    #: Of wrong names, the share that can be known, and how often who knows them would be right.
    names_limit: float | None = None
    names_limit_precision: float | None = None


def measure_detection(database: "DuckDBPyConnection") -> Detection:
    """Compare the table `finding` with the column `faults` of `record`."""
    _read_faults(database)
    kinds = []
    for kind, planted, found in database.execute(
        "SELECT planted.kind, count(*), count(*) FILTER (met.n IS NOT NULL) FROM planted "
        # A fault that several findings tell of is found once.
        "LEFT JOIN (SELECT DISTINCT n, kind FROM met) AS met ON met.n = planted.n "
        "AND met.kind = planted.kind GROUP BY 1 ORDER BY 1"
    ).fetchall():
        low, high = wilson(int(found) / int(planted), int(planted))
        group = PLANTED[str(kind)][0] if str(kind) in PLANTED else "not known here"
        kinds.append(
            KindFound(kind=str(kind), group=group, planted=int(planted), found=int(found),
                      low=low, high=high)
        )  # fmt: skip
    accepted = {each for _group, kinds_of in PLANTED.values() for each in kinds_of}
    explained = tuple(sorted(accepted - _FACTS))
    said = tuple(
        SaidRight(kind=str(kind), said=int(count), right=int(right))
        for kind, count, right in database.execute(
            "SELECT finding.kind, count(*), count(*) FILTER (why.n IS NOT NULL) FROM finding "
            "LEFT JOIN (SELECT DISTINCT n, said FROM met) AS why ON why.n = finding.n "
            f"AND why.said = finding.kind WHERE finding.kind IN {listed(explained)} "
            "GROUP BY 1 ORDER BY 1"
        ).fetchall()
    )
    repairs, right = _repairs(database)
    found = Detection(
        kinds=tuple(kinds),
        said=said,
        groups=_by_group(kinds, said),
        repairs=repairs,
        repairs_right=right,
    )
    return _with_limits(database, found)


def _with_limits(database: "DuckDBPyConnection", found: Detection) -> Detection:
    """Add how many of the wrong names can be known to be wrong, on samples of names."""
    wrong = {each.kind: each.planted for each in found.kinds if each.kind in _NAME_KINDS}
    records = scalar(database, "SELECT count(*) FROM record WHERE NOT is_suspect")
    knower = Knower({kind: count / records for kind, count in wrong.items()})
    limits = {
        kind: known_share(knower, _names(database, f"= {literal(kind)}", _NAMES_OF_A_KIND))
        for kind in wrong
    }
    kinds = tuple(structs.replace(each, limit=limits.get(each.kind)) for each in found.kinds)
    known = sum(wrong[kind] * limits[kind] for kind in wrong)
    total = sum(wrong.values())
    wrongly = known_share(knower, _names(database, "IS NULL", _RIGHT_NAMES)) * (records - total)
    return structs.replace(
        found,
        kinds=kinds,
        names_limit=known / total if total else None,
        names_limit_precision=known / (known + wrongly) if known else None,
    )


def _names(database: "DuckDBPyConnection", which: str, number: int) -> list[Written]:
    """Take names with a fault of a kind, or with none, from all over the extract."""
    rows = database.execute(
        "SELECT given_name, family_name, e_email FROM record JOIN reading USING (n) LEFT JOIN "
        f"(SELECT n, kind FROM planted WHERE kind IN {listed(_NAME_KINDS)}) AS why USING (n) "
        f"WHERE NOT is_suspect AND why.kind {which} ORDER BY hash(n) LIMIT {number}"
    ).fetchall()
    return [Written(str(given), str(family), str(email)) for given, family, email in rows]


def _by_group(kinds: list[KindFound], said: tuple[SaidRight, ...]) -> tuple[GroupFound, ...]:
    """Add up by group.

    A kind of finding counts in the first group that accepts it, so that none counts twice.
    """
    owner: dict[str, str] = {}
    for group, accepted in PLANTED.values():
        for each in accepted:
            if group != "unseen":
                owner.setdefault(each, group)
    found = []
    for group in get_args(Group):
        mine = [each for each in kinds if each.group == group]
        says = [each for each in said if owner.get(each.kind, "unseen") == group]
        found.append(
            GroupFound(
                group=group,
                planted=sum(each.planted for each in mine),
                found=sum(each.found for each in mine),
                said=sum(each.said for each in says),
                right=sum(each.right for each in says),
            )
        )
    return tuple(found)


def _read_faults(database: "DuckDBPyConnection") -> None:
    """Make `planted`, a row for each fault of a record, and `met`, where a finding tells of one."""
    shape = '\'[{"field":"VARCHAR","kind":"VARCHAR","true_value":"VARCHAR"}]\''
    database.execute(
        "CREATE TABLE planted_field AS SELECT n, fault.kind AS kind, fault.field AS field, "
        "coalesce(fault.true_value, '') AS true_value FROM "
        f"(SELECT n, unnest(from_json(faults, {shape})) AS fault FROM record "
        "WHERE faults NOT IN ('', '[]'))"
    )
    # What is written of a suspect is not checked: no portal tells them.
    database.execute(
        "CREATE TABLE planted AS SELECT DISTINCT n, kind FROM planted_field JOIN record USING (n) "
        "WHERE NOT is_suspect OR kind IN ('wrong_role', 'duplicate_person')"
    )
    pairs = ", ".join(
        f"({literal(kind)}, {literal(each)})"
        for kind, (_group, accepted) in PLANTED.items()
        for each in accepted
    )
    database.execute(
        f"CREATE TABLE met AS SELECT DISTINCT planted.n, planted.kind, finding.kind AS said "
        f"FROM planted JOIN (VALUES {pairs}) AS pair(kind, said) ON pair.kind = planted.kind "
        "JOIN finding ON finding.n = planted.n AND finding.kind = pair.said"
    )
    # A victim who was not recorded is found if the crime shows it.
    database.execute(
        "INSERT INTO planted SELECT -row_number() OVER (), 'omitted_person' FROM omitted_row"
    )
    database.execute(
        "INSERT INTO met SELECT n, 'omitted_person', 'role_wrong' FROM (SELECT "
        "-row_number() OVER () AS n, occurrence_id FROM omitted_row) WHERE occurrence_id IN "
        "(SELECT occurrence_id FROM record JOIN finding USING (n) WHERE kind = 'role_wrong')"
    )
    database.execute(
        "INSERT INTO met SELECT DISTINCT record.n, 'omitted_person', 'role_wrong' FROM record "
        "JOIN omitted_row USING (occurrence_id) JOIN finding USING (n) WHERE kind = 'role_wrong'"
    )


def _repairs(database: "DuckDBPyConnection") -> tuple[int, int]:
    """Count the certain repairs, and those that give what is true.

    A field for which no fault is listed is true as it was written.
    """
    written = (
        "CASE finding.field WHEN 'mobile' THEN m_mobile WHEN 'landline' THEN "
        "CASE WHEN l_mobile <> '' THEN l_mobile ELSE l_landline END WHEN 'email' THEN e_email "
        "WHEN 'given_name' THEN given_name WHEN 'family_name' THEN family_name ELSE '' END"
    )
    [(repairs, right)] = database.execute(
        "SELECT count(*), count(*) FILTER (lower(finding.proposal) = lower(coalesce("
        f"nullif(planted_field.true_value, ''), {written}))) FROM finding "
        "JOIN record USING (n) JOIN reading USING (n) LEFT JOIN planted_field "
        "ON planted_field.n = finding.n AND planted_field.field IN (finding.field, "
        "'recorded_' || finding.field) "
        f"WHERE finding.proposal <> '' AND finding.kind IN {listed(CERTAIN)}"
    ).fetchall()
    return int(repairs), int(right)
