"""The crimes of the scenarios by the words of the features, and how they may be flagged."""

from typing import NamedTuple


class Offence(NamedTuple):
    """One crime as the crime system records it."""

    subgroup: str
    code: str
    offence: str


OFFENCES = {
    "bicycle theft": Offence("Bicycle theft", "44", "Theft of a pedal cycle"),
    "burglary at home": Offence("Residential burglary", "28I", "Burglary in a dwelling"),
    "robbery": Offence("Robbery of personal property", "34B", "Robbery of personal property"),
    "assault": Offence("Violence without injury", "105A", "Assault without injury"),
    "public order offence": Offence("Public order offences", "9A", "Causing public fear or alarm"),
    "sexual offence": Offence("Other sexual offences", "20A", "Sexual assault"),
}
#: Markers that an order names by another word than officers say.
_MARKERS = {"modern slavery": "trafficking"}


def read_offence(words: str) -> tuple[str, tuple[str, ...]]:
    """Read "assault (flagged domestic abuse and modern slavery)": the crime, and its markers."""
    crime, _, flagged = words.removesuffix(")").partition(" (flagged ")
    return crime, tuple(marker(each) for each in flagged.split(" and ") if each)


def marker(words: str) -> str:
    """Give a marker as an order names it: "honour-based abuse" is honour_based_abuse."""
    return _MARKERS.get(words, words.replace("-", " ").replace(" ", "_"))
