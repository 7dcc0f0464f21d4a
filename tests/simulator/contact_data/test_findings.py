"""Every kind of finding by an example; a sound record has none."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from simulator.contact_data.columns import ColumnMap, Limits, Table, Words, write_column_map
from simulator.contact_data.kinds import BY_KIND, CERTAIN, KINDS
from tests.simulator.contact_data.extracts import SOUND, check, found, read, rows_of, write

#: All of them together.
pytestmark = pytest.mark.slow(seconds=10)

#: What is changed in a sound record, then the field and kind that are found, and the proposal.
EXAMPLES: list[tuple[dict[str, str], str, str, str]] = [
    ({"Mobile": "01184960555", "Home Tel": "07700900555"}, "landline", "mobile_in_landline",
     "07700 900555"),
    ({"Mobile": "01184960555"}, "mobile", "landline_in_mobile", ""),
    ({"Mobile": "a.b@example.com"}, "mobile", "email_in_phone", ""),
    ({"Home Tel": "a.b@example.com"}, "landline", "email_in_phone", ""),
    ({"Email": "07700900555"}, "email", "number_in_email", "07700 900555"),
    ({"Mobile": "", "Notes": "ring 07700 900555"}, "notes", "number_in_notes", "07700 900555"),
    ({"Email": "", "Notes": "Email: a.b@example.com"}, "notes", "email_in_notes",
     "a.b@example.com"),
    ({"Mobile": "Asha Okafor"}, "mobile", "name_in_phone", ""),
    ({"Mobile": "07700900555 / 01184960555"}, "mobile", "two_in_one", ""),
    ({"Email": "a@example.com b@example.com"}, "email", "two_in_one", ""),
    ({"Mobile": "1 High St OX1 2AB"}, "mobile", "address_in_phone", ""),
    ({"Mobile": "07700900555 do not text"}, "mobile", "words_with_number", ""),
    ({"Mobile": "0770090055"}, "mobile", "too_few_digits", ""),
    ({"Mobile": "077009005555"}, "mobile", "too_many_digits", ""),
    ({"Mobile": "07777777777"}, "mobile", "placeholder_number", ""),
    ({"Mobile": "none"}, "mobile", "placeholder_number", ""),
    ({"Home Tel": "01000000000"}, "landline", "no_such_range", ""),
    ({"Mobile": "0808 157 0123"}, "mobile", "not_for_texts", ""),
    ({"Mobile": "+33 6 00 00 00 00"}, "mobile", "not_for_texts", ""),
    ({"Mobile": "7700900555"}, "mobile", "zero_lost", "07700 900555"),
    ({"Mobile": "+44 (0)7700 900555"}, "mobile", "plus_44_zero", "07700 900555"),
    ({"Email": "sunflower9example.com"}, "email", "at_mistyped", "sunflower9@example.com"),
    ({"Email": "john.carter@example.com"}, "name", "email_of_other_names", ""),
    ({"Email": "asha.okaforexample.com"}, "email", "at_missing", "asha.okafor@example.com"),
    ({"Email": "asha@example,com"}, "email", "comma_in_email", "asha@example.com"),
    ({"Email": "asha @example.com"}, "email", "space_in_email", "asha@example.com"),
    ({"Email": "asha@gmial.com"}, "email", "domain_misspelt", "asha@gmail.com"),
    ({"Email": "asha@closed.invalid"}, "email", "domain_dead", ""),
    ({"Email": "none"}, "email", "placeholder_email", ""),
    ({"Email": "no-email@example.com"}, "email", "placeholder_email", ""),
    ({"Email": "asha@example"}, "email", "not_an_email", ""),
    ({"Mobile": "", "Home Tel": "", "Email": ""}, "contact", "no_contact", ""),
    ({"Safe to contact": ""}, "safe_to_contact", "safe_missing", ""),
    ({"Safe to contact": "see notes"}, "safe_to_contact", "safe_unclear", ""),
    ({"Safe how": "email", "Email": ""}, "safe_how", "safe_channel_missing", ""),
    ({"Safe how": "text after 6"}, "safe_how", "safe_how_unclear", ""),
    ({"Notes": "do not contact, husband reads her phone"}, "notes", "not_safe_in_notes", ""),
    ({"Notes": "wrong number"}, "notes", "not_theirs_in_notes", ""),
    ({"Notes": "vic has died"}, "notes", "dead_in_notes", ""),
    ({"Notes": "only via IDVA"}, "notes", "by_another_in_notes", ""),
    ({"Notes": "only ring between 10 and 2"}, "notes", "terms_in_notes", ""),
    ({"Notes": "correct number is 07700 900199"}, "notes", "other_in_notes", ""),
    ({"Notes": "email is a.b@example.com"}, "notes", "other_in_notes", ""),
    ({"Notes": "the blue gate squeaks"}, "notes", "note_to_read", ""),
    ({"Safe how": "text, lives with offender"}, "safe_how", "not_safe_in_notes", ""),
    ({"Home Tel": "never ring"}, "landline", "not_safe_in_notes", ""),
    ({"Surname": "Okafor DNC"}, "family_name", "not_safe_in_notes", ""),
    ({"Forename": "", "Surname": ""}, "name", "name_missing", ""),
    ({"Forename": "Unknown"}, "given_name", "placeholder_name", ""),
    ({"Forename": "Unknown", "Surname": "Male"}, "name", "nobodys_name", ""),
    ({"Forename": "Na"}, "given_name", "name_or_filler", ""),
    ({"Forename": "Mickey", "Surname": "Mouse"}, "name", "made_up_name", ""),
    ({"Surname": "Okafor (deceased)"}, "family_name", "note_in_name", ""),
    ({"Surname": "0kafor"}, "family_name", "digits_in_name", "Okafor"),
    ({"Forename": "Mrs Asha"}, "given_name", "title_in_name", "Asha"),
    ({"Forename": "A."}, "given_name", "initials", ""),
    ({"Forename": "Asha Okafor", "Surname": ""}, "name", "whole_name_in_one", ""),
    ({"Surname": "OKAFOR"}, "family_name", "case_lost", "Okafor"),
    ({"Surname": "NguyÃªn"}, "family_name", "letters_garbled", "Nguyên"),
    ({"Surname": "Asha"}, "name", "same_name_twice", ""),
    ({"Forename": "Asha", "Surname": ""}, "family_name", "one_name", ""),
    ({"DOB": ""}, "date_of_birth", "born_missing", ""),
    ({"DOB": "31/02/1984"}, "date_of_birth", "born_impossible", ""),
    ({"DOB": "07/03/2084"}, "date_of_birth", "born_out_of_range", ""),
    ({"DOB": "01/01/1900"}, "date_of_birth", "born_default", ""),
    ({"DOB": "07/03/84"}, "date_of_birth", "born_short_year", ""),
    ({"DOB": "12/31/1984"}, "date_of_birth", "born_day_month", "1984-12-31"),
    ({"Crime No": ""}, "role", "not_linked", ""),
    ({"Role": ""}, "role", "role_missing", ""),
    ({"Role": "witness"}, "role", "role_wrong", "victim"),
    ({"Date recorded": "01/11/2020"}, "recorded_on", "old", ""),
    ({"Date recorded": ""}, "recorded_on", "date_unknown", ""),
]  # fmt: skip
#: These need several rows, a map or linkage, and have a test of their own.
ELSEWHERE = {
    "other_partys_address", "forces_own_number", "shared_by_many", "shared_by_strangers",
    "names_swapped",
    "name_misspelt", "email_spells_otherwise", "joined_or_split", "accents_lost", "no_victim",
    "person_twice", "person_twice_perhaps", "not_a_number", "number_of_two", "suspects_elsewhere",
    "email_has_other_name", "born_unread",
    "phone_type_unknown",
    "safe_in_one_record", "safe_when_set", "flag_warns",
}  # fmt: skip


@pytest.fixture(scope="module")
def worklist(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, str]]:
    """One extract with every example, each a row, after sixty sound ones."""
    sound: list[dict[str, str]] = [{}] * 60
    return found(tmp_path_factory.mktemp("findings"), *sound, *(each[0] for each in EXAMPLES))


@pytest.mark.parametrize(("number", "example"), list(enumerate(EXAMPLES, 61)))
def test_a_kind_is_found(
    worklist: list[dict[str, str]], number: int, example: tuple[dict[str, str], str, str, str]
) -> None:
    """The record has that finding, with that proposal."""
    _change, field, kind, proposal = example
    mine = [each for each in worklist if each["row"] == str(number)]
    of_kind = [each for each in mine if each["what_is_wrong"] == BY_KIND[kind].what]

    assert [(each["field"], each["may_be"]) for each in of_kind] == [(field, proposal)], mine


def test_a_sound_record_has_no_finding(worklist: list[dict[str, str]]) -> None:
    """The sixty sound records are not in the worklist."""
    assert [each for each in worklist if int(each["row"]) <= 60] == []


def test_every_kind_has_an_example() -> None:
    """No kind is there that is never found."""
    assert {each[2] for each in EXAMPLES} | ELSEWHERE == {each.kind for each in KINDS}
    assert {each[2] for each in EXAMPLES}.isdisjoint(ELSEWHERE)
    assert set(BY_KIND) >= CERTAIN


def test_a_number_of_a_victim_and_of_others_in_their_crimes_is_not_used(tmp_path: Path) -> None:
    """A hostel's or an employer's is nobody's own, whatever the others are in a crime."""
    number = {"Mobile": "07700900777", "Email": "", "Crime No": "43260000001"}
    others = [{**number, "Surname": each, "Role": "witness"} for each in ("Shah", "Walker", "Owen")]

    found(tmp_path, {**number}, *others)
    alone = read(tmp_path / "out" / "who-can-be-told.csv")
    found(tmp_path, {**number}, *others[:2])
    fewer = read(tmp_path / "out" / "who-can-be-told.csv")

    assert [(each["row"], each["can_be_told"]) for each in (alone[0], fewer[0])] == [
        ("1", "no"),
        ("1", "yes"),
    ]


