"""The words: that all are there, that none says too much, and that a bad catalogue is refused."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reference.contract.events import EVENT_TYPES, Channel
from reference.contract.outcomes import CHARGED, OUTCOMES
from reference.portal import catalogue, wording
from reference.portal.policy import may_offer_review

ROOT = Path(__file__).parents[3]
SOURCE = (ROOT / "reference/portal/catalogue.toml").read_text(encoding="utf-8")
ORDER: dict[str, Any] = tomllib.loads(
    (ROOT / "scenarios/orders/two-forces.toml").read_text(encoding="utf-8")
)
WORDS = catalogue.load()
VALUES = {
    "force": "Hampshire and Isle of Wight Constabulary",
    "portal": "https://updates.hampshire.police.example",
    "non_emergency": "101",
}
LINK = "https://updates.hampshire.police.example/invitation/" + "x" * 28
CLOSURES = [outcome for outcome in OUTCOMES if outcome != CHARGED]
REVIEWABLE = [
    outcome
    for outcome in OUTCOMES
    if may_offer_review(decided_by="police", interviewed=True, outcome=outcome)
]


def rendered(notice_id: str, channel: Channel, name: str = "") -> catalogue.Rendered:
    """Fill in a message with everything it could ask for."""
    notice = WORDS.notice(notice_id)
    return notice.render(channel, **VALUES, name=name, link=LINK, code="123456")


@pytest.mark.parametrize("notice_id", wording.NOTICES)
@pytest.mark.parametrize("channel", ["text", "email"])
def test_a_message_never_holds_what_the_order_denies(notice_id: str, channel: Channel) -> None:
    """No text, subject or email holds a word that the order denies."""
    message = rendered(notice_id, channel, name="Ann")
    said = f"{message.subject}\n{message.body}".casefold()

    for word in ORDER["messages"]["denied_in_text"]:
        assert word not in said


@pytest.mark.parametrize("notice_id", wording.NOTICES)
def test_a_text_fits_its_parts(notice_id: str) -> None:
    """A text is one part long, an invitation two, for the force with the longest name."""
    body = rendered(notice_id, "text").body

    assert len(body) <= (306 if notice_id == "invitation" else 160)
    assert len(LINK) == 80
    assert body.isascii()


@pytest.mark.parametrize("notice_id", wording.NOTICES)
@pytest.mark.parametrize("channel", ["text", "email"])
def test_every_message_says_who_and_offers_a_way_out(notice_id: str, channel: Channel) -> None:
    """A message names the force and the portal, and says what to do if it is not for the reader."""
    body = rendered(notice_id, channel).body

    assert VALUES["force"] in body
    assert VALUES["portal"] in body
    assert "Not for you?" in body
    assert "call 101" in body.casefold()


@pytest.mark.parametrize("notice_id", wording.NOTICES)
@pytest.mark.parametrize("channel", ["text", "email"])
def test_only_an_invitation_carries_a_token(notice_id: str, channel: Channel) -> None:
    """No other message has a link of somebody's own, and the code is in the code message alone."""
    message = rendered(notice_id, channel)

    assert (LINK in message.body) == (notice_id == "invitation")
    assert ("123456" in message.body) == (notice_id == "one_time_code")
    assert "123456" not in message.subject


def test_a_link_and_a_code_can_be_found_where_a_person_finds_them() -> None:
    """The link ends at white space, and the code stands alone, as a tester's patterns expect."""
    invitation = rendered("invitation", "text").body
    code = rendered("one_time_code", "text").body

    assert re.findall(r"(https?://\S+/invitation/\S+)", invitation) == [LINK]
    assert re.findall(r"\b([0-9]{6})\b", code) == ["123456"]


def test_an_email_greets_by_name_only_where_the_name_is_safe() -> None:
    """A plain name is used; a blank one, or one that could be a link, leaves Hello alone."""
    assert rendered("update", "email", name="Zoë-Ann O'Neill").body.startswith(
        "Hello Zoë-Ann O'Neill,\n"
    )
    for name in ("", "https://evil.example", "Ann\nCall 0900", "{code}", "evil.example", "x" * 60):
        assert rendered("update", "email", name=name).body.startswith("Hello,\n")


