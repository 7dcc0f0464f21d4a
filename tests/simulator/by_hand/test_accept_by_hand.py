"""A run by hand is judged like any other, and can be stopped and continued."""

from pathlib import Path
from zipfile import ZipFile

import msgspec
import pytest

from reference.contract.events import CrimeRecorded
from simulator.clock import wall_now
from simulator.evidence.files import read_evidence
from simulator.evidence.records import EventRecorded, MessageAccepted
from simulator.results.values import AcceptanceResult
from tests.simulator.by_hand.scripted_tester import (
    Keyer,
    accept_by_hand,
    environment,
    portal_for_testers,
)
from tests.simulator.command_line import portal_suite

AT_NIGHT = "No message is sent at night"
INVITED = "The victim is invited on the channels they gave"
BROKEN = "tests.simulator.by_hand.broken_portal:create_app"


def result_in(out: Path) -> AcceptanceResult:
    """Read the result of a run."""
    return msgspec.json.decode((out / "acceptance.json").read_bytes(), type=AcceptanceResult)


def arguments(path: Path, out: Path, only: str = INVITED) -> list[str | Path]:
    """Give a command line for the scenarios of a name in phase 1."""
    return ["--target", path, "--phase", "1", "--out", out, "--only", only]


def assert_keyed_in(out: Path, shown: str, *, crimes: int) -> None:
    """Require the force's words for the tester, and evidence and journal of what was keyed in.

    What was never seen through our own doubles is marked, and nothing secret is in the journal.
    """
    assert result_in(out).reached == "by hand, and by its API"
    assert "KEY IN: Record this crime for Alex " in shown
    assert "Theft of a pedal cycle" in shown
    evidence = read_evidence([out / "evidence.ndjson"])
    assert len([each for each in evidence if isinstance(each, EventRecorded)]) == crimes
    messages = [each for each in evidence if isinstance(each, MessageAccepted)]
    assert {each.how for each in messages} == {"intercepted"}
    journal = (out / "journal.ndjson").read_text()
    assert '"by":"DT"' in journal
    assert "T-0001" in journal


# Of two crimes the same is required where a tester stops.
@pytest.mark.proof
@pytest.mark.slow(seconds=5)
def test_what_a_tester_keys_in_is_judged(tmp_path: Path) -> None:
    """The instructions are in the force's words, and the messages that follow are judged."""
    out = tmp_path / "out"
    with portal_for_testers(tmp_path) as (path, url):
        keyer = Keyer(url)
        said = accept_by_hand(*arguments(path, out), answers=keyer.answer)

    assert said.code == 0, said.words
    assert [each.verdict for each in result_in(out).scenarios] == ["PASS"] * 3
    assert_keyed_in(out, said.out, crimes=3)


@pytest.mark.proof
def test_a_broken_portal_fails_by_hand_too(tmp_path: Path) -> None:
    """A portal that gives away the offence in a message fails by hand too."""
    with portal_for_testers(tmp_path, application=BROKEN) as (path, url):
        said = accept_by_hand(*arguments(path, tmp_path / "out"), answers=Keyer(url).answer)

    assert said.code == 1, said.words
    assert "disclosed" in said.out


@pytest.mark.proof
@pytest.mark.slow(seconds=5)
def test_what_cannot_be_done_by_hand_is_skipped(tmp_path: Path) -> None:
    """The tester is told why before keying in anything, and it is never a pass."""
    out = tmp_path / "out"
    with portal_for_testers(tmp_path) as (path, url):
        keyer = Keyer(url)
        said = accept_by_hand(*arguments(path, out, AT_NIGHT), answers=keyer.answer)

    assert said.code == 3, said.words
    assert "SKIP: not by hand: it needs about 1 day of real time" in said.out
    assert not keyer.references
    assert {each.verdict for each in result_in(out).scenarios} == {"SKIP"}


@pytest.mark.slow(seconds=8)
def test_a_tester_stops_and_continues_later(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Finished scenarios are not repeated; an unfinished one starts again with other people.

    Until then nothing is accepted; what the tester could not do is not either, and says why.
    """
    out = tmp_path / "out"
    with portal_for_testers(tmp_path) as (path, url):
        keyer = Keyer(url)

        def stops(said: str) -> str:
            return "stop" if len(keyer.references) == 2 else keyer.answer(said)

        def could_not(said: str) -> str:
            is_last = len(keyer.references) == 3 and said.endswith("Its reference there?")
            return "could not the test crime system is down" if is_last else keyer.answer(said)

        first = accept_by_hand(*arguments(path, out), answers=stops)
        stopped = result_in(out)
        for name, value in environment().items():
            monkeypatch.setenv(name, value)
        refused = portal_suite(capsys, "accept", *arguments(path, out))
        again = accept_by_hand(*arguments(path, out), "--resume", answers=could_not)

    assert first.code == 3, first.words
    assert [each.verdict for each in stopped.scenarios] == ["PASS", "SKIP"]
    assert "it has the journal.ndjson of an earlier run" in refused.misuse
    assert again.code == 3, again.words
    assert not again.err, again.words
    assert_keyed_in(out, first.out, crimes=2)
    first_two, last = result_in(out).scenarios[:2], result_in(out).scenarios[2]
    assert [each.verdict for each in first_two] == ["PASS", "PASS"]
    assert last.reason == "the tester (DT) could not: the test crime system is down"
    people = [
        msgspec.json.decode(each.data, type=CrimeRecorded).victims[0].person_id
        for each in read_evidence([out / "evidence.ndjson"])
        if isinstance(each, EventRecorded)
    ]
    assert len(people) == len(set(people)) == 2


@pytest.mark.proof
@pytest.mark.slow(seconds=18)
def test_a_whole_run_by_hand_is_packed_with_its_journal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The journal is signed with the result, and the two must agree on every scenario."""
    out, papers, key = tmp_path / "out", tmp_path / "papers", tmp_path / "signing.key"
    with portal_for_testers(tmp_path) as (path, url):
        whole = accept_by_hand(
            "--target", path, "--phase", "1", "--out", out, answers=Keyer(url).answer
        )
    assert {each.verdict for each in result_in(out).scenarios} == {"PASS", "SKIP", "OMIT"}
    for name, value in environment().items():
        monkeypatch.setenv(name, value)
    portal_suite(capsys, "papers", "--phase", "1", "--results", out, "--out", papers)
    portal_suite(capsys, "pack", "--new-key", key)
    asked = ("pack", "--target", path, "--results", out, "--papers", papers, "--key", key,
             "--signatory", "Dana Okafor", "--role", "test manager",
             "--expires", f"{wall_now():%Y-%m-%d}", "--out", tmp_path)  # fmt: skip

    packed = portal_suite(capsys, *asked)
    journal = out / "journal.ndjson"
    journal.write_text(journal.read_text().replace('"verdict":"SKIP"', '"verdict":"PASS"', 1))
    refused = portal_suite(capsys, *asked)
    journal.write_text("")
    emptied = portal_suite(capsys, *asked)

    assert whole.code == 3, whole.words
    assert packed.code == 0, packed
    with ZipFile(tmp_path / "evidence-pack.zip") as zipped:
        assert "accept-1/journal.ndjson" in zipped.namelist()
    for each in (refused, emptied):
        assert "acceptance.json differs from journal.ndjson" in each.misuse
