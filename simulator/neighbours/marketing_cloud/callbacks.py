"""The interface of the Event Notification Service: callbacks, their verification, subscriptions.

Creating a callback brings it its verification key at once, unsigned; anything but 200 within 30
seconds, and it is not created. Source: developer.salesforce.com, createCallback, verifyCallback,
createSubscription, updateSubscription.
"""

from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlsplit

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from simulator.neighbours.marketing_cloud.errors import PlatformError, as_json
from simulator.neighbours.marketing_cloud.notifications import Notifications, Post
from simulator.neighbours.marketing_cloud.types import (
    CALLBACKS_MAX,
    SUBSCRIPTIONS_MAX,
    Callback,
    CallbackNamed,
    ChangedCallback,
    ChangedSubscription,
    NewCallback,
    NewSubscription,
    Subscription,
    Verification,
)
from simulator.processes.loopback import is_loopback
from simulator.processes.request_body import read_body

_BODY_BYTES_MAX = 1_000_000
_CALLBACK, _SUBSCRIPTION = "event_notification_callback", "event_notification_subscription"
_UNKNOWN_CALLBACK = "Callback ID doesn’t exist for this MID."
_UNKNOWN_SUBSCRIPTION = "Subscription ID doesn’t exist for this MID."
_Asked = TypeVar("_Asked")


