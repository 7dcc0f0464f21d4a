"""A message says only that there is an update, to the person who is told."""

from typing import Any

import pytest

from reference.contract.events import Channel, CrimeAllocated, CrimeTransferred, Officer
from tests.simulator.judge.expected import fail
from tests.simulator.judge.force_story import BOTH, ORDER
from tests.simulator.judge.story import SUBJECT, UPDATE, Story, either_way

GIVEN_AWAY = [fail("disclosed", "PRIV-01")]


def one_update(
    channel: Channel,
    *,
    body: str = UPDATE,
    subject: str = SUBJECT,
    sender: str = "Thames Valley Police",
    correlates: bool = True,
    **written: object,
) -> Story:
    """Tell of one victim who is sent one update in these words."""
    story = Story(correlates=correlates)
    alex = story.person(channels=(channel,)).written(**written)
    crime = story.crime(alex, offence="Causing public fear or alarm")
    story.invite(alex, crime)
    story.wait(hours=1)
    story.message(alex, channel, story.deployed(crime), body=body, subject=subject, sender=sender)
    return story


@either_way
def test_a_denied_word_in_a_text_is_disclosed(*, correlates: bool) -> None:
    """Any person near the phone reads a text that names what happened."""
    told = one_update("text", body=f"{UPDATE} about the theft", correlates=correlates)
    fine = one_update("text", body=UPDATE, correlates=correlates)

    assert told.harms() == GIVEN_AWAY
    assert fine.harms() == []


def test_a_denied_word_is_disclosed_anywhere_in_an_email() -> None:
    """A message says only that there is an update: in its subject, and to its last line."""
    word = "Your crime was closed"

    assert one_update("email", subject=word, body="Hello").harms() == GIVEN_AWAY
    assert one_update("email", body=f"{word}\nHello").harms() == GIVEN_AWAY
    assert one_update("email", body=f"Hello\n\n{word}").harms() == GIVEN_AWAY
    assert one_update("email", body="Hello\n\nThere is something new to read.").harms() == []


@pytest.mark.parametrize(
    "words",
    ["Reference 43260000001.", "About causing PUBLIC fear or alarm in June", "Dear Ms Blythe,"],
    ids=["crime reference", "offence", "family name"],
)
def test_what_names_the_crime_or_the_victim_is_disclosed_in_a_text(words: str) -> None:
    """No reference, offence or name, though the words themselves are not denied."""
    assert one_update("text", body=f"{words} {UPDATE}").harms() == GIVEN_AWAY
    assert one_update("text", body=f"Reference 99. Dear Ms B, {UPDATE}").harms() == []


def test_an_email_may_greet_and_name_nothing_else() -> None:
    """A name greets in the body, and is not for the subject; a reference is for neither."""
    reference = "Reference 43260000001."

    assert one_update("email", body="Dear Alex Blythe,\nthere is an update.").harms() == []
    assert one_update("email", subject="Alex, an update", body="Hello").harms() == GIVEN_AWAY
    assert one_update("email", body=f"Dear Alex,\n{reference}").harms() == GIVEN_AWAY
    assert one_update("email", subject=reference, body="Hello").harms() == GIVEN_AWAY


@pytest.mark.parametrize(
    ("written", "body"),
    [
        ({"family_name": "May"}, "You may now sign in."),
        ({"family_name": "Page"}, "There is an update on your page."),
        ({"given_name": "Will"}, "It will wait for you."),
        ({"given_name": "A"}, "There is a new update."),
        ({"given_name": "an"}, "You have an update. An officer will write."),
    ],
    ids=["Ms May", "Ms Page", "Will", "an initial", "Ian with a letter lost"],
)
def test_a_word_that_is_also_the_victims_name_is_not_their_name(
    written: dict[str, Any], body: str
) -> None:
    """Ms Page may be told of a page; "Dear Ms Page" still gives her away."""
    [name] = written.values()

    assert one_update("text", body=body, **written).harms() == []
    assert one_update("text", body=f"Dear {name}, {body}", **written).harms() == GIVEN_AWAY