def test_who_can_be_told_says_yes_once(tmp_path: Path) -> None:
    """By email somebody is told; the mobile may be another's, and is named as not used."""
    rows = [
        {"Mobile": "07700900777", "Surname": each} for each in ("Okafor", "Shah", "Walker", "Owen")
    ]

    found(tmp_path, *({**each, "Email": f"{each['Surname'].lower()}@example.com"} for each in rows))
    told = read(tmp_path / "out" / "who-can-be-told.csv")

    assert {each["can_be_told"] for each in told} == {"yes"}
    assert {each["by_text"] for each in told} == {""}
    assert {each["not_used_as_it_may_be_somebody_elses"] for each in told} == {"mobile"}
    assert not any("yes" in list(each.values())[-3:] for each in told)


def test_a_number_of_unrelated_people_is_not_used(tmp_path: Path) -> None:
    """Four family names share it: nobody is told there. A family of four is told."""
    names = [{"Mobile": "07700900777", "Surname": each, "Email": ""} for each in
             ("Okafor", "Shah", "Walker", "Owen")]  # fmt: skip
    family = [{"Mobile": "07700900778", "Email": ""}] * 4

    work = found(tmp_path, *names, *family)

    shared = [each for each in work if each["what_is_wrong"] == BY_KIND["shared_by_many"].what]
    told = read(tmp_path / "out" / "who-can-be-told.csv")
    assert {each["row"] for each in shared} == {"1", "2", "3", "4"}
    assert {each["would_tell_another"] for each in shared} == {"yes"}
    assert [each["can_be_told"] for each in told] == ["no"] * 4 + ["yes"] * 4


