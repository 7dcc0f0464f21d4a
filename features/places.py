"""Where the crimes of the scenarios take people: no message may name these."""

#: Where an appointment is, and where it is moved to.
PLACE, OTHER_PLACE = "Kiln Lane library", "Orchard Road station"

#: The force that takes over a crime.
OTHER_FORCE = "Borsetshire Police"
