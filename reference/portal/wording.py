"""What the words of the catalogue may be: its shape, and the rules every text must keep.

A text may be read by anybody who stands near the phone, so the rules for messages are strict:
nothing that says what happened, one part long, in plain GSM-7, with a way to say "not for me".
"""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from string import Formatter
from typing import Annotated, TypeAlias

from msgspec import Meta, Struct, structs

from reference.contract.events import (
    AppointmentCancelled,
    AppointmentChanged,
    AppointmentMade,
    CrimeAllocated,
    CrimeClosed,
    CrimeRecorded,
    OfficerDeployed,
    OutcomeRecorded,
)
from reference.contract.outcomes import CHARGED, OUTCOMES
from reference.portal.policy import may_offer_review

NOTICES = ("invitation", "update", "reply", "one_time_code", "still_with_us", "advice")
EntryKey: TypeAlias = tuple[str, int | None, str]
Said = Annotated[str, Meta(min_length=1)]


class _Table(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A table of the file, in which a key nobody knows is a mistake."""


class NoticeWords(_Table, frozen=True, kw_only=True):
    """One message, in both channels."""

    id: Said
    text: Said
    email_subject: Said
    email_body: Said
    why: Said
    review_date: date


class EntryWords(_Table, frozen=True, kw_only=True):
    """One thing on a timeline; `outcomes` names the ones these words are for."""

    id: Said
    trigger: Said
    outcomes: tuple[int, ...] = ()
    variant: str = ""
    title: Said
    text: Said
    why: Said

    @property
    def keys(self) -> list[EntryKey]:
        """Every combination these words are for: trigger, outcome, variant."""
        outcomes: tuple[int | None, ...] = self.outcomes or (None,)
        return [(self.trigger, outcome, self.variant) for outcome in outcomes]


class Blank(_Table, frozen=True, kw_only=True):
    """What an entry says where the crime system gave nothing."""

    officer: Said
    collar_number: Said
    team: Said
    when: Said
    place: Said
    force: Said


class Longest(_Table, frozen=True, kw_only=True):
    """The longest values a text is likely to hold."""

    force: Said
    portal: Said
    link: Said
    code: Said
    non_emergency: Said


class Checks(_Table, frozen=True, kw_only=True):
    """What messages are held against."""

    denied_in_messages: tuple[Said, ...]
    text_characters_max: int
    invitation_characters_max: int
    longest: Longest


class CatalogueWords(_Table, frozen=True, kw_only=True):
    """The whole file."""

    checks: Checks
    blank: Blank
    notice: tuple[NoticeWords, ...]
    entry: tuple[EntryWords, ...]


def faults(words: CatalogueWords) -> Iterator[str]:
    """Find everything wrong with the words, a sentence each that names the entry."""
    yield from _faults_of_coverage(words)
    for notice in words.notice:
        for fault in _faults_of_notice(notice, words.checks):
            yield f"notice {notice.id!r}: {fault}"
    for entry in words.entry:
        for field in ("title", "text"):
            for fault in _faults_of_placeholders(getattr(entry, field), _ON_TIMELINE):
                yield f"entry {entry.id!r}: {field} {fault}"


def placeholders(template: str) -> set[str]:
    """Name the placeholders of a template, with whatever is written after the name.

    Raises ValueError where braces do not match.
    """
    return {
        name + (f"!{conversion}" if conversion else "") + (f":{how}" if how else "")
        for _, name, how, conversion in Formatter().parse(template)
        if name is not None
    }


_ON_TIMELINE = frozenset(Blank.__struct_fields__)
_IN_MESSAGES = frozenset({"force", "portal", "non_emergency"})
_NEEDED = {"invitation": "link", "one_time_code": "code"}
_WAYS_OUT = ("{portal}/not-for-me", "tell us there", "call {non_emergency}")

# 3GPP TS 23.038: the default alphabet, and the characters that count twice.
_GSM7 = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM7_TWICE = frozenset("\f^{}\\[~]|€")


def _needed_entries() -> set[EntryKey]:
    """List what a victim must be able to read: every event, and every way a case can end."""
    simple = (
        CrimeRecorded,
        OfficerDeployed,
        AppointmentMade,
        AppointmentChanged,
        AppointmentCancelled,
    )
    closures = [outcome for outcome in OUTCOMES if outcome != CHARGED]
    closed = CrimeClosed.__name__
    return {
        *((kind.__name__, None, "") for kind in simple),
        *((CrimeAllocated.__name__, None, variant) for variant in ("officer", "team")),
        (OutcomeRecorded.__name__, CHARGED, ""),
        *((closed, outcome, "") for outcome in closures),
        *(
            (closed, outcome, "review")
            for outcome in closures
            if may_offer_review(decided_by="police", interviewed=True, outcome=outcome)
        ),
    }


def _faults_of_coverage(words: CatalogueWords) -> Iterator[str]:
    """Find what is said twice, not at all, or on occasions that never come."""
    found = Counter(notice.id for notice in words.notice)
    for notice_id in NOTICES:
        if found[notice_id] != 1:
            yield f"notice {notice_id!r}: is there {found[notice_id]} times; give it once"
    for notice_id in sorted(found.keys() - set(NOTICES)):
        yield f"notice {notice_id!r}: nothing sends it; one of {', '.join(NOTICES)}"
    needed = _needed_entries()
    taken: dict[EntryKey, str] = {}
    for entry in words.entry:
        for key in entry.keys:
            if key not in needed:
                yield f"entry {entry.id!r}: nothing asks for {described(key)}; take it out"
            if key in taken:
                yield f"entry {entry.id!r}: {described(key)} is already in {taken[key]!r}"
            taken[key] = entry.id
    for key in sorted(needed - taken.keys(), key=described):
        yield f"entry: missing for {described(key)}; add it"


def described(key: EntryKey) -> str:
    """Say a combination in words."""
    trigger, outcome, variant = key
    return (
        trigger
        + (f", outcome {outcome}" if outcome is not None else "")
        + (f", variant {variant!r}" if variant else "")
    )


def _faults_of_notice(notice: NoticeWords, checks: Checks) -> Iterator[str]:
    """Find what a message says that it may not, and what it leaves out."""
    needed = _NEEDED.get(notice.id)
    allowed = _IN_MESSAGES | ({needed} if needed else set())
    for field in ("text", "email_subject", "email_body"):
        template = getattr(notice, field)
        in_field = allowed | {"name"} if field == "email_body" else _IN_MESSAGES
        in_field = allowed if field == "text" else in_field
        for fault in _faults_of_placeholders(template, in_field):
            yield f"{field} {fault}"
        for word in checks.denied_in_messages:
            if word in template.casefold():
                yield f"{field} has {word!r}, which a message must not hold"
        if field != "email_subject":
            for fault in _faults_of_duty(template, needed):
                yield f"{field} {fault}"
    if notice.email_body.count("{name}") != notice.email_body.count(" {name},"):
        yield "email_body: write the name as ' {name},' so that it can be left out"
    yield from _faults_of_length(notice, checks)


def _faults_of_placeholders(template: str, allowed: frozenset[str] | set[str]) -> Iterator[str]:
    try:
        unknown = placeholders(template) - allowed
    except ValueError as error:
        yield f"has a brace that does not match: {error}"
        return
    for name in sorted(unknown):
        yield f"has {{{name}}}; only {', '.join(sorted(allowed))} may stand there"


def _faults_of_duty(template: str, needed: str | None) -> Iterator[str]:
    """Find what every message must have: who it is from, a way out, and what it is for."""
    if "{force}" not in template:
        yield "does not say which force it is from; add {force}"
    folded = template.casefold()
    if "not for you?" not in folded or not any(each in folded for each in _WAYS_OUT):
        yield "has no way to say 'this is not for me'; add 'Not for you?' and where to say so"
    if needed and f"{{{needed}}}" not in template:
        yield f"has no {{{needed}}}; add it"


def _faults_of_length(notice: NoticeWords, checks: Checks) -> Iterator[str]:
    longest = structs.asdict(checks.longest)
    try:
        text = notice.text.strip().format(**longest)
    except (KeyError, ValueError, IndexError, AttributeError):
        return  # the placeholders are wrong, which is already said
    outside = sorted(set(text) - _GSM7 - _GSM7_TWICE)
    if outside:
        yield f"text has {outside[0]!r}, which is not GSM-7 and makes the text cost more parts"
    is_invitation = notice.id == "invitation"
    most = checks.invitation_characters_max if is_invitation else checks.text_characters_max
    length = len(text) + sum(each in _GSM7_TWICE for each in text)
    if length > most:
        yield f"text is {length} characters with the longest values; at most {most}"
