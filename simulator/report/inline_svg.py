"""Make a drawing ready to stand inside a page: ids of its own, a title, a description, no links.

Several drawings share one page. Two equal ids would break a clip or a marker.
"""

import re
from xml.etree import ElementTree as ET

_SVG = "http://www.w3.org/2000/svg"
_XLINK_HREF = "{http://www.w3.org/1999/xlink}href"


def inline_svg(drawn: str, name: str, *, title: str, description: str) -> str:
    """Turn a drawn SVG document into one element of a page; `name` begins every id in it.

    Screen readers read its `title` and `description`, and it scales with the page.
    """
    root = ET.fromstring(drawn)  # noqa: S314 our own drawing, made a moment ago
    for parent in list(root.iter()):
        for child in list(parent):
            if child.tag in (f"{{{_SVG}}}metadata", f"{{{_SVG}}}style"):
                parent.remove(child)
    for element in root.iter():
        element.tag = element.tag.removeprefix(f"{{{_SVG}}}")
        element.attrib.update(_renamed(element.attrib, name))
        element.attrib.pop(_XLINK_HREF, None)
    for attribute in ("width", "height", "version"):
        root.attrib.pop(attribute, None)
    root.attrib |= {
        "xmlns": _SVG,
        "role": "img",
        "aria-labelledby": f"{name}-title",
        "aria-describedby": f"{name}-description",
        "stroke-linejoin": "round",
    }
    for place, (tag, text) in enumerate((("title", title), ("desc", description))):
        element = ET.Element(tag, id=f"{name}-{'title' if tag == 'title' else 'description'}")
        element.text = text
        root.insert(place, element)
    return ET.tostring(root, encoding="unicode")


def _renamed(attributes: dict[str, str], name: str) -> dict[str, str]:
    """Put `name` before each id, and before each reference to an id."""
    renamed = {key: re.sub(r"url\(#", f"url(#{name}-", value) for key, value in attributes.items()}
    if "id" in attributes:
        renamed["id"] = f"{name}-{attributes['id']}"
    if _XLINK_HREF in attributes:
        renamed["href"] = f"#{name}-{attributes[_XLINK_HREF].removeprefix('#')}"
    return renamed
