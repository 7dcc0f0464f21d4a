"""A check: every claim of a target is tried, and a broken claim is found."""

from pathlib import Path
from typing import get_args

import pytest

from simulator.check.run import check
from simulator.inputs.capabilities import Capability
from simulator.processes.loopback import HOST, free_port
from simulator.results.values import CheckResult
from tests.simulator.command_line import portal_suite
from tests.simulator.inputs.test_target import NAMES, elsewhere
from tests.simulator.real_files import BY_URL, SECOND, TARGET, spoiled

APPLICATION = "reference.portal.app:create_app"
Capsys = pytest.CaptureFixture[str]


def verdicts(result: CheckResult) -> dict[str, str]:
    """Return each row's verdict by its name."""
    return {each.name: each.verdict for each in result.rows}


def seen(result: CheckResult, name: str) -> str:
    """Return what was seen in a row."""
    [row] = [each for each in result.rows if each.name == name]
    return row.seen


def check_careless(folder: Path, name: str) -> CheckResult:
    """Check the reference with one broken claim."""
    application = f"tests.simulator.check.careless:{name}"
    return check(spoiled(folder, TARGET, (APPLICATION, application)))


def test_the_reference_is_ready() -> None:
    """Every claim of the reference passes, and what it does not claim is noted."""
    result = check(TARGET)

    assert result.verdict == "PASS", result
    assert {name for name, verdict in verdicts(result).items() if verdict == "OMIT"} == {
        "secrets",
        "not claimed",
    }
    every = len(get_args(Capability))
    assert seen(result, "not claimed").startswith(f"3 of {every} capabilities: docs/drivers.md")
    claimed = {"test_clock", "correlates", "receipts", "received_texts", "two_way", "text", "email"}
    claimed |= {"carries_correlation_id", "not_for_me"}
    assert claimed <= {name for name, verdict in verdicts(result).items() if verdict == "PASS"}


@pytest.mark.parametrize(
    ("careless", "row", "words"),
    [
        ("frozen_clock", "test_clock", "the clock answers but moves nothing"),
        ("stopped_clock", "events", "where /test-clock says?"),
        ("other_time", "phase", "/test-clock: now is 2026-01-01T00:00:00"),
        ("deaf_to_receipts", "receipts", "raised no task to check the address"),
        ("refuses_receipts", "receipts", "answered 401, though the portal claims it"),
        ("deaf_to_texts", "received_texts", "raised no task to find another channel"),
        ("deaf_to_strangers", "not_for_me", "raised no task about a breach"),
        ("keeps_questions", "two_way", "stamped nothing in the crime system"),
        ("lets_nobody_in", "sign-in", "401"),
        ("takes_no_events", "events", "is the events secret the same on both sides?"),
        ("takes_any_signature", "bad signature", "anyone can put crimes into this portal"),
        ("takes_any_signature", "stale signature", "anyone can put crimes into this portal"),
        ("takes_what_is_old", "stale signature", "anyone can put crimes into this portal"),
        ("does_it_again", "events again", "it acts twice"),
        ("refuses_what_is_known", "events again", "answered 409"),
        ("sends_elsewhere", "gateway", "point the portal at our gateway"),
        ("sends_no_email", "email", "no email with an invitation link came"),
        ("tells_no_crime_system", "crime system", "point the portal at our crime system"),
        ("numbers_its_messages", "correlates", "'message-1'"),
    ],
)
def test_a_broken_claim_is_found(tmp_path: Path, careless: str, row: str, words: str) -> None:
    """Each careless portal fails in its row, and so as a whole."""
    result = check_careless(tmp_path, careless)

    assert verdicts(result)[row] == "FAIL", result
    assert words in seen(result, row)
    assert result.verdict == "FAIL"


def test_by_url_the_clocks_are_compared_too() -> None:
    """Over sockets everything is tried as in process, and also the Date of the answers."""
    result = check(BY_URL)

    assert result.verdict == "PASS", result
    assert verdicts(result)["clock"] == "PASS"
    assert "clock" not in verdicts(check(TARGET))


