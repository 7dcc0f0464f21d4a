"""Every kind of thing the check finds: what it is, how bad, and what to do at the source.

A fault is wrong whatever the answer. A question may be right: only the victim or the officer knows.
"""

from typing import Literal, TypeAlias

from msgspec import Struct

Dimension: TypeAlias = Literal[
    "completeness", "validity", "accuracy", "uniqueness", "timeliness", "consistency"
]
DIMENSIONS: tuple[Dimension, ...] = (
    "completeness", "validity", "accuracy", "uniqueness", "timeliness", "consistency",
)  # fmt: skip


class FindingKind(Struct, frozen=True, kw_only=True):
    """A kind of finding. `score` orders the worklist: 100 tells a stranger, 60 loses messages.

    `tells_another` is set where a message would reach somebody it is not meant for.
    """

    kind: str
    dimension: Dimension
    score: int
    what: str
    to_do: str
    is_question: bool = False
    tells_another: bool = False


def _fault(kind: str, dimension: Dimension, score: int, what: str, to_do: str) -> FindingKind:
    return FindingKind(kind=kind, dimension=dimension, score=score, what=what, to_do=to_do)


def _question(kind: str, dimension: Dimension, score: int, what: str, to_do: str) -> FindingKind:
    return FindingKind(
        kind=kind, dimension=dimension, score=score, what=what, to_do=to_do, is_question=True
    )


def _danger(kind: str, what: str, to_do: str, *, score: int = 100) -> FindingKind:
    return FindingKind(
        kind=kind,
        dimension="consistency",
        score=score,
        what=what,
        to_do=to_do,
        tells_another=True,
    )


_ASK_NUMBER = "Ask the victim for the number, and write it in the mobile field."
_ASK_MOVE = "Ask the victim whose it is; if it is theirs, move it."
_ASK_NAME = "Ask the victim how the name is written."

