"""Every kind of fault: the fields it touches, what it needs, and an example.

The order is the order in which they are drawn: where two faults want one field of one record, the
earlier stays. A new kind goes to the end of its group, so that the draws of the others stay.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntFlag
from types import MappingProxyType
from typing import Literal, TypeAlias

Group: TypeAlias = Literal["name", "birth", "moved", "mobile", "email", "record"]


class Has(IntFlag):
    """What a record has that a fault can spoil; a kind occurs only where all it needs is there."""

    NOTHING = 0
    MOBILE = 1
    EMAIL = 2
    ACCENTS = 4
    PARTS = 8
    OTHER_FORM = 16
    MARRIED = 32
    SWAPPABLE_BIRTH = 64
    #: A partner at home, no suspect, who has a mobile of their own.
    PARTNERS_MOBILE = 128
    #: A suspect of the same crime who has another mobile.
    SUSPECTS_MOBILE = 256


PATTERNS = 512


@dataclass(frozen=True, slots=True)
class FaultKind:
    """One kind of fault. `example` is what is true, and what the force wrote down."""

    name: str
    group: Group
    says: str
    example: tuple[str, str]
    needs: Has = Has.NOTHING
    fields: tuple[str, ...] = ()


def _kinds(*kinds: FaultKind) -> Mapping[str, FaultKind]:
    assert len({each.name for each in kinds}) == len(kinds)
    return MappingProxyType({each.name: each for each in kinds})


def _name(name: str, says: str, true: str, recorded: str, needs: Has = Has.NOTHING) -> FaultKind:
    return FaultKind(name, "name", says, (true, recorded), needs, ("given_name", "family_name"))


def _birth(name: str, says: str, recorded: str, needs: Has = Has.NOTHING) -> FaultKind:
    return FaultKind(name, "birth", says, ("1984-03-07", recorded), needs, ("date_of_birth",))


def _moved(
    name: str, says: str, example: tuple[str, str], needs: Has, fields: tuple[str, ...]
) -> FaultKind:
    return FaultKind(name, "moved", says, example, needs, fields)


def _record(name: str, says: str, example: tuple[str, str], field: str = "record") -> FaultKind:
    return FaultKind(name, "record", says, example, Has.NOTHING, (field,))


def _mobile(name: str, says: str, recorded: str, needs: Has = Has.NOTHING) -> FaultKind:
    true = "06931234567"
    return FaultKind(name, "mobile", says, (true, recorded), Has.MOBILE | needs, ("mobile",))


def _email(name: str, says: str, recorded: str) -> FaultKind:
    true = "asha.khan7@post.example"
    return FaultKind(name, "email", says, (true, recorded), Has.EMAIL, ("email",))


KINDS = _kinds(
    _name("letter_inserted", "a letter too many", "Sarah Bennett", "Sarah Bennmett"),
    _name("letter_deleted", "a letter left out", "Sarah Bennett", "Sarh Bennett"),
    _name("letter_substituted", "another letter", "Sarah Bennett", "Sarah Bengett"),
    _name("letters_transposed", "two letters swapped", "Sarah Bennett", "Sraah Bennett"),
    _name("keyboard_neighbour", "the key beside it", "Sarah Bennett", "Sarag Bennett"),
    _name("phonetic", "written as it sounds", "Stephen Clark", "Stefen Clark"),
    _name("misread_by_scanner", "read wrongly from paper", "Karn Miller", "Kam Miller"),
    _name("nickname", "a nickname or like name", "Elizabeth Shaw", "Liz Shaw", Has.OTHER_FORM),
    _name("names_swapped", "given and family name swapped", "Jordan Lewis", "Lewis Jordan"),
    _name("married_name", "the name by marriage, or before", "Anne Cole", "Anne Webb", Has.MARRIED),
    _name("initial_only", "an initial for the given name", "Priya Shah", "P. Shah"),
    _name("names_joined", "two parts joined", "Ann O'Neill", "Ann Oneill", Has.PARTS),
    _name("name_split", "one name split", "Ewan Macdonald", "Ewan Mac Donald"),
    _name("case_lost", "all capitals, or none", "Ewan Macdonald", "EWAN MACDONALD"),
    _name("accents_lost", "accents left out", "Zoë Núñez", "Zoe Nunez", Has.ACCENTS),
    _name("title_in_name", "a title in the given name", "Priya Shah", "Mrs Priya Shah"),
    _name("placeholder", "a word that stands for nothing", "Priya Shah", "Priya Unknown"),
    _name("fake_name", "a name that is nobody's", "Priya Shah", "Mickey Mouse"),
    _name("name_missing", "one of the names left out", "Priya Shah", "Priya"),
    _birth(
        "day_and_month_swapped", "day and month swapped", "1984-07-03", needs=Has.SWAPPABLE_BIRTH
    ),
    _birth("century_wrong", "a hundred years out", "2084-03-07"),
    _birth("birth_missing", "no date of birth", ""),
    _moved(
        "mobile_in_landline_field",
        "the mobile in the landline field",
        ("mobile 06931234567", "landline 06931234567"),
        Has.MOBILE,
        ("mobile", "landline"),
    ),
    _moved(
        "phone_in_email",
        "a phone number in the email field",
        ("mobile 06931234567", "email 06931234567"),
        Has.MOBILE,
        ("mobile", "email"),
    ),
    _moved(
        "email_in_notes",
        "the email address in the notes",
        ("email a.khan7@post.example", "notes Email: a.khan7@post.example"),
        Has.EMAIL,
        ("email", "notes"),
    ),
    _moved(
        "two_in_one_field",
        "two numbers in one field",
        ("06931234567, 04247654321", "06931234567 / 04247654321"),
        Has.MOBILE,
        ("mobile", "landline"),
    ),
    _moved(
        "email_in_mobile_field",
        "the email address in the mobile field",
        ("email a.khan7@post.example", "mobile a.khan7@post.example"),
        Has.EMAIL,
        ("mobile", "landline", "email"),
    ),
    _moved(
        "anothers_in_landline_field",
        "someone else's mobile in the landline field, and none in its own",
        ("mobile 06931234567", "landline 06930000216"),
        Has.MOBILE,
        ("mobile", "landline"),
    ),
    _moved(
        "mobile_and_email_missing",
        "neither mobile nor email address",
        ("06931234567, a.khan7@post.example", ""),
        Has.MOBILE | Has.EMAIL,
        ("mobile", "email"),
    ),
    _mobile("mobile_missing", "no mobile", ""),
    _mobile("name_in_phone_field", "a name in the phone field", "Asha Khan"),
    _mobile("number_with_words", "words beside the number", "mob 06931234567 do not text"),
    _mobile("digit_wrong", "one digit wrong", "06931234467"),
    _mobile("digits_transposed", "two digits swapped", "06931235467"),
    _mobile("digit_lost", "a digit left out", "0693123467"),
    _mobile("digit_doubled", "a digit twice", "069312334567"),
    _mobile("leading_zero_lost", "no 0 in front, as a spreadsheet leaves it", "6931234567"),
    _mobile("plus_44_zero", "+44 and the 0 as well", "+44 (0)6931 234567"),
    _mobile("stale_number", "a number that the victim had earlier", "06980000215"),
    _mobile(
        "partners_number",
        "the number of the partner they live with",
        "06930000216",
        Has.PARTNERS_MOBILE,
    ),
    _mobile("suspects_number", "the suspect's number", "06930000217", Has.SUSPECTS_MOBILE),
    _mobile("officers_number", "the number of the officer who typed it", "06993000012"),
    _mobile("forces_number", "the force's own number", "06999000001"),
    _mobile("shared_number", "a number that many people are given", "06990000007"),
    _email("email_missing", "no address", ""),
    _email("email_misspelt", "a letter wrong before the @", "asha.khsn7@post.example"),
    _email("email_domain_typo", "a letter wrong after the @", "asha.khan7@psot.example"),
    _email("email_at_missing", "no @", "asha.khan7post.example"),
    _email("email_comma", "a comma for a dot", "asha.khan7@post,example"),
    _email("email_space", "a space in the address", "asha.khan7 @post.example"),
    _email("email_dead_domain", "a domain that is no more", "asha.khan7@closed.invalid"),
    _email("email_of_another", "someone else's address", "ali.khan8@post.example"),
    _record("wrong_role", "another role than their own", ("victim", "witness"), "role"),
    _record("duplicate_person", "the same person recorded twice", ("one record", "two records")),
    _record("omitted_person", "a person not recorded at all", ("one record", "none")),
)
NAMES: tuple[str, ...] = tuple(KINDS)
INDEX: Mapping[str, int] = MappingProxyType({name: i for i, name in enumerate(NAMES)})


def of_group(*groups: Group) -> tuple[FaultKind, ...]:
    """List the kinds of these groups, in the order in which they are drawn."""
    return tuple(each for each in KINDS.values() if each.group in groups)
