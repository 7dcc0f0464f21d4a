"""What a portal can be asked for by its driver: a target claims these, a driver must give them."""

from typing import Literal, TypeAlias

Capability: TypeAlias = Literal[
    "test_clock",
    "correlates",
    "carries_correlation_id",
    "receipts",
    "received_texts",
    "two_way",
    "text",
    "email",
    "messages_since",
    "stamps_since",
    "signed_events",
    "restarts",
    "not_for_me",
]
