"""What the command line asks for is checked before anything starts."""

from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from loadtests.load_options import (
    LoadOptions,
    check_options,
    check_users,
    read_journeys,
    sized,
)
from simulator.errors import BadInput
from tests.loadtests.bursts_for_tests import burst

PATH = Path("burst.toml")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"scale": 0}, "--scale 0: give a number above 0, up to 1000"),
        ({"scale": -1}, "--scale -1"),
        ({"scale": 1001}, "--scale 1001"),
        ({"soak_minutes": 61}, "--soak 61"),
        ({"rate_max": -1}, "--rate-max -1"),
        ({"workers": 65}, "--workers 65"),
        ({"is_master": True, "workers": 2}, "--master: say with --listen at which address"),
        ({"listen": "0.0.0.0"}, r"--listen 0\.0\.0\.0: .* one IPv4 address"),  # noqa: S104
        ({"listen": "::1"}, "--listen ::1: .* one IPv4 address"),
        ({"portal_workers": 0}, "--portal-workers 0"),
        ({"portal_workers": 2}, "--database postgresql"),
        ({"is_master": True}, "--master: say with --workers how many"),
        ({"journeys": read_journeys("")}, "--journeys: it names none; give one or more of updates"),
        ({"journeys": read_journeys(" , ")}, "--journeys: it names none"),
        ({"journeys": ("read", "shop")}, "--journeys shop: give one or more of updates"),
    ],
)
def test_an_option_that_cannot_be_is_named(changes: dict[str, Any], said: str) -> None:
    """One sentence says which option, and what to give."""
    with pytest.raises(BadInput, match=said):
        check_options(structs.replace(LoadOptions(), **changes))


def test_ordinary_options_are_taken() -> None:
    """Nothing is wrong with the defaults, nor with two workers."""
    check_options(LoadOptions())
    check_options(LoadOptions(listen="loadhost.example"))
    check_options(
        LoadOptions(
            workers=2, is_master=True, listen="192.0.2.7", on_postgres=True, portal_workers=2
        )
    )


def test_a_soak_that_is_too_long_says_how_long_it_may_be(tmp_path: Path) -> None:
    """At 100 closures a second, 50,000 crimes last eight minutes."""
    small = burst(tmp_path)

    assert sized(small, LoadOptions(soak_minutes=2), PATH).seconds == pytest.approx(120)
    with pytest.raises(BadInput, match="--soak up to 8, or a smaller --scale"):
        sized(small, LoadOptions(soak_minutes=10), PATH)
    with pytest.raises(BadInput, match="at 600 times"):
        sized(small, LoadOptions(scale=600), PATH)


def test_so_many_users_visit_as_were_asked_for(tmp_path: Path) -> None:
    """At once at most, and the visits in proportion; a burst that nobody visits is refused."""
    small = burst(tmp_path)
    more = sized(small, LoadOptions(users=20), PATH)

    assert (more.visitor_count, more.visits_per_second.value) == (20, 20.0)
    assert more.crimes == small.crimes
    with pytest.raises(BadInput, match=r"--users 3: .*: nobody visits in this burst"):
        sized(burst(tmp_path, visitors=0), LoadOptions(users=3), PATH)
    with pytest.raises(BadInput, match=r"--users 500: .*visitors\.value is 500"):
        sized(small, LoadOptions(users=500), PATH)


def test_each_worker_has_a_user(tmp_path: Path) -> None:
    """Two senders are not shared among three workers."""
    small = burst(tmp_path)
    check_users(small, LoadOptions(workers=2), PATH)

    with pytest.raises(BadInput, match=r"--workers 3: .* users for 2 at most"):
        check_users(small, LoadOptions(workers=3), PATH)
    check_users(small, LoadOptions(workers=5, journeys=("read",)), PATH)
