"""Rules of the target file: how a portal is reached, and where its secrets come from."""

import re
from pathlib import Path

import pytest
from msgspec import structs

from simulator.errors import BadInput
from simulator.inputs.target import (
    Patterns,
    SecretValues,
    Target,
    read_target,
    rehearsal_secrets,
    secret_values,
)
from tests.simulator.real_files import BY_URL, TARGET, refusal, spoiled

APPLICATION = 'application = "reference.portal.app:create_app"'
NAMES = {
    "PORTAL_EVENTS_SECRET": "whsec_" + "c2VjcmV0LW9mLWEtdGVzdC1zZWNyZXQtb2YtYS10ZXN0",
    "PORTAL_RECEIPTS_TOKEN": "receipts-token-of-a-test",
    "PORTAL_GATEWAY_KEY": "gateway-key-of-a-test",
    "PORTAL_CRIME_SYSTEM_TOKEN": "crime-system-token-of-a-test",
    "PORTAL_IDENTITY_KEY": "identity-key-of-a-test",
    "PORTAL_TEST_CLOCK_TOKEN": "test-clock-token-of-a-test",
}


def elsewhere(folder: Path) -> Path:
    """Write the target file of a portal that the vendor runs."""
    return spoiled(folder, TARGET, (APPLICATION, 'portal_url = "https://portal.example:8443"'))


def access(folder: Path, line: str) -> str:
    """Give what the reader says when the way to the portal is this line."""
    return refusal(read_target, spoiled(folder, TARGET, (APPLICATION, line)))


def patterns(folder: Path, line: str) -> str:
    """Give what the reader says to a pattern."""
    return access(folder, f"{APPLICATION}\n[access.patterns]\n{line}")


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:8080", "https://portal.example", "http://[::1]:80"]
)
def test_a_url_is_scheme_and_host(tmp_path: Path, url: str) -> None:
    """What the portal answers at is kept as it is written."""
    path = spoiled(tmp_path, TARGET, (APPLICATION, f'portal_url = "{url}"'))

    assert read_target(path).access.portal_url == url


@pytest.mark.parametrize(
    "url",
    [
        "127.0.0.1:8080",
        "ftp://portal.example",
        "http://",
        "http://portal.example/",
        "http://portal.example/portal",
        "http://portal.example portal",
        r"http://portal.example\n",
    ],
)
def test_a_url_of_another_shape_is_refused(tmp_path: Path, url: str) -> None:
    """A path, a missing scheme or a blank would end up in the middle of every request."""
    said = access(tmp_path, f'portal_url = "{url}"')

    assert said.startswith("access: portal_url is '")
    assert said.endswith("give scheme and host only, for example http://127.0.0.1:8080")


def test_a_url_holds_no_password(tmp_path: Path) -> None:
    """Secrets are named by environment variable; one in the URL would be in every message."""
    assert "portal_url" in access(tmp_path, 'portal_url = "https://tester:hunter2@portal.example"')


def test_a_port_to_fill_in_needs_a_command(tmp_path: Path) -> None:
    """Only a portal that we start has its port from us."""
    assert "command" in access(tmp_path, 'portal_url = "http://127.0.0.1:{port}"')


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("", "give application (in process), driver, program, by_hand or portal_url"),
        (
            f'{APPLICATION}\nportal_url = "http://127.0.0.1:8080"',
            "give either application (in process) or portal_url (by URL)",
        ),
        (f'{APPLICATION}\ndriver = "a:B"', "give only one of application and driver"),
        ('driver = "a:B"\nprogram = ["b"]', "give only one of driver and program"),
        ('by_hand = true\ndriver = "a:B"', "give only one of driver and by_hand"),
        (
            'by_hand = true\nportal_url = "http://127.0.0.1:{port}"\ncommand = ["b"]',
            "give either by_hand or command: a tester cannot key into a portal that we start",
        ),
        (
            'driver = "a:B"\nevents_path = "/crime-events"',
            "events_path is only for a portal with a driver of its own and a portal_url",
        ),
        (
            'portal_url = "http://portal.example"\nevents_path = "/crime-events"',
            "events_path is only for a portal with a driver of its own and a portal_url",
        ),
        (
            'driver = "a:B"\nportal_url = "http://portal.example"\nevents_path = "events"',
            "events_path is 'events'; give a path that begins with /, such as /crime-events",
        ),
    ],
)
def test_a_portal_is_reached_in_one_way(tmp_path: Path, lines: str, said: str) -> None:
    """With none or two, it is unclear which portal is judged, and by which driver."""
    assert access(tmp_path, lines) == f"access: {said}"


