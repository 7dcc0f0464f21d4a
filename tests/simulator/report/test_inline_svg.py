"""A drawing inside a page has ids of its own, a title and description, and no outside address."""

from simulator.report.inline_svg import inline_svg
from tests.simulator.report.page import read_xml

_DRAWN = """<?xml version="1.0"?>
<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">
<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"
     width="9pt" height="9pt" viewBox="0 0 9 9" version="1.1">
  <metadata><a href="http://example.test/"/></metadata>
  <defs><style>*{stroke-linecap: butt}</style><path id="dot" d="M 0 0"/></defs>
  <g id="figure" clip-path="url(#clip)"><use xlink:href="#dot"/><text>id="dot" &lt;b&gt;</text></g>
</svg>"""


def test_ids_and_what_refers_to_them_are_renamed_and_words_are_not() -> None:
    """Ids, clips and uses begin with the drawing's name; the same words in a text stay."""
    drawing = inline_svg(_DRAWN, "calls", title="Calls", description="Two lines")

    assert 'id="calls-dot"' in drawing
    assert 'href="#calls-dot"' in drawing
    assert 'clip-path="url(#calls-clip)"' in drawing
    assert '<text>id="dot" &lt;b&gt;</text>' in drawing


def test_nothing_from_outside_is_left() -> None:
    """No document type, no metadata, no style for the whole page, no other address."""
    drawing = inline_svg(_DRAWN, "calls", title="Calls", description="Two lines")

    assert drawing.startswith("<svg ")
    assert drawing.count("http") == 1
    assert 'xmlns="http://www.w3.org/2000/svg"' in drawing
    assert "<style" not in drawing


def test_a_drawing_has_a_name_and_a_description() -> None:
    """Both are text, whatever is in them, and the drawing scales with the page."""
    root = read_xml(inline_svg(_DRAWN, "calls", title="<Calls>", description="A & B"))

    assert [each.text for each in root[:2]] == ["<Calls>", "A & B"]
    assert root.attrib["aria-labelledby"] == root[0].attrib["id"]
    assert root.attrib["aria-describedby"] == root[1].attrib["id"]
    assert "width" not in root.attrib
    assert root.attrib["viewBox"] == "0 0 9 9"
