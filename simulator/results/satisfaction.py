"""How satisfied victims may be, as plain values: shares of victims, and their mean."""

from msgspec import Struct


class Satisfaction(Struct, frozen=True, kw_only=True):
    """Shares of the victims whom the portal should tell; None where there was nothing to count.

    `answered` is of questions. `overall` is the mean of the others.
    """

    victims: int
    told_on_time: float | None
    not_silent: float | None
    not_overloaded: float | None
    answered: float | None
    overall: float | None
    no_complaint: float | None = None


def named_shares(found: Satisfaction) -> list[tuple[str, float | None]]:
    """List the shares, each as a report calls it."""
    complaints = [] if found.no_complaint is None else [("No complaint", found.no_complaint)]
    return [
        ("Told of the end on time", found.told_on_time),
        ("No long silence", found.not_silent),
        ("Not too many messages", found.not_overloaded),
        ("Questions answered soon", found.answered),
        *complaints,
        ("Satisfied: the mean of these", found.overall),
    ]
