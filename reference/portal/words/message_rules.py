"""What a text or an email may say: that there is an update, and nothing of what happened.

Anybody may read it who stands near the phone, so the rules are strict: no word that tells what it
is about, as many parts of plain GSM-7 as it states, who it is from, and a way to say "not for me".
"""

import math
import re
from collections.abc import Iterator

from msgspec import structs

from reference.portal.words.wording import (
    Checks,
    Longest,
    MessageWords,
    faults_of_placeholders,
    faults_of_sentences,
    faults_of_stated_age,
)

PREVIEW_CHARACTERS = 90  # what a locked phone and a list of emails show of one

_EVERYWHERE = frozenset({"force", "portal", "non_emergency"})
_NEEDED = {"invitation": "link", "one_time_code": "code"}
# An address, for whoever will not ring the police: its own, or the portal's where it stands before.
_WAY_OUT = re.compile(
    r"not for you\?[^.]{0,20}\{portal\}/not-for-me|\{portal\}.*not for you\? tell us there",
    re.DOTALL,
)

# 3GPP TS 23.038: the default alphabet, the characters that count twice, and the length of a part.
_GSM7 = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM7_TWICE = frozenset("\f^{}\\[~]|€")
_MARK = "\0"
_ONE_PART, _PART_OF_MANY = 160, 153


def faults_of_message(message: MessageWords, checks: Checks) -> Iterator[str]:
    """Find what a message says that it may not, and what it leaves out."""
    needed = _NEEDED.get(message.id, "")
    allowed = _EVERYWHERE | ({needed} if needed else set())
    yield from _faults_of_words("text", message.text, allowed, checks)
    yield from _faults_of_duty("text", message.text, needed)
    if not list(faults_of_placeholders("text", message.text, allowed)):
        yield from _faults_of_length(message, checks.longest)
    if bool(message.email_subject.strip()) != bool(message.email_body.strip()):
        yield "email_subject and email_body come together; give both or neither"
    elif message.email_body:
        yield from _faults_of_email(message, allowed, needed, checks)
    yield from faults_of_stated_age(message, checks)


def text_characters(text: str) -> int:
    """Count a text as a phone network does: some characters take the room of two."""
    return len(text) + sum(each in _GSM7_TWICE for each in text)


def text_parts(text: str) -> int:
    """Reckon how many parts a text takes, each of which is paid for."""
    characters = text_characters(text)
    return 1 if characters <= _ONE_PART else math.ceil(characters / _PART_OF_MANY)


def longest_text(message: MessageWords, longest: Longest) -> str:
    """Fill in a text with the longest values that it is likely to hold."""
    return message.text.strip().format_map(structs.asdict(longest))


def _faults_of_email(
    message: MessageWords, allowed: frozenset[str], needed: str, checks: Checks
) -> Iterator[str]:
    subject, body = message.email_subject, message.email_body
    yield from _faults_of_words("email_subject", subject, _EVERYWHERE, checks)
    yield from _faults_of_words("email_body", body, allowed | {"name"}, checks)
    yield from _faults_of_duty("email_body", body, needed)
    if body.count("{name}") != body.count(" {name},"):
        yield "email_body: write the name as ' {name},' so that it can be left out"
    elif list(faults_of_placeholders("email_body", body, allowed | {"name"})):
        return
    elif needed and _is_in_preview(body, needed):
        yield (
            f"email_body has {{{needed}}} among its first {PREVIEW_CHARACTERS} characters, which a"
            " locked phone may show; put it further down"
        )


def _is_in_preview(body: str, needed: str) -> bool:
    """Say whether a code or link can be read without opening the email.

    What else is filled in only pushes it further down, so it is left out.
    """
    blank = dict.fromkeys((*_EVERYWHERE, "name"), "")
    shown = " ".join(body.format_map({**blank, needed: _MARK}).split())
    return 0 <= shown.find(_MARK) < PREVIEW_CHARACTERS


def _faults_of_words(
    field: str, words: str, allowed: frozenset[str], checks: Checks
) -> Iterator[str]:
    yield from faults_of_placeholders(field, words, allowed)
    folded = words.casefold()
    for denied in checks.denied_in_messages:
        if denied in folded:
            yield f"{field} has {denied!r}, which a message must not hold; take it out"
    yield from faults_of_sentences(field, words, checks)


def _faults_of_duty(field: str, words: str, needed: str) -> Iterator[str]:
    """Find what every message must have: who it is from, a way out, and what it is for."""
    if "{force}" not in words:
        yield f"{field} does not say which force it is from; add {{force}}"
    if not _WAY_OUT.search(words.casefold()):
        yield (
            f"{field} has no address to say 'this is not for me' at; add"
            " 'Not for you? Tell us: {portal}/not-for-me', or 'Tell us there' after {portal}"
        )
    if needed and f"{{{needed}}}" not in words:
        yield f"{field} has no {{{needed}}}; add it"


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
