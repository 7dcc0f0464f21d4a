"""What is wrong with each record: table `finding`, a row for each fault or question.

One pass over the rows reads the fields; a second compares rows: shared numbers, other people of the
same crime, and persons recorded twice.
"""

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

from simulator.contact_data.columns import ColumnMap
from simulator.contact_data.database import listed, literal
from simulator.contact_data.dates import sql_is_shaped
from simulator.contact_data.email_rules import sql_letters, sql_spells
from simulator.contact_data.note_meanings import (
    DAY,
    HEAD,
    read_noted,
    sql_said,
    sql_warning,
    sql_warns,
    sql_words,
)

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_FILLERS = (
    "n/a", "na", "none", "unknown", "not known", "tbc", "x", "xx", "test", "no", "nil", "-", "--",
    "?", "refused", "no phone", "no mobile", "none given", "not given", "no email", "noemail",
    "no number", "withheld", "declined", "null",
)  # fmt: skip
#: Fields in which a warning may be written, beside the notes.
_WITH_WORDS = ("safe_how", "mobile", "landline", "given_name", "family_name")
_POSTCODE = r"\b[A-Za-z]{1,2}[0-9][A-Za-z0-9]? ?[0-9][A-Za-z]{2}\b"
#: What forms and databases write for no date; 1 January 1970 is a birthday of many people too.
_BORN_DEFAULTS = ("1900-01-01", "1901-01-01", "1800-01-01", "1753-01-01")
_YEARS_MAX = 110


def find_in_rows(database: "DuckDBPyConnection", columns: ColumnMap, *, on: date) -> None:
    """Make `finding` with what the fields of one row say, names apart: n, field, kind, proposal."""
    database.execute(
        "CREATE TABLE finding (n INTEGER, field VARCHAR, kind VARCHAR, proposal VARCHAR, "
        "detail VARCHAR)"
    )
    _read_warnings(database)
    read_noted(database, "record", columns.words, names=_NAMES)
    warnings = " ".join(
        f"LEFT JOIN warning_reading AS w_{field} ON w_{field}.written = record.{field}"
        for field in _WITH_WORDS
    )
    insert_found(
        database,
        _kinds(columns, on=on),
        "JOIN reach ON reach.n = record.n "
        "LEFT JOIN domain_reading AS domain ON domain.domain = split_part(e_email, '@', 2) "
        "JOIN channel_reading AS channel ON channel.written = record.safe_how "
        "LEFT JOIN at_reading ON at_reading.written = record.email "
        f"LEFT JOIN note_reading ON note_reading.n = record.n {warnings}",
    )


def insert_found(
    database: "DuckDBPyConnection", kinds: Mapping[str, tuple[str, str]], joins: str
) -> None:
    """Add to `finding` what rows say, in one pass.

    `kinds` has, for each field, SQL for what is wrong with it and for what it may have been.
    "notes__words" is a second thing to find in the field "notes".
    """
    if not kinds:
        return
    cases = ", ".join(
        f"CASE WHEN kind_{name} IS NOT NULL THEN {{'field': {literal(name.split('__')[0])}, "
        f"'kind': kind_{name}, 'proposal': proposal_{name}}} END"
        for name in kinds
    )
    read = ", ".join(
        f"{case} AS kind_{name}, {proposal} AS proposal_{name}"
        for name, (case, proposal) in kinds.items()
    )
    database.execute(
        "INSERT INTO finding SELECT n, found.field, found.kind, coalesce(found.proposal, ''), '' "
        f"FROM (SELECT n, unnest(list_filter([{cases}], lambda each: each IS NOT NULL)) AS found "
        f"FROM (SELECT record.n, {read} FROM record JOIN reading ON reading.n = record.n {joins} "
        "WHERE NOT record.is_suspect))"
    )


def _read_warnings(database: "DuckDBPyConnection") -> None:
    """Make `warning_reading`: the different texts of other fields than notes that warn.

    The texts are put down first: a query of several parts prepares each pattern several times.
    """
    texts = f"SELECT unnest([{', '.join(_WITH_WORDS)}]) AS written FROM record"
    database.execute(
        f"CREATE TABLE worded AS SELECT DISTINCT written FROM ({texts}) "
        "WHERE regexp_matches(written, '\\pL')"
    )
    database.execute(
        f"CREATE TABLE warning_reading AS SELECT written, {sql_warning('said')} AS kind "
        f"FROM (SELECT written, {sql_said('written')} AS said FROM worded) "
        f"WHERE {sql_warns('said')}"
    )
    database.execute("DROP TABLE worded")


