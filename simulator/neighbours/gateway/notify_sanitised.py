"""What Notify does with personal values that a sender asks it to make harmless in an email.

Addresses of pages are taken out, and characters that Markdown would format are escaped, so that a
value that someone typed cannot become a link. Source: GOV.UK Notify's REST documentation,
sanitise_content_for.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

_LINK = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_FORMATTING = re.compile(r"([`*_(){}\[\]<>#+\-.!|\\])")


def sanitised(personalisation: Mapping[str, Any], names: Iterable[str]) -> dict[str, str]:
    """Return the harmless text of each named value that is text."""
    return {
        name: _FORMATTING.sub(r"\\\1", _LINK.sub("", value))
        for name in names
        if isinstance(value := personalisation.get(name), str)
    }
