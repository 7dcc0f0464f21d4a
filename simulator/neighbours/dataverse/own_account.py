"""What the service says of itself: who asks, which version it is, and which tables it has.

Clients ask it first, to see whether their connection works. Source: Microsoft's documentation of
the functions WhoAmI and RetrieveVersion, and of the service document.
"""

from typing import Any
from uuid import NAMESPACE_URL, uuid5

from simulator.neighbours.dataverse.metadata import NAMESPACE
from simulator.neighbours.dataverse.tables import SETS

VERSION = "9.2.24014.00206"


def own_account(path: str, root: str) -> dict[str, Any] | None:
    """Answer a request for what the service is; None if it is for something else."""
    match path.removesuffix("()"):
        case "":
            sets = [{"name": each, "kind": "EntitySet", "url": each} for each in SETS]
            return {"@odata.context": f"{root}/$metadata", "value": sets}
        case "WhoAmI":
            ids = ("BusinessUnitId", "UserId", "OrganizationId")
            return {
                "@odata.context": f"{root}/$metadata#{NAMESPACE}.WhoAmIResponse",
                **{each: str(uuid5(NAMESPACE_URL, f"{root}/{each}")) for each in ids},
            }
        case "RetrieveVersion":
            return {
                "@odata.context": f"{root}/$metadata#{NAMESPACE}.RetrieveVersionResponse",
                "Version": VERSION,
            }
    return None
