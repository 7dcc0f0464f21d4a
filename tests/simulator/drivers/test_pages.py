"""Rules of the driver by pages: it types, presses and reads as a selectors file says, and no more.

Without a Chromium these are skipped, and where one is required they fail: see `browser.chromium`.
"""

from datetime import UTC, datetime

import pytest
from msgspec import structs

from reference.contract.messages import (
    AdvicePage,
    ConversationPost,
    CrimeSummary,
    TimelineEntry,
)
from simulator.drivers import browser
from simulator.drivers.base import ContactChoice, Delivery, Refused, Session, Step
from simulator.errors import CannotVerify, PortalNonsense
from tests.simulator.drivers.in_a_browser import INVITATION, Driven
from tests.simulator.drivers.vendor_pages import BYE

#: All of them together.
pytestmark = pytest.mark.slow(seconds=12)

ALERT = '<p role="alert">That is not right</p>'


def test_the_sign_in_types_what_it_is_given(at: Driven) -> None:
    """Address, date of birth and code go into the fields that the file names, a page each."""
    step = at.driver.begin_sign_in("07700 900101")

    assert step.asks == "date_of_birth"

    step = at.driver.prove(step, "1984-05-01")

    assert step.asks == "one_time_code"

    at.driver.enter_code(step, "123456")

    assert at.site.forms("/birthday") == [{"who": "07700 900101"}]
    assert at.site.forms("/code") == [{"d": "01", "m": "05", "y": "1984"}]
    assert at.site.forms("/home") == [{"otp": "123456"}]


def test_an_invitation_may_ask_the_next_question_itself(at: Driven) -> None:
    """Where the file names nothing to press, the page behind the link is the question."""
    assert at.driver.open_invitation(at.url + INVITATION).asks == "date_of_birth"


@pytest.mark.parametrize(
    "link",
    ["file:///etc/hostname", "javascript:alert(1)", "no link", "http://live.example/invitation/x"],
)
def test_only_pages_of_the_portal_are_opened(at: Driven, link: str) -> None:
    """A link out of a message leads to the portal of the target: to no other, and no file here."""
    with pytest.raises(PortalNonsense, match="link leads to"):
        at.driver.open_invitation(link)


def test_everything_a_victim_reads(at: Driven, session: Session) -> None:
    """Lists become values of the contract: words, times of London, statuses and kinds."""
    assert at.driver.crimes(session) == [
        CrimeSummary(
            crime_reference="9001",
            offence="Burglary",
            status="open",
            force="",
            officer_in_charge="PC Okafor, 4271",
            updated_at=datetime(2026, 6, 30, 23, 30, tzinfo=UTC),
        )
    ]
    assert at.driver.timeline(session, "9001") == [
        TimelineEntry(
            at=datetime(2026, 2, 1, 9, 30, tzinfo=UTC),
            kind="OfficerDeployed",
            title="An officer sent",
            text="To you.",
        ),
        TimelineEntry(
            at=datetime(2026, 7, 2, 8, 30, tzinfo=UTC), kind="", title="Something of our own"
        ),
    ]
    assert at.driver.conversation(session, "9001") == [
        ConversationPost(
            at=datetime(2026, 2, 1, 9, 31, tzinfo=UTC),
            author="victim",
            text="Is it <b>?\ntwo  lines",
            key="post 1",
            is_with_force=False,
        ),
        ConversationPost(
            at=datetime(2026, 2, 1, 10, tzinfo=UTC),
            author="officer",
            name="PC Okafor",
            text="It is.",
            key="post 2",
        ),
    ]
    assert at.driver.advice(session) == [
        AdvicePage(slug="page 1", title="Locks", summary="Good ones."),
        AdvicePage(slug="page 2", title="Bells"),
    ]
    assert at.driver.contact(session) == ContactChoice(
        channels=("text",), addresses={"text": "…101", "email": "a…@example.com"}
    )


def test_a_list_may_be_empty_where_the_page_says_so(at: Driven, session: Session) -> None:
    """Without rows, what the file names for an empty list must be there: else it is not known."""
    at.site.pages["/home"] = BYE + "<p id='none'>Nothing</p>"

    assert at.driver.crimes(session) == []

    at.site.pages["/home"] = BYE

    with pytest.raises(PortalNonsense, match=r"crimes\.empty, '#none', matches nothing on /home"):
        at.driver.crimes(session)


def test_a_question_is_typed_as_it_is(at: Driven, session: Session) -> None:
    """Lines, quotation marks and other letters arrive; a browser sends a line break as two."""
    at.driver.ask_officer(session, "9001", 'Who?\n"Zoë" & <b>')

    assert at.site.forms("/asked") == [{"words": 'Who?\r\n"Zoë" & <b>'}]


