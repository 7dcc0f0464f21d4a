"""A made-up requirement, as an object and as the file that holds it."""

from simulator.inputs.requirements import Requirement

MUST = Requirement(
    id="MSG-01",
    sentence="The victim is told.",
    source="a test",
    basis="practice note",
    level="must",
    phase=1,
    harm="lost",
)
MUST_WRITTEN = """
[[requirement]]
id = "MSG-01"
sentence = "The victim is told."
source = "a test"
basis = "practice note"
level = "must"
phase = 1
harm = "lost"
"""
