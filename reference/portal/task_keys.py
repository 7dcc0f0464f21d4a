"""Names of tasks: the crime system raises each once by its name, however often it is asked."""

import hashlib

from reference.portal.store import Victim


def breach_key(reference: str, person_id: str, address: str) -> str:
    """Name a breach by the case and the address it was at."""
    named = f"{reference}:{person_id}:{address}"
    return f"breach:{hashlib.sha256(named.encode()).hexdigest()[:32]}"


def contact_key(victim: Victim, problem: str, cause: str) -> str:
    """Name a problem and what brought it up, so that one cause raises one task."""
    named = f"{victim.crime_reference}:{victim.person_id}:{problem}:{cause}"
    return f"contact:{hashlib.sha256(named.encode()).hexdigest()[:32]}"
