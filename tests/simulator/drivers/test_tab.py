"""Rules of errors when a page does not fit the selectors file, or does not come.

Each is one sentence with file, key, selector and path, and nothing that a report may not hold.
"""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.drivers.base import Session
from simulator.drivers.tab import path_pattern
from simulator.errors import BadInput, PortalNonsense, PortalUnreachable, SuiteError
from simulator.inputs.selectors import Refusal
from simulator.processes.loopback import free_port
from tests.simulator.drivers.in_a_browser import INVITATION, Driven, driven
from tests.simulator.drivers.vendor_pages import BYE, CASE, HOME

TOKENS = st.text("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-", min_size=22)


def said(portal: Driven, path: str, html: str) -> str:
    """Return the error when the sign-in meets this page."""
    portal.site.pages[path] = html
    with pytest.raises(SuiteError) as error:
        portal.sign_in()
    return str(error.value)


def test_what_is_not_there_is_named_with_all_it_takes_to_mend_it(at: Driven) -> None:
    """File, key, selector, path and status, in one sentence."""
    assert said(at, "/birthday", "<p>Soon</p>") == (
        "vendor.selectors.toml: one_time_code.code, '#otp', matches nothing on /birthday (200); "
        "fix the selector, or the page"
    )


def test_what_is_there_twice_is_not_guessed_at(at: Driven) -> None:
    """One is needed: the first of two might be another's."""
    twice = at.site.pages["/code"] * 2

    assert "one_time_code.code, '#otp', matches 2 elements, and one is needed on /code" in said(
        at, "/code", twice
    )


def test_what_is_hidden_cannot_be_typed_into(at: Driven) -> None:
    """A hidden field is not a field."""
    hidden = at.site.pages["/code"].replace('id="otp"', 'id="otp" hidden')

    assert "'#otp', is there but cannot be used: it is hidden, or not a field, on /code" in said(
        at, "/code", hidden
    )


def test_a_button_that_loads_nothing_is_said(at: Driven) -> None:
    """No form was sent: the button is another, or the page works in another way."""
    dead = at.site.pages["/code"].replace("<button>", '<button type="button">')

    assert "one_time_code.go_on, 'text=Next', was pressed, and no page came in 2 s, on /code" in (
        said(at, "/code", dead)
    )


def test_a_broken_page_is_no_answer(at: Driven) -> None:
    """A status of 500 is never a no."""
    at.site.statuses["/code"] = 503

    assert said(at, "/code", "<p>Sorry</p>") == "/code answered 503: the portal broke"


@pytest.mark.parametrize(
    ("row", "what"),
    [
        (("Live since May", "Somewhere"), "crimes.status, 'td:nth-child(3)', reads 'Somewhere'"),
        (("Case 9001", "Number 9"), r"crimes.reference, 'a', reads 'Number 9', in which '^Case"),
        (("00:30", "noon"), "crimes.updated_at, 'td:nth-child(4)', reads '01/07/2026 noon', which"),
    ],
)
def test_words_that_nobody_can_read_are_quoted(
    at: Driven, session: Session, row: tuple[str, str], what: str
) -> None:
    """A status, a reference or a time of another form: shown, with the pattern it should fit."""
    at.site.pages["/home"] = BYE + HOME.replace(*row)

    with pytest.raises(PortalNonsense) as error:
        at.driver.crimes(session)

    assert what in str(error.value)


def test_neither_token_nor_reference_is_said(at: Driven, session: Session) -> None:
    """Errors stand in reports and logs: of a path only its words are shown."""
    at.site.pages[INVITATION] = "<p>Hello</p>"

    with pytest.raises(PortalNonsense) as error:
        at.driver.open_invitation(at.url + INVITATION)

    assert "on /invited/… (200)" in str(error.value)

    at.site.pages["/case/x7Qp"] = BYE + CASE.replace('id="officer"', "")
    with pytest.raises(PortalNonsense) as error:
        at.driver.crimes(session)

    assert "on /case/… (200)" in str(error.value)


@given(token=TOKENS)
def test_no_token_is_taken_for_a_word(token: str) -> None:
    """Whatever a token is made of, it is not shown, nor what follows a path."""
    shown = path_pattern(f"https://portal.example/invitation/{token}?token={token}#{token}")

    assert token not in shown
    assert shown.startswith("/invitation/")


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("", "/"),
        ("/", "/"),
        ("/sign-in/date-of-birth", "/sign-in/date-of-birth"),
        ("/Account/Login.aspx", "/Account/Login.aspx"),
        ("/crimes/43%2F26000012/questions", "/crimes/…/…/questions"),
        ("/advice/if-your-case-goes-to-court", "/advice/if-your-case-goes-to-court"),
        ("/x7Qp", "/…"),
    ],
)
def test_of_a_path_its_words_are_shown(path: str, shown: str) -> None:
    """Enough to find the page by."""
    assert path_pattern(f"http://127.0.0.1:8000{path}") == shown


def test_a_portal_that_is_not_there_is_unreachable(at: Driven) -> None:
    """Nothing can be said of it: no FAIL, but a run that could not judge."""
    nowhere = f"http://127.0.0.1:{free_port()}"
    gone = Driven(at.site, nowhere, at.driver._selectors)
    try:
        with pytest.raises(PortalUnreachable) as error:
            gone.driver.open_invitation(nowhere + INVITATION)
    finally:
        gone.driver.close()

    assert "did not answer with /invited/… within 2 s (ERR_CONNECTION_REFUSED)" in str(error.value)


def test_a_picture_is_kept_only_where_the_file_asks(
    at: Driven, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A picture of the page says more than words; it is kept only if asked for."""
    monkeypatch.chdir(tmp_path)
    said(at, "/birthday", "<p>Soon</p>")

    assert list(tmp_path.iterdir()) == []

    with driven(tmp_path, screenshots="pictures") as portal:
        words = said(portal, "/birthday", "<p>Soon</p>")

    assert words.endswith("the page is kept in pictures/one_time_code.code.png")
    assert (tmp_path / "pictures" / "one_time_code.code.png").read_bytes().startswith(b"\x89PNG")


def test_a_portal_is_looked_at_before_anything_runs(tmp_path: Path) -> None:
    """The sign-in page must be there, with its field; a portal without is let go of at once."""
    with driven(tmp_path) as portal:
        portal.driver.check()
        portal.site.pages["/login"] = "<p>Another site</p>"

        with pytest.raises(PortalNonsense, match=r"sign_in\.address"):
            portal.driver.check()

        assert portal.driver._browser._tabs == {}


def test_a_selector_that_is_none_is_a_mistake_of_the_file(tmp_path: Path) -> None:
    """Playwright reads each of them first: which key, and what is wrong with it."""
    said = pytest.raises(BadInput, match=r"refusal\.shows: 'tr\[' is not a selector: .*css")
    with driven(tmp_path, refusal=Refusal(shows="tr[")) as portal, said:
        portal.driver.check()
