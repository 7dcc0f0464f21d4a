"""Every paper is whole, accessible and the same each time, and shows hostile text as text."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from playwright.sync_api import Browser, ViewportSize

from simulator.papers.contents import Papers
from simulator.papers.exit_report import SIGNATORIES, exit_report_sheet
from simulator.papers.paper_files import SHEETS, PapersSummary, page_of_sheet, write_papers
from simulator.papers.register import Disposition, Override, Register, Waiver
from simulator.results.folder import PAPER_NAMES, REPORTS
from tests.reference.portal.browser import NARROW, browsing, sticking_out, violations
from tests.simulator.papers.made_up import TODAY, finding, papers, run, scenario, scenarios
from tests.simulator.report import samples
from tests.simulator.report.page import Element, read_page

#: Without the half of a pair, which no file of a run or register can hold.
HOSTILE = samples.HOSTILE.replace("\ud800", "")
SIGNED = {"name": "Dana Okafor", "role": "test manager", "reason": HOSTILE}
NAMES = [each(papers()).name for each in SHEETS]


def everything() -> Papers:
    """Make papers in which each table has a row, and every text from the portal is hostile."""
    others = finding("lost", kind="WARNING", owner="gateway", observed=HOSTILE)
    odd = [
        scenario("MSG-01", "FAIL", expected=HOSTILE, observed=HOSTILE, name=HOSTILE),
        scenario("CASE-01", "FAIL", findings=(finding(observed=HOSTILE), others)),
        scenario("CASE-02", "SKIP", reason=HOSTILE),
    ]
    rest = [each for each in scenarios({"MSG-03": "FAIL"}) if each.requirements[0] != "CASE-02"]
    before = run(found=[*odd, *rest])
    after = run(found=[*odd, *scenarios({"CASE-03": "FAIL"})], version=HOSTILE, days=1)
    lost = next(each for each in papers(before, after).open_defects if each.severity == "high")
    register = Register(
        defect=(Disposition(id=lost.id, owner=HOSTILE, disposition="accepted", by=HOSTILE),),
        waiver=(
            Waiver(defect=lost.id, expires=TODAY, **SIGNED),
            Waiver(defect="D-0123456789", expires=TODAY, **SIGNED),
        ),
        override=(Override(requirement="CASE-03", original="FAIL", verdict="PASS", **SIGNED),),
    )
    return papers(before, after, register=register)


def page_of(name: str, made: Papers) -> Element:
    """Make one paper and read it as a browser would."""
    sheet = next(each(made) for each in SHEETS if each(made).name == name)
    return read_page(page_of_sheet(sheet, made))


def rows_of(page: Element, caption: str) -> list[list[str]]:
    """Give the rows of the table under a caption."""
    table = next(
        each for each in page.all("table") if each.all("caption")[0].text.startswith(caption)
    )
    return [[cell.text for cell in row.all("th", "td")] for row in table.all("tr")[1:]]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser for all of them."""
    with browsing() as started:
        yield started


def test_every_paper_is_written_under_the_name_that_is_promised(tmp_path: Path) -> None:
    """The files are exactly those in REPORTS: six pages, six tables and a summary."""
    write_papers(papers(), tmp_path)

    assert tuple(NAMES) == PAPER_NAMES
    assert {each.name for each in tmp_path.iterdir()} == set(REPORTS["papers"])


def test_the_same_papers_are_the_same_bytes(tmp_path: Path) -> None:
    """Nothing in them comes from when or where they were written."""
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        write_papers(everything(), tmp_path / name)

    for each in REPORTS["papers"]:
        assert (tmp_path / "one" / each).read_bytes() == (tmp_path / "other" / each).read_bytes()


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("make", [papers, everything])
def test_a_page_holds_together(name: str, make: object) -> None:
    """Ids are unique, links work, each table has a caption, and each row a cell a column."""
    page = page_of(name, everything() if make is everything else papers())
    elements = page.everything()
    ids = [each.attributes["id"] for each in elements if "id" in each.attributes]
    links = [each.attributes["href"] for each in elements if "href" in each.attributes]

    assert len(ids) == len(set(ids))
    assert {link.removeprefix("#") for link in links} <= set(ids)
    assert not page.all("script", "img", "iframe", "form", "link")
    for table in page.all("table"):
        columns = table.all("thead")[0].all("th")
        assert table.all("caption")[0].text
        assert all(each.text for each in columns)
        assert all(
            len(row.all("th", "td")) == len(columns) for row in table.all("tbody")[0].all("tr")
        )


