"""Every mistake of a tester: exit code 2, one sentence, never a traceback."""

import sys
from pathlib import Path

import pytest
import tomli_w
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simulator.accept import run as acceptance
from simulator.prove import run as proof
from simulator.rehearsal import run
from tests.examples import examples
from tests.simulator.command_line import Said, portal_suite
from tests.simulator.real_files import ROLLOUT, ROOT, TARGET, parsed, spoiled
from tests.simulator.rehearsal.small import write_small

Capsys = pytest.CaptureFixture[str]
NO_LONG_RUNS = [(run, "_run_calendar"), (acceptance, "run_features"), (proof, "run_features")]


@pytest.fixture(autouse=True)
def nothing_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail if anything longer than reading begins."""

    def begins(*_parts: object, **_options: object) -> None:
        raise AssertionError("Traceback: something began to run")

    for module, name in NO_LONG_RUNS:
        monkeypatch.setattr(module, name, begins)


def misuse(said: Said) -> str:
    """Return the sentence of a misuse."""
    return said.misuse


@pytest.mark.parametrize(
    "arguments",
    [
        ["rehearse"],
        ["rehears"],
        ["rehearse", "a.toml", "b.toml"],
        ["rehearse", str(ROLLOUT), "--sed", "1"],
        ["rehearse", str(ROLLOUT), "--seed", "x"],
        ["rehearse", str(ROLLOUT), "--seed", "-1"],
        ["rehearse", str(ROLLOUT), "--seed", "9" * 30],
        ["rehearse", str(ROLLOUT), "--fraction", "0"],
        ["rehearse", str(ROLLOUT), "--fraction", "1.1"],
        ["rehearse", str(ROLLOUT), "--fraction", "-0.1"],
        ["rehearse", str(ROLLOUT), "--fraction", "nan"],
        ["rehearse", "scenarios"],
        ["accept"],
        ["accept", "--target", str(TARGET), "--phase", "0"],
        ["accept", "--target", str(TARGET), "--phase", "4"],
        ["accept", "--target", str(TARGET), "--phase", "two"],
        ["accept", "--target", "none.toml"],
        ["accept", "--target", str(TARGET), "--out", str(TARGET)],
        ["prove", "--only", "no_such_portal"],
        ["load", "none.toml"],
        ["load", "scenarios/bursts/smoke.toml", "--target", "none.toml"],
    ],
    ids=lambda arguments: " ".join(arguments)[-50:],
)
def test_a_mistake_on_the_command_line(capsys: Capsys, arguments: list[str]) -> None:
    """The sentence says what is wrong, and nothing runs."""
    assert misuse(portal_suite(capsys, *arguments))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["rehearse", "--seed", "abc"], "'--seed': 'abc'; give a whole number from 0 to 461"),
        (["rehearse", "--seed", "-1"], "'--seed': '-1'; give a whole number from 0 to 461"),
        (["accept", "--phase", "two"], "'--phase': 'two'; give a whole number from 1 to 3"),
        (["rehearse", "--fraction", "1/3"], "'--fraction': '1/3'; give a share above 0, up "),
        (["rehearse", "--fraction", "nan"], "'--fraction': 'nan'; give a share above 0, up "),
        (["explore", "--minutes", "nan"], "'--minutes': 'nan'; give a number above 0, up to 1440"),
        (["explore", "--minutes", "abc"], "'--minutes': 'abc'; give a number above 0, up to 1440"),
        (["prove", "--exploring", "nan"], "'--exploring': 'nan'; give a number above 0, up to "),
        (["load", "--scale", "nan"], "'--scale': 'nan'; give a number above 0, up to 1000"),
        (["load", "--users", "0"], "'--users': '0'; give a whole number from 1 to 1000"),
        (["check-data", "--limit", "nan"], "'--limit': 'nan'; give a number from 0 up to 1"),
    ],
)
def test_a_wrong_number_gets_the_range(capsys: Capsys, arguments: list[str], said: str) -> None:
    """The sentence has the option, the value and the range."""
    assert said in misuse(portal_suite(capsys, *arguments))


@pytest.mark.parametrize(
    ("claimed", "phase", "said"),
    [
        ("[1]", "2", "claims.phases is [1], so phase 2 is not claimed; "),
        ("[]", "1", "is [], so phase 1 is not claimed"),
    ],
)
def test_a_phase_that_is_not_claimed_is_one_sentence(
    capsys: Capsys, tmp_path: Path, claimed: str, phase: str, said: str
) -> None:
    """The claim is named, and nothing runs."""
    target = spoiled(tmp_path, TARGET, ("phases = [1, 2, 3]", f"phases = {claimed}"))

    sentence = misuse(
        portal_suite(capsys, "accept", "--target", target, "--phase", phase, "--out", tmp_path)
    )

    assert sentence.startswith(f"{target}: claims.phases")
    assert said in sentence


def test_weeks_that_cannot_be_rehearsed_are_refused_first(capsys: Capsys, tmp_path: Path) -> None:
    """The mistake is found before the features run."""
    target = spoiled(tmp_path, TARGET, ('"correlates", ', ""))

    sentence = misuse(
        portal_suite(capsys, "accept", "--target", target, "--window", "--out", tmp_path)
    )

    assert sentence.startswith(f"{target}: claims.capabilities: correlates is needed here")


def test_a_window_of_a_running_portal_is_refused_first(capsys: Capsys, tmp_path: Path) -> None:
    """The test weeks need a fresh portal."""
    raw = parsed(TARGET) | {"access": {"portal_url": "http://127.0.0.1:9", "neighbours_port": 8470}}
    target = tmp_path / "target.toml"
    target.write_text(tomli_w.dumps(raw))

    sentence = misuse(
        portal_suite(capsys, "accept", "--target", target, "--window", "--out", tmp_path)
    )

    assert sentence.startswith(f"{target}: access: --window needs a fresh portal")


def test_a_wrong_application_names_the_target(capsys: Capsys, tmp_path: Path) -> None:
    """The sentence begins with the file that has the field."""
    target = spoiled(tmp_path, TARGET, ("app:create_app", "app:nope"))

    sentence = misuse(portal_suite(capsys, "accept", "--target", target, "--out", tmp_path))

    assert sentence.startswith(f"{target}: access.application is 'reference.portal.app:nope'; ")


def test_without_a_command_there_is_help(capsys: Capsys) -> None:
    """Without a command, the commands are listed."""
    said = portal_suite(capsys)

    assert "Traceback" not in said.words
    assert "Examples:" in said.words
    assert said.code in {0, 2}


@pytest.mark.parametrize(
    ("source", "old", "new", "said"),
    [
        (TARGET, "[claims]", "[claim]", "claim: no such key; did you mean 'claims'?"),
        (TARGET, '"text"', '"txt"', "claims.capabilities"),
        (TARGET, "application =", "aplication =", "access.aplication: no such key; did you mean"),
        (TARGET, "reference.portal.app:", "reference.portal.ap:", "access.application is 'refer"),
        (
            TARGET,
            "two-forces.toml",
            "three-forces.toml",
            "three-forces.toml': there is no such file; check the path",
        ),
    ],
)
def test_a_mistake_in_a_target(
    capsys: Capsys, tmp_path: Path, source: Path, old: str, new: str, said: str
) -> None:
    """The sentence has field and fix, before anything runs."""
    path = spoiled(tmp_path, source, (old, new))

    sentence = misuse(portal_suite(capsys, "accept", "--target", path, "--out", tmp_path / "out"))

    assert said in sentence


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("seed = 1", 'seed = "one"', "rollout.toml: seed: expected a whole number, got text"),
        ("quarter_weeks", "quarter_week", "calendar.quarter_week: no such key; did you mean"),
        ("[calendar]", "[[calendar]]", "rollout.toml: calendar: expected a table, got a list"),
    ],
)
def test_a_mistake_in_a_rollout(
    capsys: Capsys, tmp_path: Path, old: str, new: str, said: str
) -> None:
    """The sentence has file, field and fix, before anything runs."""
    path = write_small(tmp_path)
    path.write_text(path.read_text().replace(old, new, 1))

    assert said in misuse(portal_suite(capsys, "rehearse", path))


def test_a_missing_order_names_the_rollout_too(capsys: Capsys, tmp_path: Path) -> None:
    """The mistake is in the rollout's field, so the sentence names the rollout."""
    path = write_small(tmp_path)
    text = path.read_text()
    [line] = [each for each in text.splitlines() if each.startswith("order = ")]
    path.write_text(text.replace(line, 'order = "orders/nope.toml"'))

    sentence = misuse(portal_suite(capsys, "rehearse", path))

    assert sentence == f"{path}: order: orders/nope.toml: there is no such file; check the path"


