"""Every page of the portal in every state it can be in, for tests that look at all of them."""

from datetime import UTC, datetime, timedelta
from typing import Any

from reference.contract.messages import AdvicePage, ConversationPost, CrimeSummary, TimelineEntry
from reference.portal.web.rendering import render
from reference.portal.words.advice import load_advice

AT = datetime(2026, 6, 3, 13, 15, tzinfo=UTC)
SIGN_IN_STEPS = ("address", "invitation", "agreed_word", "date_of_birth", "one_time_code")
STATUSES = ("open", "charged", "closed", "transferred")


def gallery(text: str, error: str = "") -> dict[str, str]:
    """Make every page with `text` wherever somebody's words can stand, and an error or none."""
    asked = {"error": error, "typed": text, "csrf": text}
    return {
        **_sign_in(text, asked),
        **_crimes(text),
        **_crime(text, error),
        **_advice(text),
        **_contact(text, error),
        **{
            f"withdrawal: {step}": render(
                "withdrawal.html", step=step, crime=crime(text), csrf=text, non_emergency="101"
            )
            for step in ("first", "again", "asked")
        },
        "not for me": render("not_for_me.html", **asked),
        "not for me: thanks": render("not_for_me_thanks.html"),
        "message": render("message.html", title=text, text=text, force=text),
        "message: unsent": render("message.html", title="Sign in", text="", typed=text),
        "message: bare": render("message.html", title="There is no such page", text=""),
    }


def crime(text: str, status: Any = "charged") -> CrimeSummary:
    """Make a crime with `text` for what the crime system wrote."""
    return CrimeSummary(
        crime_reference="43260000123",
        offence=text,
        status=status,
        force="thames_valley",
        officer_in_charge=text,
        updated_at=AT,
    )


def everything(text: str) -> dict[str, Any]:
    """Fill in everything that a crime's page can be given besides the crime itself."""
    return {
        "force": text,
        "banner": text,
        "merged_into": "43260000456",
        "appointments": [
            {"starts_at": AT + timedelta(days=9), "place": text, "status": "made"},
            {"starts_at": AT + timedelta(days=2), "place": "", "status": "made"},
            {"starts_at": AT + timedelta(days=1), "place": text, "status": "cancelled"},
        ],
        "outcome": {"title": text, "text": text, "decided_at": AT},
        "informed_by": text,
        "review": True,
        "contact_routes": {
            "force": text,
            "non_emergency": "101",
            "website": "https://police.example/contact-us",
            "witness_care": "Thames Valley Witness Care Unit",
        },
    }


def _sign_in(text: str, asked: dict[str, str]) -> dict[str, str]:
    given: dict[str, Any] = {"step_id": text, "token": text, "force": text, **asked}
    pages = {
        f"sign in: {step}": render("sign_in.html", step=step, proof="agreed_word", **given)
        for step in SIGN_IN_STEPS
    }
    by_date: dict[str, Any] = {**given, "proof": "date_of_birth", "date": ("31", text, "1980")}
    return {
        **pages,
        "sign in: invitation, by date of birth": render(
            "sign_in.html", step="invitation", **by_date
        ),
        "sign in: date_of_birth, a month wrong": render(
            "sign_in.html", step="date_of_birth", wrong="month", **by_date
        ),
    }


def _crimes(text: str) -> dict[str, str]:
    made = [crime(text, status) for status in STATUSES]
    return {
        "crimes": render("crimes.html", crimes=made, force=text, banner=text, csrf=text),
        "crimes: one": render("crimes.html", crimes=made[:1], csrf=text),
        "crimes: none": render("crimes.html", crimes=[], csrf=text),
    }


def _crime(text: str, error: str) -> dict[str, str]:
    posts = [
        ConversationPost(at=AT, author="victim", text=text, key="1"),
        ConversationPost(at=AT, author="officer", name=text, text=text, key="2"),
    ]
    entries = [
        TimelineEntry(at=AT + timedelta(days=day), kind="CrimeRecorded", title=text, text=text)
        for day in range(3)
    ]
    case: dict[str, Any] = {"crime": crime(text), "timeline": entries, "csrf": text}
    bare = {**case, "timeline": [], "crime": CrimeSummary(
        crime_reference="43260000123", offence=text, status="open", force="x", updated_at=AT
    )}  # fmt: skip
    said = {**case, "conversation": posts, "error": error, "typed": text, "form_key": text}
    waiting = [ConversationPost(at=AT, author="victim", text=text, key="3", is_with_force=False)]
    return {
        "crime: phase 1": render("crime.html", conversation=None, **case),
        "crime: nothing yet": render("crime.html", conversation=[], **bare),
        "crime": render("crime.html", **said),
        "crime: waiting": render("crime.html", conversation=waiting, **case),
        "crime: everything": render("crime.html", writing="open", **said, **everything(text)),
        "crime: elsewhere": render(
            "crime.html", **{**said, "crime": crime(text, "transferred"), **everything(text)}
        ),
        "crime: in court": render("crime.html", writing="court", **said, **everything(text)),
        "crime: closed": render("crime.html", writing="closed", **said, **everything(text)),
        "crime: closed, no routes": render("crime.html", writing="closed", **said),
    }


def _advice(text: str) -> dict[str, str]:
    found = [AdvicePage(slug="your-rights", title=text, summary=text)]
    article = load_advice().article("your-rights")
    assert article is not None
    shown: dict[str, Any] = {
        "title": text,
        "html": article.html,
        "contents": article.contents,
        "review_date": article.review_date,
    }
    return {
        "advice": render("advice.html", pages=found, query="", csrf=text, signed_in=True),
        "advice: found": render("advice.html", pages=found * 2, query=text),
        "advice: none found": render("advice.html", pages=[], query=text),
        "advice page": render("advice_page.html", **shown),
    }


def _contact(text: str, error: str) -> dict[str, str]:
    addresses = {"text": "07700900123", "email": "alex@mail.example"}
    crimes = [crime(text)] * 2
    asked: dict[str, Any] = {"addresses": addresses, "chosen": ["text"], "csrf": text}
    return {
        "contact": render("contact.html", error=error, **asked),
        "contact: stopped": render("contact.html", stopped=True, saved="stop", **asked),
        "contact: saved": render("contact.html", saved="channels", crimes=crimes, **asked),
        "contact: nowhere": render("contact.html", **{**asked, "addresses": {}, "chosen": []}),
    }
