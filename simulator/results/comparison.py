"""What is new, mended and the same between two runs of one portal, as plain values."""

from datetime import datetime
from typing import Literal, TypeAlias

from msgspec import Struct

#: What is "not settled" failed before, and what showed it did not all pass this time.
Change: TypeAlias = Literal["new", "the same", "mended", "not settled"]
CHANGES: tuple[Change, ...] = ("new", "the same", "mended", "not settled")


class Compared(Struct, frozen=True, kw_only=True):
    """A defect, by its fingerprint, or a requirement, and what became of it."""

    change: Change
    id: str
    expected: str
    observed: str = ""


class Comparison(Struct, frozen=True, kw_only=True):
    """This run beside an earlier one of the same portal and phase."""

    earlier: str
    earlier_version: str
    earlier_judged_at: datetime | None
    defects: tuple[Compared, ...]
    requirements: tuple[Compared, ...]

    @property
    def sentence(self) -> str:
        """Count the defects and requirements by what became of them."""
        return (
            f"Beside version {self.earlier_version} in {self.earlier}: "
            f"defects {_counts(self.defects)}; failed requirements {_counts(self.requirements)}."
        )


def _counts(found: tuple[Compared, ...]) -> str:
    return ", ".join(f"{sum(e.change == each for e in found)} {each}" for each in CHANGES)
