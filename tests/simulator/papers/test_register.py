"""The register: what it accepts, and one sentence for each mistake."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import tomli_w
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simulator.errors import BadInput
from simulator.papers.register import Register, read_register
from tests.examples import examples
from tests.simulator.real_files import ROOT, refusal

SIGNED = {"name": "Dana Okafor", "role": "test manager", "reason": "Until build 9."}
WAIVER = {"defect": "D-0123456789", "expires": date(2026, 12, 1), **SIGNED}
OVERRIDE = {"requirement": "MSG-01", "original": "FAIL", "verdict": "PASS", **SIGNED}
DEFECT = {"id": "D-0123456789", "disposition": "accepted", "by": "Lee Marsh"}
GOOD: dict[str, Any] = {"defect": [DEFECT], "waiver": [WAIVER], "override": [OVERRIDE]}


def written(folder: Path, raw: dict[str, Any]) -> Path:
    """Write a register."""
    path = folder / "register.toml"
    path.write_text(tomli_w.dumps(raw), encoding="utf-8")
    return path


def said_of(path: Path) -> str:
    """Read a register; gives the sentence that refuses it, or that it was read."""
    try:
        read_register(path)
    except BadInput as error:
        return str(error)
    return f"{path}: read"


def test_a_register_is_read(tmp_path: Path) -> None:
    """Defects, waivers and overrides come as they were written."""
    register = read_register(written(tmp_path, GOOD))

    assert register.waiver[0].expires == date(2026, 12, 1)
    assert register.override[0].original == "FAIL"
    assert register.defect[0].by == "Lee Marsh"


def test_an_empty_register_decides_nothing(tmp_path: Path) -> None:
    """A file with nothing in it is a register."""
    assert read_register(written(tmp_path, {})) == Register()


def test_the_register_of_the_document_is_one(tmp_path: Path) -> None:
    """The example in docs/challenge.md is a valid register."""
    text = (ROOT / "docs" / "challenge.md").read_text(encoding="utf-8")
    path = tmp_path / "register.toml"
    path.write_text(text.partition("```toml\n")[2].partition("```")[0], encoding="utf-8")

    assert len(read_register(path).defect) == 2


@pytest.mark.parametrize(
    ("table", "changes", "said"),
    [
        ("defect", {"id": "D-12"}, "defect[0].id"),
        ("defect", {"id": "d-0123456789"}, "defect[0].id"),
        ("defect", {"disposition": "wontfix"}, "defect[0].disposition: it is 'wontfix'; one of"),
        ("defect", {"by": " "}, "by is empty; say who accepted D-0123456789"),
        ("defect", {"disposition": "disputed"}, "reason is empty; say why D-0123456789 is"),
        ("defect", {"same_as": "D-0123456789"}, "same_as is D-0123456789 itself"),
        ("defect", {"severity": "low"}, "defect[0].severity: no such key"),
        ("waiver", {"name": ""}, "waiver[0].name"),
        ("waiver", {"role": "  "}, "role is empty; a waiver or an override needs it"),
        ("waiver", {"reason": ""}, "waiver[0].reason"),
        ("waiver", {"expires": "soon"}, "waiver[0].expires"),
        ("override", {"original": "PASS"}, "verdict is PASS, the same as original"),
        ("override", {"verdict": "OMIT"}, "override[0].verdict: it is 'OMIT'; one of"),
        ("override", {"role": "\t"}, "role is empty"),
    ],
)
def test_a_mistake_is_one_sentence(
    tmp_path: Path, table: str, changes: dict[str, Any], said: str
) -> None:
    """The sentence names the file, the field and the fix."""
    raw = {**GOOD, table: [{**GOOD[table][0], **changes}]}

    assert said in refusal(read_register, written(tmp_path, raw))


@pytest.mark.parametrize("field", ["name", "role", "reason", "expires"])
def test_a_waiver_needs_name_role_reason_and_day(tmp_path: Path, field: str) -> None:
    """A waiver without one of them is refused."""
    raw = {"waiver": [{key: value for key, value in WAIVER.items() if key != field}]}

    assert f"waiver[0].{field}: missing" in refusal(read_register, written(tmp_path, raw))


@pytest.mark.parametrize("table", ["defect", "waiver", "override"])
def test_one_decision_each(tmp_path: Path, table: str) -> None:
    """Two decisions on one thing could contradict each other, so they are refused."""
    path = written(tmp_path, {table: [GOOD[table][0], GOOD[table][0]]})

    assert f"{table}[1]: " in refusal(read_register, path)


def test_a_chain_of_same_as_is_refused(tmp_path: Path) -> None:
    """`same_as` must name a defect that is not itself the same as another."""
    path = written(
        tmp_path,
        {
            "defect": [
                {"id": "D-0000000001", "same_as": "D-0000000002"},
                {"id": "D-0000000002", "same_as": "D-0000000003"},
            ]
        },
    )

    assert "is itself the same as another" in refusal(read_register, path)


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**20), 10**20)
    | st.text(max_size=20)
    | st.dates()
    | st.sampled_from(["PASS", "FAIL", "D-0123456789", "accepted", "disputed"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from([*WAIVER, *OVERRIDE, *DEFECT, "same_as", "owner", "x\n"]),
            inner,
            max_size=8,
        )
    ),
    max_leaves=12,
).filter(lambda value: value is not None)


@settings(
    max_examples=examples(120),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    raw=st.dictionaries(
        st.sampled_from(["defect", "waiver", "override", "other"]), VALUES, max_size=4
    )
)
def test_any_register_is_read_or_refused_in_one_sentence(
    tmp_path: Path, raw: dict[str, Any]
) -> None:
    """No TOML causes a traceback."""
    try:
        path = written(tmp_path, raw)
    except (TypeError, ValueError):
        return  # What TOML cannot hold.

    assert said_of(path).startswith(f"{path}: ")


@settings(
    max_examples=examples(60),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.binary(max_size=400))
def test_any_bytes_are_read_or_refused_in_one_sentence(tmp_path: Path, data: bytes) -> None:
    """Bytes that are not TOML, or not text, cause no traceback either."""
    path = tmp_path / "register.toml"
    path.write_bytes(data)

    assert said_of(path).startswith(f"{path}: ")