def test_without_a_form_nobody_may_write(at: Driven, session: Session) -> None:
    """What stands there instead is the detail of the no."""
    at.driver.crimes(session)
    at.site.pages["/case/x7Qp"] = BYE + "<p id='shut'>Call 101</p>"

    with pytest.raises(Refused) as refused:
        at.driver.ask_officer(session, "9001", "Hello?")

    assert refused.value.detail == "Call 101"

    with pytest.raises(Refused, match="no conversation"):
        at.driver.conversation(session, "9001")


@pytest.mark.parametrize(
    ("channels", "path", "form"),
    [
        (("email",), "/saved", {"mail": "on"}),
        (("text", "email"), "/saved", {"sms": "on", "mail": "on"}),
        ((), "/stopped", {}),
    ],
)
def test_channels_are_ticked_and_saved(
    at: Driven, session: Session, channels: tuple[str, ...], path: str, form: dict[str, str]
) -> None:
    """The boxes are as wanted whatever they were; none at all is what stops all messages."""
    at.driver.choose_contact(session, channels)  # type: ignore[arg-type]

    assert at.site.forms(path) == [form]


def test_a_channel_without_a_box_cannot_be_chosen(at: Driven, session: Session) -> None:
    """What the page does not offer is a no."""
    at.site.pages["/me"] = BYE + "<button>Save</button>"

    with pytest.raises(Refused, match="no box for text"):
        at.driver.choose_contact(session, ["text"])


def test_stopping_messages_presses_one_button(at: Driven, session: Session) -> None:
    """Whatever is ticked."""
    at.driver.stop_messages(session)

    assert at.site.forms("/stopped") == [{}]


def test_talking_about_withdrawing_takes_two_presses(at: Driven, session: Session) -> None:
    """The driver can stop before the second, and gives the words that are shown then."""
    at.driver.crimes(session)
    at.driver.withdraw_support(session, "9001", "asked again")

    assert at.site.forms("/withdrawn") == []

    said = at.driver.withdraw_support(session, "9001", "confirmed")

    assert "An officer will speak to you" in said
    assert at.site.forms("/withdrawn") == [{}]


def test_a_page_may_have_no_way_to_talk_about_withdrawing(at: Driven, session: Session) -> None:
    """Without the link it is a no."""
    at.driver.crimes(session)
    crime = next(each for each in at.site.pages if each.startswith("/case/"))
    at.site.pages[crime] = at.site.pages[crime].replace("May I end it?", "Something else")

    with pytest.raises(Refused, match="no link"):
        at.driver.withdraw_support(session, "9001", "confirmed")


def test_not_for_me_is_said_by_a_browser_with_no_past(at: Driven, session: Session) -> None:
    """The stranger is not signed in, though a victim is; the page may refuse."""
    at.site.pages["/thanks"] = "<title>Thanks</title><h1>Thank you</h1>"

    assert at.driver.not_for_me("07700 900101", "") == "Thank you"
    assert at.site.forms("/thanks") == [{"what": "07700 900101"}]
    assert {cookie for _method, path, _form, cookie in at.site.asked if path == "/thanks"} == {""}

    at.site.pages["/thanks"] = ALERT

    with pytest.raises(Refused, match="That is not right"):
        at.driver.not_for_me("hello", "")


def test_a_page_says_no_by_words_or_by_its_status(at: Driven) -> None:
    """Words that the file names are a no under any status; so is 400 and more, with the title."""
    at.site.pages["/birthday"] = ALERT

    with pytest.raises(Refused) as refused:
        at.driver.begin_sign_in("nobody")

    assert (refused.value.status, refused.value.title) == (200, "That is not right")

    with pytest.raises(Refused) as refused:
        at.driver.open_invitation(f"{at.url}/invited/another")

    assert (refused.value.status, refused.value.title) == (404, "No such page")


def test_a_wrong_code_may_be_followed_by_a_right_one(at: Driven) -> None:
    """A no that asks again leaves the sign-in open, in the same tab."""
    step = at.driver.prove(at.driver.begin_sign_in("07700 900101"), "1984-05-01")
    asks_again = at.site.pages["/code"] + ALERT
    home, at.site.pages["/home"] = at.site.pages["/home"], asks_again

    with pytest.raises(Refused):
        at.driver.enter_code(step, "000000")

    at.site.pages["/home"] = home

    assert at.driver.enter_code(step, "123456") == Session(step.id)


def test_a_page_that_asked_is_answered_again_on_a_copy(at: Driven) -> None:
    """Whether a no or a code has ended the sign-in is for the portal to say, and not for a tab."""
    step = at.driver.prove(at.driver.begin_sign_in("07700 900101"), "1984-05-01")
    home, at.site.pages["/home"] = at.site.pages["/home"], ALERT
    for _again in range(2):
        with pytest.raises(Refused, match="That is not right"):
            at.driver.enter_code(step, "000000")

    assert len(at.site.forms("/home")) == 2

    at.site.pages["/home"] = home
    let_in = [at.driver.enter_code(step, "123456") for _again in range(2)]

    assert len(at.site.forms("/home")) == 4
    assert step.id not in {each.token for each in let_in}
    assert at.site.forms("/code") == [{"d": "01", "m": "05", "y": "1984"}]


