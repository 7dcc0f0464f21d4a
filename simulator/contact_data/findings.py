"""What is wrong with each record: table `finding`, a row for each fault or question.

One pass over the rows reads the fields; a second compares rows: shared numbers, other people of the
same crime, and persons recorded twice.
"""

from datetime import date
from typing import TYPE_CHECKING

from simulator.contact_data.columns import ColumnMap
from simulator.contact_data.database import listed, literal
from simulator.contact_data.note_meanings import sql_note, sql_warning

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
    """Make `finding` with what the fields of one row say: n, field, kind, proposal."""
    _read_warnings(database)
    kinds = _kinds(columns, on=on)
    warnings = " ".join(
        f"LEFT JOIN warning_reading AS w_{field} ON w_{field}.written = record.{field}"
        for field in _WITH_WORDS
    )
    # "notes__words" is a second thing to find in the field "notes".
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
        "CREATE TABLE finding AS SELECT n, found.field AS field, found.kind AS kind, "
        "coalesce(found.proposal, '') AS proposal, '' AS detail FROM (SELECT n, unnest(list_filter("
        f"[{cases}], lambda each: each IS NOT NULL)) AS found FROM (SELECT record.n, {read} "
        "FROM record JOIN reading ON reading.n = record.n JOIN reach ON reach.n = record.n "
        "LEFT JOIN domain_reading AS domain ON domain.domain = split_part(e_email, '@', 2) "
        "LEFT JOIN at_reading ON at_reading.written = record.email "
        "LEFT JOIN given_reading ON given_reading.written = record.given_name "
        "LEFT JOIN family_reading ON family_reading.written = record.family_name "
        "LEFT JOIN whole_reading ON whole_reading.given = record.given_name "
        "AND whole_reading.family = record.family_name "
        "LEFT JOIN name_count AS g ON g.name = lower(record.given_name) "
        "LEFT JOIN name_count AS f ON f.name = lower(record.family_name) "
        f"LEFT JOIN ({_MAIL_NAMES}) AS mail ON mail.n = record.n "
        "LEFT JOIN name_count AS other_family ON other_family.name = mail_family "
        f"LEFT JOIN other_form AS form ON form.one = {_LETTERS_OF.format('given_name')} "
        "AND form.other = mail_given "
        f"{warnings} WHERE NOT record.is_suspect))"
    )


def _read_warnings(database: "DuckDBPyConnection") -> None:
    """Make `warning_reading`: the different texts of other fields than notes that warn."""
    texts = " UNION ".join(
        f"SELECT {field} AS written FROM record WHERE regexp_matches({field}, '\\pL')"
        for field in _WITH_WORDS
    )
    database.execute(
        f"CREATE TABLE warning_reading AS SELECT * FROM (SELECT written, {sql_warning('written')} "
        f"AS kind FROM ({texts})) WHERE kind IS NOT NULL"
    )


def _kinds(columns: ColumnMap, *, on: date) -> dict[str, tuple[str, str]]:
    """Return, for each field, SQL for what is wrong with it and for what it may have been."""
    found = {
        "mobile": (_mobile(), "CASE WHEN m_mobile <> '' THEN m_mobile ELSE '' END"),
        "landline": (_landline(), "CASE WHEN l_mobile <> '' THEN l_mobile ELSE l_landline END"),
        "email": (_email(), _EMAIL_PROPOSAL),
        "notes": (_notes(), "CASE WHEN n_mobile <> '' THEN n_mobile ELSE n_email END"),
        "notes__words": (_marked(sql_note("notes", columns.words, names=_NAMES)), "''"),
        **{f"{field}__words": (_marked(f"w_{field}.kind"), "''") for field in _WITH_WORDS},
        "mobile__elsewhere": (_elsewhere("m"), "''"),
        "email__elsewhere": (_elsewhere("e"), "''"),
        "contact": (_contact(), "''"),
        "given_name": (_given(), "given_reading.proposal"),
        "family_name": (_family(), "family_reading.proposal"),
        "name": (_whole_name(), "''"),
        "date_of_birth": (_born(columns, on), _born_proposal(columns)),
        "safe_to_contact": (_safe(), "''"),
        "safe_how": (_safe_how(), "''"),
        "role": (_role(columns), "''"),
        "recorded_on": (_old(columns, on), "''"),
    }
    return {name: each for name, each in found.items() if _is_there(name.split("__")[0], columns)}


