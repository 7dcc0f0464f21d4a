"""Whether words are plain, and a message complete: who it is from, a way out, and its length.

What may never be said at all is in `reference.portal.words.safe_wording`.
"""

import math
import re
from collections.abc import Iterator

from msgspec import structs

from reference.contract.events import EVENT_TYPES, VictimRecord
from reference.portal.words.safe_wording import faults_of_placeholders
from reference.portal.words.wording import (
    CatalogueWords,
    Checks,
    Longest,
    MessageWords,
    TemplateWords,
)

_LONGEST = frozenset(Longest.__struct_fields__)
# For a reader who will not ring the police: a text is answered, an email has a link of its own. A
# code has none, and its email leads to the portal's page.
_WAY_OUT = re.compile(
    r"not for you\? (?:text not me\b|tell us: (?:\{not_for_me\}|\{portal\}/not-for-me))"
)
# A sentence ends with its mark and a space, a paragraph without one.
_SENTENCE_ENDS = re.compile(r"(?<=[.!?])\s+|\n\s*\n")

# 3GPP TS 23.038: the default alphabet, the characters that count twice, and the length of a part.
_GSM7 = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM7_TWICE = frozenset("\f^{}\\[~]|€")
_ONE_PART, _PART_OF_MANY = 160, 153


def faults_of_form(message: MessageWords, checks: Checks) -> Iterator[str]:
    """Find what a message leaves out, and where it is too long or too hard to read."""
    yield from _faults_of_sentences("text", message.text, checks)
    yield from _faults_of_duty("text", message.text)
    if not list(faults_of_placeholders("text", message.text, _LONGEST)):
        yield from _faults_of_length(message, checks.longest)
    if bool(message.email_subject.strip()) != bool(message.email_body.strip()):
        yield "email_subject and email_body come together; give both or neither"
    elif message.email_body:
        yield from _faults_of_sentences("email_subject", message.email_subject, checks)
        yield from _faults_of_sentences("email_body", message.email_body, checks)
        yield from _faults_of_duty("email_body", message.email_body)
    yield from _faults_of_stated_age(message, checks)


def faults_of_page_form(template: TemplateWords, checks: Checks) -> Iterator[str]:
    """Find where the words of a page are too long or too hard to read."""
    for field in ("title", "text"):
        yield from _faults_of_sentences(field, getattr(template, field), checks)
    yield from _faults_of_stated_age(template, checks)


def faults_of_source(words: CatalogueWords) -> Iterator[str]:
    """Find templates that no field of the crime system sets off, and words agreed after review."""
    for template in words.template:
        name, dot, field = template.source_field.partition(".")
        kind = {**EVENT_TYPES, "VictimRecord": VictimRecord}.get(name)
        is_field = kind is not None and bool(dot) and field in kind.__struct_fields__
        if not (is_field or template.source_field.startswith("portal: ")):
            yield (
                f"template {template.id!r}: source_field is {template.source_field!r}; give a field"
                " of an event, as CrimeClosed.outcome, or 'portal: ' and what it notices"
            )
    for each in (*words.message, *words.template):
        if each.agreed_on >= each.review_date:
            yield (
                f"{each.id!r}: agreed_on is {each.agreed_on} and review_date {each.review_date};"
                " words are read again after they were agreed"
            )


def text_characters(text: str) -> int:
    """Count a text as a phone network does: some characters take the room of two."""
    return len(text) + sum(each in _GSM7_TWICE for each in text)


def text_parts(text: str) -> int:
    """Count the parts of a text, each of which is paid for."""
    characters = text_characters(text)
    return 1 if characters <= _ONE_PART else math.ceil(characters / _PART_OF_MANY)


def longest_text(message: MessageWords, longest: Longest) -> str:
    """Fill in a text with the longest values that it is likely to hold."""
    return message.text.strip().format_map(structs.asdict(longest))


def _faults_of_duty(field: str, words: str) -> Iterator[str]:
    """Find what every message must have: who it is from, and a way out."""
    if "{force}" not in words:
        yield f"{field} does not say which force it is from; add {{force}}"
    if not _WAY_OUT.search(words.casefold()):
        yield (
            f"{field} has no way to say 'this is not for me'; add 'Not for you? Text NOT ME' to a"
            " text, and 'Not for you? Tell us: {not_for_me}' to an email"
        )


def _faults_of_length(message: MessageWords, longest: Longest) -> Iterator[str]:
    text = longest_text(message, longest)
    outside = sorted(set(text) - _GSM7 - _GSM7_TWICE)
    if outside:
        yield (
            f"text has {outside[0]!r}, which is not GSM-7 and makes the text cost more parts;"
            " write it in plain letters"
        )
    parts = text_parts(text)
    if parts > message.text_parts_max:
        yield (
            f"text is {parts} parts ({text_characters(text)} characters) with the longest values;"
            f" at most {message.text_parts_max}, so shorten it"
        )


def _faults_of_sentences(field: str, words: str, checks: Checks) -> Iterator[str]:
    """Find sentences that are too long to be read in one breath."""
    for sentence in _SENTENCE_ENDS.split(words.strip()):
        count = len(sentence.split())
        if count > checks.sentence_words_max:
            begins = " ".join(sentence.split()[:4])
            yield (
                f"{field} has a sentence of {count} words ({begins!r} …);"
                f" at most {checks.sentence_words_max}, so make two of it"
            )


def _faults_of_stated_age(words: MessageWords | TemplateWords, checks: Checks) -> Iterator[str]:
    """Find a stated reading age that is above the catalogue's own limit."""
    if words.reading_age_max > checks.reading_age_max:
        yield (
            f"reading_age_max is {words.reading_age_max};"
            f" at most {checks.reading_age_max}, so use plainer words"
        )
