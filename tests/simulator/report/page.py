"""Read a page as a browser would, and XML as a build server would."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

_VOID = {"meta", "br", "hr", "img", "input", "link"}


@dataclass
class Element:
    """One element with its children."""

    tag: str
    attributes: dict[str, str]
    children: list["Element"] = field(default_factory=list)
    words: str = ""

    def all(self, *tags: str) -> list["Element"]:
        """Every element inside with one of these tags, in the order of the page."""
        found = []
        for child in self.children:
            if child.tag in tags:
                found.append(child)
            found += child.all(*tags)
        return found

    def everything(self) -> list["Element"]:
        """Every element inside."""
        return [each for child in self.children for each in (child, *child.everything())]

    @property
    def text(self) -> str:
        """All words inside, with single spaces."""
        return " ".join(self.words.split())


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open = [Element("page", {})]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), f"an attribute twice in <{tag}>"
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(element)
        if tag not in _VOID:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open[-1].tag == tag, f"</{tag}> closes <{self.open[-1].tag}>"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        for element in self.open:
            element.words += data


def read_page(html: str) -> Element:
    """Read a page; an element left open or closed out of turn is an AssertionError."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    assert [each.tag for each in reader.open] == ["page"]
    return reader.open[0]


def read_xml(written: str | bytes) -> ET.Element:
    """Read XML of our own making; what is not XML is a ParseError."""
    return ET.fromstring(written)  # noqa: S314 our own, written a moment ago
