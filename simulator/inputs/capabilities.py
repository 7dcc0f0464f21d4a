"""What a portal may be able to do: the target claims it, and the driver must offer it."""

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
    "workers",
    "takes_order",
    "not_for_me",
    "withdraw_support",
    "ask_officer_about",
    "reach_officer",
    "advice_text",
    "crimes_unmerged",
    "incidents",
    "persons_merged",
]
