"""`portal-suite catalogue`: everything is printed, and what is wrong ends in exit code 1."""

from datetime import date, timedelta
from io import StringIO

import pytest
from rich.console import Console

from reference.catalogue_check.table import show
from reference.portal.words import catalogue
from tests.reference.catalogue_check.spoiled_words import READ

SOURCE = catalogue.FILE.read_text(encoding="utf-8")
FIRST_REVIEW = min(each.review_date for each in READ.template)


def shown(
    toml: str = SOURCE, today: date = FIRST_REVIEW, *, is_full: bool = False
) -> tuple[int, str]:
    """Print a catalogue; return the exit code and what was printed."""
    out = StringIO()
    code = show(toml, console=Console(file=out, width=170), today=today, is_full=is_full)
    return code, out.getvalue()


def squeezed(text: str) -> str:
    """Take out how lines are broken."""
    return " ".join(text.split())


def test_every_template_and_message_is_in_the_table() -> None:
    """Each has a line with trigger, phase, audience, channels, message, reading age and review."""
    code, printed = shown()

    assert code == 0
    for each in READ.template:
        [line] = [line for line in printed.splitlines() if line.split()[:1] == [each.id]][:1]
        assert each.trigger in line
        assert f" {each.audience if each.audience == 'everyone' else each.audiences[0]} " in line
        assert each.review_date.isoformat() in line
        assert f" {each.message or '–'} " in line
    for message in READ.message:
        assert ", ".join(message.ids) in printed
    assert (
        f"{len(READ.template)} templates, {len(READ.message)} messages: 0 wrong, 0 gaps." in printed
    )


def test_every_wording_is_printed_in_full_when_asked() -> None:
    """A communications lead reads every word, and why it is so; braces stay as they are."""
    _, brief = shown()
    code, full = shown(is_full=True)

    assert code == 0
    for each in READ.template:
        assert squeezed(each.why) in squeezed(full)
        assert squeezed(each.text) in squeezed(full)
    for message in READ.message:
        assert squeezed(message.text) in squeezed(full)
        assert squeezed(message.email_body) in squeezed(full)
    assert READ.template[2].text.split(".")[0] not in brief


def test_coverage_is_counted_by_trigger_channel_and_audience() -> None:
    """A trigger has a line with a count for each channel and audience that it is meant for."""
    _, printed = shown()
    rows = {line.split()[0]: line.split()[1:] for line in printed.splitlines() if " of " in line}

    assert rows["CrimeClosed"] == ["33", "of", "33"] * 9
    assert rows["CrimeMerged"] == [*"––––––", *["1", "of", "1"] * 3]
    assert rows["received_text"] == [*["2", "of", "2"] * 3, *"––––––"]


def test_a_gap_is_shown_and_is_exit_code_1() -> None:
    """A case without words stands out in the matrix, and is named below it."""
    start = SOURCE.index('[[template]]\nid = "charged_enhanced"')
    end = SOURCE.index("# ---", start)
    code, printed = shown(SOURCE[:start] + SOURCE[end:])

    assert code == 1
    assert "0 of 1 GAP" in printed
    assert "Wrong: template: missing for OutcomeRecorded, '1' (enhanced); add it" in printed
    assert "1 wrong, 3 gaps." in printed


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("Because of what", "Unfortunately", "Wrong: template 'officer_deployed': text has 'unf"),
        ("Because of what", "{", "Wrong: template 'officer_deployed': text has a brace"),
        ("\n[blank]", "\n[blanks]", "catalogue.toml: blanks means nothing here; take it out"),
        ("\n[blank]", "\n[blank", "catalogue.toml: "),
        (
            "Because of what we were told, we sent an officer.",
            "Investigative considerations necessitated deployment.",
            "Wrong: template 'officer_deployed': reading age is",
        ),
    ],
)
def test_what_is_wrong_is_said_and_is_exit_code_1(old: str, new: str, said: str) -> None:
    """Whatever the mistake: one sentence, and no traceback."""
    code, printed = shown(SOURCE.replace(old, new, 1))

    assert code == 1
    assert said in printed


def test_overdue_reviews_are_listed_and_are_no_fault() -> None:
    """Words that nobody read again in time are named; they are still the words."""
    on_the_day, overdue = shown(), shown(today=FIRST_REVIEW + timedelta(days=1))
    first = next(each for each in READ.template if each.review_date == FIRST_REVIEW)

    assert "Overdue" not in on_the_day[1]
    assert overdue[0] == 0
    assert f"Overdue: template {first.id!r} was to be read again by {FIRST_REVIEW}" in overdue[1]


def test_what_is_never_said_automatically_is_listed() -> None:
    """A reader sees that a cancelled record was not forgotten."""
    assert "Not said automatically: CrimeCancelled, since an officer tells" in shown()[1]
