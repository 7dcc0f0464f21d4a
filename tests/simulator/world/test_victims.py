"""Rules of a victim's ways: what they do with a portal, and that all they see is written down."""

from dataclasses import replace
from datetime import timedelta

import msgspec
import pytest

from reference.contract.events import VictimRecord
from simulator.drivers.base import Refused, Session
from simulator.errors import CannotVerify
from simulator.evidence.records import (
    ContactChosen,
    QuestionAsked,
    Record,
    Seen,
    SignedIn,
    SigningIn,
    VictimRefused,
    WithdrawalAsked,
    WithdrawalRefused,
)
from simulator.world.victims import (
    Victim,
    accept_invitation,
    ask,
    choose_contact,
    latest_link,
    look_at_advice,
    look_at_contact,
    look_at_conversation,
    look_at_crimes,
    look_at_timeline,
    messages_of,
    sign_in_again,
    stop_messages,
    withdraw_support,
)
from tests.simulator.worlds import EMAIL, MOBILE, REFERENCE, START, Around, found, person

LINK = "https://portal.example/invitation/a-token"
SESSION = Session("a session")


def victim(*, mobile: str = MOBILE, email: str = EMAIL) -> Victim:
    """Give a victim who agreed the word "heron"."""
    known = person(mobile=mobile, email=email)
    return Victim(known, VictimRecord(person_id="p"), "heron")


def setting(*, sends_code: bool = True) -> Around:
    """Make a world with a victim in it, whose portal sends a code whenever it is moved."""
    around = Around()
    around.meet()
    around.world.settle()
    if sends_code:
        around.send("112233 is your code")
        around.world.settle()
    return around


def told(around: Around) -> list[Record]:
    """List what was written down of the victim's own doings."""
    kinds: tuple[type[Record], ...] = (SignedIn, VictimRefused, Seen, QuestionAsked, ContactChosen)
    kinds += (WithdrawalAsked, WithdrawalRefused)
    return [each for each in around.evidence.records if isinstance(each, kinds)]


@pytest.mark.parametrize(
    ("mobile", "email", "addresses"),
    [
        (MOBILE, EMAIL, (MOBILE, EMAIL)),
        ("", EMAIL, (EMAIL,)),
        (MOBILE, "", (MOBILE,)),
        ("", "", ()),
    ],
)
def test_a_victim_has_the_addresses_they_have(
    mobile: str, email: str, addresses: tuple[str, ...]
) -> None:
    """A victim without a phone or a mailbox is not looked for there."""
    assert victim(mobile=mobile, email=email).addresses == addresses


def test_messages_of_all_addresses_are_one_list() -> None:
    """A victim reads only their own phone and mailbox, together, oldest first."""
    around = setting(sends_code=False)
    for hours, to in ((1, EMAIL), (2, MOBILE), (3, "07700900999"), (4, EMAIL)):
        around.world.advance(START + timedelta(hours=hours))
        around.send(f"after {hours} hours", to=to, channel="email" if to == EMAIL else "text")
    around.world.settle()

    found_there = [each.body for each in messages_of(around.world, victim())]

    assert found_there == ["after 1 hours", "after 2 hours", "after 4 hours"]


def test_a_mailbox_is_the_same_in_capitals() -> None:
    """The gateway writes addresses in lower case; a victim reads them however they spell theirs."""
    around = Around()
    around.meet(email="Zoe.Elm@Example.com")
    around.send("There is an update.", to=EMAIL, channel="email")
    around.world.settle()

    assert len(messages_of(around.world, victim(email="Zoe.Elm@Example.com"))) == 1


def test_the_latest_link_counts() -> None:
    """Of several invitations a victim opens the newest; without one there is nothing to open."""
    around = setting()
    assert latest_link(around.world, victim()) == ""
    for number in (1, 2):
        around.send(f"Sign in: {LINK}-{number}")
        around.world.advance(START + timedelta(hours=number))
    around.send("There is an update.")
    around.world.settle()

    assert latest_link(around.world, victim()) == f"{LINK}-2"


def test_an_invitation_is_followed_to_the_end() -> None:
    """Link, agreed word, and the newest code from the phone: then the victim is in."""
    around = setting()
    around.world.advance(START + timedelta(hours=1))
    around.send("445566 is your code")
    around.world.settle()

    session = accept_invitation(around.world, victim(), LINK)

    assert session.token == "a session"
    assert around.portal.words == [LINK, "heron", "445566"]
    assert told(around) == [SignedIn(at=around.world.now, person_id="p")]


