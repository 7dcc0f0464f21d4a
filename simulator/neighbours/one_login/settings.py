"""Who may ask One Login, who signs in there, and what it does wrong.

Names of faults are those of GOV.UK One Login's own simulator
(github.com/govuk-one-login/simulator, `POST /config`).
"""

from typing import Annotated, Literal, TypeAlias

from msgspec import Meta, Struct

from simulator.files.checked_toml import Strict

Scope: TypeAlias = Literal["openid", "email", "phone"]
IdTokenFault: TypeAlias = Literal[
    "INVALID_ISS",
    "INVALID_AUD",
    "INVALID_ALG_HEADER",
    "INVALID_SIGNATURE",
    "TOKEN_EXPIRED",
    "TOKEN_NOT_VALID_YET",
    "NONCE_NOT_MATCHING",
    "INCORRECT_VOT",
]
AuthoriseFault: TypeAlias = Literal["ACCESS_DENIED", "TEMPORARILY_UNAVAILABLE"]
CoreIdentityFault: TypeAlias = Literal[
    "INVALID_ALG_HEADER",
    "INVALID_SIGNATURE",
    "INVALID_ISS",
    "INVALID_AUD",
    "INCORRECT_SUB",
    "TOKEN_EXPIRED",
]
_Words: TypeAlias = Annotated[str, Meta(max_length=320)]


class Client(Strict, frozen=True, kw_only=True):
    """A relying party, as it is registered. With a secret it may use `client_secret_post`."""

    client_id: Annotated[str, Meta(min_length=1, max_length=100)]
    #: PEM of the key that its assertions are signed with; a secret has no key.
    public_key: str = ""
    client_secret: str = ""
    redirect_urls: Annotated[list[str], Meta(min_length=1, max_length=20)]
    post_logout_redirect_urls: tuple[str, ...] = ()
    scopes: tuple[Scope, ...] = ("openid", "email", "phone")
    proves_identity: bool = False

    def __repr__(self) -> str:
        return f"Client(client_id={self.client_id!r})"


class Person(Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """Who signs in, and what One Login knows of them."""

    sub: _Words = "urn:fdc:gov.uk:2022:56P4CMsGh_02YOlWpd8PAOI-2sVlB2nsNU7mcLZYhYw="
    email: _Words = "alex@example.com"
    email_verified: bool = True
    phone_number: _Words = "07700900123"
    phone_number_verified: bool = True
    given_name: _Words = "Alex"
    family_name: _Words = "Hill"
    birth_date: Annotated[str, Meta(pattern=r"^\d{4}-\d\d-\d\d$")] = "1980-01-01"


class Faults(Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """What is wrong with the answers, from now on."""

    id_token_errors: Annotated[list[IdTokenFault], Meta(max_length=20)] = []
    authorise_errors: Annotated[list[AuthoriseFault], Meta(max_length=20)] = []
    core_identity_errors: Annotated[list[CoreIdentityFault], Meta(max_length=20)] = []


class Configuration(Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """What `POST /config` sets, and `GET /config` shows."""

    response_configuration: Person = Person()
    error_configuration: Faults = Faults()
