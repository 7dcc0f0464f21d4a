"""What is asked of Marketing Cloud, and how it answers: the OpenAPI document is made from these.

Source of the fields: developer.salesforce.com, references of transactional messaging (SMS, email)
and of the Event Notification Service; of the answers' shapes: Accenture's sfmc-devtools recordings.
"""

from typing import Annotated, Any, Literal, TypeAlias

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType, field

KEY_CHARACTERS_MAX = 100
NAME_CHARACTERS_MAX = 100
WORDS_CHARACTERS_MAX = 10_000
RECIPIENTS_MAX = 2000
PAGE_MAX = 500
BATCH_MIN, BATCH_MAX = 100, 1000
SUBSCRIPTIONS_MAX = 200
CALLBACKS_MAX = 20

Channel: TypeAlias = Literal["sms", "email"]
EventType: TypeAlias = Literal[
    "TransactionalSendEvents.EmailSent",
    "TransactionalSendEvents.EmailNotSent",
    "TransactionalSendEvents.EmailBounced",
    "TransactionalSendEvents.SmsSent",
    "TransactionalSendEvents.SmsNotSent",
    "TransactionalSendEvents.SmsTransient",
    "TransactionalSendEvents.SmsDelivered",
    "TransactionalSendEvents.SmsBounced",
]
Key: TypeAlias = Annotated[str, Meta(min_length=1, max_length=KEY_CHARACTERS_MAX)]
Name: TypeAlias = Annotated[str, Meta(min_length=1, max_length=NAME_CHARACTERS_MAX)]
DefinitionKey: TypeAlias = Annotated[str, Meta(pattern=r"^[^/?#\s]{1,100}$")]
Words: TypeAlias = Annotated[str, Meta(max_length=WORDS_CHARACTERS_MAX)]
Keyword: TypeAlias = Annotated[str, Meta(pattern=r"^\w{1,20}$")]
Url: TypeAlias = Annotated[str, Meta(min_length=1, max_length=2000)]
Attributes: TypeAlias = dict[str, Any]


class _Asked(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="camel"):
    pass


class TokenRequest(Struct, frozen=True, kw_only=True):
    """POST /v2/token; `account_id` is a number or a text."""

    grant_type: str
    client_id: str
    client_secret: str
    account_id: int | str = ""
    scope: str | None = None


class Content(_Asked, frozen=True, kw_only=True):
    """The words of a text; `%%name%%` is filled."""

    message: Words


class SmsSubscriptions(_Asked, frozen=True, kw_only=True):
    """From which number a text goes, and to whom it may."""

    short_code: Key
    keyword: Keyword
    country_code: Annotated[str, Meta(max_length=3)] = ""
    auto_add_subscriber: bool = True
    update_subscriber: bool = True


class SmsDefinition(_Asked, frozen=True, kw_only=True):
    """A kind of text."""

    definition_key: DefinitionKey
    name: Name
    content: Content
    subscriptions: SmsSubscriptions
    description: Words = ""
    status: Key = "Active"
    options: Attributes | UnsetType = UNSET


class Asset(_Asked, frozen=True, kw_only=True):
    """Which email of Content Builder it is."""

    customer_key: Key


class EmailSubscriptions(_Asked, frozen=True, kw_only=True):
    """The list of those who may get an email, and where it is kept who did."""

    list_: Name = field(default="All Subscribers", name="list")
    data_extension: Name | UnsetType = UNSET
    auto_add_subscriber: bool = True
    update_subscriber: bool = True


class EmailDefinition(_Asked, frozen=True, kw_only=True):
    """A kind of email."""

    definition_key: DefinitionKey
    name: Name
    content: Asset
    classification: Name = "Default Transactional"
    subscriptions: EmailSubscriptions = EmailSubscriptions()
    description: Words = ""
    status: Key = "Active"
    options: Attributes = field(default_factory=lambda: {"trackLinks": True})
    journey: Attributes | UnsetType = UNSET


