"""Edges of what the force wrote about a person: roles, particulars, blanks and written forms."""

from collections.abc import Callable
from typing import get_args

from reference.contract.events import Channel, Role, VictimRecord
from simulator.explore import steps as told
from simulator.explore.edge_kind import EdgeKind, StoryRead, Values
from simulator.explore.spellings import (
    MAILBOX_FORMS,
    NAME_FORMS,
    PHONE_FORMS,
    form_of_mailbox,
    form_of_name,
    form_of_phone,
)
from simulator.inputs.order import Order

_PARTICULARS: tuple[tuple[str, Callable[[VictimRecord], bool]], ...] = (
    ("enhanced rights", lambda record: record.enhanced_rights),
    ("not safe to contact", lambda record: record.safe_to_contact is False),
    ("safe to contact is blank", lambda record: record.safe_to_contact is None),
    ("an approved channel", lambda record: record.safe_channel is not None),
    ("an approval that runs out", lambda record: record.safe_until is not None),
    ("has died", lambda record: record.has_died),
    ("suspect in a linked crime", lambda record: record.is_suspect_in_linked_crime),
    ("works for the police", lambda record: record.is_police_employee),
    ("record is restricted", lambda record: record.is_restricted is True),
    ("record of the police, not restricted", lambda record: record.is_restricted is False),
    ("organisation", lambda record: record.kind == "organisation"),
    ("another is told", lambda record: record.told_instead is not None),
    ("nobody is told", lambda record: record.who_is_told == "nobody"),
)
_BLANKED = (
    "given_name", "family_name", "born", "mobile_phone", "other_phone", "email",
    "update_frequency_days",
)  # fmt: skip


def _roles(_order: Order, _phase: int) -> Values:
    return (*get_args(Role), *(name for name, _is in _PARTICULARS))


def _met_roles(seen: StoryRead) -> Values:
    yield from (role for each in seen.of(told.RecordCrime) for role in each.roles)
    for record in seen.records:
        yield from (name for name, holds in _PARTICULARS if holds(record))


def _channels(_order: Order, _phase: int) -> Values:
    channels = get_args(Channel)
    return (*channels, " and ".join(channels), " and ".join(reversed(channels)))


def _met_channels(seen: StoryRead) -> Values:
    return (" and ".join(each.preferred_channels) for each in seen.records)


def _fields(_order: Order, _phase: int) -> Values:
    return (f"{name} {how}" for name in _BLANKED for how in ("given", "blank"))


def _met_fields(seen: StoryRead) -> Values:
    for record in seen.records:
        for name in _BLANKED:
            yield f"{name} {'given' if getattr(record, name) else 'blank'}"


def _met_phones(seen: StoryRead) -> Values:
    return (form_of_phone(each.mobile_phone) for each in seen.records)


def _met_mailboxes(seen: StoryRead) -> Values:
    return (form_of_mailbox(each.email) for each in seen.records)


def _met_names(seen: StoryRead) -> Values:
    return (
        form_of_name(name) for each in seen.records for name in (each.given_name, each.family_name)
    )


#: The kinds of this file, for the table of all.
RECORD_EDGES: tuple[EdgeKind, ...] = (
    EdgeKind("role", _roles, _met_roles),
    EdgeKind("channels asked for", _channels, _met_channels),
    EdgeKind("field of a record", _fields, _met_fields),
    EdgeKind("form of a number", lambda _o, _p: PHONE_FORMS, _met_phones),
    EdgeKind("form of a mailbox", lambda _o, _p: MAILBOX_FORMS, _met_mailboxes),
    EdgeKind("form of a name", lambda _o, _p: NAME_FORMS, _met_names),
)
