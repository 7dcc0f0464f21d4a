"""Rules of pages without a selectors file: what a person finds in a plain form is found."""

from collections.abc import Iterator

import pytest

from simulator.drivers.plain_pages import NoForm, PlainPages, TurnedAway
from simulator.errors import PortalUnreachable
from simulator.processes.loopback import free_port, serving
from tests.reference.portal.browser import chromium
from tests.simulator.drivers.vendor_pages import VendorPages

#: All of them together.
pytestmark = pytest.mark.slow(seconds=15)

LINK = "https://elsewhere.example/in/Secret-Token"
PARTS = ("day", "month", "year")
ADDRESS, WORD, BORN = "07700900101", "heron", "1984-05-01"


def form(to: str, inside: str, button: str = "Next") -> str:
    """Give a form that leads to a page."""
    return f'<form action="{to}" method="post">{inside}<button>{button}</button></form>'


ASK_WORD = form("/code", "<label>The word you agreed <input name='w'></label>")
ASK_CODE = form("/home", "<label>The code from your mobile phone <input name='otp'></label>")
ASK_ADDRESS = form("/word", "<label>Your mobile number or email <input name='who'></label>")
HOME = '<ul><li>Case 9001: <b>Burglary</b> <a href="/case/x7">Open</a></li></ul>'
CASE = f"Someone was <i>sent</i> to you. {form('/sent', '<textarea name=words></textarea>')}"


@pytest.fixture
def site() -> VendorPages:
    """Pages on which a person can sign in by a link."""
    made = VendorPages()
    made.pages = {
        "/in/Secret-Token": form("/word", "", "Continue"),
        "/word": ASK_WORD,
        "/code": ASK_CODE,
        "/home": HOME,
        "/case/x7": CASE,
        "/sent": "Thank you",
    }
    return made


@pytest.fixture
def pages(site: VendorPages) -> Iterator[PlainPages]:
    """A browser at these pages."""
    chromium()
    with serving(site.application, free_port()) as url:
        made = PlainPages(url, wait_seconds_max=5)
        yield made
        made.close()


def sign_in(pages: PlainPages, proof: str = WORD) -> None:
    """Sign in."""
    pages.sign_in(LINK, ADDRESS, proof, lambda: "123456")


def test_a_victim_signs_in_reads_and_writes(site: VendorPages, pages: PlainPages) -> None:
    """By a button alone, the word, and the code; a crime's link stands beside its reference."""
    sign_in(pages)

    assert (pages.link_status, pages.is_page) == (200, True)
    assert site.forms("/code") == [{"w": WORD}]
    assert site.forms("/home") == [{"otp": "123456"}]
    assert "Burglary" in pages.list_of(["9001"])
    assert "Someone was sent to you." in pages.crime("9001")
    assert pages.write("Is there news?")
    assert site.forms("/sent") == [{"words": "Is there news?"}]


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        (
            "".join(f"<label>{each} <input name='{each[0]}'></label>" for each in PARTS),
            {"d": "01", "m": "05", "y": "1984"},
        ),
        ("<label>When were you born? <input name='b' type='date'></label>", {"b": BORN}),
    ],
)
def test_a_date_of_birth(
    site: VendorPages, pages: PlainPages, asked: str, given: dict[str, str]
) -> None:
    """In three fields or in one."""
    site.pages["/word"] = form("/code", asked)

    sign_in(pages, BORN)

    assert site.forms("/code") == [given]


@pytest.mark.parametrize("used", ["<p>It was used. <a href='/'>Begin again</a></p>", ASK_ADDRESS])
def test_a_link_that_is_used_up(site: VendorPages, pages: PlainPages, used: str) -> None:
    """They sign in by their address: on that page, or on the front page."""
    site.pages |= {"/in/Secret-Token": used, "/": ASK_ADDRESS}

    sign_in(pages)

    assert site.forms("/word") == [{"who": ADDRESS}]


@pytest.mark.parametrize("at", ["/code", "/home"])
def test_who_is_refused_is_turned_away(site: VendorPages, pages: PlainPages, at: str) -> None:
    """After the proof no code is asked for, or the code is asked for again."""
    site.pages[at] = {"/code": ASK_WORD, "/home": ASK_CODE}[at]
    site.statuses[at] = 403

    with pytest.raises(TurnedAway, match=r"'Vendor' \(403\)"):
        sign_in(pages)


def test_a_facade_has_no_form(site: VendorPages, pages: PlainPages) -> None:
    """It is no refusal either: nothing can be typed."""
    site.pages = {"/in/Secret-Token": "<h1>Sign in</h1>", "/": "<h1>Sign in</h1>"}

    with pytest.raises(NoForm, match="has no form to sign in by"):
        sign_in(pages)


def test_nobody_else_is_asked(site: VendorPages, pages: PlainPages) -> None:
    """A page that leads elsewhere is not followed, and the error shows no token."""
    elsewhere = "<script>location = 'http://127.0.0.2:9/in/Secret-Token'</script>"
    site.pages["/in/Secret-Token"] = elsewhere

    with pytest.raises((NoForm, PortalUnreachable)) as caught:
        sign_in(pages)

    assert "Secret-Token" not in str(caught.value)


def test_a_form_that_a_script_builds(site: VendorPages, pages: PlainPages) -> None:
    """The page is read once its scripts have run, and need not be left for the next question."""
    site.pages["/word"] = f"""<main></main><script>
      const main = document.querySelector('main');
      setTimeout(() => {{ main.innerHTML = `{ASK_WORD}`; }}, 50);
      main.addEventListener('submit', sent => {{
        sent.preventDefault(); main.innerHTML = `{ASK_CODE}`; }}, {{once: true}});
    </script>"""

    sign_in(pages)

    assert site.forms("/home") == [{"otp": "123456"}]