Definition: TypeAlias = SmsDefinition | EmailDefinition
DEFINITIONS: dict[Channel, type[Definition]] = {"sms": SmsDefinition, "email": EmailDefinition}


class Recipient(_Asked, frozen=True, kw_only=True):
    """Who is told; only one of several may name the key of the message."""

    contact_key: Key
    to: Annotated[str, Meta(min_length=1, max_length=320)]
    message_key: Key | UnsetType = UNSET
    attributes: Attributes = field(default_factory=dict)


class SendSubscriptions(_Asked, frozen=True, kw_only=True):
    """Whether to tell somebody who has stopped texts."""

    resubscribe: bool = False
    keyword: Keyword | UnsetType = UNSET


class _Send(_Asked, frozen=True, kw_only=True):
    definition_key: Annotated[str, Meta(min_length=1)]
    content: Content | UnsetType = UNSET
    subscriptions: SendSubscriptions = SendSubscriptions()
    attributes: Attributes = field(default_factory=dict)
    options: Attributes | UnsetType = UNSET


class SendOne(_Send, frozen=True, kw_only=True):
    """POST …/messages/{messageKey}; the recipient is read by itself, to say what is wrong."""

    recipient: msgspec.Raw


class SendMany(_Send, frozen=True, kw_only=True):
    """POST …/messages/."""

    recipients: list[msgspec.Raw]


class NewCallback(_Asked, frozen=True, kw_only=True):
    """Where notifications are to go."""

    callback_name: Name
    url: Url
    max_batch_size: Annotated[int, Meta(ge=BATCH_MIN, le=BATCH_MAX)] = BATCH_MAX


class ChangedCallback(_Asked, frozen=True, kw_only=True):
    """What is to be another about a callback."""

    callback_id: Key
    callback_name: Name | UnsetType = UNSET
    max_batch_size: Annotated[int, Meta(ge=BATCH_MIN, le=BATCH_MAX)] | UnsetType = UNSET


class CallbackNamed(_Asked, frozen=True, kw_only=True):
    """A callback by its id."""

    callback_id: Key


class Verification(_Asked, frozen=True, kw_only=True):
    """What the receiver got, sent back."""

    callback_id: Key
    verification_key: Key


_Filters: TypeAlias = Annotated[
    list[Annotated[str, Meta(pattern=r"^definitionKey=.{1,100}$")]], Meta(max_length=20)
]
_EventTypes: TypeAlias = Annotated[list[EventType], Meta(min_length=1, max_length=50)]


class NewSubscription(_Asked, frozen=True, kw_only=True):
    """Which events go to a callback."""

    subscription_name: Name
    callback_id: Key
    event_category_types: _EventTypes
    filters: _Filters = field(default_factory=list)


class ChangedSubscription(_Asked, frozen=True, kw_only=True):
    """What is to be another about a subscription."""

    subscription_id: Key
    event_category_types: _EventTypes
    subscription_name: Name | UnsetType = UNSET
    filters: _Filters | UnsetType = UNSET
    status: Literal["active", "paused"] | UnsetType = UNSET
    status_reason: Words = ""


class Callback(Struct, frozen=True, kw_only=True, rename="camel"):
    """A callback as it is kept; its keys are shown once."""

    callback_id: str
    callback_name: str
    url: str
    max_batch_size: int
    signature_key: str
    verification_key: str
    status: Literal["unverified", "verified"] = "unverified"

    def __repr__(self) -> str:
        return f"Callback({self.callback_id!r}, {self.url!r})"


class Subscription(Struct, frozen=True, kw_only=True, rename="camel"):
    """A subscription as it is kept."""

    subscription_id: str
    subscription_name: str
    callback_id: str
    event_category_types: list[str]
    filters: list[str]
    status: Literal["active", "paused"] = "active"
    status_reason: str = ""