def test_a_target_is_no_rollout(capsys: Capsys) -> None:
    """A very different word is not treated as a typing mistake."""
    sentence = misuse(portal_suite(capsys, "rehearse", TARGET))

    assert "claims: no such key; known here: name, order, " in sentence


def test_an_order_within_a_rollout_is_named(capsys: Capsys, tmp_path: Path) -> None:
    """If the mistake is in a file that the rollout names, that file is named."""
    path = write_small(tmp_path, order=lambda raw: raw["messages"].update(per_week_max=0))

    sentence = misuse(portal_suite(capsys, "rehearse", path))

    assert sentence == (
        f"{tmp_path / 'order.toml'}: messages.per_week_max: expected a whole number >= 1 (it is 0)"
    )


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xfe", b"<html>", b"x = ", b"[" * 10_000, b"x" * 2_000_000]
)
@pytest.mark.parametrize("command", [["rehearse"], ["accept", "--target"]])
def test_a_file_of_another_kind(
    capsys: Capsys, tmp_path: Path, content: bytes, command: list[str]
) -> None:
    """A file that is not TOML gets a sentence that says so."""
    path = tmp_path / "odd.toml"
    path.write_bytes(content)

    assert misuse(portal_suite(capsys, *command, path)).startswith(f"{path}: ")


