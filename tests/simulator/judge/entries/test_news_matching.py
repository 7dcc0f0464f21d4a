"""Which news a message tells that names one event."""

import pytest

from simulator.evidence.records import EventDelivered
from tests.simulator.judge.expected import fail
from tests.simulator.judge.story import one_invited


@pytest.mark.parametrize(
    ("deliveries", "expected"),
    [(("one", "one"), []), (("one", "another"), [fail("lost", "MSG-01")]), (("", ""), [])],
    ids=["one delivery", "two deliveries", "deliveries without a name, in order"],
)
def test_of_one_delivery_a_message_may_name_what_was_recorded_last(
    *, deliveries: tuple[str, str], expected: list[object]
) -> None:
    """A closure and an older visit come together: the message names what happened last."""
    story, alex, crime = one_invited(phase=2)
    visit = story.deployed(crime, deliver=False)
    story.wait(minutes=5)
    closure = story.closed(crime, deliver=False)
    order = (closure, visit) if all(deliveries) else (visit, closure)
    for happened, name in zip(order, deliveries, strict=True):
        story.records.append(
            EventDelivered(
                at=story.now, event_id=happened.event_id, status=202, correlation_id=name
            )
        )
    story.wait(minutes=30)
    story.tell(alex, closure)

    assert story.harms() == expected
