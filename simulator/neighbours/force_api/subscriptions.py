"""Subscriptions: each change is pushed as a signed CloudEvent, in order, until the receiver has it.

Standard Webhooks headers sign each delivery. A receiver that fails is tried again with growing
pauses; after the last try, or the answer 410, its subscription is suspended, and goes on from the
same change when it is resumed. Nothing is skipped: a receiver may also read the change feed.
"""

import base64
import secrets
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from uuid import uuid4

import msgspec
from msgspec import Struct, structs

from reference.contract.signing import sign
from simulator.neighbours.dataverse.rows import Rows
from simulator.neighbours.force_api.feed import Feed

SUBSCRIPTIONS_MAX = 20
TIMEOUT_SECONDS = 5.0
TRIES_MAX = 12
_FIRST_PAUSE_SECONDS = 1.0
_LONGEST_PAUSE_SECONDS = 300.0
_GONE = 410


class Subscription(Struct, frozen=True, kw_only=True):
    """Where changes go. `types` is empty for all; `after` is the version of the last one taken."""

    id: str
    url: str
    types: tuple[str, ...]
    secret: str
    after: int
    tries: int = 0
    is_suspended: bool = False
    last_answer: str = ""

    def __repr__(self) -> str:
        return f"Subscription(id={self.id!r}, url={self.url!r})"


class Push(Struct, frozen=True, kw_only=True):
    """One delivery that is due: a batch of one CloudEvent."""

    subscription_id: str
    version: int
    url: str
    headers: dict[str, str]
    body: bytes


class Subscriptions:
    """All subscriptions. `on_change` is told of each that is another, and of None for one gone."""

    def __init__(self, feed: Feed, rows: Rows, now: Callable[[], datetime]) -> None:
        self.on_change: Callable[[str, Subscription | None], None] = lambda _id, _new: None
        self._feed = feed
        self._rows = rows
        self._now = now
        self._kept: dict[str, Subscription] = {}
        self._due_at: dict[str, datetime] = {}

    def all(self) -> list[Subscription]:
        """List every subscription, the oldest first."""
        return list(self._kept.values())

    def get(self, subscription_id: str) -> Subscription | None:
        """Find one."""
        return self._kept.get(subscription_id)

    def add(self, url: str, types: Iterable[str]) -> Subscription:
        """Subscribe to what changes from now on, with a secret that is shown once."""
        made = Subscription(
            id=str(uuid4()),
            url=url,
            types=tuple(types),
            secret="whsec_" + base64.b64encode(secrets.token_bytes(32)).decode(),
            after=self._rows.version,
        )
        self._keep(made)
        return made

    def remove(self, subscription_id: str) -> None:
        """End one."""
        del self._kept[subscription_id]
        self._due_at.pop(subscription_id, None)
        self.on_change(subscription_id, None)

    def resume(self, subscription_id: str) -> Subscription:
        """Let a suspended one go on from where it stopped."""
        found = structs.replace(self._kept[subscription_id], is_suspended=False, tries=0)
        self._due_at.pop(subscription_id, None)
        self._keep(found)
        return found

    def restore(self, subscription_id: str, subscription: Subscription | None) -> None:
        """Take one of an earlier run again."""
        if subscription is None:
            self._kept.pop(subscription_id, None)
        else:
            self._kept[subscription_id] = subscription

    def due(self) -> list[Push]:
        """List the next delivery of each subscription, if it is time for it."""
        now = self._now()
        found = []
        for each in self.all():
            if each.is_suspended or self._due_at.get(each.id, now) > now:
                continue
            change = self._feed.next_change(each.after, each.types)
            if change is None:
                continue
            body = b"[" + msgspec.json.encode(self._feed.event(change)) + b"]"
            delivery_id = f"{each.id}-{change.version}"
            found.append(
                Push(
                    subscription_id=each.id,
                    version=change.version,
                    url=each.url,
                    headers=sign(each.secret, delivery_id=delivery_id, at=now, body=body),
                    body=body,
                )
            )
        return found

    def answered(self, push: Push, status: int | None) -> None:
        """Note what a receiver answered, None for nothing; it has the change if that is 2xx."""
        found = self._kept.get(push.subscription_id)
        if found is None:
            return
        said = "no answer" if status is None else str(status)
        if status is not None and 200 <= status < 300:
            self._due_at.pop(found.id, None)
            self._keep(structs.replace(found, after=push.version, tries=0, last_answer=said))
            return
        tries = found.tries + 1
        is_over = status == _GONE or tries >= TRIES_MAX
        self._due_at[found.id] = self._now() + timedelta(seconds=_pause_seconds(found.tries))
        self._keep(structs.replace(found, tries=tries, is_suspended=is_over, last_answer=said))

    def _keep(self, subscription: Subscription) -> None:
        self._kept[subscription.id] = subscription
        self.on_change(subscription.id, subscription)


def _pause_seconds(tries: int) -> float:
    return min(_FIRST_PAUSE_SECONDS * 2.0**tries, _LONGEST_PAUSE_SECONDS)
