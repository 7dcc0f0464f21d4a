"""Reads every phone, email and note of an extract: table `reading`, a row for each of `record`.

For each field it has the mobile, the landline and the address that the text is, "" where it is
none. What SQL cannot read is read one by one, once for each distinct text.
"""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from simulator.contact_data import email_rules, phone_rules
from simulator.contact_data.columns import ColumnMap
from simulator.contact_data.database import literal

if TYPE_CHECKING:
    import pyarrow as pa
    from duckdb import DuckDBPyConnection

_PIECE = 20_000
#: The letter that begins the columns of each field.
_LETTERS = {"m": "mobile", "l": "landline", "e": "email", "n": "note_number"}
#: Fields of which it is said whether any letter is in them.
_WITH_LETTERS = ("mobile", "landline", "email")
#: Of a suspect, where the victim's row has them.
_OF_SUSPECTS = {"s": "suspect_mobile", "t": "suspect_email"}
#: A number or an address somewhere in free text.
_NUMBER_INSIDE = r"(?:\+44|0044|\b0)[ ()0]{0,5}(?:[0-9][ -]?){9}[0-9]?"
_EMAIL_INSIDE = r"[A-Za-z0-9._%+-]+@(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,}"


def read_contacts(database: "DuckDBPyConnection", columns: ColumnMap) -> None:
    """Make the tables `reading` and `domain_reading`."""
    letters = {
        letter: field
        for letter, field in {**_LETTERS, **_OF_SUSPECTS}.items()
        if letter in _LETTERS or columns.has(field)
    }
    _read_the_odd(database, columns, [each for each in letters.values() if each != "note_number"])
    parts: list[str] = []
    for letter, field in letters.items():
        parts += _readings(letter, field, columns)
        if field in _WITH_LETTERS:
            parts.append(f"lettered[{_WITH_LETTERS.index(field) + 1}] AS {letter}_lettered")
    odd = " ".join(
        f"LEFT JOIN odd AS odd_{letter} ON odd_{letter}.written = base.{field}"
        for letter, field in letters.items()
    )
    nationals = ", ".join(
        f"{phone_rules.sql_national(field)} AS {letter}_national"
        for letter, field in letters.items()
    )
    texts = ", ".join(each for each in letters.values() if each != "note_number")
    # One pattern for all: to prepare that of every alphabet takes longer than to use it.
    asked = ", ".join(_WITH_LETTERS)
    lettered = f"list_transform([{asked}], lambda each: regexp_matches(each, '\\pL')) AS lettered"
    base = (
        f"SELECT *, {nationals} FROM (SELECT n, {texts}, {lettered}, "
        f"CASE WHEN notes = '' THEN '' ELSE trim(regexp_extract(notes, {literal(_NUMBER_INSIDE)}))"
        " END AS note_number, CASE WHEN NOT contains(notes, '@') THEN '' "
        f"ELSE lower(regexp_extract(notes, {literal(_EMAIL_INSIDE)})) END AS n_email FROM record)"
    )
    database.execute(
        f"CREATE TABLE reading AS SELECT base.n, {', '.join(parts)}, base.n_email "
        f"FROM ({base}) AS base {odd}"
    )
    _read_domains(database)


def _readings(letter: str, field: str, columns: ColumnMap) -> list[str]:
    """Return SQL for what one field is read as; notes have their address already."""
    national = f"{letter}_national"
    mobile = phone_rules.sql_mobile(national, columns.test_mobiles)
    landline = phone_rules.sql_landline(national, columns.test_landlines)
    email = email_rules.sql_email(f"base.{field}")
    found = [
        f"coalesce(odd_{letter}.mobile, {mobile}) AS {letter}_mobile",
        f"{landline} AS {letter}_landline",
    ]
    if letter == "n":
        return found
    digits = f"length(regexp_replace(base.{field}, '[^0-9]', '', 'g')) AS {letter}_digits"
    return [*found, f"coalesce(odd_{letter}.email, {email}) AS {letter}_email", digits]


def _read_the_odd(
    database: "DuckDBPyConnection", columns: ColumnMap, fields: Sequence[str]
) -> None:
    """Make `odd`: what SQL cannot read, read by the functions that read one text."""
    database.execute("CREATE TABLE odd (written VARCHAR, mobile VARCHAR, email VARCHAR)")
    texts = " UNION ".join(
        f"SELECT {field} AS written FROM record WHERE {phone_rules.sql_is_odd(field)} "
        f"OR {email_rules.sql_is_odd(field)}"
        for field in fields
    )
    found = database.execute(f"SELECT written FROM ({texts})")
    cursor = database.cursor()
    while rows := found.fetchmany(_PIECE):
        insert(
            cursor,
            "odd",
            (
                (
                    written,
                    phone_rules.as_mobile(written, columns.test_mobiles),
                    email_rules.as_email(written),
                )
                for (written,) in rows
            ),
        )


def _read_domains(database: "DuckDBPyConnection") -> None:
    """Make `domain_reading` and `at_reading`: domains and texts without @ that are wrong."""
    counted = database.execute(
        "SELECT split_part(e_email, '@', 2), count(*) FROM reading WHERE e_email <> '' GROUP BY 1"
    ).fetchall()
    book = email_rules.DomainBook({str(domain): int(count) for domain, count in counted})
    database.execute("CREATE TABLE domain_reading (domain VARCHAR, kind VARCHAR, proposal VARCHAR)")
    read = ((domain, *book.read(domain)) for domain, _count in counted)
    insert(database, "domain_reading", (each for each in read if each[1]))
    database.execute("CREATE TABLE at_reading (written VARCHAR, proposal VARCHAR)")
    texts = database.execute(
        "SELECT DISTINCT email FROM record WHERE NOT contains(email, '@') AND contains(email, '.')"
    ).fetchall()
    put_back = ((written, book.at_missing(written)) for (written,) in texts)
    insert(database, "at_reading", (each for each in put_back if each[1]))


def insert(database: "DuckDBPyConnection", table: str, rows: Iterable[tuple[str, ...]]) -> None:
    """Add rows of text to a table, in one piece."""
    columns = list(zip(*rows, strict=True))
    if columns:
        insert_made(database, table, made_of(columns))


def made_of(columns: Sequence[Sequence[str]]) -> "pa.Table":
    """Make columns of text ready for `insert_made`."""
    import pyarrow as pa

    return pa.table(
        {f"c{place}": pa.array(each, pa.string()) for place, each in enumerate(columns)}
    )


def insert_made(database: "DuckDBPyConnection", table: str, made: "pa.Table") -> None:
    """Add to a table what `made_of` made ready."""
    database.register("to_insert", made)
    database.execute(f"INSERT INTO {table} SELECT * FROM to_insert")
    database.unregister("to_insert")
