"""Pure: whether a victim may be invited and told about a crime, and if not, why."""

from collections.abc import Iterable
from datetime import datetime

from reference.contract.events import Role, VictimRecord
from reference.portal.rules import recipients
from reference.portal.settings import Settings

#: Of a report that is no crime: they may be told that the police have it, and nothing else.
ONLY_REPORTED = "no crime is recorded"


def exclusion(
    *,
    offence_subgroup: str,
    safeguarding: Iterable[str],
    status: str = "open",
    recorded_at: datetime,
    victim: VictimRecord,
    settings: Settings,
    role: Role = "victim",
    now: datetime | None = None,
    is_flagged_elsewhere: bool = False,
    banned: str = "",
) -> str:
    """Find why this person is not told about this crime, "" if they are.

    `now` is when the crime was recorded unless another moment is given. `banned` is what their own
    record forbids them where it was merged into another.
    """
    has_run_out = recipients.has_run_out(victim, now or recorded_at)
    victim = recipients.as_ordered(recipients.as_approved(victim, now or recorded_at), settings)
    markers = settings.safeguarding_exclusions.intersection(safeguarding)
    if status in {"cancelled", "merged"}:
        return status
    if settings.phase_at(recorded_at) < 1:
        return "recorded before the portal went live"
    if offence_subgroup not in settings.eligible_subgroups and status != "reported":
        return "offence not in the portal"
    if markers:
        return f"safeguarding: {', '.join(sorted(markers))}"
    own = banned if role == "victim" else ""
    why = own or recipients.why_not(
        victim,
        role=role,
        recorded_at=recorded_at,
        now=now or recorded_at,
        age_min_years=settings.age_min_years,
        is_flagged_elsewhere=is_flagged_elsewhere,
    )
    if not why and has_run_out:
        return recipients.EXPIRED
    why = why or recipients.why_not_safe(recipients.addressed(victim))
    return why or (ONLY_REPORTED if status == "reported" else "")
