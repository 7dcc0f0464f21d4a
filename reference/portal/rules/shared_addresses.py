"""Pure: a number or mailbox that many unrelated people gave is no one's own."""

from collections.abc import Iterable

from reference.contract.events import VictimRecord


def shares_unrelated(records: Iterable[VictimRecord], people_max: int | None) -> bool:
    """Say whether so many unrelated people gave an address that it is no one's own.

    A family may share a number: people of one family name count once.
    """
    names = {record.family_name.strip().casefold() or record.person_id for record in records}
    return people_max is not None and len(names) > people_max
