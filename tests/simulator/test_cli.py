"""The command line: four exit codes, and what it writes and prints."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec import structs

from simulator.accept import run as acceptance
from simulator.errors import (
    BadInput,
    CannotVerify,
    PortalNonsense,
    PortalUnreachable,
    SuiteError,
)
from simulator.rehearsal import run
from simulator.results.values import AcceptanceResult, Awaits, RehearsalResult
from tests.simulator.command_line import portal_suite, portal_suite_apart
from tests.simulator.real_files import BY_URL, ROLLOUT, ROOT, TARGET, spoiled
from tests.simulator.rehearsal.small import write_small
from tests.simulator.report.samples import acceptance as acceptance_sample

Capsys = pytest.CaptureFixture[str]
SENDS_TWICE = ("reference.portal.app:create_app", "fixtures.broken_portals.sending:sends_twice")
ONCE = "An event sent twice is announced once"


STRICT = ("--strict",)


def raising(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    """Make every rehearsal end in an error."""

    def fail(*_parts: object, **_options: object) -> None:
        raise error

    monkeypatch.setattr(run, "rehearse", fail)


def test_0_conforms(capsys: Capsys, tmp_path: Path) -> None:
    """A scenario that the reference passes: exit code 0, and all files are written."""
    said = portal_suite(
        capsys, "accept", "--target", TARGET, "--only", ONCE, "--out", tmp_path / "out"
    )
    assert "no date given" not in (tmp_path / "out" / "report.html").read_text()

    assert said.code == 0, said.words
    for name in ("report.html", "acceptance.json", "junit.xml", "evidence.ndjson"):
        assert str(tmp_path / "out" / name) in said.out.replace("\n", "")
        assert (tmp_path / "out" / name).stat().st_size > 0
    result = msgspec.json.decode(
        (tmp_path / "out" / "acceptance.json").read_bytes(), type=AcceptanceResult
    )
    assert result.verdict == "PASS"
    assert [each.name for each in result.scenarios] == [ONCE]


@pytest.mark.parametrize(
    ("awaits", "options", "code"), [("a browser", (), 0), ("a browser", STRICT, 3), ("", STRICT, 0)]
)
def test_strict_is_3_while_a_must_waits(
    capsys: Capsys,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    awaits: Awaits,
    options: tuple[str, ...],
    code: int,
) -> None:
    """A pass is no pass then while anything waits for a person or a browser."""
    made = acceptance_sample(verdict="PASS")
    rows = [structs.replace(made.requirements[0], level="must", verdict="OMIT", awaits=awaits)]
    result = structs.replace(made, requirements=rows, scenarios=[])
    monkeypatch.setattr(acceptance, "accept", lambda *_given, **_named: result)

    said = portal_suite(capsys, "accept", "--target", TARGET, "--out", tmp_path, *options)

    assert said.code == code, said.words
    assert ("REVIEW: " in said.out) == (code == 3)


@pytest.mark.proof
def test_the_folder_it_is_called_from_does_not_matter(tmp_path: Path) -> None:
    """Relative paths are from there.

    That the suite's own files are found from anywhere, tests/test_installed_suite.py shows.
    """
    spoiled(tmp_path, TARGET)
    here = portal_suite_apart(
        "accept", "--target", TARGET.name, "--only", ONCE, "--out", "out", cwd=tmp_path
    )

    assert here.code == 0, here.words
    assert "Written:\n  out/report.html\n  out/" in here.out
    assert (tmp_path / "out" / "acceptance.json").exists()
    assert not (ROOT / "out" / "scenarios.ndjson").exists()


def test_1_does_not_conform(tmp_path: Path) -> None:
    """A portal that sends twice does not pass that scenario: exit code 1, and no traceback."""
    target = spoiled(tmp_path, TARGET, SENDS_TWICE)

    # It patches the process it runs in, so that it runs in one of its own.
    said = portal_suite_apart("accept", "--target", target, "--only", ONCE, "--out", tmp_path)

    assert said.code == 1, said.words
    assert "Traceback" not in said.words
    assert "FAIL" in said.out


def test_2_is_misuse(capsys: Capsys, tmp_path: Path) -> None:
    """A missing file is misuse: exit code 2, and one sentence."""
    said = portal_suite(capsys, "rehearse", tmp_path / "none.toml")

    assert said.code == 2
    assert said.error == f"{tmp_path / 'none.toml'}: No such file or directory; check the path"
    assert said.out == ""


def test_3_could_not_judge(capsys: Capsys, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A portal that cannot be reached is not judged: exit code 3."""
    for name in ("EVENTS_SECRET", "RECEIPTS_TOKEN", "GATEWAY_KEY", "CRIME_SYSTEM_TOKEN"):
        monkeypatch.setenv(f"PORTAL_{name}", "whsec_c2VjcmV0LW9mLWEtdGVzdC1zZWNyZXQtb2YtYQ==")
    monkeypatch.setenv("PORTAL_IDENTITY_KEY", "a-secret-key-of-a-test")
    monkeypatch.setenv("PORTAL_TEST_CLOCK_TOKEN", "a-secret-token-of-a-test")
    text = BY_URL.read_text().partition("command = [")[0].replace("{port}", "9")
    (tmp_path / "target.toml").write_text(text)

    said = portal_suite(capsys, "accept", "--target", tmp_path / "target.toml", "--out", tmp_path)

    assert said.code == 3
    where = f"{tmp_path / 'target.toml'}: http://127.0.0.1:9"
    assert said.error.startswith(f"{where}: no connection to it is possible (Connection refused); ")
    assert "secret" not in said.words


