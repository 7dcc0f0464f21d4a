"""The result of a burst to change, for the tests of capacity and comparison."""

from typing import Any

from msgspec import structs

from simulator.results.load import LoadResult
from tests.simulator.report.samples import load


def held(**changes: Any) -> LoadResult:
    """A burst that met its limits."""
    result = structs.replace(load(), verdict="PASS", slos=[], harms=[], failures=[])
    return structs.replace(result, **changes)
