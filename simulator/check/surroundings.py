"""Checks before anything is sent: who a message could reach, the secrets, and the clock."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import msgspec

from simulator.check.table import CheckFailed, CheckTable
from simulator.inputs.target import SecretValues, Target, rehearsal_secrets
from simulator.neighbours.gateway.notify_auth import CLOCK_SECONDS_MAX
from simulator.world.recipient_guard import ELSEWHERE


def note_recipients(rows: CheckTable, target: Target) -> None:
    """Note who the run may reach. A target that could reach anyone else was refused before."""
    handsets = target.access.handsets
    seen = "Ofcom's drama numbers and reserved mail domains: no real person's"
    if handsets is not None:
        count = len(handsets.numbers())
        seen = f"{count} test handsets and {', '.join(handsets.mailboxes) or 'no mailbox'}, "
        seen += f"which only testers hold, says {handsets.vouched_by}"
    rows.add("recipients", "look at every address that the run would use", seen, "PASS")


def check_secrets(rows: CheckTable, target: Target, secrets: SecretValues) -> None:
    """Check that a portal which others can reach does not use the suite's published secrets."""
    tried = "compare the secrets with those published in this suite"
    if target.access.lives_with_the_run:
        seen = "not needed: the portal runs on this machine only, and ends with the run"
        rows.add("secrets", tried, seen, "OMIT")
        return

    def look() -> str:
        ours, known = msgspec.structs.asdict(secrets), msgspec.structs.asdict(rehearsal_secrets())
        names = msgspec.structs.asdict(target.access.secrets)
        shared = [names[each] for each in ours if ours[each] == known[each]]
        if shared:
            raise CheckFailed(f"{', '.join(shared)}: as in the suite; make your own secrets")
        return "all are different"

    rows.try_check("secrets", tried, look)


def check_clock(rows: CheckTable, date: str, now: datetime) -> None:
    """Compare the Date header of the portal's answers with our clock: signatures depend on it."""
    tried = "compare the portal's Date header with the time here"

    def look() -> str:
        try:
            theirs = parsedate_to_datetime(date)
        except ValueError:
            raise CheckFailed(f"Date is {date!r:.60}, not a time (RFC 9110, 5.6.7)") from None
        theirs = theirs if theirs.tzinfo else theirs.replace(tzinfo=UTC)
        seconds = int((theirs - now).total_seconds())
        if abs(seconds) > CLOCK_SECONDS_MAX:
            raise CheckFailed(
                f"{abs(seconds):,} s {'ahead of' if seconds > 0 else 'behind'} ours; set both by a "
                f"time server: Notify refuses what is signed more than {CLOCK_SECONDS_MAX} s away"
            )
        return f"within {CLOCK_SECONDS_MAX} s"

    if date:
        rows.try_check("clock", tried, look)
    else:
        rows.add("clock", tried, "the portal sends no Date: compare the clocks by hand", "SKIP")


def goes_elsewhere(target: Target) -> str:
    """Explain why no message can come to our gateway, or "" if it can."""
    if target.access.handsets is not None:
        return "messages go through the portal's own gateway, to the test handsets"
    if ELSEWHERE in target.claims.capabilities:
        return f"messages go through the portal's own gateway ({ELSEWHERE})"
    return ""