def test_a_run_that_proved_nothing_could_not_judge(capsys: Capsys, tmp_path: Path) -> None:
    """If no crime was followed, nothing was proved: there is no pass, and the exit code is 3."""
    path = write_small(tmp_path, {"testers.crimes_a_week_each": 0.0})

    said = portal_suite(
        capsys, "rehearse", path, "--fraction", "0.000000001", "--out", tmp_path / "out"
    )

    assert said.code == 3, said.words
    assert "INCONCLUSIVE" in said.out
    written = (tmp_path / "out" / "rehearsal.json").read_bytes()
    result = msgspec.json.decode(written, type=RehearsalResult)
    assert sum(each.followed for each in result.periods) == 0


@pytest.mark.proof
def test_a_rehearsal_by_command_is_the_same_twice(capsys: Capsys, tmp_path: Path) -> None:
    """One seed gives the same file, byte for byte, in any process."""
    path = write_small(tmp_path)
    options = ("rehearse", path, "--seed", "5", "--fraction", "0.001", "--out")

    here = portal_suite(capsys, *options, tmp_path / "here")
    there = portal_suite_apart(*options, tmp_path / "there")

    assert here.code == there.code == 0, here.words + there.words
    files = [tmp_path / name / "rehearsal.json" for name in ("here", "there")]
    assert files[0].read_bytes() == files[1].read_bytes()
    assert str(tmp_path) not in files[0].read_text()
    assert str(tmp_path / "there" / "report.html") in there.out.replace("\n", "")
    assert there.err.strip() == ""


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (BadInput("order.toml: name: missing; add it"), 2),
        (PortalUnreachable("http://a: the portal did not answer"), 3),
        (PortalNonsense("GET /api/crimes answered 500"), 1),
        (CannotVerify("this takes a day"), 3),
        (SuiteError("the run cannot go on"), 3),
    ],
)
def test_an_error_is_a_sentence_and_a_code(
    capsys: Capsys, monkeypatch: pytest.MonkeyPatch, error: SuiteError, code: int
) -> None:
    """Each kind of error has its exit code, and prints only its sentence."""
    raising(monkeypatch, error)

    said = portal_suite(capsys, "rehearse", ROLLOUT)

    assert said.code == code
    assert said.error == str(error)


@pytest.mark.parametrize(
    "error",
    [
        PermissionError(13, "Permission denied", "out/report.html"),
        OSError(28, "No space left on device"),
        OSError("the disk is gone"),
    ],
)
def test_a_disk_that_fails_is_a_sentence(
    capsys: Capsys, monkeypatch: pytest.MonkeyPatch, error: OSError
) -> None:
    """The system's own words are printed, with the file if there is one."""
    raising(monkeypatch, error)

    said = portal_suite(capsys, "rehearse", ROLLOUT)

    assert said.code == 3
    assert (error.strerror or str(error)) in said.error
    assert "None" not in said.error


def test_an_interrupted_run_has_no_verdict(capsys: Capsys, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C ends a run without a traceback, and nothing was judged."""
    raising(monkeypatch, KeyboardInterrupt())

    said = portal_suite(capsys, "rehearse", ROLLOUT)

    assert said.code == 3
    assert said.err.strip().endswith("Stopped.")
    assert "Traceback" not in said.words


def test_it_says_its_version(capsys: Capsys) -> None:
    """The version is the package's."""
    said = portal_suite(capsys, "--version")

    assert said.code == 0
    assert "0.1.0" in said.out


def test_options_are_passed_on(
    capsys: Capsys, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The options given are the options used."""
    seen: list[Any] = []

    def look(path: Path, **options: Any) -> None:
        seen.append((path, options))
        raise SuiteError("enough")

    monkeypatch.setattr(run, "rehearse", look)
    monkeypatch.setattr(acceptance, "accept", look)
    portal_suite(capsys, "rehearse", ROLLOUT, "--seed", "7", "--fraction", "0.05")
    portal_suite(
        capsys, "accept", "--target", TARGET, "--phase", "2", "--only", "x", "--out", tmp_path
    )

    (rollout, first), (target, second) = seen
    assert (rollout, first["seed"], first["fraction"]) == (ROLLOUT, 7, 0.05)
    assert target == TARGET
    asked = {"phase": 2, "out": tmp_path, "only": "x", "quick": False, "resume": False}
    assert asked.items() <= second.items()


def test_progress_goes_to_the_error_output(capsys: Capsys, monkeypatch: pytest.MonkeyPatch) -> None:
    """Days go to the error output, so results can be piped."""

    def goes_on(_path: Path, *, on_day: Callable[[date, float], None], **_options: Any) -> None:
        on_day(date(2026, 6, 1), 0.5)
        raise SuiteError("enough")

    monkeypatch.setattr(run, "rehearse", goes_on)

    assert portal_suite(capsys, "rehearse", ROLLOUT).out == ""
