"""Pure: phase 2, what is relevant to this person now, and how much is too much."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from reference.portal.settings import Settings

Due = tuple[datetime, Literal["advice", "still_with_us"]]
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Progress:
    """Where one victim of one open crime stands."""

    offence_subgroup: str
    recorded_at: datetime
    last_news_at: datetime
    advice_sent: bool
    update_frequency_days: int | None


def next_message(progress: Progress, settings: Settings) -> Due:
    """Find what this person is told next if the officer does nothing, and when.

    Advice comes once, and only where there is some for this offence.
    """
    days = progress.update_frequency_days or settings.still_with_us_days
    still_with_us: Due = (progress.last_news_at + timedelta(days=days), "still_with_us")
    if progress.advice_sent or progress.offence_subgroup not in settings.advice_for:
        return still_with_us
    advice_at = progress.recorded_at + timedelta(days=settings.advice_after_days)
    return min(still_with_us, (advice_at, "advice"))


def is_stale(kind: str, due_at: datetime, now: datetime) -> bool:
    """Say whether the moment for it has passed: advice a week late helps nobody."""
    return kind == "advice" and now - due_at > WEEK


def bundle_until(now: datetime, phase: int, settings: Settings) -> datetime:
    """Find how long news waits for more news, so that both make one message."""
    return now + timedelta(minutes=settings.bundle_minutes) if phase >= 2 else now


def cap_until(
    wanted_at: datetime, sent: Sequence[datetime], phase: int, settings: Settings
) -> datetime:
    """Find when the next message keeps within the weekly limit; `sent` is oldest first."""
    recent = [at for at in sent if at > wanted_at - WEEK]
    if phase < 2 or len(recent) < settings.per_week_max:
        return wanted_at
    return recent[-settings.per_week_max] + WEEK
