"""A pack is verified only if it is unchanged, signed with the expected key, and in date."""

import io
import os
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simulator.errors import BadInput, SuiteError
from simulator.pack.archive import NotVerified
from simulator.pack.keys import fingerprint, public_pem
from simulator.pack.manifest import MANIFEST, PUBLIC_KEY, SIGNATURE
from simulator.pack.verify import CouldNotVerify, VerifiedPack, verify_pack
from tests.examples import examples
from tests.simulator.pack.made_up import (
    CONTENTS,
    EXPIRES,
    KEY,
    NOW,
    OTHER_KEY,
    manifest,
    signed_files,
    small_pack,
    zipped,
)

WHOLE = zipped(signed_files())


def verify(folder: Path, data: bytes = WHOLE, *, now: datetime = NOW) -> VerifiedPack:
    """Check these bytes with the expected key."""
    return verify_pack(small_pack(folder, data), expected=KEY.public_key(), now=now)


def refusal(folder: Path, data: bytes, *, kind: type[SuiteError] = NotVerified) -> str:
    """Return the sentence that says what is wrong with these bytes."""
    with pytest.raises(kind) as caught:
        verify(folder, data)
    sentence = str(caught.value)
    assert type(caught.value) is kind
    assert sentence.startswith(f"{folder / 'evidence-pack.zip'}: ")
    assert sentence.isprintable(), sentence
    return sentence


def plain_zip(files: list[tuple[str, bytes]], *, compression: int = zipfile.ZIP_STORED) -> bytes:
    """Zip files in another way than a pack."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as archive:
        for name, data in files:
            archive.writestr(name, data)
    return file.getvalue()


def test_an_unchanged_pack_is_verified(tmp_path: Path) -> None:
    """With the expected key it is verified, and says who signed what."""
    checked = verify(tmp_path)

    assert checked.is_expected
    assert checked.manifest.signatory.name == "Dana Okafor"
    assert [each.verdict for each in checked.manifest.runs] == ["FAIL"]


def test_without_an_expected_key_it_could_not_be_verified(tmp_path: Path) -> None:
    """Unchanged is not yet verified: anyone can sign with a key of their own."""
    path = small_pack(tmp_path)

    assert not verify_pack(path, expected=None, now=NOW).is_expected


def test_another_key_than_expected_is_not_verified(tmp_path: Path) -> None:
    """A pack that somebody else signed again is not the signatory's."""
    theirs = zipped(
        signed_files(
            key=OTHER_KEY,
            signatory=manifest({}).signatory,
        )
    )

    said = refusal(tmp_path, theirs)

    assert "it is signed with another key than the one given" in said
    assert fingerprint(OTHER_KEY.public_key()) in said


def test_a_key_swapped_in_does_not_help(tmp_path: Path) -> None:
    """Neither the expected key with another's signature, nor a manifest that names another key."""
    files = signed_files()
    forged = {**files, SIGNATURE: OTHER_KEY.sign(files[MANIFEST])}
    names_another = zipped(signed_files(key=OTHER_KEY, signatory=manifest({}).signatory))
    path = small_pack(tmp_path, names_another)

    assert "the signature is not valid" in refusal(tmp_path, zipped(forged))
    with pytest.raises(NotVerified, match="names another key than the one that signed"):
        verify_pack(small_pack(tmp_path, names_another), expected=None, now=NOW)
    assert path.exists()


def test_a_pack_with_any_byte_altered_is_not_verified(tmp_path: Path) -> None:
    """This holds for every byte, including names, sizes, dates and modes of the zip."""
    path = small_pack(tmp_path)
    expected = KEY.public_key()
    verified = []
    with path.open("r+b", buffering=0) as file:
        for at, byte in enumerate(WHOLE):
            os.pwrite(file.fileno(), bytes([byte ^ 0x01]), at)
            try:
                verify_pack(path, expected=expected, now=NOW)
            except NotVerified:
                os.pwrite(file.fileno(), bytes([byte]), at)
                continue
            verified.append(at)

    assert not verified
    assert verify_pack(path, expected=expected, now=NOW).is_expected


