"""Checks a catalogue file as a whole: its shape, its safety, its coverage, and plain words.

The service checks the portal's own before it starts; `portal-suite catalogue` prints what is wrong.
"""

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from reference.catalogue_check.coverage import faults_of_coverage
from reference.catalogue_check.lawful_wording import faults_of_law
from reference.catalogue_check.page_words import check_languages
from reference.catalogue_check.wording_rules import (
    faults_of_form,
    faults_of_page_form,
    faults_of_source,
)
from reference.portal.toml_text import read_toml
from reference.portal.words import catalogue
from reference.portal.words.safe_wording import faults_of_message, faults_of_page
from reference.portal.words.wording import CatalogueWords


def check_catalogue(toml: str = "") -> None:
    """Check a catalogue, by default the portal's own with the words of its pages.

    Raises ValueError with one sentence that names the template and how to fix it.
    """
    if not toml:
        check_languages()
    try:
        fault = next(faults(read(toml or catalogue.FILE.read_text(encoding="utf-8"))), None)
    except ValueError as error:
        raise ValueError(catalogue.one_line(error)) from None
    if fault is not None:
        raise ValueError(catalogue.one_line(fault))


def read(toml: str) -> CatalogueWords:
    """Read a catalogue; raises ValueError with one sentence naming the table and field."""
    try:
        tables = read_toml(toml)
    except ValueError as error:
        raise ValueError(f"is not TOML: {error}") from None
    try:
        return msgspec.convert(tables, CatalogueWords)
    except msgspec.ValidationError as error:
        raise ValueError(_explained(str(error), tables)) from None


def faults(words: CatalogueWords) -> Iterator[str]:
    """Find everything wrong with the words, a sentence each that names where it is."""
    yield from faults_of_coverage(words)
    yield from faults_of_law(words)
    yield from faults_of_source(words)
    for message in words.message:
        for fault in (
            *faults_of_message(message, words.checks),
            *faults_of_form(message, words.checks),
        ):
            yield f"message {message.id!r}: {fault}"
    for template in words.template:
        for fault in (
            *faults_of_page(template, words.checks),
            *faults_of_page_form(template, words.checks),
        ):
            yield f"template {template.id!r}: {fault}"


_PLACE = re.compile(r" - at `\$\.?(?P<path>.*)`$")
_NAMED = re.compile(r"(?P<table>message|template)\[(?P<number>\d+)\]\.?(?P<field>.*)")


def _explained(error: str, tables: dict[str, Any]) -> str:
    """Explain what msgspec found, by the id of the table and with the value that stands there."""
    place = _PLACE.search(error)
    what = error[: place.start()] if place else error
    path = place["path"] if place else ""
    named = _NAMED.fullmatch(path)
    holder: Any = tables
    if named:
        holder = tables[named["table"]][int(named["number"])]
        has_id = isinstance(holder, dict) and "id" in holder
        whose = repr(holder["id"]) if has_id else f"number {int(named['number']) + 1}"
        path, where = named["field"], f"{named['table']} {whose}: "
    else:
        where = ""
    if match := re.fullmatch(r"Object missing required field `(.*)`", what):
        return f"{where}{_joined(path, match[1])} is missing; add it"
    if match := re.fullmatch(r"Object contains unknown field `(.*)`", what):
        return f"{where}{_joined(path, match[1])} means nothing here; take it out"
    value = holder.get(path, "") if isinstance(holder, dict) else ""
    shown = f" is {_shortened(value)}" if value != "" else ""
    return f"{where}{path or 'the file'}{shown}: {what[:1].lower()}{what[1:]}"


def _shortened(value: object) -> str:
    """Show a value in an error, as much of it as fits a line."""
    shown = repr(value)
    return shown if len(shown) <= 60 else f"{shown[:60]}…"


def _joined(path: str, field: str) -> str:
    return f"{path}.{field}" if path else field
