"""Names that a story's force gives to its teams, areas and places, and names of organisations.

Each is composed from short lists by the story's seed, so that no portal can know them. None is
real: the words of streets and places are no family names, so a leaked name is not a place.
"""

from dataclasses import dataclass
from random import Random

_WORDS = (
    "Kiln", "Orchard", "Millrace", "Tannery", "Foundry", "Granary", "Wharf", "Quarry", "Brewery",
    "Ropewalk", "Windmill", "Aqueduct", "Brickyard", "Cloister", "Sawmill", "Lapwing", "Otter",
    "Curlew", "Kestrel", "Plover", "Siskin", "Redstart",
)  # fmt: skip
_STREETS = ("Road", "Walk", "Rise", "Terrace", "Avenue", "Mews")
_PLACES = (
    "{street} library", "Front desk, {street}", "{number} {street}", "{street} community centre",
    "Police point, {street}",
)  # fmt: skip
_CRIME_TEAMS = (
    "Volume Crime", "Local Crime", "Priority Crime", "Neighbourhood Crime", "Crime Review",
)  # fmt: skip
_HUBS = ("Investigation Hub", "Investigation Support", "Resolution Centre", "Case Progress Unit")
_QUARTERS = ("North", "South", "East", "West", "Central")
_STEMS = (
    "Alder", "Brack", "Cold", "Fen", "Hather", "Marl", "Oxen", "Tam", "Wither", "Quen", "Thrup",
    "Ebber",
)  # fmt: skip
_ENDINGS = ("bourne", "combe", "ford", "ley", "mere", "stow", "wick", "hithe")
_TRADES = ("{street} Bakery", "{word} Cycles Ltd", "St {saint}'s Scout Group", "{word} & Sons")
_SAINTS = ("Swithun", "Frideswide", "Aldhelm", "Birinus", "Edburga", "Osmund")


@dataclass(frozen=True)
class ForceNames:
    """What one seed composes."""

    seed: str

    @property
    def teams(self) -> tuple[str, str, str]:
        """Give three teams, one of them with a number."""
        draw = self._draw("teams")
        crime, hub = draw.choice(_CRIME_TEAMS), draw.choice(_HUBS)
        numbered = f"Neighbourhood Team {draw.randrange(2, 10)}"
        return f"{crime} Team", f"{hub} {draw.choice(_QUARTERS)}", numbered

    @property
    def areas(self) -> tuple[str, str, str]:
        """Give three areas of policing: one is a part of a town."""
        draw = self._draw("areas")
        first, second, third = (
            f"{stem}{ending}"
            for stem, ending in zip(draw.sample(_STEMS, 3), draw.sample(_ENDINGS, 3), strict=True)
        )
        return f"{first} {draw.choice(_QUARTERS)}", second, f"{third} {draw.choice(_QUARTERS)}"

    @property
    def places(self) -> tuple[str, str, str]:
        """Give three places at which an officer may see a person, each in another street."""
        draw = self._draw("places")
        first, second, third = (
            form.format(street=f"{word} {draw.choice(_STREETS)}", number=draw.randrange(2, 90))
            for form, word in zip(draw.sample(_PLACES, 3), draw.sample(_WORDS, 3), strict=True)
        )
        return first, second, third

    @property
    def organisations(self) -> tuple[str, str, str, str]:
        """Give four organisations: a firm, a shop, a club and a family's business."""
        draw = self._draw("organisations")
        first, second, third, fourth = (
            form.format(
                street=f"{word} {draw.choice(_STREETS)}", word=word, saint=draw.choice(_SAINTS)
            )
            for form, word in zip(_TRADES, draw.sample(_WORDS, len(_TRADES)), strict=True)
        )
        return first, second, third, fourth

    def _draw(self, what: str) -> Random:
        # Not for secrets: a story must be drawn again from its seed.
        return Random(f"force names/{self.seed}/{what}")  # noqa: S311