def _is_there(field: str, columns: ColumnMap) -> bool:
    """Say whether the extract has a field, by its own column or by another."""
    return (
        columns.has(field)
        or field == "contact"
        or (field == "name" and columns.has("family_name"))
        or (field in ("given_name", "family_name") and columns.has("full_name"))
        or (field in ("mobile", "landline") and columns.has("phone_number"))
        or (field == "role" and columns.has("occurrence_id"))
        or (field == "recorded_on" and columns.has("phone_on"))
    )


_MOBILE_TEXT, _LANDLINE_TEXT = "record.mobile", "record.landline"
_HAS_LETTERS = "regexp_matches({}, '\\pL')"


def _broken_number(text: str, letter: str) -> str:
    """Continue a CASE with what a phone field holds that is neither number nor address."""
    digits = f"{letter}_digits"
    letters = _HAS_LETTERS.format(text)
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
    digits_alone = f"NOT {_HAS_LETTERS.format(text)} AND e_digits >= 7"
    return (
        f"CASE WHEN {text} = '' THEN NULL WHEN e_why <> '' THEN e_why "
        "WHEN e_email <> '' THEN domain.kind "
        f"WHEN e_mobile <> '' OR e_landline <> '' OR ({digits_alone}) THEN 'number_in_email' "
        f"WHEN lower({text}) IN {listed(_FILLERS)} THEN 'placeholder_email' "
        f"WHEN length({text}) - length(replace({text}, '@', '')) > 1 THEN 'two_in_one' "
        f"WHEN at_reading.written IS NOT NULL THEN 'at_missing' "
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


_NAMES = ("record.given_name", "record.family_name")


def _notes() -> str:
    no_mobile = "m_mobile = '' AND l_mobile = ''"
    return (
        f"CASE WHEN n_mobile <> '' AND {no_mobile} THEN 'number_in_notes' "
        "WHEN n_email <> '' AND e_email = '' THEN 'email_in_notes' END"
    )


def _marked(warning: str) -> str:
    """Keep a warning, unless contact is marked as not safe already."""
    return f"CASE WHEN safe <> 'no' THEN {warning} END"


def _elsewhere(letter: str) -> str:
    return f"CASE WHEN {letter}_elsewhere AND {letter}_why = '' THEN 'suspects_elsewhere' END"


def _contact() -> str:
    return (
        "CASE WHEN record.mobile = '' AND record.email = '' AND record.landline = '' "
        "AND n_mobile = '' AND n_email = '' AND occurrence_id || person_id <> '' "
        "THEN 'no_contact' END"
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
_LETTERS_OF = "regexp_replace(strip_accents(lower({})), '[^a-z]', '', 'g')"
#: So many in the extract have a family name, or it is on a list.
_FAMILIES_MIN = 5
#: "jane.cole7@…": two names in an email, each in a column of its own.
_MAIL_NAMES = (
    "SELECT n, names[1] AS mail_given, names[2] AS mail_family FROM (SELECT n, "
    "regexp_extract_all(split_part(e_email, '@', 1), '[a-z]+') AS names FROM reading "
    "WHERE regexp_full_match(split_part(e_email, '@', 1), '[a-z]{3,}[._-][a-z]{3,}[0-9]*'))"
)
#: So many times likelier the other way round that two swapped names are the better explanation;
#: fewer do where the email has them the other way round too.
_SWAPPED_ODDS, _SWAPPED_ODDS_BY_EMAIL = 300, 2


def _whole_name() -> str:
    odds = (
        "(coalesce(g.as_family, 0) + 0.5) / greatest(coalesce(g.as_given, 0) - 1 + 0.5, 0.5) * "
        "(coalesce(f.as_given, 0) + 0.5) / greatest(coalesce(f.as_family, 0) - 1 + 0.5, 0.5)"
    )
    given, family = _LETTERS_OF.format("given_name"), _LETTERS_OF.format("family_name")
    local = _LETTERS_OF.format(f"split_part({_EMAIL_TEXT}, '@', 1)")
    by_email = (
        f"length({given}) > 2 AND length({family}) > 2 AND {local} = {family} || {given} "
        f"AND {odds} > {_SWAPPED_ODDS_BY_EMAIL}"
    )
    rest_given = f"replace({local}, {family}, '')"
    rest_family = f"replace({local}, {given}, '')"
    return (
        "CASE WHEN given_name = '' AND family_name = '' THEN 'name_missing' "
        "WHEN whole_reading.kind IS NOT NULL THEN whole_reading.kind "
        "WHEN lower(given_name) = lower(family_name) THEN 'same_name_twice' "
        "WHEN given_reading.kind IS NULL AND family_reading.kind IS NULL AND given_name <> '' "
        f"AND family_name <> '' AND ({odds} > {_SWAPPED_ODDS} OR ({by_email})) "
        "THEN 'names_swapped' "
        f"WHEN {_EMAIL_TEXT} <> '' AND (({_spelt_otherwise(given, family, rest_given, local)}) OR "
        f"({_spelt_otherwise(family, given, rest_family, local)})) "
        "THEN 'email_spells_otherwise' "
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
        f"((mail_given = {given} AND length({given}) > 2 AND mail_family <> {family} "
        f"AND NOT contains({family}, mail_family) AND NOT contains(mail_family, {family}) "
        f"AND coalesce(other_family.as_family, 0) >= {_FAMILIES_MIN}) OR (mail_family = {family} "
        f"AND length({family}) > 2 AND form.one IS NOT NULL))"
    )


def _spelt_otherwise(one: str, other: str, rest: str, local: str) -> str:
    """Say in SQL that an email has the other name whole, and this one with one slip."""
    # Two words are two names; run together, "smithj" may be Smith with an initial.
    two_words = f"regexp_matches(split_part({_EMAIL_TEXT}, '@', 1), '[a-z][._-]+[a-z]')"
    return (
        f"length({other}) > 2 AND length({one}) > 2 AND contains({local}, {other}) "
        f"AND (NOT contains({local}, {one}) OR {two_words}) AND length({rest}) > 2 "
        f"AND damerau_levenshtein({rest}, {one}) = 1"
    )


def _born(columns: ColumnMap, on: date) -> str:
    return (
        "CASE WHEN date_of_birth = '' THEN 'born_missing' "
        f"WHEN born IS NULL AND {_swapped_born(columns)} IS NOT NULL THEN 'born_day_month' "
        "WHEN born IS NULL THEN 'born_impossible' "
        f"WHEN born::VARCHAR IN {listed(_BORN_DEFAULTS)} THEN 'born_default' "
        f"WHEN born > DATE '{on}' OR born < DATE '{on}' - INTERVAL {_YEARS_MAX} YEAR "
        "THEN 'born_out_of_range' END"
    )


def _born_proposal(columns: ColumnMap) -> str:
    return (
        f"CASE WHEN born IS NULL THEN coalesce({_swapped_born(columns)}::VARCHAR, '') ELSE '' END"
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


def safe_by(channel: str) -> str:
    """Return SQL that says whether `safe_how` lets a channel be used; blank allows each."""
    words = "text|sms|mob" if channel == "text" else "e-?mail"
    return f"(safe_how = '' OR regexp_matches(lower(safe_how), '{words}|any|both|all'))"


def _safe_how() -> str:
    asked_text = "regexp_matches(lower(safe_how), 'text|sms|mob')"
    asked_email = "regexp_matches(lower(safe_how), 'e-?mail')"
    return (
        f"CASE WHEN safe = 'yes' AND safe_how <> '' AND ({asked_text} OR {asked_email}) "
        f"AND NOT ({asked_text} AND m_mobile <> '') AND NOT ({asked_email} AND e_email <> '') "
        "THEN 'safe_channel_missing' END"
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
