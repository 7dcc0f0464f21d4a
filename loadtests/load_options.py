"""How a burst is run, as the command line says it: how much, from where, on what, and how fast.

Pure. A portal on another machine is loaded only by somebody who says that it is theirs, and not
faster than they allow.
"""

import ipaddress
from pathlib import Path
from typing import cast

from msgspec import Struct

from loadtests.bursts import CRIMES_MAX, JOURNEYS, SECONDS_MAX, Burst, Journey
from loadtests.locust_process import LocustWays
from simulator.errors import BadInput
from simulator.processes.loopback import HOST

SCALE_MAX = 1000.0
WORKERS_MAX = 64
PORTAL_WORKERS_MAX = 16
#: A portal on another machine never gets more than this.
RATE_MAX = 1000.0


class LoadOptions(Struct, frozen=True, kw_only=True):
    """What the command line says. `users` and `soak_minutes` 0 are the burst as its file says."""

    scale: float = 1.0
    users: int = 0
    soak_minutes: float = 0.0
    journeys: tuple[Journey, ...] = JOURNEYS
    workers: int = 0
    is_master: bool = False
    listen: str = ""
    has_page: bool = False
    on_postgres: bool = False
    portal_workers: int = 1
    is_pinned: bool = False
    owns_target: bool = False
    rate_max: float = 0.0

    @property
    def host(self) -> str:
        """The address of ours that portal and workers reach: this machine's alone, if not given."""
        return self.listen or HOST

    @property
    def ways(self) -> LocustWays:
        """How Locust is run."""
        return LocustWays(
            workers=self.workers,
            from_elsewhere=self.is_master,
            listen=self.host,
            has_page=self.has_page,
        )


def check_options(options: LoadOptions) -> None:
    """Refuse what cannot be; raises BadInput naming the option."""
    for name, value, most in (
        ("--scale", options.scale, SCALE_MAX),
        ("--soak", options.soak_minutes, SECONDS_MAX / 60),
        ("--rate-max", options.rate_max, RATE_MAX),
    ):
        if not 0 <= value <= most or (name == "--scale" and not value):
            raise BadInput(f"{name} {value:g}: give a number above 0, up to {most:g}")
    for name, count, least, most_of_them in (
        ("--workers", options.workers, 0, WORKERS_MAX),
        ("--portal-workers", options.portal_workers, 1, PORTAL_WORKERS_MAX),
    ):
        if not least <= count <= most_of_them:
            raise BadInput(f"{name} {count}: give a number from {least} to {most_of_them}")
    if options.is_master and not options.workers:
        raise BadInput("--master: say with --workers how many workers will join")
    _check_listen(options)
    if options.portal_workers > 1 and not options.on_postgres:
        raise BadInput(
            "--portal-workers: several processes of the reference share a PostgreSQL; give "
            "--database postgresql too"
        )
    if not options.journeys:
        raise BadInput(f"--journeys: it names none; give one or more of {', '.join(JOURNEYS)}")
    if unknown := [each for each in options.journeys if each not in JOURNEYS]:
        raise BadInput(f"--journeys {unknown[0]}: give one or more of {', '.join(JOURNEYS)}")


def _check_listen(options: LoadOptions) -> None:
    """Refuse a master that nobody could join, and addresses that are none; raises BadInput."""
    if options.is_master and not options.listen:
        raise BadInput(
            "--master: say with --listen at which address of this machine the workers join it "
            f"({HOST} if they run on this machine too)"
        )
    try:
        address = ipaddress.ip_address(options.host)
    except ValueError:
        return
    if address.is_unspecified or address.version != 4:
        raise BadInput(
            f"--listen {options.listen}: portal and workers go to it by URL; give one IPv4 address "
            "of this machine, or its name"
        )


def read_journeys(listed: str) -> tuple[Journey, ...]:
    """Read a list of journeys, as the command line has it; `check_options` refuses others."""
    named = [each.strip() for each in listed.split(",") if each.strip()]
    return cast("tuple[Journey, ...]", tuple(named))


def sized(burst: Burst, options: LoadOptions, path: Path) -> Burst:
    """Give the burst at the scale, or for the time, that was asked for; raises BadInput."""
    try:
        scaled = burst.scaled(options.scale)
    except ValueError as error:
        raise BadInput(f"{path} at {options.scale:g} times: {error}") from None
    try:
        scaled = scaled.with_visitors(options.users) if options.users else scaled
    except ValueError as error:
        raise BadInput(f"--users {options.users}: {path}: {error}") from None
    if not options.soak_minutes:
        return scaled
    seconds = options.soak_minutes * 60
    try:
        return scaled.lasting(seconds)
    except ValueError as error:
        longest = CRIMES_MAX / scaled.closures_per_second.value / 60
        raise BadInput(
            f"{path} for {options.soak_minutes:g} minutes: {error}; at this rate give --soak up to "
            f"{longest:.0f}, or a smaller --scale"
        ) from None


def check_users(burst: Burst, options: LoadOptions, path: Path) -> None:
    """Refuse more workers than there are users for them; raises BadInput."""
    least = burst.senders if "updates" in options.journeys else burst.visitor_count
    if options.workers > least:
        raise BadInput(
            f"--workers {options.workers}: {path} has users for {least} at most; give fewer, or "
            "more senders in the file"
        )
