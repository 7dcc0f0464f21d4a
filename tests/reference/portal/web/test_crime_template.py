"""A crime's page: what it says of each crime, and what it does not when it is not so."""

import re

from reference.portal.web.rendering import render
from tests.reference.portal.gallery import crime, everything, gallery

PLAIN = gallery("Plain words")


def test_messages_are_there_only_when_two_way_is_live() -> None:
    """Before phase 3 there is no form; then it warns of danger and of disclosure."""
    assert "textarea" not in PLAIN["crime: phase 1"]
    assert 'action="/crimes/43260000123/questions"' in PLAIN["crime"]
    assert "may have to be shown to others" in PLAIN["crime"]
    assert "If you are in danger, do not write here. Call 999." in PLAIN["crime"]
    assert "There are no messages yet." in PLAIN["crime: nothing yet"]


def test_a_page_says_to_whom_a_victim_may_write() -> None:
    """To the officer, to the Witness Care Unit, or to nobody, and then how else to reach us."""
    officer, court, closed = (
        PLAIN[f"crime: {each}"] for each in ("everything", "in court", "closed")
    )

    assert ">Write to your officer</label>" in officer
    assert ">Write to the Thames Valley Witness Care Unit</label>" in court
    assert "<textarea" not in closed
    assert "/questions" not in closed
    assert 'href="https://police.example/contact-us"' in closed
    assert "Give crime reference 43260000123" in closed
    assert 'Call <a href="tel:101">101</a>' in PLAIN["crime: closed, no routes"]


def test_words_that_wait_for_the_crime_system_say_so() -> None:
    """The victim is told the truth: kept here, and not with the police yet."""
    said = "On its way, and not with the police yet"

    assert said in PLAIN["crime: waiting"]
    assert said not in PLAIN["crime"]


def test_who_keeps_a_victim_informed_is_said_as_it_is() -> None:
    """After a charge that is about the court; in another force's hands it is about the force."""
    charged, elsewhere = PLAIN["crime: in court"], PLAIN["crime: elsewhere"]

    assert "Someone has been charged, and your case goes on in court." in charged
    assert "/advice/if-your-case-goes-to-court" in charged
    assert "Your case is no longer with us." in elsewhere
    assert "charged" not in elsewhere[elsewhere.index("<main") :]


def test_what_a_crime_page_is_not_given_it_does_not_speak_of() -> None:
    """Appointments, an outcome, a review and who informs are there when they are given."""
    headings = (
        "Your appointments",
        "What was decided",
        "If you think that the decision is wrong",
        "Who keeps you informed now",
        "How to reach us",
        "Important",
    )

    for each in headings:
        assert f">{each}</h2>" in PLAIN["crime: everything"]
        assert f">{each}</h2>" not in PLAIN["crime: phase 1"]


def test_appointments_are_in_the_order_of_time() -> None:
    """The next one first, and a cancelled one says so."""
    html = PLAIN["crime: everything"]
    section = html[html.index("Your appointments") : html.index("What has happened so far")]
    times = re.findall(r'datetime="([^"]+)"', section)

    assert times == sorted(times)
    assert section.count("Cancelled") == 1
    assert section.count("This appointment will not take place.") == 1


def test_a_merged_crime_leads_to_the_one_it_is_part_of() -> None:
    """The link goes to the other reference, which cannot leave its place in the address."""
    case = {**everything("x"), "merged_into": "44/26?x"}
    html = render("crime.html", crime=crime("x"), timeline=[], conversation=None, csrf="c", **case)

    assert '<a href="/crimes/44/26%3Fx">Crime reference 44/26?x</a>' in html


def test_a_charged_case_does_not_read_as_closed() -> None:
    """The status of a charged crime says that someone has been charged."""
    assert "Someone has been charged" in PLAIN["crime"]
    assert "Closed" not in PLAIN["crime"]
