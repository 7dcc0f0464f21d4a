"""An order that is written down is read as the same order, whatever it has otherwise."""

from pathlib import Path
from random import Random

import pytest

from simulator.explore.order_changes import changed, draw_changes
from simulator.files.paths import ROOT
from simulator.inputs.order import read_order
from simulator.inputs.order_text import order_text

ORDER = ROOT / "scenarios" / "orders" / "two-forces.toml"


@pytest.mark.parametrize("seed", range(60))
def test_every_order_of_a_story_comes_back(seed: int, tmp_path: Path) -> None:
    """With its limits, hours, offences, markers, versions of the Code and bank holidays."""
    usual = read_order(ORDER)
    order = changed(usual, draw_changes(Random(seed), usual))  # noqa: S311  it is no secret
    file = tmp_path / "order.toml"
    file.write_text(order_text(order), encoding="utf-8")

    assert read_order(file) == order
