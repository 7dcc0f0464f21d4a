"""The table of order fields is that of the type `Order`: each is drawn, or has its reason."""

import pytest
from msgspec import to_builtins

from simulator.explore.edge_kind import ANOTHER_ORDER
from simulator.explore.edges import all_edges
from simulator.explore.order_fields import order_fields, path_of
from tests.simulator.explore.stories import order


def test_every_value_of_an_order_is_under_a_field() -> None:
    """The plain form of the force's own order has no other path."""

    def paths(plain: object, before: str) -> set[str]:
        if isinstance(plain, dict) and before.rstrip(".") not in fields:
            return {p for name, each in plain.items() for p in paths(each, f"{before}{name}.")}
        return {path_of(before.rstrip("."))}

    fields = {*order_fields(), *(f"forces.{key}.support" for key in order().forces)}
    assert paths(to_builtins(order()), "") <= set(order_fields())


@pytest.mark.parametrize(
    ("field", "path"),
    [
        ("forces.hampshire.witness_care", "forces.witness_care"),
        ("messages.per_week_max", "messages.per_week_max"),
        ("supervisors", "supervisors"),
    ],
)
def test_a_field_of_each_force_is_named_once(field: str, path: str) -> None:
    """Its force's key is left out."""
    assert path_of(field) == path


def test_a_phase_has_no_edges_of_later_go_live_days() -> None:
    """No story of phase 1 reaches the day of phase 2."""
    for phase in (1, 2, 3):
        fields = [each.value for each in all_edges(order(), phase) if each.kind == ANOTHER_ORDER]
        days = [each for each in fields if each.startswith("go_live.")]
        assert days == [f"go_live.phase_{number}" for number in range(1, phase + 1)]