def _kinds(columns: ColumnMap, *, on: date) -> dict[str, tuple[str, str]]:
    """Return, for each field, SQL for what is wrong with it and for what it may have been."""
    found = {
        "mobile": (_mobile(), "CASE WHEN m_mobile <> '' THEN m_mobile ELSE '' END"),
        "landline": (_landline(), "CASE WHEN l_mobile <> '' THEN l_mobile ELSE l_landline END"),
        "email": (_email(), _EMAIL_PROPOSAL),
        "notes": (_notes(), "CASE WHEN n_mobile <> '' THEN n_mobile ELSE n_email END"),
        "notes__words": (_marked("note_reading.kind"), "''"),
        **{f"{field}__words": (_marked(f"w_{field}.kind"), "''") for field in _WITH_WORDS},
        "notes__other": (_others_in_notes(), "''"),
        "mobile__elsewhere": (_elsewhere("m"), "''"),
        "email__elsewhere": (_elsewhere("e"), "''"),
        "contact": (_contact(), "''"),
        "phone_type": ("CASE WHEN phone_unconfirmed <> '' THEN 'phone_type_unknown' END", "''"),
        "date_of_birth": (_born(columns, on), _born_proposal(columns)),
        "safe_to_contact": (_safe(), "''"),
        "safe_how": (_safe_how(), "''"),
        "safe_when": (_safe_when(), "''"),
        "flag": (_marked("CASE WHEN flagged <> '' THEN 'flag_warns' END"), "''"),
        "role": (_role(columns), "''"),
        "recorded_on": (_old(columns, on), "''"),
    }
    return {name: each for name, each in found.items() if _is_there(name.split("__")[0], columns)}


def _is_there(field: str, columns: ColumnMap) -> bool:
    """Say whether the extract has a field, by its own column or by another."""
    return (
        columns.has(field)
        or field in ("contact", "flag")
        or (field in ("given_name", "family_name") and columns.has("full_name"))
        or (field in ("mobile", "landline") and columns.has("phone_number"))
        or (field == "role" and columns.has("occurrence_id"))
        or (field == "recorded_on" and columns.has("phone_on"))
    )


_MOBILE_TEXT, _LANDLINE_TEXT = "record.mobile", "record.landline"


def _broken_number(text: str, letter: str) -> str:
    """Continue a CASE with what a phone field holds that is neither number nor address."""
    digits = f"{letter}_digits"
    letters = f"{letter}_lettered"
    national = (
        f"regexp_replace(regexp_replace({text}, '[^0-9]', '', 'g'), '^(?:0{{0,2}}44)?0?', '')"
    )
    one_digit = "|".join(f"0?7?{each}{{7,}}" for each in "0123456789")
    return (
        f"WHEN lower({text}) IN {listed(_FILLERS)} THEN 'placeholder_number' "
        f"WHEN {digits} >= 7 AND regexp_full_match(regexp_replace({text}, '[^0-9]', '', 'g'), "
        f"{literal(one_digit)}) THEN 'placeholder_number' "
        f"WHEN {digits} >= 18 OR ({digits} >= 9 AND contains({text}, '@')) THEN 'two_in_one' "
        f"WHEN contains({text}, '@') THEN 'email_in_phone' "
        f"WHEN {letters} AND regexp_matches({text}, {literal(_POSTCODE)}) THEN 'address_in_phone' "
        f"WHEN {letters} AND {digits} >= 6 THEN 'words_with_number' "
        f"WHEN {letters} THEN 'name_in_phone' "
        f"WHEN {digits} = 0 THEN 'placeholder_number' "
        f"WHEN regexp_matches({text}, '^ *(?:\\+|00)') AND NOT regexp_matches({text}, "
        f"'^ *(?:\\+|00) *44') THEN 'not_for_texts' "
        f"WHEN length({national}) > 10 THEN 'too_many_digits' "
        f"WHEN length({national}) < 10 THEN 'too_few_digits' "
        f"WHEN regexp_matches({national}, '^(?:70|[3589])') THEN 'not_for_texts' "
        f"WHEN regexp_matches({national}, '^[7]|^[1246]') THEN 'no_such_range' ELSE 'not_a_number' "
    )


def _written_otherwise(text: str) -> str:
    """Continue a CASE with a right number that a spreadsheet or a habit has changed."""
    return (
        f"WHEN regexp_matches({text}, '^ *\\(?(?:\\+|00)?44\\)? *\\(?0\\)?') THEN 'plus_44_zero' "
        f"WHEN regexp_full_match({text}, ' *[1-9][0-9 -]+') AND NOT starts_with({text}, '44') "
        "THEN 'zero_lost' "
    )


def _mobile() -> str:
    text = _MOBILE_TEXT
    return (
        f"CASE WHEN {text} = '' THEN NULL WHEN m_why <> '' THEN m_why WHEN m_mobile <> '' THEN "
        f"CASE {_written_otherwise(text)}END "
        "WHEN m_email <> '' THEN 'email_in_phone' WHEN m_landline <> '' THEN 'landline_in_mobile' "
        f"{_broken_number(text, 'm')}END"
    )


