"""Lists every field of the order, from its type, and why some are the same in every story.

A field that is added to the order is in the table of edges from then on.
"""

from collections.abc import Iterator
from functools import cache
from typing import Any, get_args, get_type_hints

from msgspec import Struct

from simulator.inputs.order import Order

#: The fields that no story has otherwise, each with the reason.
NOT_DRAWN = {
    "name": "it names the order, and nothing depends on it",
    "basis": "it says where the values come from, and nothing depends on it",
    "forces.name": "made-up records and steps name the target's own forces",
    "forces.reference_prefix": "made-up crime references have the prefix of the target's forces",
    "forces.website": "it is part of no rule but the contact routes, which scenarios look at",
    "forces.support": "the portal's page on local support is the supplier's text for that service",
    "eligibility.open_at_go_live": "the order allows one value only",
    "triggers": "which events are announced decides every story; the scenarios of an order try it",
    "messages.denied_in_text": "the judge reads it and no portal is configured from it",
    "two_way.catch_up_minutes_max": "it is an allowance of the judge, and sets nothing in a portal",
    "contact.not_a_victims": "the numbers are the force's own, and the cast is drawn around them",
    "contact.not_for_me_per_client_max": "no rule of the judge counts by it; scenarios do",
    "contact.not_for_me_per_hour_max": "the suite is one client, and cannot come to it",
    "records.retention_days": "no rule of the judge looks at what was deleted; scenarios do",
}


@cache
def order_fields() -> tuple[str, ...]:
    """List the path of every field, such as `messages.per_week_max`.

    Those of each force are named once: `forces.witness_care`.
    """
    return tuple(_paths(Order, ""))


def path_of(field: str) -> str:
    """Give the path of a changed field as the table has it: without the key of its force."""
    first, *names = field.split(".")
    return ".".join((first, *names[1:])) if first == "forces" else field


def _paths(kind: type[Struct], before: str) -> Iterator[str]:
    hints = get_type_hints(kind)
    for name in kind.__struct_fields__:
        table = _table_of(hints[name])
        if table is None:
            yield f"{before}{name}"
        else:
            yield from _paths(table, f"{before}{name}.")


def _table_of(hint: Any) -> type[Struct] | None:
    of_dictionary = get_args(hint)[1] if getattr(hint, "__origin__", None) is dict else hint
    is_table = isinstance(of_dictionary, type) and issubclass(of_dictionary, Struct)
    return of_dictionary if is_table else None