def test_the_suspects_number_is_not_used(tmp_path: Path) -> None:
    """A victim with the number of the crime's suspect is not told there.

    With that of another crime's suspect a person looks; a victim who is a suspect elsewhere has a
    number of their own.
    """
    changes = [
        {"Crime No": "C1", "Mobile": "07700900777", "Email": ""},
        {"Crime No": "C1", "Mobile": "07700900777", "Email": "", "Role": "suspect"},
        {"Crime No": "C2", "Mobile": "07700900777", "Email": ""},
        {"Crime No": "C3", "Mobile": "07700900888", "Email": "", "Nominal": "N77"},
        {"Crime No": "C4", "Mobile": "07700900888", "Nominal": "N77", "Role": "suspect"},
        {"Crime No": "C4", "Mobile": "07700900999", "Nominal": "N78"},
    ]

    work = found(tmp_path, *changes)

    told = {each["row"]: each for each in read(tmp_path / "out" / "who-can-be-told.csv")}
    assert [each["what_to_do"] for each in work if each["row"] == "1"] == [
        BY_KIND["other_partys_address"].to_do
    ]
    assert told["1"]["can_be_told"] == "no"
    assert told["1"]["by_text"] == ""
    asked = [each for each in work if each["what_is_wrong"] == BY_KIND["suspects_elsewhere"].what]
    assert [(each["row"], each["fault_or_question"]) for each in asked] == [("3", "question")]
    assert told["3"]["can_be_told"] == told["4"]["can_be_told"] == "yes"


