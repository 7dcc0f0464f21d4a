"""The words of the portal: what goes out by text and email, and what a victim reads of their case.

`load` reads `catalogue.toml` once and refuses it when its words are not safe. From then on every
message and entry is a filled template, and the cheapest work the portal does.
"""

import re
from functools import cache, lru_cache
from pathlib import Path

import msgspec
from msgspec import Struct

from reference.contract.events import Channel
from reference.portal.words import wording
from reference.portal.words.safe_wording import faults_of_safety
from reference.portal.words.wording import (
    Blank,
    CatalogueWords,
    MessageWords,
    TemplateWords,
    described,
)

FILE = Path(__file__).with_name("catalogue.toml")
_ON_PAGES = frozenset(Blank.__struct_fields__)
# Letters and what joins them: anything else in a name could be made into a link or an order.
_SAFE_NAME = re.compile(r"[^\W\d_](?:[^\W\d_]|[ '’-]){0,49}")


class Rendered(Struct, frozen=True):
    """A message ready to go; `subject` is "" for a text."""

    subject: str
    body: str


class Notice:
    """One message that the portal sends, in both channels or as a text alone."""

    def __init__(self, words: MessageWords) -> None:
        self.id = words.id
        self._forms = {"text": _Form(words.id, "", words.text.strip())}
        if words.email_body:
            body = words.email_body.strip()
            self._forms["email"] = _Form(words.id, words.email_subject, body)

    def render(
        self,
        channel: Channel,
        *,
        force: str,
        portal: str,
        non_emergency: str,
        name: str = "",
        link: str = "",
        code: str = "",
        not_for_me: str = "",
    ) -> Rendered:
        """Fill in one channel's words; what they do not mention is not used.

        `portal` is scheme and host. A name that is blank, or not plainly a name, is left out.
        `not_for_me` is the message's own link by which a stranger stops it. Raises ValueError when
        a message lacks a link or a code that its words have, or there are no words for the channel.
        """
        try:
            form = self._forms[channel]
        except KeyError:
            raise ValueError(f"message {self.id!r} has no words for {channel!r}") from None
        if not form.needs and not (form.takes_name and name):
            return _fill_shared(form, force, portal, non_emergency)
        return form.fill(
            {
                "force": force,
                "portal": portal,
                "non_emergency": non_emergency,
                "name": name,
                "link": link,
                "code": code,
                "not_for_me": not_for_me,
            }
        )


class Entry:
    """What a victim reads in one case, and the message that tells them to."""

    def __init__(self, words: TemplateWords, blank: dict[str, str]) -> None:
        self.id = words.id
        self.message = words.message
        self.phase = words.phase
        self._title = words.title.strip()
        self._text = words.text.strip()
        takes = wording.placeholders(self._title) | wording.placeholders(self._text)
        self._blank = {name: blank[name] for name in takes}

    def render(self, **given: str) -> tuple[str, str]:
        """Fill in title and text; what is blank or not `given` is said in the catalogue's words.

        The names are those of `wording.Blank`. What is filled in is text and not a template. Both
        are "" for what is only sent.
        """
        assert given.keys() <= _ON_PAGES, "a name that no page has"
        if not self._blank:
            return self._title, self._text
        values = {name: given.get(name) or blank for name, blank in self._blank.items()}
        return self._title.format_map(values), self._text.format_map(values)


class Catalogue:
    """All the words, ready to use."""

    def __init__(self, words: CatalogueWords) -> None:
        blank: dict[str, str] = msgspec.structs.asdict(words.blank)
        self._notices = {
            name: notice
            for message in words.message
            for notice in [Notice(message)]
            for name in message.ids
        }
        self._entries: dict[tuple[str, str, str, str], Entry] = {}
        for template in words.template:
            self._entries.update(dict.fromkeys(template.cases, Entry(template, blank)))
        for (trigger, detail, variant, audience), entry in list(self._entries.items()):
            if audience == "standard":
                self._entries[trigger, detail, variant, "everyone"] = entry

    def notice(self, notice_id: str) -> Notice:
        """Find a message by any of its names; raises LookupError naming those there are."""
        try:
            return self._notices[notice_id]
        except KeyError:
            known = ", ".join(self._notices)
            raise LookupError(f"no notice {notice_id!r} in the catalogue; known: {known}") from None

    def entry(
        self, trigger: str, *, detail: str = "", variant: str = "", audience: str = "everyone"
    ) -> Entry:
        """Find the words for a case, the special before the general.

        The order: this detail in this variant; the detail as it is; the variant of any detail; any
        detail as it is. Words for everyone are the same entry for both audiences, and an
        audience "everyone" is told what those without enhanced rights are. Raises LookupError
        naming a case that has none.
        """
        entries = self._entries
        entry = (
            entries.get((trigger, detail, variant, audience))
            or entries.get((trigger, detail, "", audience))
            or entries.get((trigger, "", variant, audience))
            or entries.get((trigger, "", "", audience))
        )
        if entry is None:
            case = described(trigger, detail, variant)
            raise LookupError(f"no words in the catalogue for {case}, for {audience!r}")
        return entry


@cache
def load() -> Catalogue:
    """Read and check the portal's own catalogue, once; raises ValueError naming what is wrong."""
    return parse(FILE.read_text(encoding="utf-8"))


def parse(toml: str) -> Catalogue:
    """Read the text of a catalogue; raises ValueError with one sentence naming the template."""
    try:
        words = wording.read(toml)
    except ValueError as error:
        raise ValueError(one_line(error)) from None
    fault = next(faults_of_safety(words), None)
    if fault is not None:
        raise ValueError(one_line(fault))
    return Catalogue(words)


def one_line(fault: object) -> str:
    """Name the file in front of what is wrong with it, in one line."""
    return f"{FILE.name}: {' '.join(str(fault).split())}"


class _Form:
    """One channel's words, with what they take found beforehand."""

    def __init__(self, notice_id: str, subject: str, body: str) -> None:
        takes = wording.placeholders(body)
        self.takes_name = "name" in takes
        self.needs = tuple(sorted(takes & {"link", "code", "not_for_me"}))
        self._notice_id = notice_id
        self._subject = subject
        self._body = body
        self._body_unnamed = body.replace(" {name},", ",")

    def fill(self, values: dict[str, str]) -> Rendered:
        for each in self.needs:
            if not values[each]:
                raise ValueError(f"message {self._notice_id!r} needs a {each}")
        body = self._body if _SAFE_NAME.fullmatch(values["name"]) else self._body_unnamed
        return Rendered(self._subject.format_map(values), body.format_map(values))


@lru_cache(maxsize=256)
def _fill_shared(form: _Form, force: str, portal: str, non_emergency: str) -> Rendered:
    values = {"force": force, "portal": portal, "non_emergency": non_emergency, "name": ""}
    return form.fill(values)