def test_a_text_never_holds_a_name() -> None:
    """Names are on the list of what a text must not hold."""
    for notice_id in wording.NOTICES:
        assert "Zebedee" not in rendered(notice_id, "text", name="Zebedee").body


@given(st.text(max_size=60))
def test_no_name_breaks_a_message(name: str) -> None:
    """Whatever was written down as a name, the message is whole and begins with Hello."""
    body = rendered("update", "email", name=name).body

    assert body.startswith("Hello")
    assert body.endswith(VALUES["force"])


def test_values_are_not_read_as_templates() -> None:
    """Braces in a value are shown as they are."""
    message = WORDS.notice("update").render("text", **{**VALUES, "force": "{portal} {0}"})

    assert message.body.startswith("{portal} {0}: you have an update")


def test_a_message_without_what_it_is_for_is_refused() -> None:
    """An invitation without a link, or a code message without a code, is an error here."""
    with pytest.raises(ValueError, match="'invitation' needs a link"):
        WORDS.notice("invitation").render("text", **VALUES)
    with pytest.raises(ValueError, match="'one_time_code' needs a code"):
        WORDS.notice("one_time_code").render("email", **VALUES)


def test_a_charge_is_never_called_an_end() -> None:
    """After a charge the victim reads who informs them from here, and nothing of closing."""
    title, text = WORDS.entry("OutcomeRecorded", outcome=CHARGED).render()

    assert "charged" in title
    assert "Witness Care Unit" in text
    assert "closed" not in f"{title} {text}".casefold()


@pytest.mark.parametrize("outcome", CLOSURES)
def test_every_ending_says_that_the_case_is_closed(outcome: int) -> None:
    """Each outcome that closes a case says so, without review, blame or the suspect."""
    said = " ".join(WORDS.entry("CrimeClosed", outcome=outcome).render())

    assert "closed" in said
    for word in ("review", "suspect", "you withdrew", "you did not", "refused", "unfortunately"):
        assert word not in said.casefold()


@pytest.mark.parametrize("outcome", CLOSURES)
def test_the_right_to_review_is_offered_only_where_the_police_scheme_applies(outcome: int) -> None:
    """Review wording exists for the outcomes of the police scheme, and for no other."""
    if outcome in REVIEWABLE:
        said = " ".join(WORDS.entry("CrimeClosed", outcome=outcome, variant="review").render())
        assert "Victims' Right to Review" in said
        assert "within three months" in said
        assert "Crown Prosecution Service" not in said
    else:
        with pytest.raises(LookupError):
            WORDS.entry("CrimeClosed", outcome=outcome, variant="review")


def test_nobody_learns_a_suspects_age_or_health() -> None:
    """Outcomes 11 and 12 read the same, and 13 names neither death nor illness."""
    under_age = WORDS.entry("CrimeClosed", outcome=11).render()
    too_ill = WORDS.entry("CrimeClosed", outcome=12).render()
    cannot_speak = " ".join(WORDS.entry("CrimeClosed", outcome=13).render()).casefold()

    assert under_age == too_ill
    assert not re.search(r"\b(ill|illness|died|dead|death)\b", cannot_speak)


@given(
    st.one_of(st.sampled_from(sorted(EVENT_TYPES)), st.text(max_size=10)),
    st.one_of(st.none(), st.integers(-1, 30)),
    st.sampled_from(["", "review", "officer", "team", "other"]),
)
def test_every_combination_has_words_or_a_clear_error(
    trigger: str, outcome: int | None, variant: str
) -> None:
    """A combination gives an entry that renders, or a LookupError (no KeyError) that names it."""
    needed = {"CrimeAllocated": ("officer", "team"), "OutcomeRecorded": ("",)}
    try:
        entry = WORDS.entry(trigger, outcome=outcome, variant=variant)
    except LookupError as refused:
        known = not isinstance(refused, KeyError) and trigger in str(refused)
    else:
        known = all(entry.render()) and variant in needed.get(trigger, ("", "review"))

    assert known


