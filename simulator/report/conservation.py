"""The line that says of a simulation that nothing in it was lost or counted twice."""

from collections.abc import Sequence

from simulator.report.amounts import count
from simulator.results.conservation import Conserved


def conservation_line(found: Sequence[Conserved]) -> str:
    """Say how everything ended, in one line; "" where nothing was counted."""
    if not found:
        return ""
    return f"Nothing was lost or counted twice: {'; '.join(map(_ends, found))}."


def _ends(each: Conserved) -> str:
    ends = ", ".join(f"{end} {count(number)}" for end, number in each.ends.items() if number)
    if len(each.ends) == 1:
        return f"{count(each.total)} {each.things} {''.join(each.ends)}"
    return f"{count(each.total)} {each.things}" + (f" ({ends})" if ends else "")
