"""An order as the text of an order file: `read_order` reads it as the same order."""

from datetime import date, datetime, time
from typing import Any

import msgspec

from simulator.inputs.order import Order


def order_text(order: Order) -> str:
    """Write an order down as TOML; a field without a value is left out."""
    import tomli_w  # only what fails is written down

    fields = msgspec.to_builtins(order, builtin_types=(date, datetime, time))
    return tomli_w.dumps(_with_values(fields))


def _with_values(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _with_values(each) for name, each in value.items() if each is not None}
    if isinstance(value, list | tuple):
        return [_with_values(each) for each in value]
    return value