@pytest.mark.parametrize("told", ["PC Okafor", "4271", "Kiln library"])
@pytest.mark.parametrize("channel", BOTH)
def test_officer_and_place_are_disclosed_from_when_they_are_known(
    channel: Channel, told: str
) -> None:
    """A message says only that there is an update: no officer, and no place."""
    story = Story()
    alex = story.person(channels=(channel,))
    crime = story.crime(alex)
    story.invite(alex, crime)
    story.wait(hours=1)
    story.message(alex, channel, story.deployed(crime), body=f"{UPDATE} {told}")

    assert story.harms() == []

    officer = Officer("PC Okafor", "4271")
    story.happens(
        CrimeAllocated(
            crime_reference=crime.crime_reference,
            allocated_at=story.now,
            officer_in_charge=officer,
        )
    )
    appointment = story.appointed(crime, alex, place="Kiln library")
    story.message(alex, channel, appointment, body=f"{UPDATE} {told}")

    assert story.harms() == GIVEN_AWAY


@pytest.mark.parametrize(
    "words",
    [
        "Sorry to hear you were robbed.",
        "You were attacked",
        "Domestic Abuse Unit",
        "Keep your bicycle safe",
        "After a break-in.",
        "We have finished our investigation.",
        "An officer has been to see you.",
        "See https://portal.example/advice/after-a-robbery",
    ],
)
def test_what_happened_is_found_in_any_form(words: str) -> None:
    """The word "burgled", read over a shoulder, tells as much as "burglary"."""
    for channel in BOTH:
        assert one_update(channel, body=f"{UPDATE} {words}").harms() == GIVEN_AWAY
    assert one_update("email", subject=words).harms() == GIVEN_AWAY
    assert (
        one_update(
            "email", sender=f"{words}, Thames Valley Police <updates@police.example>"
        ).harms()
        == GIVEN_AWAY
    )


@pytest.mark.parametrize(
    "words",
    [
        "If you ask for help we will give it, raptors and all.",
        "An officer will write. Stay safe.",
        "Sign in at https://victims.police.uk/crime-portal",
        "Sign in at victims.crime.police.uk/portal",
        "Write to victims@police.example",
    ],
)
def test_the_portals_own_name_and_plain_words_give_nothing_away(words: str) -> None:
    """Where the portal is tells that the police write, as their name at the beginning does."""
    for channel in BOTH:
        assert one_update(channel, body=f"{UPDATE} {words}").harms() == []
    assert (
        one_update("email", sender="Thames Valley Police <victims.portal@police.example>").harms()
        == []
    )


def test_a_street_is_a_place_in_a_text_and_the_forces_own_below_an_email() -> None:
    """A place in no record is still a place to the reader of the text."""
    words = "About Sunday at Mill Lane."

    assert one_update("text", body=f"{words} {UPDATE}").harms() == GIVEN_AWAY
    assert one_update("email", subject=words).harms() == GIVEN_AWAY
    assert one_update("email", body=f"{UPDATE}\n\nPolice, Oxford Road, Kidlington").harms() == []


def test_an_email_may_name_the_victims_code_below_what_a_preview_shows() -> None:
    """By that law victims find their rights; a text lies open on a table."""
    code = "Your rights: the Victims' Code, https://www.police.uk/victims-code"

    assert one_update("email", body=f"Hello Alex,\n\n{UPDATE}\n\n{code}").harms() == []
    assert one_update("email", body=f"{code}\n\n{UPDATE}").harms() == GIVEN_AWAY
    assert one_update("text", body=f"{UPDATE} {code}").harms() == GIVEN_AWAY
    assert one_update("email", body=f"{UPDATE} {UPDATE} You, a victim").harms() == GIVEN_AWAY


@pytest.mark.parametrize(("before", "expected"), [(88, GIVEN_AWAY), (100, [])])
def test_a_preview_shows_a_hundred_characters(before: int, expected: list[object]) -> None:
    """What ends with the hundredth may be read over a shoulder, and what begins after it not."""
    body = f"{UPDATE} ".ljust(before, ".") + "Victims' Code"

    assert one_update("email", body=body).harms() == expected


@either_way
def test_part_of_an_officers_reply_is_disclosed_in_a_message(*, correlates: bool) -> None:
    """The victim reads a reply after signing in; any person may read a message that quotes it."""
    story = Story(phase=3, correlates=correlates)
    alex = story.person(channels=("email",))
    crime = story.crime(alex)
    story.invite(alex, crime)
    story.wait(hours=1)
    reply = story.replied(crime, alex, text="The pictures show nobody, we will be in touch.")
    story.message(alex, "email", reply, body="The pictures show nobo…\n\nSign in to read it.")

    assert story.harms() == GIVEN_AWAY

    story.records.pop()
    story.message(alex, "email", reply, body="There is an answer. We will be in touch.")

    assert story.harms() == []


