"""Two broken portals as exploring left them: one found, and one that no story reached."""

from simulator.prove.explored_table import Explored

CAUGHT = Explored(
    id="B-219",
    name="sends_twice",
    requirement="ONCE-01",
    phase=1,
    caught=True,
    seconds=0.5,
    stories=3,
    story=2,
    fingerprint="ONCE-01|duplicated|one message, once|again",
)
UNREACHED = Explored(
    id="B-024",
    name="believes_any_sender",
    requirement="INT-08",
    phase=1,
    caught=False,
    seconds=20,
    stories=800,
    reached=False,
)
