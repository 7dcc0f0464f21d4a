"""One id follows a request, whatever its caller sends."""

import pytest
from starlette.requests import Request

from simulator.processes.followed import correlation_of


def _followed(*given: str) -> str:
    headers = [(b"x-correlation-id", each.encode("latin-1")) for each in given]
    return correlation_of(Request({"type": "http", "headers": headers}))


def test_the_id_of_a_request_follows_it() -> None:
    """As it came, but for blanks around it."""
    assert (_followed("c-1"), _followed(" c-1 ")) == ("c-1", "c-1")


@pytest.mark.parametrize(
    "given", [(), ("",), ("c" * 65,), ("a\x7f",), ("\xe9",), ("c-1", "c-2"), ("c-1", "c-1")]
)
def test_an_id_that_is_absent_too_long_unfit_or_there_twice_is_replaced(
    given: tuple[str, ...],
) -> None:
    """By one of ours, another each time."""
    assert _followed(*given) != _followed(*given)