def test_the_missing_secrets_are_all_named(
    capsys: Capsys, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All are listed, so the tester corrects the environment once."""
    target = parsed(TARGET)
    target["access"] = {"portal_url": "http://127.0.0.1:9"}
    names = ["EVENTS_SECRET", "RECEIPTS_TOKEN", "GATEWAY_KEY", "IDENTITY_KEY"]
    for name in (*names, "CRIME_SYSTEM_TOKEN", "TEST_CLOCK_TOKEN"):
        monkeypatch.delenv(f"PORTAL_{name}", raising=False)
    (tmp_path / "target.toml").write_text(tomli_w.dumps(target))

    sentence = misuse(
        portal_suite(capsys, "accept", "--target", tmp_path / "target.toml", "--out", tmp_path)
    )

    assert [name for name in names if name not in sentence] == []


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("await asyncio.sleep(1)", "reach it by URL instead"),
        ("raise KeyError('id')", ""),
        ("await answer(403)", ""),
        ("await answer(500)", "answered 500"),
        ("await answer(200)", ""),
    ],
)
def test_a_portal_that_is_none_is_a_sentence(
    capsys: Capsys, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, body: str, words: str
) -> None:
    """An application that hangs, breaks, or answers something else ends in one sentence."""
    name = f"portal_{abs(hash(body))}"
    (tmp_path / f"{name}.py").write_text(
        "import asyncio\n"
        "def create_app(*args, **kwargs):\n"
        "    async def app(scope, receive, send):\n"
        "        while scope['type'] == 'lifespan':\n"
        "            event = (await receive())['type']\n"
        "            await send({'type': event + '.complete'})\n"
        "            if event == 'lifespan.shutdown':\n"
        "                return\n"
        "        async def answer(status):\n"
        "            start = {'type': 'http.response.start', 'status': status, 'headers': []}\n"
        "            await send(start)\n"
        "            await send({'type': 'http.response.body', 'body': b'{\"title\": \"No\"}'})\n"
        f"        {body}\n"
        "    return app\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    target = spoiled(tmp_path, TARGET, ("reference.portal.app:create_app", f"{name}:create_app"))

    said = portal_suite(capsys, "accept", "--target", target, "--out", tmp_path / "out")

    assert said.code in {1, 2, 3}
    assert words in said.error


@given(
    words=st.lists(
        st.sampled_from(["rehearse", "accept", "prove", "load", "--help", "-h", "--seed", "--out"])
        | st.sampled_from(["--target", "--phase", "--only", "--fraction", "--", "-", "", "1", "x"])
        | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8),
        max_size=6,
    )
)
@settings(
    deadline=None,
    max_examples=examples(60),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_any_words_are_help_or_misuse(capsys: Capsys, words: list[str]) -> None:
    """Whatever is typed, there is no traceback."""
    said = portal_suite(capsys, *words)

    assert "Traceback" not in said.words or "began to run" in said.words
    assert said.code in {0, 2} or "began to run" in said.words


@pytest.mark.parametrize(
    ("package", "extra", "command"),
    [
        ("matplotlib", "plots", ("rehearse", ROOT / "scenarios" / "phased-rollout.toml")),
        ("matplotlib", "plots", ("plan", ROOT / "scenarios" / "plans" / "as-today.toml")),
        ("textstat", "reading", ("catalogue",)),
        (
            "allure_commons",
            "allure",
            ("accept", "--allure", "a", "--target", ROOT / "scenarios/targets/reference.toml"),
        ),
    ],
)
def test_what_is_not_installed_is_named_with_its_extra(
    capsys: Capsys,
    monkeypatch: pytest.MonkeyPatch,
    *,
    package: str,
    extra: str,
    command: tuple[str | Path, ...],
) -> None:
    """Before anything is done: a rehearsal takes minutes."""
    monkeypatch.setitem(sys.modules, package, None)
    said = portal_suite(capsys, *command)

    assert f"needs {package}" in said.misuse
    assert f"pip install 'portal-suite[{extra}]'" in said.misuse
