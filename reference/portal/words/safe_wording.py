"""What the portal's words may never do, however the portal is started.

A text or an email says that there is an update and nothing of what happened: anyone near the phone
may read it. It holds no denied word, names nothing that the portal does not fill in, and shows no
code or link on a locked phone. A page blames nobody and promises nothing. The rules for plain and
complete words are in `reference.catalogue_check`.
"""

from collections.abc import Iterator

from reference.portal.words.wording import (
    Blank,
    CatalogueWords,
    Checks,
    MessageWords,
    TemplateWords,
    placeholders,
)

PREVIEW_CHARACTERS = 90  # what a locked phone and a list of emails show of a message

_EVERYWHERE = frozenset({"force", "portal", "non_emergency"})
_NEEDED = {"invitation": "link", "one_time_code": "code"}
_ON_PAGES = frozenset(Blank.__struct_fields__)
_MARK = "\0"


def faults_of_safety(words: CatalogueWords) -> Iterator[str]:
    """Find what must keep the portal from starting: a sentence each that names where it is."""
    for message in words.message:
        for fault in faults_of_message(message, words.checks):
            yield f"message {message.id!r}: {fault}"
    for template in words.template:
        for field in ("title", "text"):
            for fault in faults_of_placeholders(field, getattr(template, field), _ON_PAGES):
                yield f"template {template.id!r}: {fault}"
        for fault in faults_of_page(template, words.checks):
            yield f"template {template.id!r}: {fault}"


def faults_of_message(message: MessageWords, checks: Checks) -> Iterator[str]:
    """Find what a message may not say, and a link or a code that it lacks or shows too early."""
    needed = _NEEDED.get(message.id, "")
    allowed = _EVERYWHERE | ({needed} if needed else set())
    yield from _faults_of_words("text", message.text, allowed, checks)
    yield from _faults_of_lack("text", message.text, needed)
    if not message.email_body:
        return
    subject, body = message.email_subject, message.email_body
    yield from _faults_of_words("email_subject", subject, _EVERYWHERE, checks)
    # A code is sent at once, and kept nowhere that its link could name.
    own_link = "" if message.id == "one_time_code" else "not_for_me"
    in_body = allowed | {"name"} | ({own_link} if own_link else set())
    yield from _faults_of_words("email_body", body, in_body, checks)
    yield from _faults_of_lack("email_body", body, needed)
    yield from _faults_of_lack("email_body", body, own_link)
    if body.count("{name}") != body.count(" {name},"):
        yield "email_body: write the name as ' {name},' so that it can be left out"
    elif list(faults_of_placeholders("email_body", body, in_body)):
        return
    elif needed and _is_in_preview(body, needed):
        yield (
            f"email_body has {{{needed}}} among its first {PREVIEW_CHARACTERS} characters, which a"
            " locked phone may show; put it further down"
        )


def faults_of_page(template: TemplateWords, checks: Checks) -> Iterator[str]:
    """Find blame and promises in the words of a page."""
    for field in ("title", "text"):
        words = getattr(template, field).casefold()
        for denied in checks.denied_on_pages:
            if denied in words:
                yield f"{field} has {denied!r}, which blames or promises; say it another way"


def faults_of_placeholders(field: str, words: str, allowed: frozenset[str]) -> Iterator[str]:
    """Find names in braces that the portal does not fill in there."""
    try:
        unknown = placeholders(words) - allowed
    except ValueError as error:
        yield f"{field} has a brace that does not match: {error}"
        return
    for name in sorted(unknown):
        known = ", ".join(sorted(allowed)) or "nothing"
        yield f"{field} has {{{name}}}; only {known} may stand there"


def _faults_of_words(
    field: str, words: str, allowed: frozenset[str], checks: Checks
) -> Iterator[str]:
    yield from faults_of_placeholders(field, words, allowed)
    folded = words.casefold()
    for denied in checks.denied_in_messages:
        if denied in folded:
            yield f"{field} has {denied!r}, which a message must not hold; take it out"


def _faults_of_lack(field: str, words: str, needed: str) -> Iterator[str]:
    if needed and f"{{{needed}}}" not in words:
        yield f"{field} has no {{{needed}}}; add it"


def _is_in_preview(body: str, needed: str) -> bool:
    """Tell whether a code or link can be read without opening the email.

    Everything else that is filled in only pushes it further down, so it is left out.
    """
    blank = dict.fromkeys((*_EVERYWHERE, "name", "not_for_me"), "")
    shown = " ".join(body.format_map({**blank, needed: _MARK}).split())
    return 0 <= shown.find(_MARK) < PREVIEW_CHARACTERS
