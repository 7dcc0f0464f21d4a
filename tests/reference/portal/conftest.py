"""What the tests of the portal share: a portal at noon in phase 1, and others on request."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.reference.portal.scene import Scene


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    """A portal at noon in phase 1 that knows of no crime."""
    return Scene(tmp_path)


@pytest.fixture
def scene_with(tmp_path: Path) -> Callable[..., Scene]:
    """Make a portal with other settings, or at another time."""

    def make(**changes: object) -> Scene:
        return Scene(tmp_path, **changes)  # type: ignore[arg-type]

    return make
