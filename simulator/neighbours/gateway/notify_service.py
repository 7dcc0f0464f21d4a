"""One service at Notify: its keys, senders and limits, as its settings page would hold them.

The faces of the double read it; a portal's own world has a service with one live key and no limit
in the way. Source: GOV.UK Notify's published API code, github.com/alphagov/notifications-api
(app/authentication, app/notifications/validators.py, app/config.py), and its documentation.
"""

from typing import Literal, TypeAlias

from msgspec import Struct, field

from reference.contract.events import Channel

#: Notify's own code calls a live key "normal" and prints LIVE.
KeyKind: TypeAlias = Literal["live", "team", "test"]

#: What Notify documents: requests in 60 seconds for each kind of key, and messages in a day.
REQUESTS_A_MINUTE_MAX = 3000
TEXTS_A_DAY_MAX = 250_000
EMAILS_A_DAY_MAX = 250_000
LETTERS_A_DAY_MAX = 20_000
TRIAL_MESSAGES_A_DAY_MAX = 50

#: What Notify calls each kind of message.
TYPE_NAMES = {"text": "sms", "email": "email", "letter": "letter"}

_UUID_CHARACTERS = 36


class ApiKey(Struct, frozen=True, kw_only=True):
    """One key of a service; a `test` key delivers to nobody, a `team` key to the guest list."""

    secret: str
    kind: KeyKind = "live"
    is_revoked: bool = False


class Limits(Struct, frozen=True, kw_only=True):
    """How much a service may send; 0 is no limit."""

    requests_a_minute_max: int = 0
    texts_a_day_max: int = 0
    emails_a_day_max: int = 0
    letters_a_day_max: int = 0


#: What a live service has.
DOCUMENTED_LIMITS = Limits(
    requests_a_minute_max=REQUESTS_A_MINUTE_MAX,
    texts_a_day_max=TEXTS_A_DAY_MAX,
    emails_a_day_max=EMAILS_A_DAY_MAX,
    letters_a_day_max=LETTERS_A_DAY_MAX,
)


class NotifyService(Struct, frozen=True, kw_only=True):
    """One service. Ids are UUIDs in lower case.

    `senders` are the ids of text senders and reply-to addresses; None takes any. `guest_list` has
    recipients as the service's team wrote them, for team keys and a service in trial mode.
    """

    id: str
    keys: tuple[ApiKey, ...]
    senders: frozenset[str] | None = None
    guest_list: frozenset[str] = frozenset()
    is_in_trial: bool = False
    is_archived: bool = False
    sends_texts: bool = True
    sends_emails: bool = True
    sends_letters: bool = False
    limits: Limits = field(default_factory=Limits)

    @classmethod
    def of_key(cls, api_key: str) -> "NotifyService":
        """Make the service of one live key, written `{name}-{service id}-{secret}`."""
        found_id, secret = parts_of_key(api_key)
        return cls(id=found_id, keys=(ApiKey(secret=secret),))


def parts_of_key(api_key: str) -> tuple[str, str]:
    """Return the service's id and the secret of a key, as Notify's clients read them."""
    secret = api_key[-_UUID_CHARACTERS:]
    return api_key[-2 * _UUID_CHARACTERS - 1 : -_UUID_CHARACTERS - 1].lower(), secret


def a_day_max(limits: Limits, channel: Channel | Literal["letter"]) -> int:
    """How many messages of a channel a service may send in a day; 0 is no limit."""
    match channel:
        case "text":
            return limits.texts_a_day_max
        case "email":
            return limits.emails_a_day_max
        case "letter":
            return limits.letters_a_day_max
