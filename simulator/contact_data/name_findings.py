"""What is wrong with the names of a record: each by itself, both together, and beside the email.

It adds to the table `finding`.
"""

from typing import TYPE_CHECKING

from simulator.contact_data.columns import ColumnMap
from simulator.contact_data.email_rules import sql_is_letter_off, sql_letters
from simulator.contact_data.findings import insert_found

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def find_in_names(database: "DuckDBPyConnection", columns: ColumnMap) -> None:
    """Add to `finding` what the names of one row say."""
    is_whole = columns.has("full_name")
    kinds = {
        "given_name": (_given(), "given_reading.proposal"),
        "family_name": (_family(), "family_reading.proposal"),
        "name": (_whole_name(), "''"),
        "name__mailbox": (_mailbox(), "''"),
    }
    insert_found(
        database,
        {
            field: each
            for field, each in kinds.items()
            if is_whole or columns.has(field if field.endswith("_name") else "family_name")
        },
        "LEFT JOIN at_reading ON at_reading.written = record.email "
        "LEFT JOIN given_reading ON given_reading.written = record.given_name "
        "LEFT JOIN family_reading ON family_reading.written = record.family_name "
        "LEFT JOIN whole_reading ON whole_reading.given = record.given_name "
        "AND whole_reading.family = record.family_name "
        "LEFT JOIN name_count AS g ON g.name = lower(record.given_name) "
        "LEFT JOIN name_count AS f ON f.name = lower(record.family_name) "
        f"LEFT JOIN (SELECT name FROM name_count WHERE as_family >= {_FAMILIES_MIN}) AS "
        f"other_family ON other_family.name = {_MAIL_FAMILY} "
        f"LEFT JOIN other_form AS form ON form.one = {sql_letters('record.given_name')} "
        f"AND form.other = {_MAIL_GIVEN} "
        f"LEFT JOIN (SELECT name FROM name_count WHERE as_given >= {_GIVENS_MIN} UNION "
        f"SELECT other FROM other_form) AS other_given ON other_given.name = {_BESIDE_FAMILY} "
        f"LEFT JOIN other_form AS short ON short.one = {sql_letters('record.given_name')} "
        f"AND short.other = {_BESIDE_FAMILY}",
    )


def _given() -> str:
    return (
        "CASE WHEN whole_reading.kind IS NOT NULL THEN NULL WHEN given_name = '' "
        "THEN CASE WHEN family_name <> '' THEN 'one_name' END ELSE given_reading.kind END"
    )


def _family() -> str:
    return (
        "CASE WHEN whole_reading.kind IS NOT NULL THEN NULL WHEN family_name = '' "
        "THEN CASE WHEN given_name <> '' THEN 'one_name' END ELSE family_reading.kind END"
    )


#: An address with a slip after its name spells the name all the same.
_EMAIL_TEXT = (
    "CASE WHEN e_email <> '' THEN e_email WHEN at_reading.proposal IS NOT NULL THEN "
    "at_reading.proposal WHEN contains(record.email, '@') THEN "
    "lower(replace(record.email, ' ', '')) ELSE '' END"
)
_MAILBOX = f"lower(split_part({_EMAIL_TEXT}, '@', 1))"
#: So many in the extract have a family name, or it is on a list.
_FAMILIES_MIN = 5
#: "jane.cole7@…": two names in an email, "" where it has no two.
_TWO_NAMES = (
    "regexp_extract(split_part(e_email, '@', 1), '^([a-z]{{3,}})[._-]([a-z]{{3,}})[0-9]*$', {})"
)
_MAIL_GIVEN, _MAIL_FAMILY = _TWO_NAMES.format(1), _TWO_NAMES.format(2)
#: So many in the extract have a given name, or it is on a list.
_GIVENS_MIN = 5
#: What a mailbox has beside the family name: "dave" of "archer.dave77", for Susan Archer.
_BESIDE_FAMILY = sql_letters(f"replace({_MAILBOX}, {sql_letters('record.family_name')}, '')")
#: So many times likelier the other way round that two swapped names are the better explanation;
#: fewer do where the email has them the other way round too.
_SWAPPED_ODDS, _SWAPPED_ODDS_BY_EMAIL = 300, 2


_IS_FILLER = (
    "({0}_name = '' OR coalesce({0}_reading.kind, '') IN ('placeholder_name', 'name_or_filler'))"
)
#: "Unknown Male": "Male" alone is a family name as well.
_IS_NOBODYS = (
    f"{_IS_FILLER.format('given')} AND {_IS_FILLER.format('family')} AND 'placeholder_name' IN "
    "(coalesce(given_reading.kind, ''), coalesce(family_reading.kind, ''))"
)


