"""Where the crimes of the scenarios take people: no message may name these."""

#: The force that takes over a crime.
OTHER_FORCE = "Borsetshire Police"
