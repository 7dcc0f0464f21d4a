"""Which steps say that nothing came, or exactly one: a vendor's own record cannot show it.

Messages that come to our gateway can be counted. The record that a driver lists is the vendor's
word: it shows what was sent, and never that nothing else was. The same holds for stamps and tasks.
"""

import re
from collections.abc import Collection, Iterable
from typing import Literal, TypeAlias

#: The claim by which such a thing is seen in the vendor's own record only.
OwnRecord: TypeAlias = Literal["messages_since", "stamps_since"]

#: A step that one of these matches counts messages.
OF_MESSAGES = re.compile(
    r"gets no (?:more )?messages?\b|is told by .+ (?:exactly (?:once|twice)|once that)"
    r"|(?:nothing|nothing more) (?:is|was) sent to|has had no |, and nothing else"
    r"|was answered at most|never sees |no message to "
)
#: A step that one of these matches counts stamps or tasks.
OF_STAMPS = re.compile(
    r"in the crime system once|nothing of it is in the crime system|nobody is asked "
    r"|is asked (?:once|twice) |no supervisor is told|supervisor is told once"
)
_WHERE: dict[OwnRecord, str] = {
    "messages_since": "where else messages went",
    "stamps_since": "what else is in the crime system",
}


def rest_on(step: str) -> OwnRecord | None:
    """Give the record on which a step rests that counts, where the vendor keeps it."""
    if OF_MESSAGES.search(step):
        return "messages_since"
    return "stamps_since" if OF_STAMPS.search(step) else None


def doubt_about(steps: Iterable[str], claimed: Collection[str]) -> str:
    """Say why a scenario that passed is for a person to review ("" if it is not).

    Its first step counts that rests on a record which the vendor keeps.
    """
    for step in steps:
        record = rest_on(step)
        if record is not None and record in claimed:
            return (
                f"“{step}” rests on the vendor's own record alone ({record}), which cannot show "
                f"that there was nothing else; have a person look {_WHERE[record]}"
            )
    return ""
