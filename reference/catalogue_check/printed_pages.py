"""Prints pages of the documentation: what is lawful to say, what may be, and how words read.

`python -m reference.catalogue_check.printed_pages` writes them into `docs`; a test compares them.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path

from reference.catalogue_check.reading_age import age_of_message, age_of_template, reading_age
from reference.contract.lawful_words import (
    DECIDERS,
    INTERVIEWS,
    ROWS,
    SOURCES,
    Age,
    Ending,
    Row,
    lawful_words,
)
from reference.contract.outcomes import OUTCOMES
from reference.contract.readings import SITUATIONS, Reading, readings, tolerances
from reference.portal.toml_text import read_toml
from reference.portal.words import catalogue, wording

DOCS = Path(__file__).parents[2] / "docs"
_WRITTEN_BY = "<!-- Written by `python -m reference.catalogue_check.printed_pages`. -->"
_ADVICE = catalogue.FILE.with_name("advice")
_ENGLISH = catalogue.FILE.with_name("languages") / "en.toml"
_TABLE = (
    "The judge, the scenarios and the check of a catalogue ask one table"
    " (`reference/contract/lawful_words.py`). A portal has words of its own and never"
    " imports it. **must** and **must not** fail a portal; **should** is a warning, or"
    " advice of ours; **may** leaves it to the force. What a crime system did not record"
    " is *not recorded*."
)
_DENIAL = (
    "To deny a review is true where there is none. A sentence that depends on who decided"
    ' ("if the police decided…") promises nothing, and may be said anywhere.'
)
_TIMES = (
    "The police take a request within 3 months of telling the victim. The CPS asks for it"
    " within 10 working days, and takes it for up to 3 months where the law permits."
)
_INDEX = (
    "The age in years at which a reader reads the words with ease: the Automated"
    " Readability Index (US Army, 1967), a school grade plus five. It measures lengths of"
    " words and sentences, and cannot tell whether words are kind or true."
)
_CHOICE = (
    "Order, contract and requirements leave some things open. Each row is one of them: a portal"
    " may do any of what may be, and the judge finds no harm in it. The table is"
    " `reference/contract/readings.toml`. An id is permanent."
)
_NAMED = (
    "A finding names the readings of its requirement that may play a part in it. If your portal"
    " does what may be by one of them, the finding is wrong:"
    " [how to dispute it](challenge.md#how-to-dispute-one). *with* names what must have happened to"
    " the victim before the question comes up. Decisions are in [decisions](decisions/README.md),"
    " each with its point."
)
_PART = (
    "Beside the events of the contract and the records of the evidence, such as `SignedIn`,"
    " readings come up with these."
)
_FORGIVES = (
    "The judge forgives by so much, and no more, beside what the order's own fields give. What lies"
    " just outside fails: each row has a test for it. The table is"
    " `reference/contract/tolerances.toml`."
)
_MARKUP = re.compile(r"[*#>_`]|\]\([^)]*\)|\[")
_AGES: tuple[Age, ...] = ("adult", "child", "unknown")


def pages() -> dict[str, str]:
    """Return the text of each page, by its file's name."""
    return {
        "lawful_words.md": _lawful_words(),
        "readings.md": _readings(),
        "reading_ages.md": _reading_ages(),
    }


def _lawful_words() -> str:
    return "\n".join(
        [
            _WRITTEN_BY,
            "# What may and must be said when a case ends",
            "",
            _TABLE,
            "",
            _DENIAL,
            "",
            *_table(
                (
                    "Outcome",
                    "Decided by",
                    "Interviewed under caution",
                    "Police review",
                    "CPS review",
                    "How soon to ask the CPS",
                    "Supervisor or complaint",
                    "Guilt or admission",
                    '"Closed"',
                    "Why",
                    "Source",
                ),
                _law_rows(),
            ),
            "",
            "## Where age changes the words",
            "",
            "No event of the contract says how old a suspect is; the outcome may.",
            "",
            *_table(("Who", "Age", "What changes", "Source"), _age_rows()),
            "",
            "## How soon",
            "",
            _TIMES,
            "",
            "## Sources",
            "",
            *_table(("Name", "What it is"), SOURCES.items()),
            "",
        ]
    )


def _law_rows() -> Iterator[tuple[str, ...]]:
    for outcome, name in OUTCOMES.items():
        for row in ROWS:
            if outcome in row.outcomes:
                law = row.lawful
                yield (
                    f"{outcome} {name}",
                    _who(row),
                    _interviewed(row),
                    law.police_review,
                    law.cps_review,
                    law.cps_time,
                    law.explained_or_complaint,
                    law.guilt,
                    law.ended,
                    law.why,
                    ", ".join(law.sources),
                )


def _who(row: Row) -> str:
    return "anyone" if row.deciders == DECIDERS else " or ".join(row.deciders)


def _interviewed(row: Row) -> str:
    if row.interviews == INTERVIEWS:
        return "any"
    words = {True: "yes", False: "no", None: "not recorded"}
    return " or ".join(words[each] for each in row.interviews)


