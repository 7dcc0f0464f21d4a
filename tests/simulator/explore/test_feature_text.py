"""A story reads as a scenario: who, what, in which order, and what should have been."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reference.contract.events import Officer
from simulator.explore import steps as told
from simulator.explore.feature_text import feature_text
from simulator.explore.judged_story import Failure
from simulator.explore.labels import Labels
from simulator.explore.story_drawing import draw_story
from tests.simulator.explore.stories import CRIME, DAY, PLAIN, order, story

#: The first example loads the lists of names.
NO_DEADLINE = settings(deadline=None)

FAILURE = Failure(
    fingerprint="ONCE-01|duplicated",
    requirement="ONCE-01",
    harm="duplicated",
    expected="one message for each piece of news",
    observed="a text that answers nothing new",
)


def test_a_plain_story_reads_as_a_scenario() -> None:
    """The people and the moment are given, the steps come in order, and the failure ends it."""
    text = feature_text(story(*PLAIN), FAILURE, replay="portal-suite explore --replay 01.json")
    expected = [
        "# Story 0 of seed test, phase 1. London times.",
        "# portal-suite explore --replay 01.json",
        "Scenario: one message for each piece of news",
        "Given it is Monday 1 June 2026, 10:00:00",
        "And Sam holds 07700900123 and sam@example.com",
        "When thames_valley records crime 0004711, Bicycle theft, with Sam (victim)",
        "And Sam signs in by link",
        "And 1 hour passes",
        "But it was: a text that answers nothing new",
    ]
    places = [text.index(each) for each in expected]
    assert places == sorted(places)


EVENT: dict[str, Any] = {"crime": CRIME, "event": "e2"}
OFFICER = Officer("PC Amara Okonjo", "4271")


@pytest.mark.parametrize(
    ("step", "sentence"),
    [
        (told.Deploy(**EVENT), "the crime system records that an officer is deployed to crime"),
        (told.Allocate(officer=OFFICER, team="Volume Crime Team", **EVENT),
         f"the crime system allocates crime {CRIME} to PC Amara Okonjo of Volume Crime Team"),
        (told.MakeAppointment(appointment="a", person="Sam", starts_in_seconds=3_600, **EVENT),
         f"the crime system makes an appointment with Sam about crime {CRIME} in 1 hour"),
        (told.ChangeAppointment(
            appointment="a", person="Sam", starts_in_seconds=2 * DAY, place="9 Kiln Rise", **EVENT),
         f"moves the appointment with Sam about crime {CRIME} in 2 days, at 9 Kiln Rise"),
        (told.MergePersons(person="Lex", survivor="Sam", **EVENT),
         f"the force merges the record of Lex into the record of Sam (crime {CRIME})"),
        (told.UnmergePersons(person="Lex", **EVENT),
         f"the force takes back the merger of the record of Lex (crime {CRIME})"),
        (told.CancelAppointment(appointment="a", person="Sam", **EVENT),
         "the crime system cancels the appointment with Sam"),
        (told.ReachMilestone(milestone="file_with_cps", **EVENT),
         f"the crime system records the milestone 'file with CPS' of crime {CRIME}"),
        (told.Charge(decided_by="CPS", interviewed=False, **EVENT),
         f"a suspect is charged with crime {CRIME} by the CPS, and no suspect was interviewed"),
        (told.Close(outcome=15, **EVENT),
         "outcome 15 (Evidential difficulties: suspect identified, victim supports)\n"),
        (told.Reopen(**EVENT), f"the crime system reopens crime {CRIME}"),
        (told.Reclassify(offence_code="1", offence_subgroup="Arson", offence="Arson", **EVENT),
         f"the crime system reclassifies crime {CRIME} as Arson"),
        (told.Merge(into="1", **EVENT), f"the crime system merges crime {CRIME} into crime 1"),
        (told.Transfer(to_force="Sussex Police", **EVENT), f"transfers crime {CRIME} to Sussex"),
        (told.Cancel(**EVENT), f"the crime system cancels crime {CRIME}"),
        (told.NoteContact(person="Sam", **EVENT), "records that an officer spoke to Sam"),
        (told.OfficerAway(officer=OFFICER, for_seconds=DAY, **EVENT),
         "PC Amara Okonjo is away for 1 day\n"),
        (told.OfficerAway(officer=OFFICER, why="left", **EVENT), "PC Amara Okonjo has left\n"),
        (told.WriteNote(crime=CRIME, text="Van seen"), "the force writes an internal note"),
        (told.SendBeyond(crime=CRIME, field="area", value=201),
         f"the force sends an event of crime {CRIME} with 201 characters in area\n"),
        (told.SendBeyond(crime=CRIME, field="grade", value=5), "with grade 5\n"),
        (told.SendBeyond(crime=CRIME, field="events in a delivery", value=101),
         "with 101 events in a delivery\n"),
        (told.Wait(seconds=DAY), "And 1 day passes\n"),
        (told.Wait(seconds=DAY + 3_600), "And 1 day 1 hour pass\n"),
    ],
)  # fmt: skip
def test_what_the_force_does_is_a_plain_sentence(step: told.Step, sentence: str) -> None:
    """The crime system does something with a crime; no field is named."""
    assert sentence in feature_text(story(*PLAIN, step), FAILURE)


@NO_DEADLINE
@given(number=st.integers(0, 100_000), phase=st.integers(1, 3))
def test_every_story_can_be_written(number: int, phase: int) -> None:
    """One line a step, and no secret: words that prove who somebody is are not in it."""
    drawn = draw_story(order(), phase=phase, seed=2, number=number)
    text = feature_text(drawn, FAILURE)
    assert len(text.splitlines()) >= len(drawn.steps)
    assert "digest" not in text


def test_steps_name_crimes_and_events_as_findings_do() -> None:
    """By reference and id, wherever a step names one; what was never recorded keeps its label."""
    labels = Labels(
        crimes={CRIME: "44260004711", "1": "44260000001"},
        events={"e2": "cases-f158cc-0000005", "e9": "cases-f158cc-0000006"},
    )
    steps = (
        told.Deploy(carriage="held back", **EVENT),
        told.Merge(into="1", crime=CRIME, event="e9"),
        told.SendHeldBack(event="e2"),
        told.DeliverTogether(events=("e2", "e9")),
        told.Cancel(crime=CRIME, event="e10"),
        told.Forge(claim=told.Cancel(crime=CRIME, event="x"), signed_by="nobody", as_event="e2"),
    )

    text = feature_text(story(*PLAIN[:1], *steps), FAILURE, labels=labels)

    assert "deployed to crime 44260004711; integration holds cases-f158cc-0000005 back" in text
    assert "back [event cases-f158cc-0000005]" in text
    assert "merges crime 44260004711 into crime 44260000001 [event cases-f158cc-0000006]" in text
    assert "integration sends cases-f158cc-0000005 again" in text
    assert "cases-f158cc-0000005 and cases-f158cc-0000006" in text
    assert "cancels crime 44260004711\n" in text
    assert "under the id of cases-f158cc-0000005" in text
    assert f"crime {CRIME}" not in text


def test_a_person_is_named_with_the_id_that_findings_have() -> None:
    """A finding is about an id, and the steps about a label."""
    assert "and is recorded as P0000001 with given name 'Sam'" in feature_text(
        story(*PLAIN), FAILURE
    )


def test_words_are_shown_as_far_as_they_matter() -> None:
    """A reply of 200 characters is whole; of a longer one the end is shown too."""
    known: dict[str, Any] = {"person": "Sam", "crime": CRIME, "event": "e2"}
    whole = "We will write again when it is known. " * 5
    longer = f"{whole}{whole}The end that was lost."

    assert repr(whole) in feature_text(story(*PLAIN, told.Reply(text=whole, **known)), FAILURE)
    said = feature_text(story(*PLAIN, told.Reply(text=longer, **known)), FAILURE)
    assert f"{longer[:160]!r} … {longer[-40:]!r} (402 characters)" in said
