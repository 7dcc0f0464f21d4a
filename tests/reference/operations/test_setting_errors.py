"""What an operator wrote wrongly is named, shown, and told how to mend, in one sentence."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reference.operations.environment import read_settings_file
from reference.operations.setting_errors import check_web_address, checked_settings, shown
from reference.portal.settings import Settings
from tests.reference.portal.scene import SETTINGS

FORCE = SETTINGS["forces"]["hampshire"]


def sentence(field: str, value: Any) -> str:
    """Set one setting to another value; return the refusal."""
    with pytest.raises(ValueError, match=r"^portal settings: ") as refused:
        checked_settings({**SETTINGS, field: value})
    return str(refused.value).removeprefix("portal settings: ")


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("proof", "shoe_size", "proof is 'shoe_size'; give one that docs/running.md names"),
        ("public_url", 7, "public_url is 7; give text in quotation marks"),
        ("bundle_minutes", "60", "bundle_minutes is '60'; give a whole number, without quotation"),
        ("bundle_minutes", True, "bundle_minutes is true; give a whole number"),
        ("per_week_max", 0, "per_week_max is 0; give a whole number of at least 1"),
        ("forces", {}, "forces is {}; give at least 1 of them"),
        ("eligible_subgroups", "Theft", "eligible_subgroups is 'Theft'; give a list"),
        ("go_live", [datetime(2026, 1, 1, tzinfo=UTC)], "go_live is [2026-01-01T00:00:00+00:00]; "),
        ("go_live", ["soon"] * 3, "go_live[0] is 'soon'; give a time with its zone"),
        ("bank_holidays", ["Christmas"], "bank_holidays[0] is 'Christmas'; give a day, such as"),
        ("quiet_from", "nine", "quiet_from is 'nine'; give a time of day, such as"),
        ("sensitive_outcomes", ["18"], "sensitive_outcomes[0] is '18'; give a whole number"),
        ("advice_for", {"Theft": 3}, "advice_for.Theft is 3; give text"),
        ("per_weak_max", 5, "`per_weak_max` is not a setting; did you mean per_week_max?"),
        ("code", {"May": {}}, "a name in code is 'May'; give a day, such as 2026-12-25"),
        ("advice_for", {1: "x"}, "a name in advice_for is 1; give text in quotation marks"),
        ("zzz", 5, "`zzz` is not a setting; take it out"),
        ("forces", {"kent": {}}, "`name` is missing in forces.kent; add it"),
        (
            "forces",
            {"hampshire": FORCE, "kent": {**FORCE, "web": "x"}},
            "`web` is not a setting in forces.kent; did you mean website?",
        ),
        (
            "announcements",
            {"CrimeRecorded": {"notice": "letter", "phase": 1}},
            "announcements.CrimeRecorded.notice is 'letter'; give one that docs/running.md names",
        ),
        (
            "announcements",
            {"CrimeRecorded": {"notice": "update", "phase": 4}},
            "announcements.CrimeRecorded.phase is 4; give a whole number of at most 3",
        ),
    ],
)
def test_each_mistake_has_its_mend(field: str, value: Any, said: str) -> None:
    """Name, value and mend: not the words of a library, and no path to puzzle out."""
    assert sentence(field, value).startswith(said)


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=80)
    | st.datetimes() | st.dates() | st.times(),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=6,
)  # fmt: skip


@given(st.sampled_from([*Settings.__struct_fields__, "other"]), values)
def test_any_value_is_taken_or_refused_by_its_name(field: str, value: Any) -> None:
    """Whatever a file holds, one line says which setting it is about."""
    said = refusal({**SETTINGS, field: value})

    assert not said or field in said or "quiet_" in said
    assert "\n" not in said
    assert len(said) < 300


def refusal(values: dict[str, Any]) -> str:
    """Return the refusal of some settings ("" when they are accepted)."""
    try:
        checked_settings(values)
    except ValueError as error:
        return str(error)
    return ""


@given(st.text(max_size=120))
def test_any_text_is_a_file_s_fault_in_one_sentence(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    """TOML or not, the settings file never ends in a traceback."""
    file = tmp_path_factory.getbasetemp() / "any.toml"
    file.write_bytes(text.encode("utf-8", "surrogatepass"))
    with pytest.raises(ValueError, match=r"\A.+\Z"):
        read_settings_file({"PORTAL_SETTINGS": str(file)})


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"public_url = ", "at end of document"),
        (b"a = 1\nb = = 2", "line 2"),
        (b"a = 1\na = 2", "is not TOML"),
        (b"a = " + b"[" * 5000, "is not TOML"),
        (b"a = '\xff'", "is not UTF-8"),
    ],
)
def test_a_file_that_cannot_be_read_is_named(tmp_path: Any, content: bytes, said: str) -> None:
    """With the line where it stops to make sense."""
    file = tmp_path / "portal.toml"
    file.write_bytes(content)
    with pytest.raises(ValueError, match=said) as refused:
        read_settings_file({"PORTAL_SETTINGS": str(file)})

    assert str(file) in str(refused.value)


def test_a_file_that_is_not_there_is_named(tmp_path: Any) -> None:
    """So is a folder in its place; the variable is what to mend."""
    for path in (tmp_path / "none.toml", tmp_path):
        with pytest.raises(ValueError, match=r"^PORTAL_SETTINGS is .*cannot be read") as refused:
            read_settings_file({"PORTAL_SETTINGS": str(path)})

        assert str(path) in str(refused.value)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:8000",
        "https://gateway.example",
        "https://gateway.example/notify/v2",
        "http://[::1]:80",
        "HTTPS://Gateway.Example",
    ],
)
def test_an_address_that_requests_can_go_to_is_taken(url: str) -> None:
    """With a port, with a path, and of either protocol: only what follows them is too much."""
    check_web_address("gateway_url", url)

    with pytest.raises(ValueError, match=r"gateway_url is .*; take off its end"):
        check_web_address("gateway_url", f"{url}?x=1")


@pytest.mark.parametrize(
    "url",
    [
        "",
        "gateway.example",
        "ftp://gateway.example",
        "https://",
        "https:///path",
        "https://gateway.example/",
        "https://gateway.example?x=1",
        "https://gateway.example#x",
        "https://gateway.example ",
        "https://gate way.example",
        "https://gateway.example:port",
        "https://gateway.example:99999",
        "https://gateway.example:0",
        "https://[::1",
        "https://gateway.example\r\nx: y",
        "https://g\u00e4teway.example",
        "https://user:hunter2@gateway.example",
    ],
)
def test_an_address_that_no_request_can_go_to_is_refused(url: str) -> None:
    """Before the first message fails; a password in it is not shown."""
    with pytest.raises(ValueError, match=r"\Agateway_url .+; (give|take).+\Z") as refused:
        check_web_address("gateway_url", url)

    assert "hunter2" not in str(refused.value)


def test_the_portal_s_own_address_has_no_path() -> None:
    """Links in messages are made of it, and its pages stand at the root."""
    assert "without a path" in sentence("public_url", "https://police.example/portal")


def test_what_is_shown_is_short_and_without_a_password() -> None:
    """A value that was pasted into the wrong place may be long, or secret."""
    assert len(shown("x" * 1000)) < 80
    assert len(shown([{"x": "y" * 1000}])) < 80
    assert "hunter2" not in shown("postgresql://portal:hunter2@db.example/cases")
    assert "\n" not in shown("a\nb")