def _age_rows() -> Iterator[tuple[str, str, str, str]]:
    for age in _AGES:
        law = lawful_words(Ending(15, "police", interviewed=True, victim=age))
        yield ("victim", age, f"a review is asked for by {law.review_asked_by}", "three months")
    for age in _AGES:
        law = lawful_words(Ending(8, "police", interviewed=True, suspect=age))
        told = f"restorative justice is offered by {law.restorative_justice_from}"
        yield ("suspect", age, told, "restorative justice")
    for outcome in (2, 3):
        law = lawful_words(Ending(outcome, "police", interviewed=True))
        told = f"restorative justice is offered by {law.restorative_justice_from}"
        yield ("suspect", f"by outcome {outcome}", told, "restorative justice")


def _readings() -> str:
    parts = [_WRITTEN_BY, "# Readings: where the documents leave a choice, and all that may be", ""]
    parts += [_CHOICE, "", _NAMED, ""]
    for about, rows in groupby(readings(), key=lambda reading: reading.about):
        columns = ("Id", "Question", "What may be", "What must not be", "Why")
        parts += [f"## {about}", "", *_table((*columns, "Rests on"), map(_reading, rows)), ""]
    parts += ["## What may play a part", "", _PART, ""]
    parts += [*_table(("Name", "What it is"), SITUATIONS.items()), ""]
    parts += ["## By how much the judge forgives", "", _FORGIVES, ""]
    sizes = ((each.size, each.of, ", ".join(each.rests_on)) for each in tolerances())
    return "\n".join([*parts, *_table(("Size", "Of what", "Rests on"), sizes), ""])


def _reading(reading: Reading) -> tuple[str, ...]:
    """Give the row of a reading, with what it comes up with in the last column."""
    rests_on = [", ".join(reading.requirements)]
    rests_on += [f"decision {', '.join(reading.decisions)}"]
    rests_on += [f"with {', '.join(reading.touches)}"] if reading.touches else []
    rests_on += [reading.unnamed] if reading.unnamed else []
    may_be, must_not_be = (" <br>".join(each) for each in (reading.may_be, reading.must_not_be))
    return (reading.id, reading.question, may_be, must_not_be, reading.why, "; ".join(rests_on))


def _reading_ages() -> str:
    words = wording.read(catalogue.FILE.read_text(encoding="utf-8"))
    return "\n".join(
        [
            _WRITTEN_BY,
            "# How easily every message and page reads",
            "",
            _INDEX,
            "",
            f"## Messages ({len(words.message)})",
            "",
            *_table(
                ("Message", "Age", "At most", "Agreed by", "Agreed on"),
                (
                    (
                        ", ".join(each.ids),
                        str(age_of_message(each)),
                        str(each.reading_age_max),
                        f"{each.agreed_by}, {each.role}",
                        str(each.agreed_on),
                    )
                    for each in words.message
                ),
            ),
            "",
            f"## What a victim reads of their case ({len(words.template)})",
            "",
            *_table(
                ("Template", "Set off by", "Age", "At most", "Agreed by", "Agreed on"),
                (
                    (
                        each.id,
                        each.source_field,
                        str(age_of_template(each, words)),
                        str(each.reading_age_max),
                        f"{each.agreed_by}, {each.role}",
                        str(each.agreed_on),
                    )
                    for each in words.template
                ),
            ),
            "",
            "## Fixed words of the pages",
            "",
            *_table(("Page or part", "Age"), _page_ages()),
            "",
            "## Advice",
            "",
            *_table(("Page", "Age"), _advice_ages()),
            "",
        ]
    )


def _page_ages() -> Iterator[tuple[str, str]]:
    """Reckon the fixed words of each page that are sentences: a button has no reading age."""
    tables: dict[str, list[str]] = {}
    read = read_toml(_ENGLISH.read_text(encoding="utf-8"))
    for table in read.keys() - {"language", "dates", "docs"}:
        sentences = [said for each in read[table].values() if _ends(said := _plain(each))]
        if sentences:
            tables[table] = sentences
    for table, sentences in sorted(tables.items()):
        yield table, str(reading_age(" ".join(sentences)))


def _advice_ages() -> Iterator[tuple[str, str]]:
    for path in sorted(_ADVICE.glob("*.md")):
        body = path.read_text(encoding="utf-8").split("+++\n")[-1]
        # A heading or a line of a list is a sentence of its own.
        lines = [line if _ends(line) else f"{line}." for line in _lines(body)]
        yield path.stem, str(reading_age(" ".join(lines)))


def _lines(body: str) -> list[str]:
    return [line for each in body.splitlines() if (line := _plain(each).lstrip("- ").strip())]


def _ends(words: str) -> bool:
    return words.endswith((".", "?", ":")) and " " in words


def _plain(words: str) -> str:
    return re.sub(r"\{\w+\}", "101", _MARKUP.sub("", words)).strip()


def _table(headings: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    headings = list(headings)
    yield f"| {' | '.join(headings)} |"
    yield f"|{'---|' * len(headings)}"
    for row in rows:
        yield f"| {' | '.join(each.replace('|', '/') for each in row)} |"


def main() -> None:
    """Write the pages."""
    for name, text in pages().items():
        (DOCS / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
