"""Pure: what a victim is told, after an event or automatically when the officer does nothing."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from reference.contract.events import AnyEvent, MilestoneReached
from reference.portal.settings import Announcement, Settings

Due = tuple[datetime, Literal["advice", "still_with_us"]]
#: Advice that is later than this is of no use.
STALE_AFTER = timedelta(days=7)


@dataclass(frozen=True)
class Progress:
    """What one victim of one open crime has been told so far."""

    offence_subgroup: str
    recorded_at: datetime
    last_news_at: datetime
    advice_sent: bool
    update_frequency_days: int | None


def announcement(event: AnyEvent, phase: int, settings: Settings) -> Announcement | None:
    """Find how this event is announced in this phase, if at all."""
    found = settings.announcements.get(type(event).__name__)
    return found if found is not None and found.phase <= phase else None


def concerns(event: AnyEvent, person_id: str) -> bool:
    """Say whether an event is about a person; one that names nobody is about every victim."""
    return getattr(event, "person_id", None) in {None, person_id}


def is_untold(event: AnyEvent, settings: Settings) -> bool:
    """Say whether an event is neither shown nor announced.

    It is a milestone that the order switched off, or a statement of nobody knows whom.
    """
    return isinstance(event, MilestoneReached) and (
        event.milestone in settings.milestones_switched_off
        or (event.milestone == "statement_taken" and event.person_id is None)
    )


def next_message(progress: Progress, settings: Settings) -> Due:
    """Find the next automatic message if the officer does nothing, and when it is due.

    Advice comes once, and only where there is some for this offence.
    """
    days = progress.update_frequency_days or settings.still_with_us_days
    still_with_us: Due = (progress.last_news_at + timedelta(days=days), "still_with_us")
    if progress.advice_sent or progress.offence_subgroup not in settings.advice_for:
        return still_with_us
    advice_at = progress.recorded_at + timedelta(days=settings.advice_after_days)
    return min(still_with_us, (advice_at, "advice"))


def is_stale(kind: str, due_at: datetime, now: datetime) -> bool:
    """Say whether a message is too late: advice a week late is of no use."""
    return kind == "advice" and now - due_at > STALE_AFTER
