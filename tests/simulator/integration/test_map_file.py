"""A map that cannot work is refused with file, field, value and mend; the suite's own is read."""

from pathlib import Path

import pytest

from simulator.errors import BadInput
from simulator.files.paths import ROOT
from simulator.integration.map_file import check_authority, read_map
from simulator.integration.run import running_integration
from simulator.processes.certificates import loopback_certificates

DYNAMICS = ROOT / "scenarios" / "integration" / "dynamics.toml"
FORCE_API = ROOT / "scenarios" / "integration" / "force_api.toml"


def _changed(tmp_path: Path, old: str, new: str) -> Path:
    text = DYNAMICS.read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "map.toml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return path


def test_the_suites_own_map_is_read() -> None:
    """It maps crimes and every turn they take in the records, details and replies."""
    found = read_map(DYNAMICS)

    assert len(found.events) == 19
    assert {each.of for each in found.writes} == {"stamp", "task"}


@pytest.mark.parametrize(
    ("content", "why"),
    [(None, "No such file"), (b"no certificate", "it holds no certificate in PEM")],
)
def test_an_authority_that_cannot_be_read_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, content: bytes | None, why: str
) -> None:
    """An integration that trusts nobody would try for ever: it does not begin."""
    monkeypatch.setenv("INTEGRATION_CLIENT_SECRET", "a-secret")
    monkeypatch.setenv("PORTAL_CRIME_SYSTEM_TOKEN", "a-token")
    monkeypatch.setenv("PORTAL_EVENTS_SECRET", "whsec_cmVoZWFyc2FsLW9ubHk=")
    authority = tmp_path / "authority.pem"
    if content is not None:
        authority.write_bytes(content)
    path = _changed(tmp_path, '"out/neighbours/authority.pem"', f'"{authority}"')
    with (
        pytest.raises(BadInput, match=rf"map.toml: source.authority_file: '.*': {why}.*; give"),
        running_integration(path, state=None),
    ):
        pass


def test_an_authority_that_can_be_read_is_taken(tmp_path: Path) -> None:
    """So is none at all, and a source without TLS of its own."""
    certificates = loopback_certificates(tmp_path)
    path = _changed(tmp_path, '"out/neighbours/authority.pem"', f'"{certificates.authority}"')
    check_authority(path, read_map(path).source)
    check_authority(FORCE_API, read_map(FORCE_API).source)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            'type = "CrimeRecorded"',
            'type = "Weather"',
            r"events\[0\].type: it is 'Weather'; one",
        ),
        ('table = "incident"', 'table = "weather"', r"events\[0\].table: it is 'weather'; one of"),
        (
            '"{ticketnumber}"',
            '"{weather}"',
            r"events\[0\].data.crime_reference: incident has no column 'weather'",
        ),
        ("{customerid.firstname}", "{customerid.x}", "contact has no column 'x'"),
        ("{customerid.firstname}", "{title.firstname}", "title names no other row"),
        ('on = ["csp_milestone"]', 'on = ["weather"]', r"events\[3\].on: incident has no column"),
        ("only_if = { statecode = 1 }", "only_if = { x = 1 }", r"events\[4\].only_if: incident"),
        ('"incident.customerid"', '"incident.ownerid"', r"events\[12\].for_each: it is"),
        ('"incident.customerid"', '"weather"', r"events\[12\].for_each: it is 'weather'"),
        (
            '"csp_involvement.csp_incident"',
            '"csp_involvement.csp_person"',
            r"events\[0\].data.victims.each: it is 'csp_involvement.csp_person'; give table.column",
        ),
        ("{csp_person.firstname}", "{csp_person.x}", r"victims.data.given_name: contact has no"),
        ("csp_role = [1, 2, 3] }\n[", "x = [1] }\n[", r"victims.only_if: csp_involvement has no"),
        ('each = "csp_inv', 'every = 1\neach = "csp_inv', r"victims: .*every"),
        ('of = "{objectid}"', 'of = "{notetext}"', r"person_id.first.only.of: it is '{notetext}'"),
        ("for_each_if = { csp_role", "for_each_if = { x", r"for_each_if: csp_involvement has no"),
        ('key = "csp_key"', 'key = "subject"', r"writes\[0\].key: it is 'subject'; give one of"),
        ('notetext = "{text}"', 'weather = "{text}"', r"writes\[0\].values: annotation has no"),
        ('url = "https://127.0.0.1:8475"', 'url = "8475"', "source.url: it is '8475'"),
        ("poll_seconds = 2.0", "poll_seconds = 0", "source.poll_seconds"),
        ("[portal]", "[portals]", "portals: no such key; did you mean 'portal'"),
    ],
)
def test_a_mistake_in_a_map_is_named(tmp_path: Path, old: str, new: str, said: str) -> None:
    """Each mistake names the field and what may stand there."""
    with pytest.raises(BadInput, match=said) as wrong:
        read_map(_changed(tmp_path, old, new))

    assert "map.toml: " in str(wrong.value)


def test_the_map_of_the_forces_own_api_is_read() -> None:
    """It maps what Dynamics' map does, and cancelled crimes too."""
    ours, dynamics = read_map(FORCE_API), read_map(DYNAMICS)

    assert {each.type for each in ours.events} == {
        *(each.type for each in dynamics.events),
        "CrimeCancelled",
    }
    assert {each.of for each in ours.writes} == {"stamp", "task"}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            'kind = "force_api"',
            'kind = "niche"',
            "source.kind: it is 'niche'; one of dataverse, force_api$",
        ),
        ('kind = "force_api"', "kind = 7", "source.kind: it is 7; one of dataverse, force_api$"),
        ('kind = "force_api"', "", "source.kind: missing; one of dataverse, force_api$"),
        ('"{occurrenceNumber}"', '"{ticketnumber}"', "occurrence has no column 'ticketnumber'"),
        ("{victim.surname}", "{victim.lastname}", "person has no column 'lastname'"),
        ('fields = "scen', 'fields = "nowhere/scen', "nowhere/.*: No such file"),
        ("settle_seconds = 120.0", "settle_seconds = -1.0", "settle_seconds"),
        ('reference = "occ', 'reference = "weather_occ', "crimes.reference: it is 'weather"),
        ('merged_into = "m', 'merged_into = "weather_m', "crimes.merged_into: occurrence has no"),
        ('"{officerInCharge.name}"\ncollar', '"{weather}"\ncollar', "occurrence has no column"),
        ('about = "occ', 'about = "weather_occ', "notes.about: enquiryLogEntry has no column"),
        ("[portal]", "[portal]\nbatch_events_max = 101", "portal.batch_events_max"),
    ],
)
def test_a_mistake_in_a_map_of_the_forces_own_api_is_named(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    """The names are those of the file that `fields` names."""
    text = FORCE_API.read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "map.toml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(BadInput, match=said):
        read_map(path)