def test_the_code_says_which_record_a_link_was_of() -> None:
    """Of a person with two records the one with the code's address is signed in."""
    around = setting(sends_code=False)
    again = replace(victim(), known=msgspec.structs.replace(victim().known, person_id="p-again"))
    asked: list[str] = []

    def send_code(_now: object) -> None:
        if around.portal.words[-1:] == ["heron"]:
            around.send("778899 is your code")

    def by_address(to: str) -> Victim:
        asked.append(to)
        return again

    around.portal.on_advance = send_code

    accept_invitation(around.world, victim(), LINK, by_address=by_address)

    assert asked == [MOBILE]
    began = [each for each in found(around, SigningIn) if isinstance(each, SigningIn)]
    ended = [each for each in found(around, SignedIn) if isinstance(each, SignedIn)]
    assert [each.person_id for each in began] == ["p"]
    assert [each.person_id for each in ended] == ["p-again"]


def test_a_code_sent_during_the_sign_in_is_found() -> None:
    """The code that the portal sends when it has the word arrives before it is asked for."""
    around = setting(sends_code=False)

    def send_code(_now: object) -> None:
        if "heron" in around.portal.words:
            around.send("778899 is your code")

    around.portal.on_advance = send_code

    accept_invitation(around.world, victim(), LINK)

    assert around.portal.words[-1] == "778899"


def test_digits_in_other_messages_are_not_taken_for_the_code() -> None:
    """A number to quote when one calls may stand in every email, the invitation too."""
    around = setting(sends_code=False)
    around.send(f"Sign in: {LINK}. Quote 482913 when you call.", to=EMAIL, channel="email")
    around.world.settle()

    def send_code(_now: object) -> None:
        if around.portal.words[-1:] == ["heron"]:
            around.send("778899 is your code")
            around.send("An update. Quote 482913 when you call.", to=EMAIL, channel="email")

    around.portal.on_advance = send_code

    accept_invitation(around.world, victim(), LINK)

    assert around.portal.words == [LINK, "heron", "778899"]


def test_that_somebody_signs_in_is_written_down_before_the_code_comes() -> None:
    """By it the judge knows a code from a message that merely has digits in it."""
    around = setting()

    sign_in_again(around.world, victim(), MOBILE)

    kinds = [type(each) for each in around.evidence.records]
    assert kinds.index(SigningIn) < kinds.index(SignedIn)
    assert found(around, SigningIn) == [SigningIn(at=around.world.now, person_id="p")]


def test_a_victim_signs_in_again_by_address() -> None:
    """A known victim needs no link."""
    around = setting()

    sign_in_again(around.world, victim(), MOBILE)

    assert around.portal.words == [MOBILE, "heron", "112233"]
    assert len(found(around, SignedIn)) == 1


@pytest.mark.parametrize("step", ["invitation", "agreed_word", "one_time_code"])
def test_a_refusal_is_written_down_with_its_step(step: str) -> None:
    """The evidence shows what the portal refused, and no one is signed in."""
    around = setting()
    around.portal.refuses_at = step

    with pytest.raises(Refused):
        accept_invitation(around.world, victim(), LINK)

    assert told(around) == [VictimRefused(at=START, person_id="p", step=step)]


def test_a_refusal_says_how_they_came() -> None:
    """By the newest message with that link, or from which address: it is the judge's to weigh."""
    around = setting()
    for number in (1, 2):
        around.send(f"Sign in: {LINK}-{number}")
        around.world.settle()
    around.portal.refuses_at = "agreed_word"
    for come_in, by in ((accept_invitation, f"{LINK}-1"), (sign_in_again, MOBILE)):
        with pytest.raises(Refused):
            come_in(around.world, victim(), by)

    by_link, by_address = [each for each in told(around) if isinstance(each, VictimRefused)]
    sent = {
        around.world.link_in(each): each.message_id for each in messages_of(around.world, victim())
    }
    assert by_link.invitation_id == sent[f"{LINK}-1"]
    assert (by_address.invitation_id, by_address.address) == ("", MOBILE)


def test_without_a_code_nobody_comes_in() -> None:
    """A victim who never gets a code gives up, and tries no invented one."""
    around = setting(sends_code=False)

    with pytest.raises(Refused, match="no one-time code arrived"):
        sign_in_again(around.world, victim(), MOBILE)

    assert told(around) == [
        VictimRefused(at=START, person_id="p", step="one_time_code", address=MOBILE)
    ]
    assert around.portal.words == [MOBILE, "heron"]


def test_what_is_seen_is_written_down_word_for_word() -> None:
    """The list of crimes and the page of each: every word that was shown is in the evidence."""
    around = setting()

    assert look_at_crimes(around.world, victim(), SESSION) == [REFERENCE]

    assert told(around) == [
        Seen(
            at=START,
            person_id="p",
            where="crimes",
            crime_reference="",
            texts=("Theft of a pedal cycle open PC Elm",),
            statuses=((REFERENCE, "open"),),
            crimes=tuple(around.portal.crimes(SESSION)),
        ),
        Seen(
            at=START,
            person_id="p",
            where="timeline",
            crime_reference=REFERENCE,
            texts=("Recorded\nWe have it.",),
            kinds=("CrimeRecorded",),
            dated=(START,),
        ),
    ]