@pytest.mark.parametrize("number", [0, 1])
def test_either_crime_of_a_victim_may_be_given_away(number: int) -> None:
    """A portal that names no event is judged by all crimes of the address's victim."""
    story = Story(correlates=False)
    alex = story.person(channels=("text",))
    crimes = [
        story.crime(alex, offence="Theft of a pedal cycle"),
        story.crime(alex, offence="Interfering with a motor vehicle"),
    ]
    for crime in crimes:
        story.invite(alex, crime)
    story.wait(hours=1)
    news = story.deployed(crimes[number])
    story.message(alex, "text", news, body=f"{UPDATE} of {crimes[number].crime_reference}")

    assert story.harms() == GIVEN_AWAY


@pytest.mark.parametrize(("words", "harms"), [("", []), (" Dear Wight.", GIVEN_AWAY)])
def test_a_name_within_the_forces_name_is_the_forces(words: str, harms: list[Any]) -> None:
    """The Isle of Wight's force may write to Ms Wight, but not by name."""
    body = f"{ORDER.forces['hampshire'].name}: you have an update.{words}"
    story = one_update("text", body=body, family_name="Wight")

    assert story.harms() == harms


@pytest.mark.parametrize(
    ("given_name", "body", "is_greeted"),
    [
        ("UNKNOWN", "Hello UNKNOWN, you have an update.", True),
        ("UNKNOWN", "Hello, you have an update.", False),
        ("Alex", "Hello Alex, you have an update.", False),
        ("test", "Hello test, you have an update.", True),
        ("test", "Hello, here is the latest update.", False),
        ("na", "Hello, type your name to sign in.", False),
        ("--", "Hello, you have an update.\n--\nThames Valley Police", False),
    ],
)
def test_nobody_is_greeted_by_a_name_that_cannot_be_one(
    *, given_name: str, body: str, is_greeted: bool
) -> None:
    """A placeholder is no greeting; a longer word with the same letters is not the placeholder."""
    story = Story(phase=2)
    alex = story.person(channels=("email",), given_name=given_name)
    crime = story.crime(alex)
    story.invite(alex, crime)
    story.wait(hours=1)
    news = story.deployed(crime)
    story.wait(hours=1)
    story.message(alex, "email", news, body=body)

    assert story.harms() == ([fail("noise", "JOUR-03")] if is_greeted else [])


@pytest.mark.parametrize(
    ("given_name", "body", "is_greeted"),
    [
        ("Alex", "Dear Alex, you have an update.", False),
        ("Alex", "Hello, you have an update.", False),
        ("UNKNOWN", "Dear UNKNOWN, you have an update.", True),
    ],
)
def test_an_email_may_greet_by_a_given_name_that_stands_alone(
    *, given_name: str, body: str, is_greeted: bool
) -> None:
    """A family name that was not written failed no check; a placeholder did."""
    story = Story(phase=2)
    alex = story.person(channels=("email",), given_name=given_name, family_name="")
    crime = story.crime(alex)
    story.invite(alex, crime)
    story.wait(hours=1)
    news = story.deployed(crime)
    story.wait(hours=1)
    story.message(alex, "email", news, body=body)

    assert story.harms() == ([fail("noise", "JOUR-03")] if is_greeted else [])


HAMPSHIRE = "Hampshire and Isle of Wight Constabulary"


@pytest.mark.parametrize(
    ("forces", "said", "harms"),
    [
        (["hampshire"], HAMPSHIRE, []),
        (["hampshire"], "Thames Valley Police", [fail("noise", "MSG-04")]),
        (["hampshire"], "The police", [fail("noise", "MSG-04")]),
        (["hampshire", "thames_valley"], "Thames Valley Police", []),
    ],
    ids=["their own", "another's", "none", "one of two"],
)
def test_a_message_names_a_force_of_its_reader(
    forces: list[str], said: str, harms: list[object]
) -> None:
    """Another force's name is no better than none; of two that they reported to, either may be."""
    story = Story()
    alex = story.person(channels=("text",))
    crimes = [story.crime(alex, force=each) for each in forces]
    for each in crimes:
        named = {"hampshire": HAMPSHIRE}.get(forces[crimes.index(each)], "Thames Valley Police")
        words = f"{named}: your link is https://portal.example/invitation/…"
        story.message(alex, "text", each, body=words, sender=named, carries="invitation")
    story.wait(hours=1)
    news = story.deployed(crimes[0])
    story.message(alex, "text", news, body=f"{said}: you have an update.", sender="")

    assert story.harms() == harms


