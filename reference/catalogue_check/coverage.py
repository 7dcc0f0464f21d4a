"""Whether the catalogue has words for every case of every trigger, once, and for nothing else."""

from collections import Counter
from collections.abc import Iterable, Iterator

from msgspec import Struct

from reference.catalogue_check.triggers import MESSAGES, TRIGGERS, Trigger
from reference.portal.words.safe_wording import faults_of_placeholders
from reference.portal.words.wording import (
    AUDIENCES,
    Audience,
    Case,
    CatalogueWords,
    MessageWords,
    TemplateWords,
    described,
)

Coverage = dict[tuple[str, Audience], "Cell"]


class Cell(Struct, frozen=True):
    """How many cases of a trigger have words on one channel for one audience."""

    covered: int
    needed: int


def faults_of_coverage(words: CatalogueWords) -> Iterator[str]:
    """Find cases with words twice or not at all, and words for cases that never happen."""
    messages = _by_name(words.message)
    yield from _faults_of_messages(words)
    twice = Counter(each.id for each in words.template)
    for template_id in (each for each, count in twice.items() if count > 1):
        yield f"template {template_id!r}: is there {twice[template_id]} times; give each its own id"
    taken: dict[Case, str] = {}
    for template in words.template:
        for fault in _faults_of_template(template, messages, taken):
            yield f"template {template.id!r}: {fault}"
        taken |= dict.fromkeys(template.cases, template.id)
    for trigger, expected in TRIGGERS.items():
        for detail, variant in expected.cases:
            lacking = [each for each in AUDIENCES if (trigger, detail, variant, each) not in taken]
            if lacking:
                case = described(trigger, detail, variant)
                yield f"template: missing for {case} ({' and '.join(lacking)}); add it"


def coverage(words: CatalogueWords) -> dict[str, Coverage]:
    """Count, for each trigger, channel and audience, the cases that have words.

    A channel on which a trigger says nothing has no cell.
    """
    messages = _by_name(words.message)
    said = {
        (channel, *case)
        for template in words.template
        for channel in channels_of(template, messages)
        for case in template.cases
    }
    return {
        trigger: {
            (channel, audience): Cell(
                covered=sum((channel, trigger, *case, audience) in said for case in expected.cases),
                needed=len(expected.cases),
            )
            for channel in expected.channels
            for audience in AUDIENCES
        }
        for trigger, expected in TRIGGERS.items()
    }


def channels_of(template: TemplateWords, messages: dict[str, MessageWords]) -> list[str]:
    """Name the channels on which a template says something: text, email, page."""
    message = messages.get(template.message)
    said = {
        "text": message is not None,
        "email": message is not None and bool(message.email_body),
        "page": bool(template.title and template.text),
    }
    return [channel for channel, is_said in said.items() if is_said]


def _by_name(messages: Iterable[MessageWords]) -> dict[str, MessageWords]:
    return {name: message for message in messages for name in message.ids}


def _faults_of_messages(words: CatalogueWords) -> Iterator[str]:
    """Find messages that the portal never sends, and names that have no message."""
    found = Counter(name for message in words.message for name in message.ids)
    for name in MESSAGES:
        if found[name] != 1:
            yield f"message {name!r}: is there {found[name]} times; give it once"
    for name in sorted(found.keys() - set(MESSAGES)):
        yield f"message {name!r}: nothing sends it; one of {', '.join(MESSAGES)}"
    used = {template.message for template in words.template}
    for name in MESSAGES:
        if found[name] and name not in used:
            yield f"message {name!r}: no template says when it goes out; add one"


def _faults_of_template(
    template: TemplateWords, messages: dict[str, MessageWords], taken: dict[Case, str]
) -> Iterator[str]:
    expected = TRIGGERS.get(template.trigger)
    if expected is None:
        known = ", ".join(TRIGGERS)
        yield f"trigger is {template.trigger!r}; nothing is said of that, so one of {known}"
        return
    for trigger, detail, variant, audience in template.cases:
        case = described(trigger, detail, variant)
        if (detail, variant) not in expected.cases:
            yield f"nothing asks for {case}; take it out"
        if (trigger, detail, variant, audience) in taken:
            other = taken[trigger, detail, variant, audience]
            yield f"{case} for {audience} is already in {other!r}; keep one of them"
    yield from _faults_of_sending(template, messages, expected)
    for field in ("title", "text"):
        yield from faults_of_placeholders(field, getattr(template, field), expected.fills)


def _faults_of_sending(
    template: TemplateWords, messages: dict[str, MessageWords], expected: Trigger
) -> Iterator[str]:
    """Find a message that is not this trigger's, and channels that lack words or have too many."""
    if template.message not in (expected.messages or ("",)):
        what = " or ".join(map(repr, expected.messages)) or "nothing goes out, so ''"
        yield f"message is {template.message!r}; for {template.trigger} it is {what}"
        return
    has = channels_of(template, messages)
    if "email" in expected.channels and "email" not in has:
        yield f"message {template.message!r} has no email; add email_subject and email_body"
    is_shown = "page" in expected.channels
    if is_shown and "page" not in has:
        yield "has no title or no text, and is shown on a page; add both"
    if not is_shown and (template.title or template.text):
        yield f"has a title or text, but {template.trigger} is only sent; take them out"