def test_a_page_of_one_crime_can_be_read_alone() -> None:
    """What is answered is what is written down."""
    around = setting()

    texts = look_at_timeline(around.world, victim(), SESSION, REFERENCE)

    [seen] = told(around)
    assert isinstance(seen, Seen)
    assert seen.texts == texts == ("Recorded\nWe have it.",)


def test_a_question_and_the_conversation() -> None:
    """What was written is written down once, and is in the conversation that is read."""
    around = setting()

    ask(around.world, victim(), SESSION, REFERENCE, "When?")
    texts = look_at_conversation(around.world, victim(), SESSION, REFERENCE)

    assert texts == ("When?",)
    asked, seen = told(around)
    assert asked == QuestionAsked(at=START, person_id="p", crime_reference=REFERENCE, text="When?")
    assert isinstance(seen, Seen)
    assert (seen.where, seen.texts) == ("conversation", ("When?",))
    [post] = seen.posts
    assert (post.author, post.text) == ("victim", "When?")


def test_the_advice_is_written_down_in_its_order() -> None:
    """Its slugs say which pages of the order they are."""
    around = setting()

    texts = look_at_advice(around.world, victim(), SESSION)

    [seen] = told(around)
    assert isinstance(seen, Seen)
    assert seen.texts == texts == ("Locks\nWhich to buy.",)
    assert (seen.where, seen.slugs) == ("advice", ("locks",))


def test_the_choice_of_channels_is_written_down_as_it_is_shown() -> None:
    """The channels in use, and every masked address."""
    around = setting()
    choose_contact(around.world, victim(), SESSION, ("email",))

    look_at_contact(around.world, victim(), SESSION)

    seen = told(around)[-1]
    assert isinstance(seen, Seen)
    assert (seen.where, seen.channels) == ("contact", ("email",))
    assert (seen.addresses, seen.texts) == ((("text", "…123"),), ("…123",))


def test_what_a_tester_types_has_no_whole_rows() -> None:
    """Dates, keys and slugs are made up then: they prove nothing."""
    around = setting()
    around.portal.pages_seen = "by the tester"  # type: ignore[attr-defined]

    look_at_crimes(around.world, victim(), SESSION)
    look_at_advice(around.world, victim(), SESSION)
    look_at_conversation(around.world, victim(), SESSION, REFERENCE)

    for seen in told(around):
        assert isinstance(seen, Seen)
        assert (seen.crimes, seen.posts, seen.slugs) == ((), (), ())


def test_a_question_that_was_refused_was_not_asked() -> None:
    """A question that the portal refused needs no answer."""
    around = setting()
    around.portal.refuses_at = "ask"

    with pytest.raises(Refused):
        ask(around.world, victim(), SESSION, REFERENCE, "When?")

    assert told(around) == []


def test_a_choice_of_channels_is_written_down() -> None:
    """What was chosen counts from then on; who stops messages has chosen none."""
    around = setting()

    choose_contact(around.world, victim(), SESSION, ("email",))
    stop_messages(around.world, victim(), SESSION)

    assert told(around) == [
        ContactChosen(at=START, person_id="p", channels=("email",)),
        ContactChosen(at=START, person_id="p", channels=()),
    ]
    assert around.portal.chosen == ()


def test_asking_to_talk_about_withdrawing_is_written_down() -> None:
    """How far the victim went, and what they were shown; a refusal is evidence too."""
    around = setting()
    around.portal.capabilities = frozenset({"withdraw_support"})
    withdraw_support(around.world, victim(), SESSION, REFERENCE, "asked again")
    withdraw_support(around.world, victim(), SESSION, REFERENCE)
    around.portal.refuses_at = "withdrawal"
    with pytest.raises(Refused):
        withdraw_support(around.world, victim(), SESSION, REFERENCE)

    said = "An officer will speak to you first"
    assert told(around) == [
        WithdrawalAsked(
            at=START, person_id="p", crime_reference=REFERENCE, confirmed=False, said=said
        ),
        WithdrawalAsked(
            at=START, person_id="p", crime_reference=REFERENCE, confirmed=True, said=said
        ),
        WithdrawalRefused(at=START, person_id="p", crime_reference=REFERENCE, status=403),
    ]


def test_what_is_not_claimed_cannot_be_verified() -> None:
    """A portal that has no way to talk about withdrawing is not asked."""
    around = setting()
    around.portal.capabilities = frozenset()

    with pytest.raises(CannotVerify, match="withdraw_support"):
        withdraw_support(around.world, victim(), SESSION, REFERENCE)


def test_a_choice_that_was_refused_was_not_made() -> None:
    """Nothing changes by what the portal did not take."""
    around = setting()
    around.portal.refuses_at = "contact"

    with pytest.raises(Refused):
        choose_contact(around.world, victim(), SESSION, ("email",))

    assert told(around) == []