KINDS: tuple[FindingKind, ...] = (
    # Somebody else would be told.
    _danger("other_partys_address", "the suspect of the same crime has this number or address",
            "Do not use it. An officer asks the victim for another."),
    _danger("forces_own_number", "the force's own number", _ASK_NUMBER),
    _danger("shared_by_many", "recorded for several people who are not related",
            "Ask the victim whether it is theirs, and correct the others.", score=90),
    _danger("shared_by_strangers",
            "another person has it too, of another name, crime and household",
            "Ask each of them whose it is, and correct the other record.", score=60),
    _question("number_of_two", "consistency", 40,
              "another person of the same crime or household has this number",
              "Ask each of them whose it is."),
    _danger("words_with_number", "a number with words beside it, which may say not to use it",
            "Read the words. Ask whether it may be used; keep the words in the notes.", score=80),
    _danger("not_safe_in_notes", "the notes say not to contact, but contact is not marked unsafe",
            "An officer decides whether contact is safe, and marks it."),
    _danger("not_theirs_in_notes", "the notes say that the number or address is not the victim's",
            "Ask the victim for their own, by a way that is known to be safe, and correct it."),
    _danger("dead_in_notes", "the notes say that the victim has died",
            "An officer decides who is told, and closes the record to messages.", score=95),
    _fault("by_another_in_notes", "consistency", 85,
           "the notes say to contact only through somebody else",
           "Mark contact as not safe, or ask the victim whether the portal may write."),
    _fault("terms_in_notes", "consistency", 70,
           "the notes set terms: a time, a channel, a safe word",
           "Record the channel in its own field. If the terms are others, mark contact not safe."),
    _danger("safe_in_one_record", "contact is safe in one record and not in another",
            "An officer decides whether contact with the person is safe, and marks every record."),
    _danger("flag_warns", "a column that the map does not name warns against contact",
            "An officer decides whether contact is safe, and marks it. Name the column in the map, "
            "or list it in ignored."),
    _danger("other_in_notes", "the notes have another number or address than the record",
            "Ask the victim which is theirs, by a way that is known to be safe, and correct it.",
            score=85),
    _question("note_to_read", "consistency", 15, "a note with words that no list explains",
              "Read it. If it speaks against contact, mark contact as not safe; if not, add its "
              "words to harmless_notes in the map."),
    _question("suspects_elsewhere", "consistency", 60,
              "a suspect of another crime has this number or address",
              "Compare the two people. If the number is the suspect's, ask the victim for theirs."),
    _question("phone_type_unknown", "consistency", 45,
              "a phone of a type that the map does not list, which may not be the victim's",
              "Ask whose it is. If all of a type are the victims' own, add it to mobile_types in "
              "the map."),
    # Nothing can be sent.
    _fault("no_contact", "completeness", 60, "no mobile and no email anywhere", _ASK_NUMBER),
    _fault("safe_missing", "completeness", 55, "nobody recorded whether contact is safe",
           "Ask the victim, and record it."),
    _fault("safe_unclear", "validity", 55, "safe to contact is neither yes nor no",
           "Record yes or no."),
    _question("safe_when_set", "consistency", 70,
              "contact is safe at certain times alone, which an automatic message does not keep",
              "Ask whether a message may come at any time; if not, mark contact as not safe."),
    _question("safe_how_unclear", "consistency", 70,
              "the words for the safe channel are not understood, so that no channel is used",
              "Record one channel that is safe, and any terms in the notes; or mark contact not "
              "safe."),
    _fault("safe_channel_missing", "consistency", 55,
           "the only safe channel has no usable number or address", _ASK_NUMBER),
    # A value in the wrong field.
    _fault("mobile_in_landline", "validity", 50, "a mobile in the other phone field", _ASK_MOVE),
    _fault("landline_in_mobile", "validity", 50, "a landline in the mobile field", _ASK_MOVE),
    _fault("email_in_phone", "validity", 50, "an email in a phone field", _ASK_MOVE),
    _fault("number_in_email", "validity", 50, "a phone number in the email field", _ASK_MOVE),
    _fault("number_in_notes", "validity", 50, "a number in the notes, and none in the field",
           _ASK_MOVE),
    _fault("email_in_notes", "validity", 45, "an email in the notes, and none in the field",
           _ASK_MOVE),
    _fault("name_in_phone", "validity", 50, "words in a phone field", _ASK_NUMBER),
    _fault("two_in_one", "validity", 50, "two values in one field",
           "Ask which is the victim's, and write each in its own field."),
    _fault("address_in_phone", "validity", 50, "a postal address in a phone field", _ASK_NUMBER),
    # A number or address that cannot be.
    _fault("too_few_digits", "validity", 45, "too few digits for a number", _ASK_NUMBER),
    _fault("too_many_digits", "validity", 45, "too many digits for a number", _ASK_NUMBER),
    _fault("placeholder_number", "validity", 45, "typed to fill the field", _ASK_NUMBER),
    _fault("no_such_range", "validity", 45, "no UK number begins like this", _ASK_NUMBER),
    _fault("not_for_texts", "validity", 45, "a personal, premium, freephone or foreign number",
           _ASK_NUMBER),
    _fault("not_a_number", "validity", 45, "cannot be read as a number", _ASK_NUMBER),
    _fault("zero_lost", "validity", 20, "the first 0 is lost, as a spreadsheet does",
           "Write the 0; keep the column as text."),
    _fault("plus_44_zero", "validity", 10, "+44 and a 0 together", "Write it as 07…."),
    _fault("at_missing", "validity", 45, "an email without its @", "Correct it, and confirm it."),
    _fault("at_mistyped", "validity", 45,
           "an email without its @, or with something else in its place", "Ask for the address."),
    _fault("comma_in_email", "validity", 45, "a comma for a dot in an email",
           "Correct it, and confirm it."),
    _fault("space_in_email", "validity", 45, "a space inside an email",
           "Correct it, and confirm it."),
    _fault("domain_misspelt", "validity", 45, "the part after @ is misspelt",
           "Correct it, and confirm it."),
    _fault("domain_dead", "validity", 45, "no mail reaches what is after @",
           "Ask the victim for the address they use now."),
    _fault("placeholder_email", "validity", 45, "typed to fill the field",
           "Ask whether the victim has an address."),
    _fault("not_an_email", "validity", 45, "cannot be read as an email",
           "Ask the victim for the address."),
    # Names: a wrong one fails the sign-in and greets a stranger.
    _fault("name_missing", "completeness", 35, "no name", _ASK_NAME),
    _fault("placeholder_name", "validity", 35, "typed to fill the field", _ASK_NAME),
    _fault("nobodys_name", "validity", 35, "no name in either field: who it is, is not known",
           _ASK_NAME),
    _fault("made_up_name", "validity", 35, "on the list of made-up names", _ASK_NAME),
    _fault("note_in_name", "validity", 35, "a note to colleagues in the name",
           "Move the note, and write the name."),
    _fault("digits_in_name", "validity", 35, "digits or signs in the name", _ASK_NAME),
    _fault("title_in_name", "validity", 15, "a title in the name", "Remove it from the name."),
    _fault("initials", "validity", 30, "an initial for a name", _ASK_NAME),
    _fault("whole_name_in_one", "validity", 30, "the whole name in one field",
           "Write each part in its own field."),
    _fault("case_lost", "validity", 8, "all in capitals, or in none, unlike the rest",
           "Write it as the victim does."),
    _fault("letters_garbled", "validity", 25, "letters garbled by a change of encoding", _ASK_NAME),
    _question("same_name_twice", "consistency", 20, "one name twice", _ASK_NAME),
    _fault("names_swapped", "consistency", 30, "first and last name swapped",
           "Ask, and swap them."),
    _question("name_or_filler", "validity", 10, "a name, or a word typed to fill the field",
              _ASK_NAME),
    _question("one_name", "completeness", 12, "one name: the other is missing, or there is none",
              _ASK_NAME),
    _question("name_misspelt", "accuracy", 22, "one letter from a much more frequent name",
              _ASK_NAME),
    _danger("email_spells_otherwise",
            "the email has the name but for one letter, and may be somebody else's",
            f"{_ASK_NAME} Confirm the address before it is used.", score=40),
    _danger("email_of_other_names", "the email has the first and last name of somebody else",
            "Ask the victim whose it is.", score=40),
    _question("email_has_other_name", "accuracy", 8,
              "the email has another last name, or another form of the first name",
              "Ask whether the name is right: it may have changed, or be short for another."),
    _question("joined_or_split", "accuracy", 12, "two names joined, or one name split", _ASK_NAME),
    _question("accents_lost", "accuracy", 8, "almost always written with its accents", _ASK_NAME),
    # The rest of the record.
    _fault("born_missing", "completeness", 25, "no date of birth", "Ask the victim."),
    _fault("born_impossible", "validity", 30, "no such date of birth", "Ask the victim."),
    _question("born_unread", "validity", 10, "a date of birth in a shape that is not read",
              "Write it as 14/08/1991."),
    _fault("born_out_of_range", "validity", 30, "born in the future, or over 110 years ago",
           "Ask the victim."),
    _fault("born_short_year", "validity", 12, "a year of birth of two digits: no century",
           "Write the year with four digits."),
    _fault("born_default", "validity", 28, "the date a form begins with", "Ask the victim."),
    _fault("born_day_month", "validity", 26, "day and month swapped", "Swap them, and confirm."),
    _fault("no_victim", "completeness", 65, "a crime that no victim is linked to",
           "Link the victim."),
    _fault("not_linked", "consistency", 40, "a person linked to no crime",
           "Link the person, or remove the record."),
    _fault("role_missing", "completeness", 40, "no role in the crime", "Record the role."),
    _question("role_wrong", "consistency", 50,
              "the crime has no victim: is this person the victim?",
              "Correct the role."),
    _fault("person_twice", "uniqueness", 35, "a second record of the same person",
           "Merge the records; keep the newer contact details."),
    _question("person_twice_perhaps", "uniqueness", 20,
              "likely a second record of the same person, by linkage",
              "Compare the two, and merge them if they are one person."),
    _fault("old", "timeliness", 15, "not confirmed for longer than the limit",
           "Confirm the details with the victim."),
    _fault("date_unknown", "timeliness", 5, "nobody knows when it was written down",
           "Confirm the details, and record the day."),
)  # fmt: skip
BY_KIND: dict[str, FindingKind] = {each.kind: each for each in KINDS}
#: Their proposal follows from what is written, so that the mended file has it. Every other proposal
#: waits for somebody to confirm it: a number from another field may be another person's.
CERTAIN = frozenset(
    {
        *("zero_lost", "plus_44_zero", "at_missing", "comma_in_email", "space_in_email"),
        *("domain_misspelt", "title_in_name", "letters_garbled"),
    }
)