def test_a_suspects_number_in_the_victims_own_row_is_not_used(tmp_path: Path) -> None:
    """A wide extract has both in one row; the columns are guessed as the suspect's."""
    rows = rows_of(
        {"Mobile": "07700900777", "Email": ""},
        {"Mobile": "07700900888", "Email": "a.b@example.com"},
        {"Mobile": "07700900777", "Email": ""},
    )
    theirs = (("+447700900777", ""), ("07700900999", "A.B@example.com"), ("", ""))
    for row, (mobile, email) in zip(rows, theirs, strict=True):
        row.update({"Sus Mob": mobile, "Susp email": email})

    checked = check(tmp_path, write(tmp_path / "extract.csv", rows))

    told = read(tmp_path / "out" / "who-can-be-told.csv")
    assert [each["can_be_told"] for each in told] == ["no", "yes", "yes"]
    assert [each["by_email"] for each in told] == ["", "", ""]
    assert BY_KIND["suspects_elsewhere"].what in told[2]["a_person_must_look_at"]
    assert not [each for each in checked.readiness.not_in_extract if "suspects" in each]


def test_the_forces_own_number_is_not_used(tmp_path: Path) -> None:
    """A number that the map names as the force's own is not a victim's."""
    file = write(tmp_path / "extract.csv", rows_of({"Mobile": "07700 900777", "Email": ""}))
    columns = {"mobile": "Mobile", "email": "Email", "family_name": "Surname"}
    own = Words(forces_own_numbers=("07700900777",))
    table = Table(file="extract.csv", rows="victims", columns=columns)
    write_column_map(tmp_path / "map.toml", ColumnMap(table=(table,), words=own))

    check(tmp_path, file, column_map=tmp_path / "map.toml")

    [told] = read(tmp_path / "out" / "who-can-be-told.csv")
    [work] = read(tmp_path / "out" / "worklist.csv")
    assert told["can_be_told"] == "no"
    assert work["what_is_wrong"] == BY_KIND["forces_own_number"].what


def test_names_in_the_light_of_the_extract(tmp_path: Path) -> None:
    """A swap, a slip, another spelling in the email, a name joined and one without accents."""
    usual = [
        {"Forename": "Chloe", "Surname": "Bennett", "Email": ""},
        {"Forename": "Renée", "Surname": "O'Neill", "Email": ""},
    ] * 60
    odd = [
        {"Forename": "Bennett", "Surname": "Chloe"},
        {"Surname": "Benett", "Email": "asha.bennett7@example.com"},
        {"Surname": "Bennwtt"},
        {"Surname": "Oneill", "Email": ""},
        {"Forename": "Renee", "Email": ""},
    ]

    work = found(tmp_path, *usual, *odd)

    kinds: dict[str, set[int]] = {}
    for each in work:
        kinds.setdefault(each["what_is_wrong"], set()).add(int(each["row"]) - 120)
    assert all(row > 0 for rows in kinds.values() for row in rows)
    expected = {
        "names_swapped": 1, "email_spells_otherwise": 2, "name_misspelt": 3, "joined_or_split": 4,
        "accents_lost": 5,
    }  # fmt: skip
    for kind, row in expected.items():
        assert row in kinds.get(BY_KIND[kind].what, ()), (kind, kinds)


def test_initials_in_an_email_are_no_slip(tmp_path: Path) -> None:
    """Those of a double name, and a middle name's apart; a letter too many is still a slip."""
    cases = [
        ("Jo-Lynn", "Armitage", "jl.armitage@example.com", False),
        ("Mary Ann", "Armitage", "maarmitage4@example.com", False),
        ("Jane", "Armitage", "jl.armitage2@example.com", False),
        ("Jane", "Armitage", "jlarmitage@example.com", True),
        ("Jane", "Armitage", "jane.armittage@example.com", True),
    ]

    work = found(tmp_path, *({"Forename": given, "Surname": family, "Email": email}
                             for given, family, email, _is_slip in cases))  # fmt: skip

    of_kind = [
        each for each in work if each["what_is_wrong"] == BY_KIND["email_spells_otherwise"].what
    ]
    assert {int(each["row"]) - 1 for each in of_kind} == {
        number for number, each in enumerate(cases) if each[3]
    }