@settings(
    max_examples=examples(150),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    at=st.integers(0, len(WHOLE)),
    cut=st.integers(0, 60),
    put=st.binary(max_size=60) | st.sampled_from([WHOLE, WHOLE[-22:], b"PK\x06\x07" * 5]),
)
def test_a_pack_with_bytes_cut_or_added_is_not_verified(
    tmp_path: Path, at: int, cut: int, put: bytes
) -> None:
    """This holds at any place, also before the start and after the end, without a traceback."""
    data = WHOLE[:at] + put + WHOLE[at + cut :]
    path = small_pack(tmp_path, data)
    try:
        verify_pack(path, expected=KEY.public_key(), now=NOW)
    except SuiteError:
        assert data != WHOLE
    else:
        assert data == WHOLE


@settings(
    max_examples=examples(60),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.binary(max_size=200), end=st.sampled_from([b"", WHOLE[-22:], b"PK\x05\x06"]))
def test_any_bytes_are_not_verified(tmp_path: Path, data: bytes, end: bytes) -> None:
    """A file that is not a pack gets one sentence too."""
    assert refusal(tmp_path, data + end)


@pytest.mark.parametrize("share", [0, 0.1, 0.5, 0.9, 0.99])
def test_a_pack_cut_short_says_so(tmp_path: Path, share: float) -> None:
    """An incomplete download is not verified, and the sentence says why."""
    assert "cut short" in refusal(tmp_path, WHOLE[: int(len(WHOLE) * share)])


def test_an_added_file_is_not_verified(tmp_path: Path) -> None:
    """It is named."""
    files = {**signed_files(), "accept-1/better.html": b"PASS"}

    assert "accept-1/better.html was added" in refusal(tmp_path, zipped(files))


@pytest.mark.parametrize("name", ["order.toml", MANIFEST, SIGNATURE, PUBLIC_KEY])
def test_a_missing_file_is_not_verified(tmp_path: Path, name: str) -> None:
    """The missing file is named."""
    files = {each: data for each, data in signed_files().items() if each != name}

    assert f"{name} is missing" in refusal(tmp_path, zipped(files))


def test_an_altered_file_is_not_verified(tmp_path: Path) -> None:
    """It is found even with correct lengths and sums, by the digest in the manifest."""
    files = {**signed_files(), "accept-1/acceptance.json": b'{"verdict":"PASS"}'}

    assert "accept-1/acceptance.json was altered" in refusal(tmp_path, zipped(files))


@pytest.mark.parametrize(
    "name",
    [
        "../evil.sh",
        "accept-1/../../evil.sh",
        "/etc/passwd",
        "C:/windows/evil.dll",
        "..\\evil.dll",
        "accept-1/",
        "a\nb",
        "~/.ssh/authorized_keys",
        "accept-1/x/y",
        "EVIL",
        "x" * 200,
        "évil",
    ],
)
def test_a_name_that_could_leave_its_folder_is_not_verified(tmp_path: Path, name: str) -> None:
    """Even a signed pack is refused before it is read."""
    files = [*signed_files({**CONTENTS, name: b"x"}).items()]

    assert "could leave its folder" in refusal(tmp_path, plain_zip(files))


