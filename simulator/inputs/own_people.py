"""What a target may say of the people of its runs: their names, ids and mail domains.

By default the seed draws all of that. A vendor whose test environment takes only some names, ids or
domains gives them here. No run uses a domain that a person could own: the recipient guard checks.
"""

import re

from simulator.files.checked_toml import Strict

#: So many names at least: those of one scenario must differ.
NAMES_MIN = 12
_ID_CHARACTERS = re.compile(r"[A-Za-z0-9._-]*\{number\}[A-Za-z0-9._-]*")
_REFERENCE_CHARACTERS = re.compile(r"[A-Za-z0-9._{}-]+")


class OwnPeople(Strict, frozen=True, kw_only=True):
    """The table `[people]` of a target; whatever is left out is drawn by the seed.

    In `person_id` the suite fills in {number}; in `crime_reference` {prefix}, the force's own
    prefix in the order, {year}, two digits, and {number}.
    """

    mail_domains: tuple[str, ...] = ()
    given_names: tuple[str, ...] = ()
    family_names: tuple[str, ...] = ()
    person_id: str = ""
    crime_reference: str = ""

    def __post_init__(self) -> None:
        for field in ("given_names", "family_names"):
            _check_names(field, getattr(self, field))
        if self.person_id and not _ID_CHARACTERS.fullmatch(self.person_id):
            raise ValueError(
                f"person_id is {self.person_id!r}; give letters, digits and {{number}} once, for "
                'example "NOM-{number}"'
            )
        reference = self.crime_reference
        has_once = all(reference.count(each) == 1 for each in ("{prefix}", "{number}"))
        rest = re.sub(r"\{(prefix|year|number)\}", "", reference)
        if reference and not (
            has_once and _REFERENCE_CHARACTERS.fullmatch(reference) and not re.search("[{}]", rest)
        ):
            raise ValueError(
                f"crime_reference is {reference!r}; give {{prefix}} and {{number}} once each, for "
                'example "{prefix}-{number}-{year}"'
            )


def _check_names(field: str, names: tuple[str, ...]) -> None:
    """Refuse too few names, and what a careful portal would not take for a name."""
    wrong = [each for each in names if not re.fullmatch(r"[^\W\d_](?:['’ -]?[^\W\d_])+", each)]
    if wrong:
        raise ValueError(f"{field} has {wrong[0]!r}, which is not a name; give letters")
    if names and len({*names}) < NAMES_MIN:
        raise ValueError(
            f"{field} has {len({*names})} different names; give {NAMES_MIN} or more, or none"
        )