def test_a_code_that_leads_nowhere_is_no_answer(at: Driven) -> None:
    """Neither a refusal nor a page after sign-in: the file or the portal is wrong."""
    step = at.driver.prove(at.driver.begin_sign_in("07700 900101"), "1984-05-01")
    at.site.pages["/home"] = "<p>Welcome</p>"

    with pytest.raises(PortalNonsense, match=r"signed_in\.shows, '#bye', matches nothing"):
        at.driver.enter_code(step, "123456")


def test_who_is_not_signed_in_any_more_is_refused(at: Driven, session: Session) -> None:
    """A page that only asks to sign in is a no."""
    at.site.pages["/home"] = at.site.pages["/login"]

    with pytest.raises(Refused, match="Not signed in"):
        at.driver.crimes(session)


def test_the_address_of_a_crime_is_learnt_from_a_list(at: Driven, session: Session) -> None:
    """Without a path a crime is found by its link; who was never shown one may try another's."""
    other = at.sign_in()
    own_list = at.site.pages["/home"]
    at.site.pages["/home"] = BYE + "<p id='none'>Nothing</p>"

    with pytest.raises(CannotVerify, match=r"no crime\.path"):
        at.driver.timeline(other, "9001")

    at.site.pages["/home"] = own_list
    at.driver.crimes(session)
    at.site.pages["/home"] = BYE + "<p id='none'>Nothing</p>"

    assert at.driver.timeline(other, "9001")

    at.site.pages["/case/x7Qp"] = ""

    with pytest.raises(Refused, match="404"):
        at.driver.timeline(other, "9001")


def test_a_table_the_file_leaves_out_is_not_verified(
    at: Driven, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A portal without two-way messages says so by having no such pages: SKIP, never a no."""
    left_out = {"conversation": None, "question": None, "not_for_me": None}
    without = structs.replace(at.driver._selectors, **left_out)
    monkeypatch.setattr(at.driver, "_selectors", without)

    with pytest.raises(CannotVerify, match=r"no \[conversation\]"):
        at.driver.conversation(session, "9001")
    with pytest.raises(CannotVerify, match=r"no \[question\]"):
        at.driver.ask_officer(session, "9001", "Hello?")
    with pytest.raises(CannotVerify, match=r"no \[not_for_me\]"):
        at.driver.not_for_me("07700 900101", "")


def test_people_do_not_share_cookies(at: Driven) -> None:
    """Each sign-in is a browser of its own to the portal."""
    one, two = at.sign_in("111111"), at.sign_in("222222")
    at.site.asked.clear()
    at.driver.advice(one)
    at.driver.advice(two)

    assert [cookie for _method, _path, _form, cookie in at.site.asked] == ["111111", "222222"]


def test_signing_out_is_tried_with_a_copy_of_the_cookie(at: Driven) -> None:
    """A portal that only deletes the cookie leaves the session open to a copy of it."""
    session = at.sign_in("333333")
    at.driver.sign_out(session)
    at.site.asked.clear()
    at.driver.advice(session)

    assert [each[3] for each in at.site.asked] == ["333333"]


def test_more_people_than_tabs_come_back_with_their_cookies(
    at: Driven, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A crowd does not fill the machine: the oldest tab is closed, and its session goes on."""
    monkeypatch.setattr(browser, "OPEN_MAX", 1)
    one = at.sign_in("444444")
    at.sign_in("555555")

    assert len(at.driver._browser._tabs) == 1

    at.site.asked.clear()
    at.driver.advice(one)

    assert [each[3] for each in at.site.asked] == ["444444"]


def test_every_page_is_looked_at(at: Driven) -> None:
    """The look is at what came, a no among it."""
    at.looked_at.clear()
    with pytest.raises(Refused):
        at.driver.open_invitation(f"{at.url}/invited/another")
    at.driver.begin_sign_in("07700 900101")

    assert at.looked_at == ["/invited/another", "/login?portal=victims", "/birthday"]


def test_the_rest_goes_by_the_interfaces(at: Driven) -> None:
    """Events, the phase and the clock are no pages."""
    delivery = Delivery("delivery-1", [b'{"id": "event-1"}'])

    assert at.driver.deliver(delivery) == 202
    assert at.by_http.deliveries == [delivery]

    at.driver.enter_phase(2)

    assert at.by_http.phases == [2]
    assert at.driver.capabilities == at.by_http.capabilities


def test_a_step_of_nobody_is_asked_nothing(at: Driven) -> None:
    """A tab that shows no page of the sign-in has none of its fields."""
    with pytest.raises(PortalNonsense, match=r"one_time_code\.code, '#otp', matches nothing"):
        at.driver.enter_code(Step("a tab that was never opened", "one_time_code"), "123456")
