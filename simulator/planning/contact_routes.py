"""Where messages to each victim go by what the force wrote down: to them, to others, to nobody.

Written details are read as the judge reads them. Only details with a fault need to be read.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulator.judge.facts.contact_fields import as_email, as_mobile
from simulator.population.drama_numbers import NONE
from simulator.population.people import WANTED, People
from simulator.population.recorded import NO_FAULT, Recorded

#: Nothing is written there; what is there cannot be used; it is the victim's; it is another's; an
#: address that nobody has, from which messages come back.
EMPTY, UNUSABLE, OWN, OTHERS, NOBODYS = range(5)
TEXT, EMAIL = 0, 1


class Routes(NamedTuple):
    """Of each row: the two written details, which are wanted, and what it takes to mend them.

    `own` has the states of the true details, by channel. `differs` says that the record would
    change if an officer wrote down the true details.
    """

    written: list[tuple[int, int]]
    own: list[tuple[int, int]]
    wanted: list[tuple[bool, bool]]
    differs: list[bool]


def contact_routes(recorded: Recorded, people: People, rows: NDArray[np.intp]) -> Routes:
    """Read the details of these rows."""
    has_mobile = (people.mobile != NONE)[rows]
    has_email = people.has_email[rows]
    has_fault = np.zeros(len(rows), dtype=np.bool_)
    for group in ("moved", "mobile", "email"):
        has_fault |= recorded.kinds[group][rows] != NO_FAULT
    own = list(
        zip(
            np.where(has_mobile, OWN, EMPTY).tolist(),
            np.where(has_email, OWN, EMPTY).tolist(),
            strict=True,
        )
    )
    is_spelt_otherwise = has_mobile & (recorded.spelling[rows] != 0)
    differs = ((people.landline[rows] != NONE) | is_spelt_otherwise).tolist()
    written = list(own)
    for place in np.flatnonzero(has_fault).tolist():
        written[place], is_right = _read(recorded, people, int(rows[place]))
        differs[place] = differs[place] or not is_right
    channels = [("text" in each, "email" in each) for each in WANTED]
    wanted = [channels[each] for each in people.wanted[rows].tolist()]
    return Routes(written, own, wanted, differs)


def _read(recorded: Recorded, people: People, row: int) -> tuple[tuple[int, int], bool]:
    """Read one record; return both states, and whether each field is as it truly is."""
    person = people.person(row)
    written = recorded.written_of(row, person)
    fields = (written.mobile_phone, written.other_phone, written.email)
    mobile, email = as_mobile(written.mobile_phone), as_email(written.email)
    if mobile:
        text = OWN if mobile == person.mobile_phone else OTHERS
    else:
        is_empty = not written.mobile_phone.strip() and not any(map(as_mobile, fields))
        text = EMPTY if is_empty else UNUSABLE
    if email:
        is_anothers = recorded.reaches_email_of(row) != NONE
        mailbox = OWN if email == person.email else OTHERS if is_anothers else NOBODYS
    else:
        is_empty = not written.email.strip() and not any(map(as_email, fields))
        mailbox = EMPTY if is_empty else UNUSABLE
    is_right = fields == (person.mobile_phone, person.landline, person.email)
    return (text, mailbox), is_right