def test_an_entry_shows_what_it_was_given_and_has_words_for_what_it_was_not() -> None:
    """Values stand in the entry; a blank one is replaced by the catalogue's own words."""
    entry = WORDS.entry("AppointmentMade")
    _, full = entry.render(when="3 June 2026 at 2:15pm", place="Reading police station")
    _, blank = entry.render(when="3 June 2026 at 2:15pm")

    assert "3 June 2026 at 2:15pm" in full
    assert "Reading police station" in full
    assert "Where: we will agree this with you." in blank


def test_an_unknown_notice_is_a_clear_error() -> None:
    """A notice nobody wrote is named, with those there are."""
    with pytest.raises(LookupError, match=r"'postcard'.*invitation"):
        WORDS.notice("postcard")


def test_the_catalogues_own_list_is_as_strict_as_the_order() -> None:
    """Every word the order denies is also on the catalogue's list."""
    words = tomllib.loads(SOURCE)

    assert set(ORDER["messages"]["denied_in_text"]) <= set(words["checks"]["denied_in_messages"])


UPDATE_TEXT = "{force}: you have an update. Sign in at {portal}"


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("[checks]", "[checks", r"catalogue\.toml: "),
        (UPDATE_TEXT, "{force}: {officer} at {portal}", r"notice 'update': text has {officer}"),
        (UPDATE_TEXT, "{force}: {code} at {portal}", r"'update': text has {code}"),
        (UPDATE_TEXT, "{force}: {name} at {portal}", r"'update': text has {name}"),
        (UPDATE_TEXT, "{force!r}: at {portal}", r"text has {force!r}"),
        (UPDATE_TEXT, "{force: at {portal}", r"text has .*brace"),
        (UPDATE_TEXT, "{force}: your Burglary. {portal}", r"text has 'burglary'"),
        (UPDATE_TEXT, "{force}: act now. {portal}", r"text has 'act now'"),
        (UPDATE_TEXT, "{force}: you’ve news. {portal}", r"text has '’', which is not GSM-7"),
        (UPDATE_TEXT, UPDATE_TEXT + " please please", r"'update': text is 1\d\d characters"),
        (UPDATE_TEXT, "You have an update at {portal}", r"add {force}"),
        ("Not for you? Tell us there or", "Or", r"no way to say 'this is not for me'"),
        ("\n{link}\nNot", "\nNot", r"notice 'invitation': text has no {link}"),
        ("Hello {name},", "Hello, {name}!", r"email_body: write the name as"),
        ('id = "update"', 'id = "postcard"', r"notice 'update': is there 0 times"),
        ('id = "advice"', 'id = "update"', r"notice 'update': is there 2 times"),
        ("outcomes = [16]", "outcomes = [16, 18]", r"outcome 18 is already in"),
        ("outcomes = [16]", "outcomes = [19]", r"nothing asks for CrimeClosed, outcome 19"),
        ("outcomes = [9, 10]", "outcomes = [9]", r"missing for CrimeClosed, outcome 10, variant"),
        ('"OfficerDeployed"', '"OfficerWent"', r"nothing asks for OfficerWent"),
        ("{team} is now", "{suspect} is now", r"'crime_allocated_team': text has {suspect}"),
        ("review_date = 2027-04-01", 'review_date = "soon"', r"review_date"),
        ('why = "Says sorry', 'because = "Says sorry', r"because"),
    ],
)
def test_a_bad_catalogue_is_refused_in_one_sentence(old: str, new: str, fault: str) -> None:
    """Every rule of the catalogue refuses a file that breaks it, and names the entry."""
    broken = SOURCE.replace(old, new)
    assert broken != SOURCE

    with pytest.raises(ValueError, match=fault) as refused:
        catalogue.parse(broken)

    assert "\n" not in str(refused.value)