@pytest.mark.parametrize(
    ("given", "family", "can_be_told"),
    [
        ("Test", "Test", "no"),
        ("Unknown", "Male", "no"),
        ("", "Unknown", "no"),
        ("Unknown", "Okafor", "yes"),
        ("Na", "Male", "yes"),
    ],
)
def test_nobody_is_told_whose_name_nobody_knows(
    tmp_path: Path, given: str, family: str, can_be_told: str
) -> None:
    """Words typed to fill both fields name nobody; one name, or what may be one, does."""
    found(tmp_path, {"Forename": given, "Surname": family})

    [told] = read(tmp_path / "out" / "who-can-be-told.csv")
    assert told["can_be_told"] == can_be_told


@pytest.mark.parametrize(
    ("other", "is_used"),
    [
        ({"Surname": "Walker"}, False),
        ({"Surname": "Walker", "Crime No": "43260000001"}, True),
        ({"Surname": "Okafor"}, True),
        ({"Surname": "Walker", "DOB": "02/03/1951"}, True),
    ],
)
@pytest.mark.parametrize("address", [{"Mobile": "07700900777", "Email": ""},
                                     {"Mobile": "", "Email": "home@example.com"}])  # fmt: skip
def test_an_address_of_two_strangers_is_used_for_neither(
    tmp_path: Path, address: dict[str, str], other: dict[str, str], *, is_used: bool
) -> None:
    """Two of one crime or one family may share it; so may one person by two family names."""
    no_landline = {"Home Tel": ""}
    work = found(
        tmp_path,
        {**address, **no_landline, "Crime No": "43260000001"},
        {"DOB": "09/04/1972", **address, **no_landline, **other},
    )

    told = read(tmp_path / "out" / "who-can-be-told.csv")
    assert {each["can_be_told"] for each in told} == {"yes" if is_used else "no"}
    kind = BY_KIND["shared_by_strangers"].what
    assert (kind in {each["what_is_wrong"] for each in work}) is not is_used


def test_an_email_with_another_name_is_a_question(tmp_path: Path) -> None:
    """A name by marriage, or a short form; a double name, initials and other words are neither."""
    cases = [
        ("Anne", "Webb", "anne.bennett7@example.com", True),
        ("Elizabeth", "Shaw", "liz.shaw@example.com", True),
        ("Bill", "Shaw", "william.shaw3@example.com", True),
        ("Anne", "Webb-Bennett", "anne.bennett7@example.com", False),
        ("Anne", "Webb", "anne.webb-bennett@example.com", False),
        ("Anne", "Webb", "anne.gardening@example.com", False),
        ("Anne", "Webb", "tom.webb@example.com", False),
        ("Anne", "Webb", "ann.bennett@example.com", False),
        ("Anne", "Webb", "annebennett@example.com", False),
    ]
    usual = [{"Surname": "Bennett", "Email": ""}] * 60

    work = found(tmp_path, *usual, *({"Forename": given, "Surname": family, "Email": email}
                                     for given, family, email, _is_other in cases))  # fmt: skip

    of_kind = [
        each for each in work if each["what_is_wrong"] == BY_KIND["email_has_other_name"].what
    ]
    said = {int(each["row"]) - 61 for each in of_kind}
    assert said == {number for number, each in enumerate(cases) if each[3]}
    assert {each["fault_or_question"] for each in of_kind} == {"question"}
    assert {each["may_be"] for each in of_kind} == {""}


def test_an_email_the_other_way_round_tells_of_swapped_names(tmp_path: Path) -> None:
    """Where both names may be either, the email decides; without it nothing is said."""
    usual = [{"Forename": "Owen", "Surname": "Taylor", "Email": ""}] * 60
    swapped = {"Forename": "Taylor", "Surname": "Owen"}
    as_written, none = "taylor.owen7@example.com", ""

    work = found(
        tmp_path,
        *usual,
        {**swapped, "Email": "owen.taylor7@example.com"},
        {**swapped, "Email": as_written},
        {**swapped, "Email": none},
    )

    said = [each["row"] for each in work if each["what_is_wrong"] == BY_KIND["names_swapped"].what]
    assert said == ["61"]