class CallbackFace:
    """The endpoints; `check` raises unless a header has a scope."""

    def __init__(
        self,
        notifications: Notifications,
        post: Post,
        check: Callable[[str, str], None],
        *,
        may_call_anywhere: bool,
    ) -> None:
        self._notifications = notifications
        self._post = post
        self._check = check
        self._may_call_anywhere = may_call_anywhere

    @property
    def routes(self) -> list[Route]:
        """Where each endpoint is."""
        base = "/platform/v1"
        return [
            Route(f"{base}/ens-callbacks", self._callbacks, methods=["GET", "POST", "PUT"]),
            Route(f"{base}/ens-callbacks/{{id}}", self._callback, methods=["GET", "DELETE"]),
            Route(f"{base}/ens-verify", self._verify, methods=["POST"]),
            Route(f"{base}/ens-regenerate", self._regenerate, methods=["PUT"]),
            Route(f"{base}/ens-subscriptions", self._subscriptions, methods=["POST", "PUT"]),
            Route(
                f"{base}/ens-subscriptions/{{id}}", self._subscription, methods=["GET", "DELETE"]
            ),
            Route(f"{base}/ens-subscriptions-by-cb/{{id}}", self._of_callback, methods=["GET"]),
        ]

    async def _callbacks(self, request: Request) -> Response:
        known = self._notifications.callbacks
        if request.method == "GET":
            self._authorised(request, f"{_CALLBACK}_read")
            return as_json(200, [_shown(each) for each in known.values()])
        if request.method == "PUT":
            self._authorised(request, f"{_CALLBACK}_update")
            changes = await _read(request, list[ChangedCallback])
            changed = [self._notifications.change_callback(each) for each in changes]
            return as_json(200, [_shown(_found(each, _UNKNOWN_CALLBACK)) for each in changed])
        self._authorised(request, f"{_CALLBACK}_create")
        asked = await _read(request, list[NewCallback])
        if any(each.url == old.url for each in asked for old in known.values()):
            return Response(status_code=304)
        if len(known) + len(asked) > CALLBACKS_MAX:
            raise PlatformError(400, f"There may be {CALLBACKS_MAX} callbacks.")
        for each in asked:
            self._check_url(each.url)
        made = [await self._created(each) for each in asked]
        return as_json(201, [{**_shown(each), "signatureKey": each.signature_key} for each in made])

    async def _created(self, new: NewCallback) -> Callback:
        """Keep a callback, and bring it its key; raises PlatformError if it does not answer 200."""
        made = self._notifications.add_callback(new)
        told = {"callbackId": made.callback_id, "verificationKey": made.verification_key}
        headers = {"content-type": "application/json"}
        status = await run_in_threadpool(self._post, made.url, msgspec.json.encode(told), headers)
        if status != 200:
            self._notifications.remove_callback(made.callback_id)
            raise PlatformError(
                400,
                "MCMS_UWH_Runtime_GeneralFailure_probeCallbackLiveness: CallbackId is "
                f"{made.callback_id}. Could not verify callback url `'{made.url}'`. Please test "
                "that the url is reachable with a https POST call and returns a 200 http status "
                "code. To retry please delete the callback and create it again. Status: "
                f"{status or 'no answer'}.",
            )
        return made

    async def _callback(self, request: Request) -> Response:
        name = request.path_params["id"]
        if request.method == "GET":
            self._authorised(request, f"{_CALLBACK}_read")
            found = self._notifications.callbacks.get(name)
            return as_json(200, _shown(_found(found, _UNKNOWN_CALLBACK)))
        self._authorised(request, f"{_CALLBACK}_delete")
        if not self._notifications.remove_callback(name):
            raise PlatformError(404, _UNKNOWN_CALLBACK)
        return as_json(200, {"callbackId": name})

    async def _verify(self, request: Request) -> Response:
        self._authorised(request, f"{_CALLBACK}_update")
        given = await _read(request, Verification)
        _found(self._notifications.callbacks.get(given.callback_id), _UNKNOWN_CALLBACK)
        if not self._notifications.verify(given.callback_id, given.verification_key):
            raise PlatformError(400, "The verification key is not that of this callback.")
        return as_json(200, {"callbackId": given.callback_id, "status": "verified"})

    async def _regenerate(self, request: Request) -> Response:
        self._authorised(request, f"{_CALLBACK}_update")
        given = await _read(request, CallbackNamed)
        made = _found(self._notifications.renew_key(given.callback_id), _UNKNOWN_CALLBACK)
        return as_json(200, {**_shown(made), "signatureKey": made.signature_key})

    async def _subscriptions(self, request: Request) -> Response:
        if request.method == "PUT":
            self._authorised(request, f"{_SUBSCRIPTION}_update")
            changes = await _read(request, list[ChangedSubscription])
            changed = [self._notifications.change_subscription(each) for each in changes]
            found = [_found(each, _UNKNOWN_SUBSCRIPTION) for each in changed]
            return as_json(200, [self._whole(each) for each in found])
        self._authorised(request, f"{_SUBSCRIPTION}_create")
        asked = await _read(request, list[NewSubscription])
        for each in asked:
            self._check_subscription(each)
        made = [self._notifications.add_subscription(each) for each in asked]
        return as_json(201, [self._whole(each) for each in made])

    async def _subscription(self, request: Request) -> Response:
        name = request.path_params["id"]
        if request.method == "GET":
            self._authorised(request, f"{_SUBSCRIPTION}_read")
            found = self._notifications.subscriptions.get(name)
            return as_json(200, self._whole(_found(found, _UNKNOWN_SUBSCRIPTION)))
        self._authorised(request, f"{_SUBSCRIPTION}_delete")
        if not self._notifications.remove_subscription(name):
            raise PlatformError(404, _UNKNOWN_SUBSCRIPTION)
        return as_json(200, {"subscriptionId": name})

    async def _of_callback(self, request: Request) -> Response:
        self._authorised(request, f"{_SUBSCRIPTION}_read")
        name = request.path_params["id"]
        _found(self._notifications.callbacks.get(name), _UNKNOWN_CALLBACK)
        found = self._notifications.of_callback(name)
        return as_json(200, [self._whole(each) for each in found])

    def _check_subscription(self, new: NewSubscription) -> None:
        callback = _found(self._notifications.callbacks.get(new.callback_id), _UNKNOWN_CALLBACK)
        others = self._notifications.of_callback(new.callback_id)
        if callback.status != "verified":
            raise PlatformError(400, "The callback is not verified.")
        if len(others) >= SUBSCRIPTIONS_MAX:
            raise PlatformError(400, f"A callback may have {SUBSCRIPTIONS_MAX} subscriptions.")
        if any(each.subscription_name == new.subscription_name for each in others):
            raise PlatformError(400, "The subscriptionName is in use.")

    def _whole(self, subscription: Subscription) -> dict[str, Any]:
        """Show a subscription with its callback, as Salesforce does."""
        shown = msgspec.to_builtins(subscription)
        callback = self._notifications.callbacks.get(subscription.callback_id)
        if callback is None:
            return dict(shown)
        names = ("callbackName", "url", "maxBatchSize")
        of_callback = _shown(callback)
        return {**{name: of_callback[name] for name in names}, **shown}

    def _check_url(self, url: str) -> None:
        """Check where a callback is; a port and plain http stand for a machine of one's own."""
        try:
            parts = urlsplit(url)
            host = parts.hostname if parts.scheme in {"http", "https"} else ""
        except ValueError:
            host = ""
        if not host or parts.query or not url.isprintable() or " " in url:
            raise PlatformError(400, "The url is https://host[/path], without a query string.")
        if not self._may_call_anywhere and not is_loopback(host):
            raise PlatformError(400, "Only this machine is called without --open-to-network.")

    def _authorised(self, request: Request, scope: str) -> None:
        self._check(request.headers.get("authorization", ""), scope)


async def _read(request: Request, kind: type[_Asked]) -> _Asked:
    """Read a body; raises PlatformError."""
    body = await read_body(request, bytes_max=_BODY_BYTES_MAX)
    try:
        found = msgspec.json.decode(body, type=kind)
    except (msgspec.DecodeError, RecursionError) as error:
        raise PlatformError(400, f"Unable to process the request. {error}"[:300]) from None
    if isinstance(found, list) and not 0 < len(found) <= CALLBACKS_MAX:
        raise PlatformError(400, f"Give a list of 1 to {CALLBACKS_MAX}.")
    return found


def _found(value: Any, otherwise: str) -> Any:
    if value is None:
        raise PlatformError(404, otherwise)
    return value


def _shown(callback: Callback) -> dict[str, Any]:
    """Show a callback without its keys."""
    plain = msgspec.to_builtins(callback)
    return {name: plain[name] for name in plain if name not in {"signatureKey", "verificationKey"}}
