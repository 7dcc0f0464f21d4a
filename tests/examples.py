"""How many examples a property test tries that says a number of its own.

`make proof` tries as many as it says. `make test`, whose profile is brief, tries one in five.
"""

from hypothesis import settings

#: Of a test that says no number, without a profile.
_USUAL = 100


def examples(number: int) -> int:
    """Give the number of examples in the profile of this run: so many, or one in five."""
    return max(1, number * min(settings().max_examples, _USUAL) // _USUAL)
