"""The requests a second that a portal gets in a rehearsal, in one sentence."""

from simulator.results.values import RehearsalResult


def requests_line(result: RehearsalResult) -> str:
    """Say the mean, and the busiest hour of the day; "" where nothing was counted."""
    found = result.life.requests if result.life else None
    if found is None or result.life is None:
        return ""
    begins, ends = found.busiest_hour, (found.busiest_hour + 1) % 24
    return (
        f"Requests to the portal at full volume: {found.mean:.2g} a second in the mean since "
        f"go-live, and {found.in_busiest_hour:.2g} from {begins}:00 to {ends}:00, the busiest hour "
        f"of the day in the mean of {result.life.headline.period}. Each event, receipt and step of "
        "a victim is one; pages, pictures and scripts of its own come on top."
    )