def test_a_file_that_is_a_link_is_not_verified(tmp_path: Path) -> None:
    """A link has no place in a pack."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, data in sorted(signed_files().items()):
            info = zipfile.ZipInfo(name)
            info.external_attr = 0o120777 << 16
            archive.writestr(info, data)

    assert "added or altered between its files" in refusal(tmp_path, file.getvalue())


def test_a_zip_bomb_is_not_unpacked(tmp_path: Path) -> None:
    """A compressed file is refused before it is unpacked."""
    files = [*signed_files().items(), ("bomb", b"\x00" * 5_000_000)]
    bomb = plain_zip(files, compression=zipfile.ZIP_DEFLATED)

    assert len(bomb) < 20_000
    assert "is compressed" in refusal(tmp_path, bomb)


def test_files_that_share_their_bytes_are_refused(tmp_path: Path) -> None:
    """Many names that point to one place make a bomb without compression."""
    one = plain_zip([("a", b"\x00" * 1000)])
    directory = one[one.index(b"PK\x01\x02") : -22]
    many = b"".join(directory[:-1] + bytes([97 + at]) for at in range(20))
    end = one[-22:-14] + (20).to_bytes(2, "little") * 2 + len(many).to_bytes(4, "little")
    data = one[: one.index(b"PK\x01\x02")] + many + end + one[-6:]

    assert refusal(tmp_path, data)


def test_a_zip_of_very_many_files_is_refused(tmp_path: Path) -> None:
    """It is refused before the list of files is read."""
    data = plain_zip([(f"f{number}", b"") for number in range(501)])

    assert "more than 500 files" in refusal(tmp_path, data)


def test_a_file_twice_is_refused(tmp_path: Path) -> None:
    """One reader would see the first, another the second."""
    files = [*signed_files().items(), ("order.toml", b"another")]
    with pytest.warns(UserWarning, match="Duplicate name"):
        data = plain_zip(files)

    assert "is in it twice" in refusal(tmp_path, data)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: b"hidden before" + data,
        lambda data: data + b"hidden after",
        lambda data: data[:-2] + b"\x06\x00hidden",
    ],
    ids=["before", "after", "as a comment"],
)
def test_nothing_can_be_hidden_around_the_files(
    tmp_path: Path, spoil: Callable[[bytes], bytes]
) -> None:
    """A zip may have more than its files; a pack may not."""
    assert refusal(tmp_path, spoil(WHOLE))


def test_a_manifest_that_says_another_verdict_than_its_results_is_not_verified(
    tmp_path: Path,
) -> None:
    """The manifest must agree with the results, even if it is signed."""
    contents = {**CONTENTS, "accept-1/acceptance.json": b'{"verdict":"PASS"}'}

    said = refusal(tmp_path, zipped(signed_files(contents)))

    assert "the manifest says FAIL, but accept-1/acceptance.json says PASS" in said


@pytest.mark.parametrize("result", [b"", b"[]", b'{"verdict":"FINE"}', b"[" * 5000])
def test_a_file_that_is_not_a_result_is_not_verified(tmp_path: Path, result: bytes) -> None:
    """This holds even if it is signed."""
    contents = {**CONTENTS, "accept-1/acceptance.json": result}

    assert "is not the result of a run" in refusal(tmp_path, zipped(signed_files(contents)))


@pytest.mark.parametrize(
    "signed", [b"", b"[]", b"\xff", b'{"format":"portal-suite evidence pack 1"}', b"[" * 5000]
)
def test_a_signed_file_that_is_not_a_manifest_is_not_verified(
    tmp_path: Path, signed: bytes
) -> None:
    """The signature alone does not make it a manifest."""
    files = {
        **CONTENTS,
        MANIFEST: signed,
        SIGNATURE: KEY.sign(signed),
        PUBLIC_KEY: public_pem(KEY.public_key()),
    }

    assert "is signed but is not a manifest" in refusal(tmp_path, zipped(files))


def test_a_pack_of_another_format_cannot_be_judged(tmp_path: Path) -> None:
    """A later version may have another format."""
    data = zipped(signed_files(format="portal-suite evidence pack 2"))

    said = refusal(tmp_path, data, kind=CouldNotVerify)

    assert "check it with the version that made it" in said


def test_a_pack_is_valid_until_the_end_of_its_last_day_in_london(tmp_path: Path) -> None:
    """After that it is not valid, although unchanged; the sentence says who to ask."""
    last = datetime(EXPIRES.year, EXPIRES.month, EXPIRES.day, 22, 59, tzinfo=UTC)

    assert verify(tmp_path, now=last).is_expected
    with pytest.raises(NotVerified, match="it expired at the end of 31 March 2027") as caught:
        verify(tmp_path, now=last + timedelta(minutes=1))
    assert "ask Dana Okafor, test manager" in str(caught.value)


def test_a_pack_from_the_future_cannot_be_judged(tmp_path: Path) -> None:
    """One of two clocks is wrong, so the expiry cannot be checked."""
    with pytest.raises(CouldNotVerify, match="which is in the future"):
        verify(tmp_path, now=NOW - timedelta(hours=1))


@pytest.mark.parametrize("year", [1, 1999, 2101, 9999])
def test_a_pack_with_an_impossible_year_is_not_verified(tmp_path: Path, year: int) -> None:
    """No calculation with it fails."""
    for changes in ({"expires": date(year, 1, 1)}, {"signed_at": datetime(year, 1, 1, tzinfo=UTC)}):
        assert "its dates are not possible" in refusal(tmp_path, zipped(signed_files(**changes)))


def test_a_missing_file_is_misuse(tmp_path: Path) -> None:
    """A missing file or a folder is bad input."""
    for path in (tmp_path / "none.zip", tmp_path):
        with pytest.raises(BadInput, match="give an evidence pack"):
            verify_pack(path, expected=None, now=NOW)
