"""Whatever someone writes is text: on every page, in every answer, and in no header or address.

A person or the crime system may write markup, a template's marks, line ends of a header, or a way
out of a folder. The last tests open one hole each and show that it is found.
"""

import asyncio
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any
from urllib.parse import quote

import jinja2
import pytest
from markupsafe import Markup

from reference.contract.events import CrimeTransferred, Officer
from reference.portal.web import pages, rendering
from reference.portal.web.crime_page import crime_page
from reference.portal.words.advice import Advice
from tests.reference.portal.crimes import (
    MOBILE,
    PHASE_3,
    alex,
    allocated,
    appointment,
    merged,
    recorded,
    replied,
)
from tests.reference.portal.scene import Scene, SceneWith
from tests.reference.portal.served import ask
from tests.simulator.asgi import Answer

EVIL = """"'><script src=//evil.example>{{1234567*9}}</script><p onclick=x>&lt;"""
ENDS = "a\r\nX-Evil: 1\r\n\r\n<p>"
NAMED = "a\rX-Evil: 1\r<p>"  # a reference has no other line ends
REFERENCE = "<b onclick=x>&\"'"


class Elements(HTMLParser):
    """Every element of a page, and every text."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Remember an element and its attributes, whose values are what someone may fill in."""
        self.found.append((tag, dict(attrs)))
        self.texts.extend(value for _, value in attrs if value)

    def handle_data(self, data: str) -> None:
        """Remember a text."""
        self.texts.append(data)


@pytest.fixture
def scene(scene_with: SceneWith) -> Scene:
    """A portal in phase 3 where all that the crime system wrote of Alex's crime is hostile."""
    return with_hostile_crime(scene_with(start=PHASE_3))


def with_hostile_crime(scene: Scene, words: str = EVIL, crime: str = REFERENCE) -> Scene:
    """Tell a portal of a crime of Alex's in hostile words."""
    officer = Officer(words, words)
    who = {"given_name": words, "family_name": words, "email": words, "other_phone": words}
    scene.deliver(
        recorded(alex(**who), crime=crime, offence=words, area=words, recorded_at=PHASE_3),
        allocated(crime, officer=officer, team=words, at=PHASE_3),
        appointment(crime, place=words, starts_at=PHASE_3),
        replied(crime, text=words, officer=officer),
    )
    return scene


def answers(
    scene: Scene, words: str = EVIL, crime: str = REFERENCE
) -> Iterator[tuple[str, Answer]]:
    """Write words wherever a person can, and open every page that may show them."""
    cookies = {"session": scene.session(address=MOBILE), "csrf": "key"}
    spoken, path = quote(words, safe=""), f"/crimes/{quote(crime, safe='')}"
    yield "question", scene.form(f"{path}/questions", cookies=cookies, text=words)
    yield "too long", scene.form(f"{path}/questions", cookies=cookies, text=words * 100)
    yield "withdrawal", scene.form(f"{path}/withdrawal", cookies=cookies, confirmed=words)
    yield "withdrawn", scene.form(f"{path}/withdrawal", cookies=cookies, confirmed="yes")
    yield "channels", scene.form("/contact", cookies=cookies, channels=words)
    for target in ("/sign-in", "/not-for-me"):
        yield target, scene.form(target, address=words)
    yield "/invitation", scene.form("/invitation", token=words)
    yield "word", scene.form("/sign-in/word", step=words, agreed_word=words)
    by_date = scene.form("/sign-in/date-of-birth", step=words, day=words, month=words, year=words)
    yield "date of birth", by_date
    yield "code", scene.form("/sign-in/code", step=words, code=words)
    step = scene.begin("07700900999")
    yield "wrong word", scene.form("/sign-in/word", step=step, agreed_word=words)
    for target in (
        *("/", "/crimes", path, "/contact", "/advice", f"/advice?q={spoken}", f"/advice/{spoken}"),
        *(
            f"/invitation/{quote(REFERENCE)}",
            f"/invitation/{spoken}",
            f"/crimes/{spoken}",
            f"/not-for-me?{spoken}",
            f"/{spoken}",
        ),
    ):
        yield target, scene.page(target, cookies=cookies)
    yield "cookies", scene.page("/", cookies={"csrf": _in_a_cookie(words), "session": "x"})
    for target in ("/crimes", f"{path}/timeline", f"{path}/conversation", f"/advice?q={spoken}"):
        yield f"/api{target}", scene.api("GET", target, session=cookies["session"])
    headers = {"x-correlation-id": words.replace("\r", "").replace("\n", ""), "host": "portal"}
    yield "id", scene.call("GET", "/", b"", headers)
    yield "sign out", scene.form("/sign-out", cookies={"session": _in_a_cookie(words)})


def _in_a_cookie(words: str) -> str:
    """Write any words as a cookie's value, as browsers may send it."""
    return '"' + "".join(f"\\{ord(each):03o}" for each in words) + '"'


def check_text(scene: Scene) -> None:
    """Hostile words are on the pages, as text, and made nothing else."""
    shown = 0
    for name, answer in answers(scene):
        if "text/html" not in answer.headers.get("content-type", ""):
            assert answer.headers.get("content-type") in {
                None, "application/json", "application/problem+json",
            }, name  # fmt: skip
            assert answer.headers["x-content-type-options"] == "nosniff"
            continue
        page = Elements(answer.body.decode())
        text = " ".join(page.texts)
        shown += text.count(EVIL)

        assert not any(tag in {"script", "iframe", "img", "object"} for tag, _ in page.found), name
        for tag, attributes in page.found:
            assert not any(each.startswith("on") or each == "style" for each in attributes), name
            assert tag != "b", name
        assert "11111103" not in text, name
        assert not any(
            "evil.example" in (attributes.get(each) or "").partition("?")[0].partition("%")[0]
            for _, attributes in page.found
            for each in ("href", "src", "action")
        ), name

    assert shown >= 8


