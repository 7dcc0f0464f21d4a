"""The data categories of the org's articles: groups, each a tree.

Source: SOQL and SOSL Reference, WITH DATA CATEGORY; Knowledge Developer Guide, support API.
"""

from collections.abc import Iterator, Mapping

from msgspec import Struct


class Category(Struct, frozen=True):
    """One category, and those below it."""

    name: str
    label: str
    below: "tuple[Category, ...]" = ()


GROUPS: Mapping[str, Category] = {
    "Crime_Type": Category(
        "All",
        "All",
        (
            Category(
                "Theft",
                "Theft",
                (
                    Category("Burglary", "Burglary"),
                    Category("Vehicle_Theft", "Vehicle theft"),
                    Category("Shoplifting", "Shoplifting"),
                ),
            ),
            Category("Violence", "Violence", (Category("Domestic_Abuse", "Domestic abuse"),)),
            Category("Fraud", "Fraud"),
            Category("Damage", "Criminal damage"),
        ),
    ),
    "Topic": Category(
        "All",
        "All",
        (
            Category("Safety", "Keeping safe"),
            Category("Rights", "Victims' rights"),
            Category("Support", "Support services"),
        ),
    ),
}


def names_for(group: str, selecting: str, name: str) -> frozenset[str] | None:
    """The categories that a filter takes; None if the group has no such category."""
    path = _path(GROUPS[group], name) if group in GROUPS else ()
    if not path:
        return None
    above = {each.name for each in path}
    below = {each.name for each in _all_of(path[-1])}
    match selecting:
        case "at":
            return frozenset({name})
        case "above":
            return frozenset(above)
        case "below":
            return frozenset(below)
    return frozenset(above | below)


def category(group: str, name: str) -> Category | None:
    """Find a category of a group."""
    path = _path(GROUPS[group], name) if group in GROUPS else ()
    return path[-1] if path else None


def _path(top: Category, name: str) -> tuple[Category, ...]:
    if top.name == name:
        return (top,)
    for each in top.below:
        if found := _path(each, name):
            return (top, *found)
    return ()


def _all_of(top: Category) -> Iterator[Category]:
    yield top
    for each in top.below:
        yield from _all_of(each)