@pytest.mark.parametrize("name", ["exit-report", "daily-summary"])
def test_a_page_is_accessible(browser: Browser, name: str) -> None:
    """axe-core finds no violation of WCAG 2.2 AA. Both papers use every part of the template."""
    made = everything()
    sheet = next(each(made) for each in SHEETS if each(made).name == name)
    page = browser.new_page(viewport=ViewportSize(width=1280, height=900))
    page.set_content(page_of_sheet(sheet, made))

    assert not violations(page)
    page.close()


def test_a_page_fits_a_narrow_screen(browser: Browser) -> None:
    """Only tables scroll, each within its own frame."""
    made = everything()
    page = browser.new_page(viewport=NARROW)
    page.set_content(page_of_sheet(exit_report_sheet(made), made))
    page.add_style_tag(content=".scroll * { display: none }")

    assert not sticking_out(page)
    page.close()


@pytest.mark.parametrize("name", ["defects", "exit-report", "traceability"])
def test_hostile_words_are_only_words(name: str) -> None:
    """Markup, templates and control characters are shown as what they are."""
    text = page_of(name, everything()).all("main")[0].text

    assert "<script>alert(1)</script>" in text
    assert "{{ 7 * 7 }}" in text
    assert r"\x1b[31mred" in text


@pytest.mark.parametrize("name", NAMES)
def test_a_csv_has_every_row_whole(tmp_path: Path, name: str) -> None:
    """Each row has as many cells as the header, and no cell is a formula."""
    write_papers(everything(), tmp_path)
    text = (tmp_path / f"{name}.csv").read_bytes().decode("utf-8-sig")
    header, *rows = csv.reader(io.StringIO(text, newline=""))

    assert rows
    assert {len(row) for row in rows} == {len(header)}
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))]


def test_the_exit_report_has_a_place_for_each_signature() -> None:
    """SRO, data protection and safeguarding: role, name, decision, signature, date."""
    rows = rows_of(page_of("exit-report", papers()), "For signature")

    assert [row[0] for row in rows] == list(SIGNATORIES)
    assert all(row[1] == row[3] == row[4] == "" for row in rows)
    assert all("do not accept" in row[2] for row in rows)


def test_an_overridden_verdict_is_shown_beside_the_original() -> None:
    """The exit report and the sheet of colours show both verdicts, the person and the reason."""
    made = everything()

    (row,) = rows_of(page_of("exit-report", made), "The judge’s verdicts")
    assert row[:5] == ["CASE-03", "FAIL", "PASS", "Dana Okafor", "test manager"]
    colour = next(
        row
        for row in rows_of(page_of("red-amber-green", made), "Every requirement")
        if row[0] == "CASE-03"
    )
    assert colour[4:7] == ["green", "FAIL", "Dana Okafor, test manager: PASS"]


def test_known_defects_and_waivers_are_in_the_exit_report() -> None:
    """Each open defect, worst first, and each waiver with who gave it and until when."""
    made = everything()
    page = page_of("exit-report", made)

    assert [row[0] for row in rows_of(page, "Open defects, worst")] == [
        each.id for each in made.open_defects
    ]
    (waiver,) = rows_of(page, "Open defects with a waiver")
    assert waiver[2:6] == ["yes", "16 November 2026", "Dana Okafor", "test manager"]
    assert rows_of(page, "Entries of the register") == [
        ["waiver of D-0123456789: this defect is not open"]
    ]


def test_every_requirement_is_traced_and_coloured_once() -> None:
    """Both sheets list every requirement, including those that this phase does not ask for."""
    made = papers(run(phase=1))
    ids = [each.requirement.id for each in made.rows]

    coloured = rows_of(page_of("red-amber-green", made), "Every requirement")
    traced = rows_of(page_of("traceability", made), "From requirement")
    assert [row[0] for row in coloured] == ids
    assert list(dict.fromkeys(row[0] for row in traced)) == ids
    assert "not asked" in {row[4] for row in coloured}


def test_the_summary_says_both_verdicts(tmp_path: Path) -> None:
    """The summary has the judge's verdict, and the verdict on the exit criteria."""
    made = papers(run({"MSG-01": "FAIL"}))
    write_papers(made, tmp_path)
    summary = msgspec.json.decode((tmp_path / "papers.json").read_bytes(), type=PapersSummary)

    assert (summary.judged, summary.exit_verdict) == ("FAIL", "FAIL")
    assert [each.id for each in summary.defects] == [each.id for each in made.defects]
