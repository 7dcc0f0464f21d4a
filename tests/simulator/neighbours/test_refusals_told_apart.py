"""A client of the forces' own stack can tell who refused it, and why, by the shape alone."""

from simulator.neighbours.dataverse.limits import ServiceLimits
from tests.simulator.asgi import call
from tests.simulator.neighbours.dataverse.double import API, Organisation
from tests.simulator.neighbours.marketing_cloud.double import SMS, MarketingCloud
from tests.simulator.neighbours.salesforce.double import Org

STRANGER = {"authorization": "Bearer nobody", "host": "double.test"}


def test_nobodys_token_is_refused_in_four_shapes() -> None:
    """An array; an array in a 200; an object of SFMC, as mcdev recorded; an object of Dataverse."""
    org, unit, organisation = Org(), MarketingCloud(), Organisation()
    records = call(org.app, "GET", "/services/data/v68.0/limits", headers=STRANGER)
    connect = {"channel": "/meta/connect", "id": "2", "clientId": org.subscriber()}
    [streaming] = org.cometd(connect, token="nobody")
    messages = call(unit.app, "GET", f"{SMS}/messages/1", headers=STRANGER)
    rows = call(organisation.app, "GET", f"{API}/incidents", headers=STRANGER)

    assert (records.status, messages.status, rows.status) == (401, 401, 401)
    assert records.json == [
        {"message": "Session expired or invalid", "errorCode": "INVALID_SESSION_ID"}
    ]
    assert streaming["error"] == "401::Authentication invalid"
    assert {name: messages.json[name] for name in ("errorcode", "message")} == {
        "errorcode": 0,
        "message": "Not Authorized",
    }
    assert set(rows.json["error"]) == {"code", "message"}


def test_a_limit_is_403_of_salesforce_and_429_of_dataverse() -> None:
    """Only the one says when to come back: REST API Developer Guide; Service protection limits."""
    org, organisation = Org(calls_max=1), Organisation(ServiceLimits(requests_max=1))
    _, salesforce = (org.ask("GET", "limits") for _ in range(2))
    _, dataverse = (organisation.ask("GET", "incidents") for _ in range(2))

    assert (salesforce.status, dataverse.status) == (403, 429)
    assert salesforce.json[0]["errorCode"] == "REQUEST_LIMIT_EXCEEDED"
    assert "retry-after" not in salesforce.headers
    assert int(dataverse.headers["retry-after"]) > 0
