"""What one visitor does with a portal, before and during the burst: sign in and read everything.

The caller provides a function that looks for the code on the visitor's telephone.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from loadtests.burst_victims import BurstVictims
from loadtests.pages_read import seen_page
from simulator.clock import Now, wall_now, wall_sleep
from simulator.drivers.base import Driver, Refused, Session, Step
from simulator.errors import PortalNotAvailable
from simulator.evidence.records import EvidenceLog, QuestionAsked, Seen

QUESTION = "Is there any news of my report?"

#: A code that has not come by then comes too late.
_CODE_SECONDS_MAX = 5.0
_LOOK_SECONDS = 0.05
_AGAIN_SECONDS = 1.0


def finish_sign_in(
    driver: Driver,
    step: Step,
    proof: str,
    look_for_code: Callable[[datetime], str],
    *,
    now: Now = wall_now,
    patience_seconds: float = 0.0,
) -> Session:
    """Give the proof of identity, then the code that follows; raises Refused.

    `now` is the time of the clock that the telephone goes by. For `patience_seconds` the proof is
    given again while the portal cannot send a code; after that, PortalNotAvailable is raised.
    """
    end = now() + timedelta(seconds=patience_seconds)
    while True:
        since = now()
        try:
            step = driver.prove(step, proof)
            break
        except PortalNotAvailable:
            if since >= end:
                raise
            wall_sleep(_AGAIN_SECONDS)
    # The answer to the proof may have taken longer than a code may take after it.
    answered_at = now()
    while (now() - answered_at).total_seconds() < _CODE_SECONDS_MAX:
        code = look_for_code(since)
        if code:
            return driver.enter_code(step, code)
        wall_sleep(_LOOK_SECONDS)
    raise Refused(0, "no one-time code arrived")


def read_everything(
    driver: Driver,
    session: Session,
    person_id: str,
    evidence: EvidenceLog,
    *,
    crowd: BurstVictims,
    now: Now = wall_now,
) -> list[str]:
    """Read the list of crimes and every timeline, record what was shown; return the references."""
    summaries = driver.crimes(session)
    # Each by its reference: a list of somebody else's crimes is a disclosure, opened or not.
    listed = {each.crime_reference: f"{each.offence} {each.status}" for each in summaries}
    for reference, text in (listed or {"": ""}).items():
        evidence.append(
            Seen(
                at=now(),
                person_id=person_id,
                where="crimes",
                crime_reference=reference,
                texts=(text,) if text else (),
            )
        )
    for summary in summaries:
        entries = driver.timeline(session, summary.crime_reference)
        evidence.append(seen_page(crowd, person_id, summary.crime_reference, entries, now()))
    return [each.crime_reference for each in summaries]


def ask(
    driver: Driver,
    session: Session,
    person_id: str,
    crime_reference: str,
    evidence: EvidenceLog,
    *,
    now: Now = wall_now,
) -> None:
    """Ask the officer for news of a crime; raises Refused."""
    evidence.append(
        QuestionAsked(at=now(), person_id=person_id, crime_reference=crime_reference, text=QUESTION)
    )
    driver.ask_officer(session, crime_reference, QUESTION)