def test_a_command_needs_a_port(tmp_path: Path) -> None:
    """We give the portal that we start a port, and must reach it there."""
    said = access(tmp_path, 'portal_url = "http://127.0.0.1:8080"\ncommand = ["portal"]')

    assert said == 'access: with command, portal_url is "http://127.0.0.1:{port}"'


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("wait_seconds_max = 0", "access.wait_seconds_max: expected a number > 0.0"),
        ("wait_seconds_max = -1", "access.wait_seconds_max: expected a number > 0.0"),
        ("wait_seconds_max = nan", "access.wait_seconds_max: "),
        ("wait_seconds_max = 86400", "access.wait_seconds_max: expected a number <= 3600.0"),
        ("neighbours_port = 70000", "access.neighbours_port: expected a whole number <= 6553"),
        # The crime system listens on the port after this one.
        ("neighbours_port = 65534", "access.neighbours_port: expected a whole number <= 65533"),
        ("wait_second_max = 5", "access.wait_second_max: no such key; did you mean 'wait_seconds"),
    ],
)
def test_a_limit_out_of_range_is_refused(tmp_path: Path, line: str, said: str) -> None:
    """The sentence names the field and its range."""
    assert access(tmp_path, f"{APPLICATION}\n{line}").startswith(said)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (
            'one_time_code = "(["',
            "access.patterns: one_time_code is not a regular expression: unterminated",
        ),
        ('one_time_code = "[0-9]{6}"', "access.patterns: one_time_code needs exactly one group"),
        ('invitation_link = "(a)(b)"', "access.patterns: invitation_link needs exactly one group"),
        # What the regular expression's own reader cannot bear.
        ('one_time_code = "(a{99999999999999})"', "access.patterns: one_time_code is not a reg"),
        (
            f'one_time_code = "{"(" * 3000}a{")" * 3000}"',
            "access.patterns: one_time_code is not a reg",
        ),
    ],
)
def test_a_pattern_must_be_one(tmp_path: Path, line: str, said: str) -> None:
    """A pattern that finds nothing would only show as a missing message, an hour later."""
    assert patterns(tmp_path, line).startswith(said)


def test_the_patterns_find_what_they_are_for() -> None:
    """The usual patterns take the link up to the next blank, and six digits standing alone.

    The end of a phone number is no code: an acknowledgement with it would be taken for one.
    """
    assert Patterns().invitation_link == r"(https?://\S+/invitation/\S+)"
    words = "Call 01632 960301. Your code is 012345"
    assert re.findall(Patterns().one_time_code, words) == ["012345"]
    assert re.findall(Patterns().one_time_code, "012345") == ["012345"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("[1, 2, 3]", "[1, 4]", "claims.phases[1]: expected a whole number <= 3 (it is 4)"),
        ("[1, 2, 3]", "1", "claims.phases: expected a list, got a whole number (it is 1)"),
        ('signatory = "the portal-suite project"', "", "claims.signatory: missing; add it"),
    ],
)
def test_a_claim_of_another_kind_is_refused(tmp_path: Path, old: str, new: str, said: str) -> None:
    """What a vendor claims is checked like everything else."""
    assert refusal(read_target, spoiled(tmp_path, TARGET, (old, new))) == said


def test_a_capability_nobody_knows_names_those_there_are(tmp_path: Path) -> None:
    """A misspelt capability would be one not claimed; the sentence says how it is spelt."""
    said = refusal(read_target, spoiled(tmp_path, TARGET, ('"correlates"', '"corelates"')))

    assert "claims.capabilities[1]" in said
    assert "'corelates'" in said
    assert "correlates" in said.replace("'corelates'", "")


