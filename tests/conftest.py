"""What holds for every test: it leaves nothing replaced in the process that others run in.

And in which order files come: the longest first, so that no worker ends long after the others.
"""

from collections.abc import Iterator
from unittest import mock

import pytest

_LONGEST_FIRST = (
    "test_acceptance_runs.py",
    "test_docs.py",
    "test_conforming_portals.py",
    "test_database_outages.py",
    "test_contract_portal.py",
    "test_broken_pages.py",
    "test_rehearsal_hollow.py",
    "test_second_portal.py",
    "test_burst_run.py",
    "test_kill_proof.py",
    "test_kills.py",
    "test_accept_by_hand.py",
    "test_pages_runs.py",
    "test_date_of_birth.py",
    "test_features_process.py",
    "test_outages.py",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest files first; all others stay as they were."""
    place = {name: number for number, name in enumerate(_LONGEST_FIRST)}
    items.sort(key=lambda item: place.get(item.path.name, len(place)))


@pytest.fixture(autouse=True)
def nothing_stays_replaced() -> Iterator[None]:
    """Fail the test that leaves a patch behind, as a broken portal started in this process does."""
    yield
    left = [f"{each.attribute} of {each.getter()}" for each in mock._patch._active_patches]  # type: ignore[attr-defined]
    mock.patch.stopall()
    assert not left
