"""Rules of a check: what a target claims is tried, and a claim that is not kept is found out."""

from pathlib import Path

import pytest

from simulator.check.run import check
from simulator.processes.loopback import HOST, free_port
from simulator.results.values import CheckResult
from tests.simulator.command_line import portal_suite
from tests.simulator.inputs.test_target import NAMES
from tests.simulator.real_files import BY_URL, TARGET, spoiled

APPLICATION = "reference.portal.app:create_app"
Capsys = pytest.CaptureFixture[str]


def verdicts(result: CheckResult) -> dict[str, str]:
    """Give each row's verdict by its name."""
    return {each.name: each.verdict for each in result.rows}


def seen(result: CheckResult, name: str) -> str:
    """Give what was seen in a row."""
    [row] = [each for each in result.rows if each.name == name]
    return row.seen


def check_careless(folder: Path, name: str) -> CheckResult:
    """Check the reference with one claim that is not kept."""
    application = f"tests.simulator.check.careless:{name}"
    return check(spoiled(folder, TARGET, (APPLICATION, application)))


def test_the_reference_is_ready() -> None:
    """Every claim of the reference is tried and kept, and what it does not claim is noted."""
    result = check(TARGET)

    assert result.verdict == "PASS", result
    assert {name for name, verdict in verdicts(result).items() if verdict == "OMIT"} == {
        "secrets",
        "messages_since",
        "stamps_since",
    }
    claimed = {"test_clock", "correlates", "receipts", "received_texts", "two_way", "text", "email"}
    claimed |= {"carries_correlation_id", "not_for_me"}
    assert claimed <= {name for name, verdict in verdicts(result).items() if verdict == "PASS"}


@pytest.mark.parametrize(
    ("careless", "row", "words"),
    [
        ("frozen_clock", "test_clock", "the clock answers, and moves nothing"),
        ("other_time", "phase", "/test-clock: now is 2026-01-01T00:00:00"),
        ("deaf_to_receipts", "receipts", "nobody is asked to look at the address"),
        ("refuses_receipts", "receipts", "answered 401, though the portal claims it"),
        ("deaf_to_texts", "received_texts", "is it read?"),
        ("deaf_to_strangers", "not_for_me", "is it read?"),
        ("keeps_questions", "two_way", "nothing was stamped"),
        ("lets_nobody_in", "sign-in", "401"),
        ("takes_no_events", "events", "is the events secret the same on both sides?"),
        ("takes_any_signature", "bad signature", "anybody can put crimes into this portal"),
        ("takes_any_signature", "stale signature", "anybody can put crimes into this portal"),
        ("takes_what_is_old", "stale signature", "anybody can put crimes into this portal"),
        ("does_it_again", "events again", "it is done twice"),
        ("refuses_what_is_known", "events again", "answered 409"),
        ("sends_elsewhere", "gateway", "point the portal's gateway at ours"),
        ("sends_no_email", "email", "no email with an invitation's link came"),
        ("tells_no_crime_system", "crime system", "point the portal at our crime system"),
        ("numbers_its_messages", "correlates", "'message-1'"),
    ],
)
def test_a_claim_that_is_not_kept_is_found_out(
    tmp_path: Path, careless: str, row: str, words: str
) -> None:
    """Each careless portal fails at the row it is careless in, and so as a whole."""
    result = check_careless(tmp_path, careless)

    assert verdicts(result)[row] == "FAIL", result
    assert words in seen(result, row)
    assert result.verdict == "FAIL"


def test_by_url_the_clocks_are_compared_too() -> None:
    """Over sockets everything is tried as in process, and the Date of the answers besides."""
    result = check(BY_URL)

    assert result.verdict == "PASS", result
    assert verdicts(result)["clock"] == "PASS"
    assert "clock" not in verdicts(check(TARGET))


def test_what_is_old_is_told_apart_from_what_is_forged(tmp_path: Path) -> None:
    """A portal that looks at who signed, and not at when, fails in the one row alone."""
    result = check_careless(tmp_path, "takes_what_is_old")

    assert {name for name, each in verdicts(result).items() if each == "FAIL"} == {
        "stale signature"
    }


def test_what_is_not_claimed_is_noted_and_not_tried(tmp_path: Path) -> None:
    """A portal without receipts fails nothing for taking none, and the table says so."""
    application = "tests.simulator.check.careless:deaf_to_receipts"
    path = spoiled(tmp_path, TARGET, (APPLICATION, application), ('"receipts", ', ""))

    result = check(path)

    assert verdicts(result)["receipts"] == "OMIT"
    assert result.verdict == "PASS", result


@pytest.mark.parametrize(
    ("old", "new", "row", "words"),
    [
        ("phases = [1, 2, 3]", "phases = [1, 2]", "two_way", "claims.phases has no 3"),
        ('"text", "email",', "", "channels", "nobody"),
        ('"text", "email",', '"email",', "received_texts", "text is not"),
    ],
)
def test_claims_that_cannot_be_together_are_found_out(
    tmp_path: Path, old: str, new: str, row: str, words: str
) -> None:
    """What one claim needs and another leaves out is said before it shows as something else."""
    result = check(spoiled(tmp_path, TARGET, (old, new)))

    assert verdicts(result)[row] == "FAIL"
    assert words in seen(result, row)


def test_nobody_at_the_url_is_inconclusive(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capsys
) -> None:
    """A portal that is not there is not judged, and what was seen before is told."""
    for name, value in NAMES.items():
        monkeypatch.setenv(name, value)
    url = f'portal_url = "http://{HOST}:{free_port()}"'
    path = spoiled(tmp_path, TARGET, (f'application = "{APPLICATION}"', url))

    said = portal_suite(capsys, "check", path, "--out", tmp_path)

    assert said.code == 3, said.words
    assert "INCONCLUSIVE: Reference portal" in said.out
    assert "is it running" in " ".join(said.out.split())
    assert (tmp_path / "check.json").is_file()


@pytest.mark.parametrize(("careless", "code"), [("create_app", 0), ("deaf_to_texts", 1)])
def test_the_exit_code_says_what_came_of_it(
    tmp_path: Path, capsys: Capsys, careless: str, code: int
) -> None:
    """0 where everything is as it should be, 1 where a claim is not kept; the table has it all."""
    application = f"tests.simulator.check.careless:{careless}"
    path = spoiled(tmp_path, TARGET, (APPLICATION, application))

    said = portal_suite(capsys, "check", path, "--out", tmp_path / "out")

    assert said.code == code, said.words
    for name in ("recipients", "stale signature", "received_texts"):
        assert name in said.out