def test_all_missing_secrets_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A tester mends the environment once, not six times."""
    for name, value in NAMES.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("PORTAL_GATEWAY_KEY")
    monkeypatch.setenv("PORTAL_IDENTITY_KEY", "")
    path = elsewhere(tmp_path)

    said = refusal(lambda at: secret_values(read_target(at), at), path)

    assert said == (
        "access.secrets: not in the environment: PORTAL_GATEWAY_KEY, PORTAL_IDENTITY_KEY; "
        "export them (`portal-suite new-secrets` makes a set), or name other variables there"
    )


def test_secrets_are_taken_from_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each secret is what the variable that the target names for it holds."""
    for name, value in NAMES.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("OURS", "another")
    path = spoiled(tmp_path, elsewhere(tmp_path), ("https://portal.example:8443", "http://a:1"))
    path.write_text(path.read_text() + '[access.secrets]\nidentity = "OURS"\n', encoding="utf-8")

    values = secret_values(read_target(path), path)

    assert values.identity == "another"
    assert values.gateway == NAMES["PORTAL_GATEWAY_KEY"]


@pytest.mark.parametrize(
    ("claims", "needed"),
    [
        ('"text"', set()),
        ('"text", "receipts"', {"PORTAL_RECEIPTS_TOKEN"}),
        ('"text", "received_texts"', {"PORTAL_RECEIPTS_TOKEN"}),
        ('"text", "test_clock"', {"PORTAL_TEST_CLOCK_TOKEN"}),
    ],
)
def test_what_nothing_claims_needs_no_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, claims: str, needed: set[str]
) -> None:
    """Tokens for calls that are never made are not asked for; the other four always are."""
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    capabilities = re.search(r"capabilities = \[(.*?)\]", TARGET.read_text(), re.DOTALL)
    assert capabilities
    path = spoiled(tmp_path, elsewhere(tmp_path), (capabilities[1], claims))

    said = refusal(lambda at: secret_values(read_target(at), at), path)

    always = {*NAMES} - {"PORTAL_RECEIPTS_TOKEN", "PORTAL_TEST_CLOCK_TOKEN"}
    assert {name for name in NAMES if name in said} == always | needed


@pytest.mark.parametrize(
    "secret",
    ["whsec_", "whsec_a", "whsec_ключ", "abc", "c2VjcmV0", "whsec_secret!", "whsec_c2Vj\n"],
)
def test_a_secret_that_cannot_sign_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, secret: str
) -> None:
    """Deliveries are signed with a base64 key: another is the tester's to mend before the run."""
    for name, value in NAMES.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("PORTAL_EVENTS_SECRET", secret)
    path = elsewhere(tmp_path)

    with pytest.raises(BadInput) as caught:
        secret_values(read_target(path), path)
    assert "the value of PORTAL_EVENTS_SECRET cannot sign" in str(caught.value)
    assert "it must be whsec_ and then base64" in str(caught.value)
    assert secret == "whsec_" or secret not in str(caught.value)


def by_hand(folder: Path, *lines: str, claims: str = '"text", "email"') -> Path:
    """Write the target file of a portal into whose crime system a tester keys."""
    capabilities = re.search(r"capabilities = \[(.*?)\]", TARGET.read_text(), re.DOTALL)
    assert capabilities
    way = "\n".join(("by_hand = true", *lines))
    return spoiled(folder, TARGET, (capabilities[1], claims), (APPLICATION, way))


@pytest.mark.parametrize(
    ("claim", "line", "said"),
    [
        ("test_clock", "", "time is real where a tester keys in"),
        ("correlates", 'portal_url = "http://a:1"', "numbers its own events"),
        ("receipts", "", "without portal_url nobody gives them to the portal"),
        ("received_texts", "", "without handsets or portal_url nobody texts back"),
    ],
)
def test_what_nobody_does_by_hand_is_not_claimed(
    tmp_path: Path, claim: str, line: str, said: str
) -> None:
    """A claim that a tester cannot check is refused before the run starts."""
    path = by_hand(tmp_path, line, claims=f'"text", "{claim}"')

    assert said in refusal(read_target, path)
    assert "messages_since" in refusal(
        read_target, by_hand(tmp_path, claims='"text", "messages_since"')
    )