def test_hostile_words_are_text_on_every_page(scene: Scene) -> None:
    """Offence, officer, team, place, reply, question, search, address, token, reference."""
    check_text(scene)


def test_the_name_of_another_force_is_text(scene: Scene) -> None:
    """Where a crime went is said in the other force's own words."""
    elsewhere = CrimeTransferred(crime_reference=REFERENCE, to_force=EVIL, transferred_at=PHASE_3)
    scene.deliver(elsewhere)
    cookies = {"session": scene.session(address=MOBILE)}
    page = scene.page(f"/crimes/{quote(REFERENCE, safe='')}", cookies=cookies).body.decode()

    assert "<script" not in page
    assert any(EVIL in each for each in Elements(page).texts)


def check_headers(scene: Scene) -> None:
    """No words become a header, nor stand in one where they are not quoted."""
    for name, answer in answers(scene, ENDS, NAMED):
        assert "x-evil" not in answer.headers, name
        for header, value in answer.headers.items():
            assert "\r" not in header + value, name
            assert "\n" not in header + value, name
            assert "<" not in value, (name, header)
    for sent in scene.neighbours.taken:
        assert not any(end in repr(sent.headers) for end in ("\\r", "\\n", "Evil"))
        assert not any(end in sent.url for end in ("\r", "\n", " ", "<"))
    for message in scene.messages:
        assert "Evil" not in message.words


def test_line_ends_begin_no_header(scene_with: SceneWith) -> None:
    """Neither in an answer nor in what the portal sends on, no matter who wrote them."""
    check_headers(with_hostile_crime(scene_with(start=PHASE_3), ENDS, NAMED))


def test_a_reference_that_leads_on_leads_to_a_crime(scene_with: SceneWith) -> None:
    """A merger into an odd reference sends a browser to that crime's page, quoted."""
    scene = with_hostile_crime(scene_with(start=PHASE_3), ENDS, NAMED)
    scene.deliver(recorded(crime="4", recorded_at=PHASE_3), merged("4", NAMED, PHASE_3))
    cookies = {"session": scene.session(address=MOBILE)}
    answer = scene.page("/crimes/4", cookies=cookies)

    assert answer.status == 303
    assert answer.headers["location"] == f"/crimes/{quote(NAMED)}"


OUTSIDE = (
    *("../base.html", "../../app.py", "..%2fbase.html", "%2e%2e/base.html", "..\\base.html"),
    *("%2e%2e%2f%2e%2e%2fapp.py", "....//base.html", "/etc/passwd", "//etc/passwd", "..%00/x"),
    *("portal.css/../../base.html", "./../base.html", "..;/base.html", "%252e%252e/base.html"),
    *("your-rights.md", "../advice/your-rights.md", "../catalogue.toml", "C:\\Windows\\win.ini"),
)


def check_folders(scene: Scene) -> None:
    """Nothing but style sheets and articles is served."""
    for folder in ("/static/", "/advice/", "/"):
        for way in OUTSIDE:
            answer = asyncio.run(ask(scene.app, "GET", folder + way))
            said = answer.body.decode()

            assert answer.status in {404, 405}, folder + way
            assert not any(each in said for each in ("{%", "import ", "root:", "review_date"))


def test_no_path_leads_out_of_its_folder(sqlite_scene: Scene) -> None:
    """Dots, encoded dots and whole paths are not there, for files and for articles."""
    check_folders(sqlite_scene)


@pytest.fixture
def sqlite_scene(tmp_path: Any) -> Scene:
    """A portal for requests inside an event loop."""
    return Scene(tmp_path)


# Each hole below is found.


def test_a_page_that_escapes_nothing_is_found(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A portal whose templates trust what they are given."""
    rendering._environment.cache_clear()
    real = jinja2.Environment

    def trusting(**named: Any) -> Any:
        return real(**{**named, "autoescape": False})

    monkeypatch.setattr("reference.portal.web.rendering.Environment", trusting)
    try:
        with pytest.raises(AssertionError):
            check_text(scene)
    finally:
        rendering._environment.cache_clear()


def test_a_field_that_is_trusted_is_found(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """A portal that shows the one reply of an officer as markup."""
    real = crime_page

    async def trusting(*given: Any) -> dict[str, Any]:
        page = await real(*given)
        entries = [
            {"at": each.at, "author": each.author, "name": each.name, "text": Markup(each.text),  # noqa: S704
             "key": each.key, "is_with_force": True}
            for each in page["conversation"]
        ]  # fmt: skip
        return {**page, "conversation": entries}

    monkeypatch.setattr("reference.portal.web.pages.crime_page", trusting)

    with pytest.raises(AssertionError):
        check_text(scene)


def test_an_address_that_is_not_quoted_is_found(
    scene_with: SceneWith, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A portal that puts a reference into a header as it came."""
    scene = with_hostile_crime(scene_with(start=PHASE_3), ENDS, NAMED)
    monkeypatch.setattr(pages, "quote", lambda reference: reference)
    monkeypatch.setattr("starlette.responses.quote", lambda url, safe="": url)

    with pytest.raises(AssertionError):
        check_headers(scene)


def test_an_article_read_from_any_file_is_found(
    sqlite_scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A portal that opens the file that an address names."""
    real = Advice.article

    def opened(self: Advice, slug: str) -> Any:
        return real(self, slug.rpartition("/")[2].removesuffix(".md"))

    monkeypatch.setattr(Advice, "article", opened)

    with pytest.raises(AssertionError):
        check_folders(sqlite_scene)
