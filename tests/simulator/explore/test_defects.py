"""Each failing story is written with its evidence, also that of a failure under another."""

from datetime import UTC, datetime
from pathlib import Path

from msgspec import structs

from simulator.evidence.records import PersonKnown, Seen
from simulator.explore.defects import defects_of
from simulator.explore.judged_story import FailingStory, Failure
from tests.simulator.explore.stories import PLAIN, SAM, story

AT = datetime(2026, 6, 1, 9, tzinfo=UTC)
LONG = "Neil-" * 40
KNOWN = PersonKnown(
    at=AT, person_id="P0000001", role="victim", given_name=LONG, family_name=LONG, email="s@a.test"
)
SEEN = Seen(at=AT, person_id="P0000001", where="crimes", crime_reference="", texts=("Theft",))


def failing(event: str) -> FailingStory:
    """A story of Sam, whose name on record is very long, that fails with this event."""
    failure = Failure(
        fingerprint=f"CASE-18|{event} is late",
        requirement="CASE-18",
        harm="out of order",
        expected=f"{event} is dated today",
        observed="it is not",
        found_in=SEEN,
    )
    record = structs.replace(SAM.record, given_name=LONG, family_name=LONG)
    person = structs.replace(SAM, record=record)
    return FailingStory(
        story=story(*PLAIN, people=(person,)), failure=failure, records=(KNOWN, SEEN)
    )


def test_a_failure_under_another_keeps_its_story_and_its_scenario(tmp_path: Path) -> None:
    """To be played again and to be read."""
    found = [(failing(event), [3]) for event in ("OfficerDeployed", "CrimeAllocated")]

    [defect] = defects_of(found, folder=tmp_path / "stories", path=Path("ours.toml"))

    [also] = defect.also
    assert (also.differs, also.file) == ("CrimeAllocated", "stories/01-2.json")
    assert (tmp_path / also.file).exists()
    scenario = (tmp_path / "stories/01-2.feature").read_text(encoding="utf-8")
    assert "Scenario: CrimeAllocated is dated today" in scenario
    assert f"--replay {tmp_path / 'stories/01-2.json'}" in scenario


def test_what_happened_calls_people_what_the_steps_call_them(tmp_path: Path) -> None:
    """Whatever is on record: what they did can be read."""
    found = [(failing("OfficerDeployed"), [3])]

    [defect] = defects_of(found, folder=tmp_path / "stories", path=Path("ours.toml"))

    assert defect.timeline[0].startswith("Mon 01 Jun 10:00:00  Sam (on record: Neil-Neil-")
    assert defect.timeline[0].endswith("…), victim, holds s@a.test")
    assert defect.timeline[1] == "Mon 01 Jun 10:00:00  Sam was shown (crimes): Theft"
    assert defect.shown_by == defect.timeline[1:]