@pytest.mark.parametrize(
    ("lines", "claims", "needed"),
    [
        ((), '"text"', {"PORTAL_GATEWAY_KEY"}),
        (('portal_url = "http://a:1"',), '"text"', {"PORTAL_GATEWAY_KEY"}),
        (
            ('portal_url = "http://a:1"',),
            '"text", "receipts"',
            {"PORTAL_GATEWAY_KEY", "PORTAL_RECEIPTS_TOKEN"},
        ),
        (
            ("[access.handsets]", 'vouched_by = "Dana"', 'mobiles = ["07700 900105"]'),
            '"text", "received_texts"',
            set(),
        ),
    ],
)
def test_by_hand_few_secrets_are_needed(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    lines: tuple[str, ...],
    claims: str,
    needed: set[str],
) -> None:
    """Those of our gateway, where messages come to it; nothing else is signed by us."""
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    path = by_hand(tmp_path, *lines, claims=claims)
    target = read_target(path)

    if needed:
        said = refusal(lambda at: secret_values(target, at), path)
        assert {name for name in NAMES if name in said} == needed
    for name in needed:
        monkeypatch.setenv(name, "a secret of a test")
    assert set(structs.asdict(secret_values(target, path)).values()) <= {"", "a secret of a test"}


@pytest.mark.parametrize("source", [TARGET, BY_URL])
def test_a_portal_that_we_start_has_made_up_secrets(
    source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing of the tester's environment is given to a portal that lives only as long as a run."""
    for name, value in NAMES.items():
        monkeypatch.setenv(name, value)

    values = secret_values(read_target(source), source)

    assert values == rehearsal_secrets()
    assert set(structs.asdict(values).values()).isdisjoint(NAMES.values())


def test_an_order_is_from_the_current_folder_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A force's own order is read wherever the suite is called from; ours keeps its short name."""
    path = spoiled(tmp_path, TARGET, ("scenarios/orders/two-forces.toml", "orders/ours.toml"))
    (tmp_path / "orders").mkdir()
    (tmp_path / "orders" / "ours.toml").touch()
    monkeypatch.chdir(tmp_path)

    assert read_target(path).order == str(tmp_path / "orders" / "ours.toml")
    assert read_target(TARGET).order == "scenarios/orders/two-forces.toml"


def test_secrets_are_never_shown() -> None:
    """Neither the secrets nor a part of them are in what a log or a traceback would show."""
    secrets = rehearsal_secrets()

    for shown in (repr(secrets), str(secrets), f"{secrets}", repr([secrets])):
        assert not [each for each in structs.asdict(secrets).values() if each[:8] in shown]


def test_a_target_file_holds_no_secret() -> None:
    """There is no field for a secret itself: what the file names are variables."""
    target: Target = read_target(TARGET)

    assert isinstance(secret_values(target, TARGET), SecretValues)
    assert set(structs.asdict(target.access.secrets).values()) == set(NAMES)


@pytest.mark.parametrize("claim", ["messages_since", "stamps_since"])
@pytest.mark.parametrize("way", [APPLICATION, 'portal_url = "http://127.0.0.1:8080"'])
def test_only_a_vendors_own_driver_has_a_record_of_its_own(
    tmp_path: Path, claim: str, way: str
) -> None:
    """A portal that is reached by the contract's interfaces has nowhere to give it."""
    path = spoiled(tmp_path, TARGET, ('"test_clock", ', f'"{claim}", '), (APPLICATION, way))

    assert f"claims.capabilities has {claim}, which only the vendor's own driver or program" in (
        refusal(read_target, path)
    )


@pytest.mark.parametrize("way", ['driver = "ours:Ours"', 'program = ["ours"]'])
def test_a_vendors_own_driver_may_claim_a_record(tmp_path: Path, way: str) -> None:
    """Whether it has one is asked when it is made."""
    path = spoiled(tmp_path, TARGET, ('"test_clock", ', '"messages_since", '), (APPLICATION, way))

    assert "messages_since" in read_target(path).claims.capabilities


def test_an_order_that_is_not_there_is_said_of_the_target(tmp_path: Path) -> None:
    """The error names the file that has the mistake."""
    path = spoiled(tmp_path, TARGET, ("scenarios/orders/two-forces.toml", "orders/none.toml"))

    with pytest.raises(BadInput) as error:
        read_target(path)

    assert (
        str(error.value)
        == f"{path}: order is 'orders/none.toml': there is no such file; check the path"
    )
