"""What an acceptance says of a vendor's own driver: it may be all that there is of a portal.

It is asked while its portal is stopped, where the suite starts the portal; and some pages are
fetched without it, where the portal has an address. Where neither can be done nobody but the driver
has seen the portal, and a person must look.
"""

from collections.abc import Iterable

from simulator.check.stopped_portal import can_be_stopped, told_of
from simulator.evidence.records import PageSampled, Record
from simulator.inputs.target import Target
from simulator.results.values import PagesSampled, ScenarioResult

FEATURE = "The driver"
_NO_ADDRESS = (
    "access.portal_url names no address, so no page could be fetched without the driver; name it, "
    "or have a person look at the portal"
)


def pages_sampled(records: Iterable[Record]) -> PagesSampled:
    """Count the links that were followed without the driver, and those that led to a page."""
    samples = [each for each in records if isinstance(each, PageSampled)]
    pages = sum(each.is_page for each in samples)
    failed = next((each for each in samples if not each.is_page), None)
    why = "" if failed is None else failed.said or f"the answer was {failed.status}, and no page"
    return PagesSampled(followed=len(samples), pages=pages, why_not=why)


def results_of_driver(
    target: Target,
    answered: tuple[str, ...],
    sampled: PagesSampled,
    *,
    phase: int,
    is_whole: bool,
) -> list[ScenarioResult]:
    """Say what a driver answered while its portal was stopped, or that only it saw the portal.

    There is no result for a portal without a driver, or for a driver of which nothing is wrong. A
    run that is not whole follows few links, and says nothing of what was not seen.
    """
    found = []
    if answered:
        failed = ScenarioResult(
            name="The driver answers nothing while its portal is stopped",
            feature=FEATURE,
            phase=phase,
            requirements=(),
            verdict="FAIL",
            expected="every answer comes from the portal, so none comes while it is stopped",
            observed=told_of(answered),
        )
        found.append(failed)
    access = target.access
    if is_whole and access.has_driver and not can_be_stopped(target) and not sampled.pages:
        unseen = ScenarioResult(
            name="Somebody besides the driver has seen the portal",
            feature=FEATURE,
            phase=phase,
            requirements=(),
            verdict="REVIEW",
            reason=_why_unseen(target, sampled),
        )
        found.append(unseen)
    return found


def _why_unseen(target: Target, sampled: PagesSampled) -> str:
    vouches = target.claims.signatory.strip() or "nobody"
    only = f"only {vouches} vouches that there is a portal behind the driver"
    if not target.access.portal_url:
        return f"{only}: {_NO_ADDRESS}"
    if not sampled.followed:
        return f"{only}: no invitation came whose link could be followed without it"
    return (
        f"{only}: none of the {sampled.followed} links that were followed without it led to a page "
        f"({sampled.why_not}); have a person look at the portal"
    )