def test_a_person_recorded_twice_is_found(tmp_path: Path) -> None:
    """By name and date of birth, in either order of the names; two crimes of one record are not."""
    changes = [
        {"Nominal": "A", "DOB": "05/06/1980"},
        {"Nominal": "B", "DOB": "05/06/1980", "Forename": "Okafor", "Surname": "Asha"},
        {"Nominal": "C", "DOB": "07/06/1980"},
        {"Nominal": "C", "DOB": "07/06/1980", "Email": "", "Mobile": ""},
    ]

    work = found(tmp_path, *changes)

    twice = [each for each in work if each["what_is_wrong"] == BY_KIND["person_twice"].what]
    assert [(each["person_id"], each["detail"]) for each in twice] == [
        ("B", "the same person as A, with another last name")
    ]


def test_a_wrong_name_or_role_hides_no_second_record(tmp_path: Path) -> None:
    """A date of birth, a number and an initial tell; twins who share a phone differ in one."""
    born_and_phone = {"DOB": "05/06/1980", "Mobile": "07700900555"}
    changes = [
        {**born_and_phone, "Nominal": "A", "Email": ""},
        {**born_and_phone, "Nominal": "B", "Email": "", "Surname": "Okafro"},
        {**born_and_phone, "Nominal": "T", "Email": "", "Forename": "Ben"},
        {"Nominal": "C", "DOB": "07/08/1981"},
        {"Nominal": "D", "DOB": "07/08/1981", "Role": "witness"},
    ]

    work = found(tmp_path, *changes)

    twice = [each for each in work if each["what_is_wrong"] == BY_KIND["person_twice"].what]
    assert sorted((each["person_id"], each["detail"]) for each in twice) == [
        ("B", "the same person as A, with another last name"),
        ("D", "the same person as C"),
    ]


def test_a_blank_means_what_the_map_says(tmp_path: Path) -> None:
    """Where the force's order says that blank is safe, a blank can be told, or a missing column."""
    file = write(tmp_path / "extract.csv", rows_of({"Safe to contact": ""}))
    safe = {"safe_to_contact": "Safe to contact"}
    for meaning, told, more in (
        ("not_safe", "no", safe),
        ("safe", "yes", safe),
        ("not_safe", "no", {}),
        ("safe", "yes", {}),
    ):
        columns = {"mobile": "Mobile", **more}
        table = Table(file="extract.csv", rows="victims", columns=columns)
        limits = Limits(blank_safe_to_contact=meaning)  # type: ignore[arg-type]
        write_column_map(tmp_path / "map.toml", ColumnMap(table=(table,), limits=limits))
        check(tmp_path, file, column_map=tmp_path / "map.toml")
        [row] = read(tmp_path / "out" / "who-can-be-told.csv")
        assert row["can_be_told"] == told


def test_the_sound_record_is_the_tests_own() -> None:
    """What each example changes is a column of the sound record."""
    assert all(set(each[0]) <= set(SOUND) for each in EXAMPLES)


def test_a_number_of_two_people_of_one_crime_is_a_question(tmp_path: Path) -> None:
    """A couple may share a phone, so both are asked; of one person recorded twice, neither."""
    shared = {"Crime No": "C1", "Mobile": "07700900555"}
    rows = found(
        tmp_path,
        {**shared, "Forename": "Asha"},
        {**shared, "Forename": "Ben", "Email": "ben.okafor@example.com"},
        {"Crime No": "C2", "Mobile": "07700900666", "Forename": "Asha", "DOB": "01/02/1980"},
        {"Crime No": "C2", "Mobile": "07700900666", "Forename": "A", "DOB": "01/02/1980"},
    )
    asked = [each for each in rows if each["what_is_wrong"].startswith("another person of the")]

    assert [each["given_name"] for each in asked] == ["Asha", "Ben"]
    assert {each["fault_or_question"] for each in asked} == {"question"}
    told = read(tmp_path / "out" / "who-can-be-told.csv")
    assert [each["can_be_told"] for each in told] == ["yes"] * 4


def test_a_day_with_a_collar_number_is_no_number(tmp_path: Path) -> None:
    """Each day of a year, with a collar number or a time after it, is no other number."""
    days = [date(2025, 1, 1) + timedelta(number) for number in range(365)]
    notes = [
        f"{day:%d/%m/%y} {4471 + number} update given. {day:%d-%m-%Y} 1430: CCTV viewed"
        for number, day in enumerate(days)
    ]

    listed = found(tmp_path, *({"Notes": note} for note in notes))

    wrong = {row["what_is_wrong"] for row in listed if row["field"] == "notes"}
    assert BY_KIND["other_in_notes"].what not in wrong
