"""The 95% interval of a share of people or records: the same in every report and result."""

from math import sqrt

#: Two-sided 95%.
_Z = 1.959963984540054


def wilson(share: float, number: float) -> tuple[float, float]:
    """Give the 95% interval of a share seen in `number` answers (Wilson, 1927)."""
    middle = (share + _Z**2 / (2 * number)) / (1 + _Z**2 / number)
    half = _Z / (1 + _Z**2 / number) * sqrt(share * (1 - share) / number + _Z**2 / (4 * number**2))
    return max(0.0, middle - half), min(1.0, middle + half)
