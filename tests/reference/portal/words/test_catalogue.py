"""The words as they are used: found for a case, filled in, and refused when the file is wrong."""

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reference.catalogue_check.triggers import MESSAGES, TRIGGERS
from reference.contract.events import EVENT_TYPES, Channel
from reference.portal.words import catalogue, wording
from tests.reference.catalogue_check.spoiled_words import READ

WORDS = catalogue.load()
SOURCE = catalogue.FILE.read_text(encoding="utf-8")
VALUES = {
    "force": "Hampshire and Isle of Wight Constabulary",
    "portal": "https://updates.hampshire.police.example",
    "non_emergency": "101",
}
OWN = "https://updates.hampshire.police.example/not-for-me/" + "y" * 32
LINK = "https://updates.hampshire.police.example/invitation/" + "x" * 28
SENT = [
    (name, channel)
    for message in READ.message
    for name in message.ids
    for channel in (("text", "email") if message.email_body else ("text",))
]
CASES = [case for template in READ.template for case in template.cases]
Values = st.dictionaries(st.sampled_from(READ.blank.__struct_fields__), st.text(max_size=40))


def rendered(notice_id: str, channel: Channel, name: str = "") -> catalogue.Rendered:
    """Fill in a message with everything it could ask for."""
    notice = WORDS.notice(notice_id)
    return notice.render(channel, **VALUES, name=name, link=LINK, code="123456", not_for_me=OWN)


@pytest.mark.parametrize(("notice_id", "channel"), SENT)
def test_every_message_says_who_and_offers_a_way_out(notice_id: str, channel: Channel) -> None:
    """A message names the force, and how to say that it is not for the reader."""
    body = rendered(notice_id, channel).body

    assert VALUES["force"] in body
    assert f"Not for you? {'Text NOT ME' if channel == 'text' else 'Tell us'}" in body
    assert "call 101" in body.casefold()


@pytest.mark.parametrize(("notice_id", "channel"), SENT)
def test_only_an_invitation_carries_a_token(notice_id: str, channel: Channel) -> None:
    """No other message has a link that signs in, and the code is in the code message alone.

    Every other email has a link of its own that says no more than that it was not for its reader.
    """
    message = rendered(notice_id, channel)

    assert (OWN in message.body) == (channel == "email" and notice_id != "one_time_code")
    assert (LINK in message.body) == (notice_id == "invitation")
    assert ("123456" in message.body) == (notice_id == "one_time_code")
    assert "123456" not in message.subject


def test_whatever_the_news_the_message_is_the_same() -> None:
    """Word for word, in both channels: that it came gives away nothing of what it is about."""
    for channel in ("text", "email"):
        said = {rendered(name, channel, "Ann") for name in ("update", "reply", "advice")}
        assert len(said) == 1


@pytest.mark.parametrize("message", READ.message, ids=lambda each: each.id)
def test_an_email_gives_away_no_more_than_the_text(message: wording.MessageWords) -> None:
    """No word that tells what kind of news it is stands in one channel and not in the other."""
    telling = r"\b(reply|replied|advice|your case|question|wrote|decision|outcome|meeting|regular)"
    if message.email_body:
        email = f"{message.email_subject} {message.email_body}".casefold()

        assert set(re.findall(telling, email)) == set(re.findall(telling, message.text.casefold()))


def test_a_link_and_a_code_can_be_found_where_a_person_finds_them() -> None:
    """The link ends at white space, and the code stands alone, as a tester's patterns expect."""
    for channel in ("text", "email"):
        invitation = rendered("invitation", channel).body
        code = rendered("one_time_code", channel).body

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
    for notice_id in MESSAGES:
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


def test_an_answer_to_a_text_goes_by_text_alone() -> None:
    """There is no email that answers a text, and asking for one says so."""
    for notice_id in ("stopped", "where_to_write"):
        with pytest.raises(ValueError, match=f"'{notice_id}' has no words for 'email'"):
            WORDS.notice(notice_id).render("email", **VALUES)


def test_an_unknown_notice_is_a_clear_error() -> None:
    """A notice nobody wrote is named, with those there are."""
    with pytest.raises(LookupError, match=r"'postcard'.*invitation.*reply"):
        WORDS.notice("postcard")


@given(st.sampled_from(CASES), Values)
def test_whatever_the_crime_system_gives_stands_on_the_page_as_text(
    case: wording.Case, values: dict[str, str]
) -> None:
    """Any officer, place or reference fits any entry: shown as it is, and never as a template."""
    trigger, detail, variant, audience = case
    entry = WORDS.entry(trigger, detail=detail, variant=variant, audience=audience)
    template = next(each for each in READ.template if each.id == entry.id)

    said = entry.render(**values)

    blank = {field: getattr(READ.blank, field) for field in READ.blank.__struct_fields__}
    filled = {name: values.get(name) or words for name, words in blank.items()}
    for words, shown in zip((template.title.strip(), template.text.strip()), said, strict=True):
        assert shown == re.sub(r"\{(\w+)\}", lambda found: filled[found[1]], words)


