"""Whether a portal that fails seems to have another order than its stories.

A portal that keeps the order of its own file fails nearly every story that has another, of that one
cause. So what such a story showed is judged once more, by the force's own order.
"""

from msgspec import structs

from simulator.explore.judged_story import Judged
from simulator.explore.story import Story
from simulator.inputs.order import Order

#: Fewer stories need no headline, unless they are all that failed.
EXPLAINED_MIN = 5
_ALL_EXPLAINED_MIN = 2
#: How much of the failing stories with another order must be right by the force's own.
EXPLAINED_SHARE_MIN = 0.8


def is_right_by_own_order(story: Story, judged: Judged, own: Order) -> bool:
    """Say whether a failing story that has another order would pass by the force's `own`."""
    if judged.order is None or judged.judged_by is None:
        return False
    # An answer that the contract does not allow is wrong by every order.
    if any(failure.finding is None for failure in judged.failures):
        return False
    as_told = structs.replace(own, go_live=judged.order.go_live)
    return any(
        not any(finding.kind == "FAIL" for finding in judged.judged_by(order).findings)
        for order in (as_told, own.staying_in(story.phase))
    )


def seems_to_have_own_order(explained: int, failed: int) -> bool:
    """Say whether so many of the failing stories are right by the force's own order."""
    most = max(EXPLAINED_MIN, EXPLAINED_SHARE_MIN * failed)
    return explained >= (_ALL_EXPLAINED_MIN if explained == failed else most)
