"""Whom a message could reach, whose secrets they are, and whose clock: before anything is sent."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import msgspec

from simulator.check.rows import NotSo, Rows
from simulator.inputs.target import SecretValues, Target, rehearsal_secrets
from simulator.neighbours.gateway.notify_auth import CLOCK_SECONDS_MAX
from simulator.world.recipient_guard import ELSEWHERE


def note_recipients(rows: Rows, target: Target) -> None:
    """Note whom the run may reach: what could reach anybody else was refused before."""
    handsets = target.access.handsets
    seen = "Ofcom's drama numbers and reserved mail domains: nobody's"
    if handsets is not None:
        count = len(handsets.numbers())
        seen = f"{count} test handsets and {', '.join(handsets.mailboxes) or 'no mailbox'}, "
        seen += f"which {handsets.vouched_by} says only testers hold"
    rows.note("recipients", "every address that the run would use", seen, "PASS")


def check_secrets(rows: Rows, target: Target, secrets: SecretValues) -> None:
    """See that a portal which others can reach has secrets that others do not know."""
    tried = "the secrets, beside those that stand in this suite for everybody to read"
    if target.access.lives_with_the_run:
        seen = "the portal lives as long as the run, on this machine alone"
        rows.note("secrets", tried, seen, "OMIT")
        return

    def look() -> str:
        ours, known = msgspec.structs.asdict(secrets), msgspec.structs.asdict(rehearsal_secrets())
        names = msgspec.structs.asdict(target.access.secrets)
        shared = [names[each] for each in ours if ours[each] == known[each]]
        if shared:
            raise NotSo(f"{', '.join(shared)}: as in the suite; make secrets of your own")
        return "none is the same"

    rows.tried("secrets", tried, look)


def check_clock(rows: Rows, date: str, now: datetime) -> None:
    """Compare the Date of the portal's answers with our clock, as signatures will be."""
    tried = "the portal's Date header, beside the time of day here"

    def look() -> str:
        try:
            theirs = parsedate_to_datetime(date)
        except ValueError:
            raise NotSo(f"Date is {date!r:.60}, which is no time (RFC 9110, 5.6.7)") from None
        theirs = theirs if theirs.tzinfo else theirs.replace(tzinfo=UTC)
        seconds = int((theirs - now).total_seconds())
        if abs(seconds) > CLOCK_SECONDS_MAX:
            raise NotSo(
                f"{abs(seconds):,} s {'ahead of' if seconds > 0 else 'behind'} ours; set both by a "
                f"time server: Notify refuses what is signed more than {CLOCK_SECONDS_MAX} s away"
            )
        return f"within {CLOCK_SECONDS_MAX} s"

    if date:
        rows.tried("clock", tried, look)
    else:
        rows.note("clock", tried, "the portal gives no Date: compare the clocks by hand", "SKIP")


def goes_elsewhere(target: Target) -> str:
    """Say why no message can come to our gateway ("" where it can)."""
    if target.access.handsets is not None:
        return "messages go by the portal's own gateway, to the test handsets"
    if ELSEWHERE in target.claims.capabilities:
        return f"messages go by the portal's own gateway ({ELSEWHERE})"
    return ""
