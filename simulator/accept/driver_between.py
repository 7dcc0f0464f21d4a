"""What an acceptance says of a vendor's own driver: it may be all that there is of a portal.

It is asked while its portal is stopped, where the suite starts the portal; and what it says must
stand on pages that a browser shows without it. Where that was not seen, the result is by its
driver's word, and a person must look.
"""

from collections.abc import Iterable
from typing import Any

from msgspec import structs

from simulator.accept.manual_reviews import DRIVER
from simulator.check.stopped_portal import told_of
from simulator.evidence.records import PageSampled, Record
from simulator.inputs.target import Target
from simulator.results.values import PagesSampled, ReviewResult, ScenarioResult
from simulator.verdicts import Kind

FEATURE = "The driver"
_SEEN = "What the driver says is seen without it"
_TWO_WAY_PHASE = 3
_EXPECTED = "what the driver says is what the portal does, as is seen without the driver"
_NO_ADDRESS = (
    "access.portal_url names no address, so no page could be opened without the driver; name it"
)
_NOBODY = "no victim had a page that could be opened without it"
_MAY_HIDE_A_REPEAT = (
    "events go through the driver, which could hide one that comes again; name access.events_path, "
    "to which the suite then posts them itself, or have the portal fetch them"
)
_NO_STAMP = (
    "no words that were written on a page in a browser came to the crime system with their task"
)


def pages_sampled(
    target: Target, records: Iterable[Record], *, phase: int, review: ReviewResult | None = None
) -> PagesSampled:
    """Sum up what was seen without the driver, and say all that is wanting ("" if it is enough)."""
    if not target.access.has_driver:
        return PagesSampled()
    samples = [each for each in records if isinstance(each, PageSampled)]
    failed = next((each for each in samples if not each.agreed), None)
    differs = next((said for each in samples for said in each.differs), "")
    sampled = PagesSampled(
        followed=len(samples),
        pages=sum(each.is_page for each in samples),
        agreed=sum(each.agreed > 0 and not each.differs for each in samples),
        stamped=sum(each.stamped is True for each in samples),
        differs=differs,
        why_not="" if failed is None else failed.said or f"the answer was {failed.status}",
        review=review,
    )
    return structs.replace(sampled, left=_left(target, samples, sampled, phase))


def results_of_driver(
    target: Target,
    answered: tuple[str, ...],
    sampled: PagesSampled,
    *,
    phase: int,
    is_whole: bool,
) -> list[ScenarioResult]:
    """Say what a driver answered while its portal was stopped, and what only it has seen.

    There is no result for a portal without a driver, or for a driver of which nothing is wrong. A
    run that is not whole looks at few pages, and says only what they did not show.
    """
    found = []
    if answered:
        found.append(
            _said(
                phase,
                "The driver answers nothing while its portal is stopped",
                "FAIL",
                expected="every answer comes from the portal, so none comes while it is stopped",
                observed=told_of(answered),
            )
        )
    review = sampled.review
    if review is not None and review.verdict == "FAIL":
        observed = f"{review.reviewer}: {review.note}"
        found.append(_said(phase, _SEEN, "FAIL", expected=_EXPECTED, observed=observed))
    elif review is None and (sampled.differs or (is_whole and sampled.left)):
        signatory = target.claims.signatory.strip()
        vouches = f"only {signatory}" if signatory else "nobody"
        reason = (
            f"{vouches} vouches for the driver: {sampled.left}; have a person look at the "
            f"portal, and sign it as {DRIVER} in the file of --reviews"
        )
        found.append(_said(phase, _SEEN, "REVIEW", reason=reason))
    return found


def _said(phase: int, name: str, verdict: Kind, **more: str) -> ScenarioResult:
    about: dict[str, Any] = {"feature": FEATURE, "phase": phase, "requirements": (), **more}
    return ScenarioResult(name=name, verdict=verdict, **about)


def _left(target: Target, samples: list[PageSampled], sampled: PagesSampled, phase: int) -> str:
    access = target.access
    is_pushed = bool(access.events_path) or any(each.fetched for each in samples)
    asks = phase >= _TWO_WAY_PHASE and "two_way" in target.claims.capabilities
    denied = f"without it the portal did not show what it said: {sampled.differs}"
    none_in = (
        f"none of the {sampled.followed} victims who were tried could sign in without it, in a "
        f"browser ({sampled.why_not})"
    )
    reasons = {
        _NO_ADDRESS: not access.portal_url,
        denied: bool(sampled.differs),
        _NOBODY: bool(access.portal_url) and not samples,
        none_in: bool(samples) and not sampled.agreed,
        _NO_STAMP: asks and not sampled.stamped,
        _MAY_HIDE_A_REPEAT: not is_pushed,
    }
    return "; ".join(why for why, is_so in reasons.items() if is_so)