def _landline() -> str:
    text = _LANDLINE_TEXT
    return (
        f"CASE WHEN {text} = '' THEN NULL "
        "WHEN l_mobile <> '' AND m_mobile = '' THEN 'mobile_in_landline' "
        f"WHEN l_mobile <> '' OR l_landline <> '' THEN CASE {_written_otherwise(text)}END "
        f"WHEN l_email <> '' THEN 'email_in_phone' {_broken_number(text, 'l')}END"
    )


def _email() -> str:
    text = "record.email"
    digits_alone = "NOT e_lettered AND e_digits >= 7"
    mailbox = sql_letters("split_part(at_reading.proposal, '@', 1)")
    spells = sql_spells(mailbox, sql_letters("given_name"), sql_letters("family_name"))
    return (
        f"CASE WHEN {text} = '' THEN NULL WHEN e_why <> '' THEN e_why "
        "WHEN e_email <> '' THEN domain.kind "
        f"WHEN e_mobile <> '' OR e_landline <> '' OR ({digits_alone}) THEN 'number_in_email' "
        f"WHEN lower({text}) IN {listed(_FILLERS)} THEN 'placeholder_email' "
        f"WHEN length({text}) - length(replace({text}, '@', '')) > 1 THEN 'two_in_one' "
        f"WHEN at_reading.written IS NOT NULL THEN CASE WHEN {spells} AND NOT "
        "regexp_matches(at_reading.proposal, '[^a-z]@') THEN 'at_missing' ELSE 'at_mistyped' END "
        f"WHEN contains({text}, ',') THEN 'comma_in_email' "
        f"WHEN contains({text}, '@') AND contains({text}, ' ') THEN 'space_in_email' "
        f"WHEN contains({text}, '@') AND regexp_matches(lower({text}), "
        "'^(?:no|none|na|unknown|noemail|nomail|noreply|refused|declined|test)[.@_-]') "
        "THEN 'placeholder_email' ELSE 'not_an_email' END"
    )


_WITHOUT_SLIPS = "replace(replace(lower(record.email), ',', '.'), ' ', '')"
_EMAIL_PROPOSAL = (
    "CASE WHEN e_email <> '' AND domain.proposal <> '' "
    "THEN split_part(e_email, '@', 1) || '@' || domain.proposal "
    "WHEN at_reading.proposal IS NOT NULL THEN at_reading.proposal "
    "WHEN regexp_full_match(" + _WITHOUT_SLIPS + ", "
    "'[a-z0-9_!#$%&''*+/=?^`{|}~.-]+@(?:[a-z0-9_-]+[.])+[a-z]{2,}') "
    "AND (contains(record.email, ',') OR contains(record.email, ' ')) THEN " + _WITHOUT_SLIPS + " "
    "WHEN e_mobile <> '' THEN e_mobile ELSE '' END"
)  # fmt: skip


_NAMES = ("given_name", "family_name")


def _notes() -> str:
    no_mobile = "m_mobile = '' AND l_mobile = ''"
    return (
        f"CASE WHEN n_mobile <> '' AND {no_mobile} THEN 'number_in_notes' "
        "WHEN n_email <> '' AND e_email = '' THEN 'email_in_notes' END"
    )


#: What may be a number in free text; its last nine digits say which.
_NUMBERS = r"(?:\+|00)?[0-9(][0-9 ()./-]{7,}[0-9]"
_PHONES = r"(?:(?:00)?44)?0{0,2}[1237][0-9]{8,9}"
_DATED = literal(rf"\b{DAY}(?:[ ,;:@-]*[0-9]{{3,5}}\b)?")
_ADDRESSES = r"[A-Za-z0-9._%+-]+@(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,}"


def _others_in_notes() -> str:
    """Say that the notes have another number or address than the record."""
    last = "right(regexp_replace({}, '[^0-9]', '', 'g'), 9)"
    # A day, and the time or collar number after it, reads like a number that somebody left.
    undated = (
        f"regexp_replace(regexp_replace(notes, {literal(HEAD)}, ' ; ', 'g'), {_DATED}, ' ; ', 'g')"
    )
    numbers = (
        f"list_filter(regexp_extract_all({undated}, {literal(_NUMBERS)}), lambda each: "
        f"regexp_full_match(regexp_replace(each, '[^0-9]', '', 'g'), {literal(_PHONES)}) AND "
        f"{last.format('each')} NOT IN ({last.format(_MOBILE_TEXT)}, "
        f"{last.format(_LANDLINE_TEXT)}))"
    )
    addresses = (
        f"list_filter(regexp_extract_all(lower(notes), {literal(_ADDRESSES)}), "
        "lambda each: each NOT IN (e_email, lower(record.email)))"
    )
    return (
        f"CASE WHEN notes = '' OR safe = 'no' THEN NULL "
        f"WHEN m_mobile <> '' AND regexp_matches(notes, '[0-9]{{3}}') AND len({numbers}) > 0 "
        f"OR e_email <> '' AND contains(notes, '@') AND len({addresses}) > 0 "
        "THEN 'other_in_notes' END"
    )