def test_a_stale_signature_is_distinguished_from_a_forged_one(tmp_path: Path) -> None:
    """A portal that checks who signed but not when fails in that row only."""
    result = check_careless(tmp_path, "takes_what_is_old")

    assert {name for name, each in verdicts(result).items() if each == "FAIL"} == {
        "stale signature"
    }


def test_an_unclaimed_capability_is_noted_and_not_tried(tmp_path: Path) -> None:
    """A portal that does not claim receipts does not fail for it, and the table says so."""
    application = "tests.simulator.check.careless:deaf_to_receipts"
    path = spoiled(tmp_path, TARGET, (APPLICATION, application), ('"receipts", ', ""))

    result = check(path)

    assert "receipts" not in verdicts(result)
    assert seen(result, "not claimed").startswith("4 of ")
    assert result.verdict == "PASS", result


@pytest.mark.parametrize(
    ("old", "new", "row", "words"),
    [
        ("phases = [1, 2, 3]", "phases = [1, 2]", "two_way", "claims.phases has no 3"),
        ('"text", "email",', "", "channels", "nobody"),
        ('"text", "email",', '"email",', "received_texts", "text is not"),
    ],
)
def test_claims_that_contradict_each_other_are_found(
    tmp_path: Path, old: str, new: str, row: str, words: str
) -> None:
    """The table names the missing claim that another claim needs."""
    result = check(spoiled(tmp_path, TARGET, (old, new)))

    assert verdicts(result)[row] == "FAIL"
    assert words in seen(result, row)


def test_an_unreachable_portal_is_inconclusive(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capsys
) -> None:
    """It is not judged, and the earlier rows are still shown."""
    for name, value in NAMES.items():
        monkeypatch.setenv(name, value)
    url = f'portal_url = "http://{HOST}:{free_port()}"'
    path = spoiled(tmp_path, TARGET, (f'application = "{APPLICATION}"', url))

    said = portal_suite(capsys, "check", path, "--out", tmp_path)

    assert said.code == 3, said.words
    assert "INCONCLUSIVE: Reference portal" in said.out
    assert "is it running" in " ".join(said.out.split())
    assert (tmp_path / "check.json").is_file()


@pytest.mark.parametrize("secret", ["a-secret-of-ours", "whsec_a-secret-of-ours"])
def test_an_events_secret_that_cannot_sign_fails_its_row(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, secret: str
) -> None:
    """The row says how to mend it, and does not show it; nothing is sent to the portal."""
    for name, value in NAMES.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("PORTAL_EVENTS_SECRET", secret)

    result = check(elsewhere(tmp_path))

    assert verdicts(result) == {"recipients": "PASS", "secrets": "FAIL"}
    assert "it must be whsec_ and then base64, as `portal-suite new-secrets` makes it" in seen(
        result, "secrets"
    )
    assert "a-secret-of-ours" not in str(result)


@pytest.mark.parametrize(("careless", "code"), [("create_app", 0), ("deaf_to_texts", 1)])
def test_the_exit_code_is_that_of_the_verdict(
    tmp_path: Path, capsys: Capsys, careless: str, code: int
) -> None:
    """It is 0 if everything passes and 1 if a claim is broken; the table has every row."""
    application = f"tests.simulator.check.careless:{careless}"
    path = spoiled(tmp_path, TARGET, (APPLICATION, application))

    said = portal_suite(capsys, "check", path, "--out", tmp_path / "out")

    assert said.code == code, said.words
    for name in ("recipients", "stale signature", "received_texts"):
        assert name in said.out


def test_a_portal_that_fetches_events_is_given_time_to_read_them() -> None:
    """The second portal polls the crime system each minute, and is ready to be judged."""
    result = check(SECOND)

    assert result.verdict == "PASS", result
    assert verdicts(result)["events"] == verdicts(result)["events again"] == "PASS"


def test_an_event_that_is_never_taken_fails_its_row(monkeypatch: pytest.MonkeyPatch) -> None:
    """The row says so, and the rest is not tried."""
    monkeypatch.setattr("simulator.world.integration.Integration.deliver", lambda _self: False)

    result = check(SECOND)

    assert verdicts(result)["events"] == "FAIL"
    assert "neither answered nor fetched it" in seen(result, "events")
    assert verdicts(result)["the rest"] == "SKIP"