def test_an_entry_shows_what_it_was_given_and_has_words_for_what_it_was_not() -> None:
    """Values stand in the entry; a blank one is replaced by the catalogue's own words."""
    entry = WORDS.entry("AppointmentMade")
    _, full = entry.render(when="3 June 2026 at 2:15pm", place="Reading police station")
    _, blank = entry.render(when="3 June 2026 at 2:15pm")

    assert "3 June 2026 at 2:15pm" in full
    assert "Reading police station" in full
    assert "Where: we will agree this with you." in blank


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"detail": "15", "variant": "review"}, "review_evidence"),
        ({"detail": "15", "variant": "cps"}, "closed_evidence_cps"),
        ({"detail": "18", "variant": "cps"}, "closed_nobody_found"),
        ({"detail": "18", "audience": "enhanced"}, "closed_nobody_found_enhanced"),
        ({"detail": "18", "audience": "standard"}, "closed_nobody_found"),
        (
            {"detail": "13", "variant": "review", "audience": "enhanced"},
            "review_evidence_cannot_be_given_enhanced",
        ),
        ({"detail": "15", "variant": "review", "audience": "enhanced"}, "review_evidence"),
    ],
)
def test_the_special_comes_before_the_general(asked: dict[str, Any], found: str) -> None:
    """A closure is told by its outcome; its right to review, or who decided, where it has one."""
    assert WORDS.entry("CrimeClosed", **asked).id == found


def test_what_is_unknown_is_told_in_general_words() -> None:
    """A grade, an offence or a round that has no words of its own falls back to those for any."""
    assert WORDS.entry("CrimeRecorded", detail="9").id == "crime_recorded"
    assert WORDS.entry("advice", detail="Shoplifting").id == "advice"
    assert WORDS.entry("still_with_us", detail="7", variant="team").id == "still_with_us_team"


def test_words_for_everyone_are_one_entry() -> None:
    """A caller that shows an entry can see whether both audiences read the same."""
    deployed = [WORDS.entry("OfficerDeployed", audience=each) for each in wording.AUDIENCES]
    closed = [WORDS.entry("CrimeClosed", detail="16", audience=each) for each in wording.AUDIENCES]

    assert deployed[0] is deployed[1]
    assert closed[0] is not closed[1]


@given(
    st.one_of(st.sampled_from(sorted({*EVENT_TYPES, *TRIGGERS})), st.text(max_size=10)),
    st.one_of(st.sampled_from(["", "5", "18", "suspect_arrested", "away"]), st.text(max_size=10)),
    st.one_of(st.sampled_from(["", "review", "officer", "team"]), st.text(max_size=10)),
    st.sampled_from(["everyone", "standard", "enhanced", "nobody"]),
)
def test_every_combination_has_words_or_a_clear_error(
    trigger: str, detail: str, variant: str, audience: str
) -> None:
    """A combination gives an entry of its trigger, or a LookupError (no KeyError) that names it."""
    try:
        entry = WORDS.entry(trigger, detail=detail, variant=variant, audience=audience)
    except LookupError as refused:
        is_clear = not isinstance(refused, KeyError) and trigger in str(refused)
    else:
        template = next(each for each in READ.template if each.id == entry.id)
        is_clear = template.trigger == trigger and template.message == entry.message

    assert is_clear


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("[checks]", "[checks", r"line \d+"),
        ('title = "An officer was sent"', "title = 7", "title"),
        ("Because of what we were told", "Unfortunately", "'officer_deployed': text has 'unfort"),
        ("Because of what we were told", "{suspect}", "'officer_deployed': text has {suspect}"),
        ("{code} is your code", "{a\nb} is your code", "'one_time_code': text has {a b}"),
        ("{code} is your code", "A burglary", "'one_time_code': text has 'burglary'"),
        ("{code} is your code", "It is your code", "'one_time_code': text has no {code}"),
    ],
)
def test_the_portal_itself_refuses_unsafe_words(old: str, new: str, fault: str) -> None:
    """However it is started: an offence in a text, blame on a page, a name nobody fills in."""
    broken = SOURCE.replace(old, new)
    assert broken != SOURCE

    with pytest.raises(ValueError, match=rf"^catalogue\.toml: .*{fault}") as refused:
        catalogue.parse(broken)

    assert "\n" not in str(refused.value)
