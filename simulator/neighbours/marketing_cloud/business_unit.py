"""One business unit at Marketing Cloud: what it may send, what it sent, and who is told of it."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, Literal, TypeAlias

import msgspec
from msgspec import Struct

from reference.contract.messages import DeliveryStatus
from simulator.neighbours.gateway.inbox import Accepted, Inbox
from simulator.neighbours.marketing_cloud.definitions import Definitions
from simulator.neighbours.marketing_cloud.delivery_states import events_of
from simulator.neighbours.marketing_cloud.notifications import Notifications, Post
from simulator.neighbours.marketing_cloud.sending import Sender, sent_of
from simulator.neighbours.marketing_cloud.unit_settings import USUAL, UnitSettings

Kind: TypeAlias = Literal["definition", "notification"]


class Kept(Struct, frozen=True, kw_only=True):
    """A definition, callback or subscription of an earlier run; None if it is gone."""

    kind: Kind
    name: str
    value: dict[str, Any] | None


class BusinessUnit:
    """What stands behind the interface. It takes what was kept; `on_change` keeps what changes.

    With `push`, what becomes of a message is sent as soon as it is known.
    """

    def __init__(
        self,
        inbox: Inbox,
        settings: UnitSettings = USUAL,
        *,
        kept: Iterable[Kept] = (),
        on_change: Callable[[Kept], None] = lambda _kept: None,
        push: Post | None = None,
    ) -> None:
        self.inbox = inbox
        self._push = push
        self.definitions = Definitions(inbox.now, settings)
        self.notifications = Notifications(inbox.now, settings)
        for each in kept:
            owner = self.definitions if each.kind == "definition" else self.notifications
            owner.restore(each.name, each.value)
        self.sender = Sender(
            inbox, self.definitions, none_valid_status=settings.no_valid_recipient_status
        )

        def kept_as(kind: Kind) -> Callable[[str, Any], None]:
            def keep(name: str, value: Any) -> None:
                plain = None if value is None else msgspec.to_builtins(value)
                on_change(Kept(kind=kind, name=name, value=plain))

            return keep

        self.definitions.on_change = kept_as("definition")
        self.notifications.on_change = kept_as("notification")
        inbox.tell_subscribers = self._tell

    def _tell(self, message: Accepted, status: DeliveryStatus, at: datetime) -> bool:
        """Tell those who subscribed what became of a message; say whether anybody did."""
        held = self.definitions.find(sent_of(message).channel, message.template_id)
        definition_id = "" if held is None else held.definition_id
        is_told = self.notifications.note(events_of(message, definition_id, status, at))
        if self._push is not None:
            self.notifications.send_due(self._push)
        return is_told
