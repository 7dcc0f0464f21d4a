"""The words of the portal: what goes out by text and email, and what stands on a timeline.

`load` reads `catalogue.toml` once and refuses it when `wording` finds a fault; from then on every
message and entry is a filled template, and the cheapest work the portal does.
"""

import re
import tomllib
from functools import cache, lru_cache
from pathlib import Path

import msgspec
from msgspec import Struct

from reference.contract.events import Channel
from reference.portal import wording
from reference.portal.wording import CatalogueWords, EntryKey, EntryWords, NoticeWords

_FILE = Path(__file__).with_name("catalogue.toml")
# Letters and what joins them: anything else in a name could be made into a link or an order.
_SAFE_NAME = re.compile(r"[^\W\d_](?:[^\W\d_]|[ '’-]){0,49}")


class Rendered(Struct, frozen=True):
    """A message ready to go; `subject` is "" for a text."""

    subject: str
    body: str


class Notice:
    """One message that the portal sends, in both channels."""

    def __init__(self, words: NoticeWords) -> None:
        self.id = words.id
        self._forms = {
            "text": _Form(words.id, "", words.text.strip()),
            "email": _Form(words.id, words.email_subject, words.email_body.strip()),
        }

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
    ) -> Rendered:
        """Fill in one channel's words; what they do not mention is not used.

        `portal` is scheme and host. A name that is blank, or not plainly a name, is left out.
        Raises ValueError when an invitation has no link, or a code message no code.
        """
        form = self._forms[channel]
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
            }
        )


class Entry:
    """What a victim reads of one event."""

    def __init__(self, words: EntryWords, blank: dict[str, str]) -> None:
        self.id = words.id
        self._title = words.title.strip()
        self._text = words.text.strip()
        self._blank = blank

    def render(
        self,
        *,
        officer: str = "",
        collar_number: str = "",
        team: str = "",
        when: str = "",
        place: str = "",
        force: str = "",
    ) -> tuple[str, str]:
        """Fill in title and text; what is blank is said in the catalogue's words for it."""
        blank = self._blank
        values = {
            "officer": officer or blank["officer"],
            "collar_number": collar_number or blank["collar_number"],
            "team": team or blank["team"],
            "when": when or blank["when"],
            "place": place or blank["place"],
            "force": force or blank["force"],
        }
        return self._title.format_map(values), self._text.format_map(values)


class Catalogue:
    """All the words, ready to use."""

    def __init__(self, words: CatalogueWords) -> None:
        blank: dict[str, str] = msgspec.structs.asdict(words.blank)
        self._notices = {each.id: Notice(each) for each in words.notice}
        self._entries: dict[EntryKey, Entry] = {}
        for each in words.entry:
            self._entries.update(dict.fromkeys(each.keys, Entry(each, blank)))

    def notice(self, notice_id: str) -> Notice:
        """Find a message; raises LookupError naming those there are."""
        try:
            return self._notices[notice_id]
        except KeyError:
            known = ", ".join(self._notices)
            raise LookupError(f"no notice {notice_id!r} in the catalogue; known: {known}") from None

    def entry(self, trigger: str, *, outcome: int | None = None, variant: str = "") -> Entry:
        """Find what to show for an event; raises LookupError naming the combination."""
        key = (trigger, outcome, variant)
        try:
            return self._entries[key]
        except KeyError:
            raise LookupError(f"no words in the catalogue for {wording.described(key)}") from None


@cache
def load() -> Catalogue:
    """Read and check the portal's own catalogue, once; raises ValueError naming the entry."""
    return parse(_FILE.read_text(encoding="utf-8"))


def parse(toml: str) -> Catalogue:
    """Check the text of a catalogue; raises ValueError with one sentence naming the entry."""
    try:
        words = msgspec.convert(tomllib.loads(toml), CatalogueWords)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise ValueError(f"{_FILE.name}: {error}") from None
    fault = next(wording.faults(words), None)
    if fault is not None:
        raise ValueError(f"{_FILE.name}: {fault}")
    return Catalogue(words)


class _Form:
    """One channel's words, with what they take found beforehand."""

    def __init__(self, notice_id: str, subject: str, body: str) -> None:
        takes = wording.placeholders(body)
        self.takes_name = "name" in takes
        self.needs = tuple(sorted(takes & {"link", "code"}))
        self._notice_id = notice_id
        self._subject = subject
        self._body = body
        self._body_unnamed = body.replace(" {name},", ",")

    def fill(self, values: dict[str, str]) -> Rendered:
        for each in self.needs:
            if not values[each]:
                raise ValueError(f"notice {self._notice_id!r} needs a {each}")
        body = self._body if _SAFE_NAME.fullmatch(values["name"]) else self._body_unnamed
        return Rendered(self._subject.format_map(values), body.format_map(values))


@lru_cache(maxsize=256)
def _fill_shared(form: _Form, force: str, portal: str, non_emergency: str) -> Rendered:
    """Fill in what is the same for everybody of a force: most of what is sent."""
    values = {"force": force, "portal": portal, "non_emergency": non_emergency, "name": ""}
    return form.fill(values)