def _marked(warning: str) -> str:
    """Keep a warning, unless contact is marked as not safe already."""
    return f"CASE WHEN safe <> 'no' THEN {warning} END"


def _elsewhere(letter: str) -> str:
    return f"CASE WHEN {letter}_elsewhere AND {letter}_why = '' THEN 'suspects_elsewhere' END"


def _contact() -> str:
    return (
        "CASE WHEN record.mobile = '' AND record.email = '' AND record.landline = '' "
        "AND n_mobile = '' AND n_email = '' AND phone_unconfirmed = '' "
        "AND occurrence_id || person_id <> '' "
        "THEN 'no_contact' END"
    )


def _born(columns: ColumnMap, on: date) -> str:
    return (
        "CASE WHEN date_of_birth = '' THEN 'born_missing' "
        "WHEN born IS NULL AND regexp_full_match(date_of_birth, "
        "'[0-9]{1,2}[/. -]([0-9]{1,2}|[A-Za-z]{3,9})[/. -][0-9]{2}') THEN 'born_short_year' "
        f"WHEN born IS NULL AND {_swapped_born(columns)} IS NOT NULL THEN 'born_day_month' "
        f"WHEN born IS NULL AND NOT {sql_is_shaped('date_of_birth')} THEN 'born_unread' "
        "WHEN born IS NULL THEN 'born_impossible' "
        f"WHEN born::VARCHAR IN {listed(_BORN_DEFAULTS)} THEN 'born_default' "
        f"WHEN born > DATE '{on}' OR born < DATE '{on}' - INTERVAL {_YEARS_MAX} YEAR "
        "THEN 'born_out_of_range' END"
    )


def _born_proposal(columns: ColumnMap) -> str:
    return (
        "CASE WHEN born IS NULL AND regexp_matches(date_of_birth, '[0-9]{4}') "
        f"THEN coalesce({_swapped_born(columns)}::VARCHAR, '') ELSE '' END"
    )


def _swapped_born(columns: ColumnMap) -> str:
    """Read a date of birth the other way round: 12/31/1980, or 1980-31-12."""
    other = "%m/%d/%Y" if columns.dates == "day first" else "%d/%m/%Y"
    slashes = "regexp_replace(split_part(date_of_birth, ' ', 1), '[.-]', '/', 'g')"
    return (
        f"coalesce(try_strptime({slashes}, '{other}')::DATE, "
        "try_strptime(split_part(date_of_birth, ' ', 1), '%Y-%d-%m')::DATE)"
    )


def _safe() -> str:
    return "CASE WHEN safe = '' THEN 'safe_missing' WHEN safe = 'unclear' THEN 'safe_unclear' END"


def _safe_how() -> str:
    """Ask about what is not understood; say where the channels that are allowed have no number."""
    return (
        "CASE WHEN safe = 'no' OR safe_how = '' THEN NULL "
        "WHEN NOT channel.is_clear THEN 'safe_how_unclear' "
        "WHEN safe = 'yes' AND (channel.by_text OR channel.by_email) "
        "AND NOT (channel.by_text AND m_mobile <> '') "
        "AND NOT (channel.by_email AND e_email <> '') THEN 'safe_channel_missing' END"
    )


def _safe_when() -> str:
    free = "any|any ?time|all day|always|24 7|24 hours"
    return (
        "CASE WHEN safe <> 'no' AND safe_when <> '' AND NOT regexp_full_match("
        f"{sql_words('safe_when')}, {literal(free)}) THEN 'safe_when_set' END"
    )


def _role(columns: ColumnMap) -> str:
    missing = "WHEN role = '' THEN 'role_missing' " if columns.has("role") else ""
    return (
        "CASE WHEN occurrence_id = '' THEN 'not_linked' "
        "WHEN person_id = '' AND given_name = '' AND family_name = '' AND record.mobile = '' "
        f"AND record.email = '' THEN 'no_victim' {missing}END"
    )


def _old(columns: ColumnMap, on: date) -> str:
    days = columns.limits.stale_after_days
    return (
        "CASE WHEN written_on IS NULL THEN 'date_unknown' "
        f"WHEN written_on < DATE '{on}' - INTERVAL {days} DAY THEN 'old' END"
    )
