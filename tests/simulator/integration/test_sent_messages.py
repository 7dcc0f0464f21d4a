"""What becomes of a text is told by Marketing Cloud, and stands on the task of its Case."""

from typing import Any

import msgspec
import pytest

from simulator.integration.experience import experience_app
from simulator.integration.layers import LayerTokens
from simulator.integration.sent_messages import MESSAGES_PATH, SentMessages
from simulator.integration.source import SourceUnreachable
from simulator.neighbours.marketing_cloud.notifications import SIGNATURE_HEADER, _signed
from tests.simulator.asgi import call
from tests.simulator.integration.orgs import ORG_RULES, Joined
from tests.simulator.neighbours.marketing_cloud.double import URL, MarketingCloud, Receiver

MESSAGE, OTHERS = "o'neil \\ 1", "key of another's"
TYPES = [f"TransactionalSendEvents.Sms{each}" for each in ("Sent", "Transient", "Delivered")]
STATES = "SELECT Subject, (SELECT Key__c, Delivery__c FROM Tasks) FROM Case"


class _Stack(Joined):
    """The org, the integration before it, and a Marketing Cloud whose callback it is."""

    def __init__(self, *disturbances: str) -> None:
        super().__init__()
        self.receiver = _Integration(self)
        self.cloud = MarketingCloud(disturbances=disturbances, receiver=self.receiver)
        self.said: list[str] = []
        self.statuses: list[int] = []
        self._heard("")
        self.callback_id, self.key = self.cloud.callback(URL)
        self._heard(self.key)
        self.cloud.subscribe(self.callback_id, *TYPES)
        self.crime(self.victim())
        self.step(seconds=400)
        [case] = self.org.rows("SELECT Id FROM Case")
        for name in (MESSAGE, OTHERS):
            self.org.ask("POST", "sobjects/Task", {"WhatId": case["Id"], "Key__c": name})

    def _heard(self, key: str) -> None:
        told = SentMessages(ORG_RULES.messages, self.sforce, key, self.said.append)
        parts = (self.rules, self.system, self.store, self.flow, self.faults)
        layers = LayerTokens(tester="t")
        self.app = experience_app(*parts, token="p", layers=layers, messages=told)

    def tells(self, *told: Any) -> int:
        """Bring a batch that is signed."""
        body = msgspec.json.encode(told)
        return self.receiver.post("", body, _signed(self.key, body))

    def states(self) -> dict[str, str | None]:
        """What stands on the tasks of the Case, by their keys."""
        [case] = self.org.rows(STATES)
        return {each["Key__c"]: each["Delivery__c"] for each in case["Tasks"]["records"]}


class _Integration(Receiver):
    """The integration as the receiver of what Marketing Cloud posts."""

    def __init__(self, stack: _Stack) -> None:
        super().__init__()
        self._stack = stack

    def post(self, url: str, body: bytes, headers: dict[str, str]) -> int:
        """Bring one post to it."""
        self.posts.append((url, body, headers))
        answer = call(self._stack.app, "POST", MESSAGES_PATH, body, headers=headers)
        self._stack.statuses.append(answer.status)
        return answer.status


def _event(name: str, key: str = MESSAGE, info: str = "info") -> dict[str, Any]:
    return {"eventCategoryType": f"TransactionalSendEvents.{name}", info: {"messageKey": key}}


@pytest.mark.parametrize("disturbance", ["", "reversed", "twice", "forged"])
def test_a_text_that_arrived_stands_on_its_task(disturbance: str) -> None:
    """By its key, once, in whatever order it is told; a forged batch is refused."""
    stack = _Stack(*([disturbance] if disturbance else []))
    stack.cloud.send(MESSAGE)
    stack.cloud.deliver()
    for _ in range(3):
        stack.cloud.wait(minutes=11)
        stack.cloud.push()

    assert stack.states() == {MESSAGE: "SmsDelivered", OTHERS: None}
    assert stack.statuses.count(401) == (1 if disturbance == "forged" else 0)


def test_a_new_callback_is_told_and_how_it_is_verified() -> None:
    """The key of the handshake comes unsigned, before the signature key is known."""
    stack = _Stack()
    assert stack.statuses == [200]
    assert "ens-verify" in stack.said[0]
    assert stack.callback_id in stack.said[0]


def test_a_state_never_goes_back_and_an_end_stays() -> None:
    """Both spellings of info are read, as Salesforce's examples have both."""
    stack = _Stack()
    for name, info in (("SmsDelivered", "Info"), ("SmsSent", "info"), ("SmsBounced", "info")):
        assert stack.tells(_event(name, info=info)) == 200
    assert (
        stack.tells(_event("SmsRead"), _event("SmsSent", "k" * 101), _event("SmsSent", "")) == 200
    )

    assert stack.states() == {MESSAGE: "SmsDelivered", OTHERS: None}


def test_what_is_told_before_the_task_is_made_waits_for_it() -> None:
    """The sender's task has the same key, so it is the same record."""
    stack = _Stack()
    assert stack.tells(_event("SmsSent", "new")) == 200
    [case] = stack.org.rows("SELECT Id FROM Case")
    stack.org.ask("PATCH", "sobjects/Task/Key__c/new", {"WhatId": case["Id"]})

    assert stack.states()["new"] == "SmsSent"


def test_who_is_not_marketing_cloud_writes_nothing() -> None:
    """A wrong signature, none, a changed body: 401; what cannot be read: 400."""
    stack = _Stack()
    body = msgspec.json.encode([_event("SmsSent")])
    signed = _signed(stack.key, body)
    for sent, headers in (
        (body, {}),
        (body, {SIGNATURE_HEADER: "é"}),
        (body.replace(b"Sent", b"Read"), signed),
        (body, _signed("", body)),
    ):
        assert call(stack.app, "POST", MESSAGES_PATH, sent, headers=headers).status == 401
    assert call(stack.app, "POST", MESSAGES_PATH, b"{", headers={}).status == 400
    assert stack.states() == {MESSAGE: None, OTHERS: None}


def test_an_org_that_is_away_is_told_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """503: Marketing Cloud brings the batch again."""
    stack = _Stack()

    def away(*_asked: Any) -> None:
        raise SourceUnreachable("away")

    with monkeypatch.context() as patch:
        patch.setattr(stack.http, "strike", away)
        assert stack.tells(_event("SmsSent")) == 503
    assert stack.tells(_event("SmsSent")) == 200
    assert stack.states()[MESSAGE] == "SmsSent"