@pytest.mark.parametrize(
    ("said", "harms"),
    [(HAMPSHIRE, []), ("Thames Valley Police", [fail("noise", "MSG-08")])],
    ids=["their own", "another's"],
)
def test_a_code_names_a_force_of_its_reader(said: str, harms: list[object]) -> None:
    """Fraudsters send codes most."""
    story = Story()
    alex = story.person(channels=("text",))
    crime = story.crime(alex, force="hampshire")
    words = f"{HAMPSHIRE}: your link is https://portal.example/invitation/…"
    story.message(alex, "text", crime, body=words, sender=HAMPSHIRE, carries="invitation")
    story.wait(hours=1)
    story.begins_to_sign_in(alex)
    code = f"{said}: ······ is your code"
    story.message(alex, "text", body=code, sender="", carries="one_time_code")

    assert story.harms() == harms


def one_of_two(channel: Channel, body: str, *, subject: str = SUBJECT) -> Story:
    """Tell of two victims, of an officer, an area and another force; one is sent these words."""
    story = Story()
    alex = story.person(channels=(channel,))
    sam = story.person(channels=(channel,)).written(given_name="Hope", family_name="O’Neill")
    crime = story.crime(alex, sam, area="Ebberwick")
    story.invite(alex, crime)
    story.invite(sam, crime)
    story.wait(hours=1)
    officer = Officer("PC van der Berg", "4271")
    allocated = CrimeAllocated(
        crime_reference=crime.crime_reference, allocated_at=story.now, officer_in_charge=officer
    )
    news = story.happens(allocated)
    story.message(alex, channel, news, body=body, subject=subject)
    story.tell(sam, news)
    return story


@pytest.mark.parametrize(
    "words",
    [
        "Hope O’Neill has written to us.",
        "As Mr O’Neill said, we will be in touch.",
        "We have spoken to Hope.",
        "Officer Berg is looking at it.",
        "Berg has it now.",
    ],
)
@pytest.mark.parametrize("channel", BOTH)
def test_the_name_of_another_person_or_of_an_officer_is_disclosed(
    channel: Channel, words: str
) -> None:
    """Neither another victim of the crime nor an officer is named, with a rank or without."""
    assert one_of_two(channel, f"{UPDATE}\n{words}").harms() == GIVEN_AWAY


@pytest.mark.parametrize(
    "words",
    ["Hope to see you there.", "We hope so.", "https://portal.example/Berg", "Dear Alex Blythe,"],
)
def test_a_word_that_is_a_name_elsewhere_discloses_nobody(words: str) -> None:
    """A name that begins a sentence as a word may, an address, and the reader's own name."""
    assert one_of_two("email", f"{UPDATE}\n{words}").harms() == []


def test_an_area_is_disclosed_where_others_may_read_it() -> None:
    """An email may end with the force's own address, below what a preview shows."""
    end = f"{UPDATE} {'Sign in to read it. ' * 6}"

    assert one_of_two("text", f"{UPDATE} It was in Ebberwick.").harms() == GIVEN_AWAY
    assert one_of_two("email", UPDATE, subject="News from Ebberwick").harms() == GIVEN_AWAY
    assert one_of_two("email", f"{end}\nPolice station, 1 High Way, Ebberwick").harms() == []
    assert one_of_two("text", f"{UPDATE} An ebberwick is a chair.").harms() == []


@pytest.mark.parametrize(
    ("to_force", "expected"), [("Borsetshire Police", GIVEN_AWAY), ("Thames Valley Police", [])]
)
def test_the_force_that_has_the_case_now_is_disclosed(
    to_force: str, expected: list[object]
) -> None:
    """It says what the news is; the force's own name says only who writes."""
    story = Story()
    alex = story.person(channels=("text",))
    crime = story.crime(alex)
    story.invite(alex, crime)
    story.wait(hours=1)
    moved = CrimeTransferred(
        crime_reference=crime.crime_reference, to_force=to_force, transferred_at=story.now
    )
    story.message(alex, "text", story.happens(moved), body=f"{UPDATE} {to_force} will write.")

    assert story.harms() == expected
