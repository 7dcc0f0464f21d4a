"""Who may deliver crime events: the crime system alone, with a signature made just now."""

from datetime import timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reference.contract.signing import sign
from tests.reference.portal.crimes import enveloped, recorded
from tests.reference.portal.scene import Scene, problem

OTHER_SECRET = "whsec_" + "YW5vdGhlci1zZWNyZXQtZm9yLXRlc3RzLW9ubHk="
BODY = msgspec.json.encode([enveloped(recorded())])


@pytest.fixture(scope="module")
def still(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    """A portal that has taken nothing, and should take nothing of what these tests send."""
    return Scene(tmp_path_factory.mktemp("still"))


def refused(scene: Scene, headers: dict[str, str]) -> str:
    """Check that a delivery is refused and leaves no trace; give the problem's title."""
    before = scene.rows()
    answer = scene.call("POST", "/crime-events", BODY, headers)

    assert answer.status == 401
    assert scene.rows() == before
    assert scene.messages == []

    return str(problem(answer)["title"])


def test_a_delivery_signed_now_is_taken(scene: Scene) -> None:
    """The crime system's own signature opens the door, and 202 says that it is kept."""
    answer = scene.call("POST", "/crime-events", BODY, scene.signed(BODY))

    assert answer.status == 202
    assert len(scene.rows()["crime"]) == 1


@pytest.mark.parametrize("missing", ["webhook-id", "webhook-timestamp", "webhook-signature"])
def test_an_unsigned_delivery_is_refused(still: Scene, missing: str) -> None:
    """Each of the three headers of Standard Webhooks is needed."""
    headers = still.signed(BODY)
    del headers[missing]

    assert refused(still, headers) == "Not signed"


def test_another_key_is_refused(still: Scene) -> None:
    """A stranger can sign, but not with the force's key."""
    headers = sign(OTHER_SECRET, delivery_id="delivery-1", at=still.now, body=BODY)

    assert refused(still, headers) == "Signature does not match"


def test_what_was_signed_cannot_be_changed(still: Scene) -> None:
    """Another body, id or time than was signed is refused."""
    assert refused(still, still.signed(BODY + b" ")) == "Signature does not match"
    assert refused(still, {**still.signed(BODY), "webhook-id": "2"}) == "Signature does not match"
    assert refused(
        still,
        {
            **still.signed(BODY, at=still.now - timedelta(minutes=6)),
            "webhook-timestamp": str(int(still.now.timestamp())),
        },
    )


@pytest.mark.parametrize("minutes", [-6, 6])
def test_a_stale_or_future_signature_is_refused(still: Scene, minutes: int) -> None:
    """More than five minutes either way is no delivery of today's."""
    headers = still.signed(BODY, at=still.now + timedelta(minutes=minutes))

    assert refused(still, headers) == "Signature is stale"


@pytest.mark.parametrize("seconds", [-300, 300])
def test_clocks_may_differ_by_five_minutes(scene: Scene, seconds: int) -> None:
    """Two machines never quite agree on the time."""
    headers = scene.signed(BODY, at=scene.now + timedelta(seconds=seconds))

    assert scene.call("POST", "/crime-events", BODY, headers).status == 202


def test_a_delivery_that_somebody_kept_is_refused_later(scene: Scene) -> None:
    """A replay has its old time, and is refused once that is stale."""
    headers = scene.signed(BODY)
    scene.advance(minutes=6)

    assert refused(scene, headers) == "Signature is stale"


def test_one_of_several_signatures_is_enough(scene: Scene) -> None:
    """While a key is being changed a delivery carries both signatures."""
    headers = scene.signed(BODY)
    other = sign(OTHER_SECRET, delivery_id="delivery-1", at=scene.now, body=BODY)
    headers["webhook-signature"] = (
        f"v2,xyz {other['webhook-signature']} " + (headers["webhook-signature"])
    )

    assert scene.call("POST", "/crime-events", BODY, headers).status == 202


# What may stand in a header by HTTP: no control characters.
junk = st.text(st.characters(max_codepoint=255, exclude_categories=["Cc"]), max_size=60)


@given(junk | st.just("delivery-1"), junk | st.text("0123456789-+. ", max_size=14), junk)
def test_junk_in_the_headers_is_a_refusal(
    still: Scene, delivery: str, stamped: str, signature: str
) -> None:
    """Whatever stands in the three headers, the answer is 401 and nothing is kept."""
    headers = {
        "webhook-id": delivery,
        "webhook-timestamp": stamped,
        "webhook-signature": signature,
    }

    assert problem(still.call("POST", "/crime-events", BODY, headers))["status"] == 401
    assert still.rows()["event_seen"] == []


@pytest.mark.parametrize(
    "stamped", ["", "-1", "1e9", "0x10", "٣٣", "9" * 5000, "99999999999", "1780484400.0", " "]
)
def test_a_time_that_is_none_is_a_refusal(still: Scene, stamped: str) -> None:
    """Only whole seconds since 1970 are a time, and only those of today are fresh."""
    headers = {**still.signed(BODY), "webhook-timestamp": stamped.encode().decode("latin-1")}

    assert refused(still, headers)
