"""What holds for every test: it leaves nothing replaced in the process that others run in."""

from collections.abc import Iterator
from unittest import mock

import pytest


@pytest.fixture(autouse=True)
def nothing_stays_replaced() -> Iterator[None]:
    """Fail the test that leaves a patch behind, as a broken portal started in this process does."""
    yield
    left = [f"{each.attribute} of {each.getter()}" for each in mock._patch._active_patches]  # type: ignore[attr-defined]
    mock.patch.stopall()
    assert not left
