"""Writes what docs/around_a_portal.md says of stamps and tasks from the contract itself.

`python -m tests.around_a_portal_page` after a change to them; a test holds the page to it.
"""

from pathlib import Path

import msgspec

from reference.contract.messages import Stamp, Task
from tests.driver_messages import block, plain

PAGE = Path(__file__).parents[1] / "docs" / "around_a_portal.md"
_MARK = "<!-- From here on written by python -m tests.around_a_portal_page -->\n"


def rewritten(page: str) -> str:
    """Give the page with the schemas as they are."""
    by_hand, mark, _written = page.partition(_MARK)
    assert mark, "the page has lost its mark"
    _schemas, parts = msgspec.json.schema_components([Stamp, Task])
    written = [f"## {name}\n\n{block(plain(parts[name]))}" for name in ("Stamp", "Task")]
    return by_hand + mark + "\n" + "\n".join(written)


if __name__ == "__main__":
    PAGE.write_text(rewritten(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