def _whole_name() -> str:
    odds = (
        "(coalesce(g.as_family, 0) + 0.5) / greatest(coalesce(g.as_given, 0) - 1 + 0.5, 0.5) * "
        "(coalesce(f.as_given, 0) + 0.5) / greatest(coalesce(f.as_family, 0) - 1 + 0.5, 0.5)"
    )
    given, family = sql_letters("given_name"), sql_letters("family_name")
    local = sql_letters(f"split_part({_EMAIL_TEXT}, '@', 1)")
    by_email = (
        f"length({given}) > 2 AND length({family}) > 2 AND {local} = {family} || {given} "
        f"AND {odds} > {_SWAPPED_ODDS_BY_EMAIL}"
    )
    return (
        "CASE WHEN given_name = '' AND family_name = '' THEN 'name_missing' "
        "WHEN whole_reading.kind IS NOT NULL THEN whole_reading.kind "
        f"WHEN {_IS_NOBODYS} THEN 'nobodys_name' "
        "WHEN lower(given_name) = lower(family_name) THEN 'same_name_twice' "
        "WHEN given_reading.kind IS NULL AND family_reading.kind IS NULL AND given_name <> '' "
        f"AND family_name <> '' AND ({odds} > {_SWAPPED_ODDS} OR ({by_email})) "
        "THEN 'names_swapped' "
        "WHEN given_reading.kind IS NULL AND family_reading.kind IS NULL AND given_name <> '' "
        f"AND family_name <> '' AND {_has_other_name(given, family)} "
        "THEN 'email_has_other_name' END"
    )


def _has_other_name(given: str, family: str) -> str:
    """Say in SQL that an email has one of the names, and in place of the other a name like it.

    Like a given name is another form of it; like a family name is any that people have. A double
    name has both.
    """
    return (
        f"(({_MAIL_GIVEN} = {given} AND length({given}) > 2 AND other_family.name IS NOT NULL "
        f"AND NOT contains({family}, {_MAIL_FAMILY}) AND NOT contains({_MAIL_FAMILY}, {family})) "
        f"OR ({_MAIL_FAMILY} = {family} AND length({family}) > 2 AND form.one IS NOT NULL))"
    )


def _mailbox() -> str:
    """Say in SQL that the mailbox may be somebody else's: a letter off, or of other names."""
    given, family = sql_letters("given_name"), sql_letters("family_name")
    words = f"[{_MAIL_GIVEN}, {_MAIL_FAMILY}]"
    agrees = " OR ".join(
        f"starts_with({name}, left(word, 3)) OR contains(word, {name})" for name in (given, family)
    )
    return (
        f"CASE WHEN {_EMAIL_TEXT} = '' OR length({given}) < 2 OR length({family}) < 2 THEN NULL "
        f"WHEN NOT {_has_initials(family)} AND {sql_is_letter_off(_MAILBOX, given, family)} "
        "THEN 'email_spells_otherwise' "
        "WHEN other_family.name IS NOT NULL "
        f"AND len(list_filter({words}, lambda word: {agrees})) = 0 THEN 'email_of_other_names' "
        # A partner or a parent has the same family name.
        f"WHEN other_given.name IS NOT NULL AND short.one IS NULL "
        f"AND NOT starts_with({_BESIDE_FAMILY}, left({given}, 3)) "
        f"AND NOT contains({given}, {_BESIDE_FAMILY}) "
        f"AND NOT contains({_BESIDE_FAMILY}, {given}) THEN 'email_of_other_names' END"
    )


def _has_initials(family: str) -> str:
    """Say in SQL that a mailbox has two initials: of a double name, or of a middle name apart.

    "jlarmitage" and "jl.armitage" are Jo-Lynn Armitage's; Jane Armitage's is the second alone.
    """
    parts = "regexp_split_to_array(strip_accents(lower(given_name)), '[^a-z]+')"
    initials = f"array_to_string(list_transform({parts}, lambda part: left(part, 1)), '')"
    letters = sql_letters(_MAILBOX)
    return (
        f"((length({initials}) > 1 AND {letters} = {initials} || {family}) OR "
        f"regexp_full_match({_MAILBOX}, left({initials}, 1) || '[a-z][._-]' || {family} "
        "|| '[0-9]*'))"
    )
