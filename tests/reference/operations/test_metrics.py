"""What is counted as it happens: each portal for itself, and with no label that a person gave."""

from datetime import timedelta
from pathlib import Path

from prometheus_client.parser import text_string_to_metric_families

from reference.operations.metrics import Metrics
from tests.reference.portal.crimes import (
    MOBILE,
    NOON,
    SAMS_MOBILE,
    closed,
    deployed,
    enveloped,
    recorded,
    sam,
)
from tests.reference.portal.neighbours import DOWN, GATEWAY
from tests.reference.portal.scene import Scene


def figures(text: str) -> dict[str, float]:
    """Read figures as Prometheus does: name and labels to value."""
    return {
        f"{sample.name}{sorted(sample.labels.values())}": sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def scraped(scene: Scene) -> dict[str, float]:
    """Read the figures of a portal."""
    answer = scene.figures()

    assert answer.status == 200
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")

    return figures(answer.body.decode())


def test_events_are_counted_by_type_and_age(scene: Scene) -> None:
    """How many came, of which kind, and how long after they happened."""
    scene.deliver(recorded(), deployed())
    scene.deliver(enveloped(closed(), time=NOON - timedelta(minutes=10)))
    found = scraped(scene)

    assert found["portal_events_total['CrimeRecorded']"] == 1
    assert found["portal_events_total['OfficerDeployed']"] == 1
    assert found["portal_events_total['OfficerReplied']"] == 0
    assert found["portal_event_lag_seconds_count[]"] == 3
    assert found["portal_event_lag_seconds_sum[]"] == 600
    assert found["portal_event_lag_seconds_bucket['300.0']"] == 2


def test_an_event_from_the_future_is_not_early(scene: Scene) -> None:
    """A clock that is fast at the other end does not make up for one that is slow."""
    scene.deliver(enveloped(recorded(), time=NOON + timedelta(hours=1)))

    assert scraped(scene)["portal_event_lag_seconds_sum[]"] == 0


def test_deliveries_that_were_not_taken_are_counted_by_reason(scene: Scene) -> None:
    """An operator sees a wrong key at once, and tells it from a wrong field."""
    scene.call("POST", "/crime-events", b"[]", {})
    scene.call("POST", "/crime-events", b"[]", {**scene.signed(b"[]"), "webhook-signature": "v1,a"})
    scene.post_events([enveloped(recorded(force="kent"))])
    found = scraped(scene)

    assert found["portal_deliveries_refused_total['Not signed']"] == 1
    assert found["portal_deliveries_refused_total['Signature does not match']"] == 1
    assert found["portal_deliveries_refused_total['Not as agreed']"] == 1
    assert found["portal_event_lag_seconds_count[]"] == 0


def test_sends_are_counted_by_what_the_neighbour_answered(scene: Scene) -> None:
    """Taken, refused, failed, and no answer at all."""
    for crime, status in enumerate((201, 403, 503, DOWN)):
        scene.neighbours.answers[GATEWAY] = status
        scene.deliver(recorded(crime=f"4326000000{crime}"))
    scene.neighbours.refused = {SAMS_MOBILE}
    scene.deliver(recorded(sam(), crime="43260000009"))
    found = scraped(scene)

    assert found["portal_sends_total['201', 'gateway']"] >= 1
    assert found["portal_sends_total['403', 'gateway']"] == 1
    assert found["portal_sends_total['400', 'gateway']"] == 1
    assert found["portal_sends_total['201', 'crime_system']"] >= 1


def test_a_refusal_is_counted_by_whose_fault_it_is(scene: Scene) -> None:
    """A number that is none is for an officer to ask about; a key that is none is ours to mend."""
    scene.neighbours.refused = {SAMS_MOBILE}
    scene.deliver(recorded(sam()))
    scene.neighbours.answers[GATEWAY] = 403
    scene.deliver(recorded(crime="43260000002"))
    found = scraped(scene)

    assert found["portal_gateway_refusals_total['address']"] == 1
    assert found["portal_gateway_refusals_total['sender']"] == 1


def test_steps_of_the_sign_in_are_counted_by_status(scene: Scene) -> None:
    """A force sees how many fail at the word: details recorded wrongly, or someone guessing."""
    scene.deliver(recorded())
    step = scene.begin(MOBILE)
    scene.prove(step, "wrong")
    scene.prove(step)
    scene.enter_code(step, "wrong")
    found = scraped(scene)

    assert found["portal_requests_total['/api/sign-in/word', '403', 'POST']"] == 1
    assert found["portal_requests_total['/api/sign-in/word', '200', 'POST']"] == 1
    assert found["portal_requests_total['/api/sign-in/code', '403', 'POST']"] == 1


def test_two_portals_in_one_process_count_apart(tmp_path: Path) -> None:
    """What one does is not in the other's figures."""
    (tmp_path / "other").mkdir()
    one, other = Scene(tmp_path), Scene(tmp_path / "other")
    one.deliver(recorded())

    assert scraped(one)["portal_events_total['CrimeRecorded']"] == 1
    assert scraped(other)["portal_events_total['CrimeRecorded']"] == 0


def test_every_figure_says_where_it_was_counted() -> None:
    """With several workers someone has to know which to add up."""
    families = text_string_to_metric_families(Metrics().text().decode())
    ours = [
        each for each in families if each.name.startswith("portal_") and "created" not in each.name
    ]

    assert len(ours) == 9
    assert all("add them up" in each.documentation for each in ours)
