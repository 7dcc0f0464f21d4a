"""What a tester may say of the business unit at Marketing Cloud."""

from typing import Literal, TypeAlias

from simulator.files.checked_toml import Strict

Retries: TypeAlias = Literal["deferred", "dropped"]
#: What may happen to notifications on their way, by what Salesforce says of them: at least once,
#: in no order. A forged one has another signature, and comes before the true one.
Disturbance: TypeAlias = Literal["reversed", "twice", "forged"]


class EmailContent(Strict, frozen=True, kw_only=True):
    """An email in Content Builder; `%%name%%` is filled."""

    customer_key: str
    subject: str
    body: str


#: Holds a portal's own words unchanged, as the texts and emails of a portal at Notify.
ANY_EMAIL = EmailContent(customer_key="any-email", subject="%%subject%%", body="%%body%%")


class UnitSettings(Strict, frozen=True, kw_only=True):
    """How the business unit behaves, where Salesforce's pages differ or leave it open."""

    #: After three tries a batch is deferred and tried for seven days, or dropped, and the callback
    #: suspended: two copies of the documentation.
    retries: Retries = "deferred"
    #: The status when no recipient of a request is valid; no page says it.
    no_valid_recipient_status: Literal[202, 400] = 400
    disturbances: tuple[Disturbance, ...] = ()
    emails: tuple[EmailContent, ...] = ()


USUAL = UnitSettings()
