"""The words of an HTML mail as its reader sees them, and where its links lead.

A mail may say one thing in its plain text and another in its HTML: most people see the second.
"""

import re
from html.parser import HTMLParser

from simulator.neighbours.gateway.mail_reading import as_text, readable

#: What a reader does not see.
_UNSEEN = frozenset({"script", "style", "title", "template"})
#: What does not begin a new line.
_INLINE = frozenset(
    {"a", "abbr", "b", "big", "code", "del", "em", "font", "i", "ins", "mark", "s", "small", "span"}
    | {"strong", "sub", "sup", "u", "wbr", "img", "area"}
)
#: Where an element leads.
_LEADS_BY = {"a": "href", "area": "href", "form": "action"}
#: Characters that take no room, and may stand within a word.
_NO_ROOM = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff]")


class _Reader(HTMLParser):
    """Takes the words and the links out of an HTML page."""

    def __init__(self) -> None:
        super().__init__()
        #: Words, and links as tuples of one.
        self.found: list[str | tuple[str]] = []
        self._unseen = ""
        self._links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _UNSEEN:
            self._unseen = tag
        if tag == "body":
            self._unseen = ""
        given = {name: value or "" for name, value in attrs}
        if tag not in _INLINE:
            self.found.append("\n")
        if tag in ("img", "area") and given.get("alt"):
            self.found.append(given["alt"])
        link = given.get(_LEADS_BY.get(tag, ""), "").strip()
        if tag == "a":
            self._end_link()
            self._links.append(link)
        elif link:
            self.found.append((link,))

    def handle_endtag(self, tag: str) -> None:
        if tag == self._unseen:
            self._unseen = ""
        if tag == "a":
            self._end_link()
        if tag not in _INLINE:
            self.found.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.found.append(re.sub(r"\s+", " ", data))

    def close(self) -> None:
        """Read what is left; a link that was never closed ends with the mail."""
        super().close()
        self._end_link()

    def _end_link(self) -> None:
        """Write where a link leads after its words."""
        if self._links and (link := self._links.pop()) and not link.startswith("#"):
            self.found.append((link,))


def words_of_both(plain: str, html: str) -> str:
    """Give the words of the plain text and of the HTML; those that are the same once.

    A link of the HTML stands after its words, unless it stands in the plain text or in them.
    """
    as_it_stands: list[str | tuple[str]] = [html]
    found = readable(lambda: _read(html), as_it_stands)
    seen = _joined([each for each in found if isinstance(each, str)])
    links = [each[0] for each in found if not isinstance(each, str)]
    if not html.strip() or _squeezed(seen) == _squeezed(plain):
        more = [_written(each) for each in dict.fromkeys(links) if _written(each) not in plain]
        return "\n".join([plain.strip(), *more]).strip()
    words = _joined(
        [
            each if isinstance(each, str) else f" {_written(each[0])} "
            for each in found
            if isinstance(each, str) or _written(each[0]) not in seen
        ]
    )
    return f"{plain.strip()}\n\n{words}".strip()


def _read(html: str) -> list[str | tuple[str]]:
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.found


def _joined(parts: list[str]) -> str:
    text = as_text(_NO_ROOM.sub("", "".join(parts)))
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _squeezed(words: str) -> str:
    return "".join(words.split())


def _written(link: str) -> str:
    """Write a link without the spaces and line breaks that a browser would leave out."""
    return re.sub(r"[\t\r\n]", "", link).replace(" ", "%20")
