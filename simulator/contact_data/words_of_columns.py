"""The words of column names and what they mean: full, short, and as the police use them.

A name is split into words. Each word has meanings; a field is named by some of them together, and
by no other: "Vic F/Name" is a given name, "Sus F/Name" and "Vic maiden name" are none of ours.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache

from msgspec import Struct


class Named(Struct, frozen=True):
    """One way to name a field: a word of each meaning in `all_of`, and others of `further` alone.

    The lowest `rank` is the best way, where two columns may be one field.
    """

    field: str
    rank: float
    all_of: tuple[str, ...]
    further: frozenset[str] = frozenset()


#: Each meaning, and the words that have it.
_MEANINGS: Mapping[str, str] = {
    # Says nothing: it may stand in any name.
    "": "a an and any as be been by can cd code current currently data details detail dtls field "
    "for from in is it main me of on or own owning per please primary re s so that the their this "
    "to was who with niche 1",
    "victim": "v vic vict vics vctm vctms victim victims aggrieved agg ap ip injured "
    "party complainant compl",
    "person": "person persons pers people nominal nominals nom individual client",
    # Another person whom a column is about: it is none of ours.
    "other": "accused adult agency alias appropriate arrested bail business caller carer child "
    "company custody def defendant dependant detainee doctor emergency employer father gp guardian "
    "informant inf interpreter keyholder kin maiden middle mother nok offender parent partner "
    "previous prev former referrer relative reporter school social sol solicitor spouse sus susp "
    "nickname suspect suspects third wit witness witnesses worker aka next known",
    # Whose number a victim's must not be.
    "suspect": "sus susp suspect suspects accused offender defendant def",
    # What is said is not so, or of something else.
    "not": "dnc do dont no not never unsafe un refused survey due age",
    "name": "name names nm nme",
    "forename": "forename forenames fname fnames fnms firstname firstnames givenname "
    "givennames christian fnm",
    "first": "first given f fst 1st christian",
    "surname": "surname surnames sname lastname lname familyname secondname snm surnm surnme sur",
    "last": "last family s l",
    "whole": "full whole complete",
    "birth": "birth brth born dob birthdate birthday bday bdate dofb dateofbirth b",
    "date": "date dt dte day when time datetime ts at dated last",
    "mobile": "mobile mobiles mob mobs mbl mobi cell cellphone cellular mobno mobphone hand "
    "handset handphone m",
    "phone": "phone phones ph phn tel tels tele telephone fone telno phoneno",
    "home": "home h hm house landline land line ll fixed evening eve daytime work w wk office",
    "second": "other alt alternative secondary second 2",
    "landline": "landline landlines homephone hometel worktel workphone",
    "email": "email emails eml mail emailaddress emailaddr electronic",
    "address": "address addr add addrs",
    "number": "no num number numbers nbr nos ref refs reference refno id ident identifier key urn",
    "crime": "crime crimes cr crm cri occurrence occurrences occ offence",
    "crime number": "crn crimeno crimenumber crimeref occno oenumber oen crno",
    "incident": "incident inc log cad storm case investigation",
    "person number": "pid nominalid nominalno victimid personid personno partyid",
    "urn": "urn",
    "role": "role roles involvement capacity",
    "kind": "type types kind class reason",
    "link": "link involvement party",
    "station": "station stn stns nick base policestation",
    "team": "team teams lpa lpu lpt npt snt unit hub dept department section",
    "area": "area bcu division div district command beat sector neighbourhood locality",
    "police": "police pol response local responsible allocated reporting recording owning safer",
    "supervisor": "supervisor supervisors sup superv supervised supervising supervisory sgt sgts "
    "sergeant sergeants skipper skip ps linemanager reviewer reviewing reviewed",
    "manager": "manager mgr mngr",
    "line": "line",
    "officer": "officer officers ofcr offr oic io oc investigator",
    "duty": "duty shift team case charge dealing investigating inv investigation lead collar "
    "shoulder",
    "typed": "typed typist entered created recorded input keyed inputter creator recorder",
    "hours": "when time times hours window",
    "how": "how via method means channel route mode source way",
    "route": "route source channel origin mor",
    "entry": "entry",
    "reported": "reported reporting report rep rptd rpt rptg received recvd recd rcvd made",
    "recorded": "recorded rec rep recd logged created entered input inputted keyed added "
    "reported rptd "
    "rpt registered",
    "confirmed": "confirmed confirm verified checked updated update updt upd updates lastupd "
    "amended modified edited lastupdated lastupdate",
    "status": "status state stage sts stat",
    "stat": "stat",
    "play": "play record",
    "open": "open live active",
    "closed": "closed filed finalised finalized disposed disposal completed concluded nfa nfad",
    "offence": "offence offense offences",
    "off": "off",
    "class": "type types class classification title desc description category cat group subgroup "
    "descr",
    "home office": "ho homeoffice",
    "safe": "ok okay safe happy can may",
    "may": "issafe oktocontact safetocontact",
    "reach": "contact contacted contactable call called ring rung phone phoned telephone tel text "
    "texted email emailed message messaged 2 y n",
    "prefer": "prefer preferred preference pref prefs best favoured safe safest",
    "household": "household households hhold hh",
    "uprn": "uprn householdid",
    "notes": "notes note comments comment remarks remark rmk rmks memo narrative freetext oel",
    "contact": "contact contacts contacted cont comms",
    "more": "additional further general other",
    "free": "free",
    "text": "text txt",
    "eligible": "eligible iseligible",
    "portal": "portal",
    "value": "number value contactvalue",
    "since": "since from start valid effective startdate validfrom datefrom effectivefrom",
}


def _named(field: str, rank: float, all_of: str, further: str = "") -> Named:
    return Named(
        field, rank, tuple(all_of.split(", ")), frozenset(filter(None, further.split(", ")))
    )


#: The ways in which the fields are named. Whose it is, and words that say nothing, may be beside.
NAMED: tuple[Named, ...] = (
    _named("occurrence_id", 0, "crime, number", "incident"),
    _named("occurrence_id", 0, "crime number", "number"),
    _named("occurrence_id", 1.5, "crime"),
    _named("occurrence_id", 2, "incident, number"),
    _named("occurrence_id", 3, "number"),
    _named("person_id", 0, "person, number"),
    _named("person_id", 0, "victim, number"),
    _named("person_id", 0, "person number"),
    _named("person_id", 1, "person"),
    _named("person_id", 3, "number", "play"),
    _named("role", 0, "role", "kind, crime"),
    _named("role", 1, "link, kind"),
    _named("role", 2, "class"),
    _named("given_name", 0, "forename", "name, first"),
    _named("given_name", 0, "first, name"),
    _named("given_name", 1, "first"),
    _named("family_name", 0, "surname", "name, last"),
    _named("family_name", 0, "last, name"),
    _named("family_name", 1, "last"),
    _named("full_name", 1, "name", "whole"),
    _named("full_name", 1, "forename, surname", "name"),
    _named("full_name", 1, "first, last, name"),
    _named("full_name", 2, "victim"),
    _named("full_name", 2, "person"),
    _named("date_of_birth", 0, "birth", "date"),
    _named("mobile", 0, "mobile", "phone, number, contact, second"),
    _named("landline", 0, "landline", "phone, number, home, contact, second"),
    _named("landline", 0, "home, phone", "number, contact, second"),
    _named("landline", 1, "second, phone", "number, contact, home"),
    _named("landline", 1, "second, number", "contact"),
    _named("landline", 1, "home, number"),
    _named("landline", 1, "home"),
    _named("phone", 1, "phone", "number, contact"),
    _named("phone", 1, "contact, number"),
    _named("phone", 2, "contact"),
    _named("email", 0, "email", "address, contact"),
    _named("suspect_mobile", 0, "suspect, mobile", "phone, number, contact"),
    _named("suspect_mobile", 0, "suspect, phone", "number, contact, mobile"),
    _named("suspect_email", 0, "suspect, email", "address, contact"),
    _named("notes", 0, "notes", "contact, more, officer"),
    _named("notes", 0, "free, text", "contact"),
    _named("safe_to_contact", 0, "safe, contact"),
    _named("safe_to_contact", 0.5, "safe, reach"),
    _named("safe_to_contact", 0, "may"),
    _named("safe_to_contact", 1, "safe"),
    _named("safe_how", 0, "prefer, how", "contact"),
    _named("safe_how", 0, "prefer, contact"),
    _named("safe_how", 1, "contact, how"),
    _named("safe_when", 0, "safe, hours", "contact, reach"),
    _named("safe_when", 0, "prefer, hours", "contact, reach"),
    _named("safe_when", 1, "contact, hours"),
    _named("household_id", 0, "household", "number"),
    _named("household_id", 0, "uprn"),
    _named("household_id", 0, "address, number"),
    _named("station", 0, "station", "name, police, team, area"),
    _named("station", 1, "team", "name, police, area"),
    _named("station", 2, "area", "name, police"),
    _named("station", 2, "stat", "name, police"),
    _named("supervisor", 0, "supervisor", "name, number, officer, duty"),
    _named("supervisor", 0, "line, manager", "name"),
    _named("officer", 0, "officer", "name, number, duty"),
    _named("recorded_by_role", 0, "typed, role"),
    _named("recorded_by_role", 1, "typed"),
    _named("entry_route", 0, "route", "reported, how, kind, entry"),
    _named("entry_route", 0, "how, reported"),
    _named("recorded_on", 0, "confirmed", "date, contact"),
    _named("recorded_on", 0, "recorded", "date"),
    _named("status", 0, "status", "crime, incident, open, closed, play, class"),
    _named("status", 0, "open, closed"),
    _named("closed_on", 0, "closed", "date, crime, incident"),
    _named("offence", 0, "offence", "class"),
    _named("offence", 0, "home office, class", "offence"),
    _named("offence", 0, "home office, offence"),
    _named("offence", 0, "off, class"),
    _named("offence", 1, "crime, class"),
    _named("eligible", 0, "eligible", "portal"),
    _named("phone_number", 2, "value", "phone"),
    _named("phone_type", 0, "phone, kind", "number"),
    _named("phone_type", 2, "kind", "contact, number"),
    _named("phone_on", 0, "since", "date"),
    _named("phone_on", 1, "date", "phone"),
)
#: A second phone, address or name is not the first.
_SECOND = frozenset({"2", "3", "4", "5", "second", "secondary", "alt", "alternative"})
#: "Number of victims" is no number of a victim.
_COUNT = re.compile(r"\b(?:no|num|number)s?\.?[ _]of\b|count", re.IGNORECASE)
#: A whole name is split as a first name and a last one: it must be called so in that order.
_IN_ORDER = (("forename", "surname"), ("first", "last", "name"))
_FIRST_NAMES, _LAST_NAMES = frozenset({"forename", "first"}), frozenset({"surname", "last"})
#: "Other party mobile" is somebody else's, and so is "2nd person name": the party is no victim.
_SOMEBODY_ELSE = re.compile(
    r"\b(?:other|second|secondary|2nd|alt|alternative) "
    r"(?:party|person|persons|people|individual|nominal|nom|client|pers)\b"
)
#: What names people who are no victims, or what the police do with a crime.
_OTHERS = frozenset({"other", "suspect", "police", "supervisor", "manager", "officer", "duty"})
_ANYWHERE = frozenset({"", "victim", "person"})
#: Short words that a word run together may be made of; others are of three letters or more.
_SHORT_PARTS = frozenset({"no", "id", "of", "on", "to", "by", "dt", "ip", "ok", "ho"})


@cache
def _meanings() -> Mapping[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for meaning, words in _MEANINGS.items():
        for word in words.split():
            found.setdefault(word, set()).add(meaning)
    return {word: frozenset(each) for word, each in found.items()}


def words_of(column: str) -> list[str]:
    """Split a name at spaces, signs and capitals, and words run together: `VictLast`, `vicdob`."""
    plain = re.sub(r"\(s\)|\([dmyDMY/ .-]+\)|['’]s\b", "", column)
    plain = re.sub(r"(?<=[a-z])['’]d\b", "d", plain)
    plain = re.sub(r"['’](?:d\b)?", "", plain)
    # D.O.B. and D/O/B, but not F/Name or Y/N.
    plain = re.sub(
        r"\b(?:[A-Za-z][./]){2,}[A-Za-z]?", lambda found: re.sub("[./]", "", found[0]), plain
    )
    plain = re.sub(r"\be[\s._-]?mail", "email", plain, flags=re.IGNORECASE)
    plain = re.sub(r"\be[\s._-]?add(?:r(?:ess|s)?)?\b", "email", plain, flags=re.IGNORECASE)
    plain = re.sub(r"(?<![A-Za-z])eMail", "email", plain)
    found = re.findall(r"[A-Za-z]+|\d+(?:st|nd)?", plain)
    return [part for each in found for part in _parts(each)]


def _parts(run: str) -> list[str]:
    """Split letters at their capitals, unless they are one word as they stand: `DoB`."""
    if run.casefold() in _meanings() or not run.isalpha():
        return [run.casefold()]
    parts = re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", run)
    return [word for part in parts for word in _apart(part.casefold())]


def _apart(word: str) -> list[str]:
    """Split a word run together into known ones; itself where it is known, or cannot be split."""
    if word in _meanings():
        return [word]
    return next(_splits(word), [word])


def _splits(word: str) -> Iterator[list[str]]:
    if not word:
        yield []
    for end in range(len(word), 1, -1):
        part = word[:end]
        if part in _meanings() and (len(part) > 2 or part in _SHORT_PARTS):
            for rest in _splits(word[end:]):
                yield [part, *rest]


def is_readable(column: str) -> bool:
    """Say whether some word of a name means something: then its contents alone decide nothing."""
    return not column.isascii() or any(
        _meanings().get(word, frozenset()) - {""} or _is_short_for_others(word)
        for word in words_of(column)
        if word.isalpha()
    )


def _is_short_for_others(word: str) -> bool:
    """Say whether a word has the letters of one for somebody else in their order: "supv"."""
    if len(word) < 3:
        return False
    return any(
        other[0] == word[0] and re.search(".*".join(word), other)
        for other, meant in _meanings().items()
        if len(other) > 6 and meant & _OTHERS
    )


def ways_named(column: str) -> dict[str, float]:
    """Return the fields that a name may mean, each with its rank; a second one ranks lower."""
    if not column.isascii():
        return {}
    if _COUNT.search(column):
        return {}
    words = words_of(column)
    known = [_meanings().get(word) for word in words]
    if not words or not all(known) or _SOMEBODY_ELSE.search(" ".join(words)):
        return {}
    found: dict[str, float] = {}
    for way in NAMED:
        if _is_named(way, words) and not (way.all_of in _IN_ORDER and _is_turned(words)):
            later = 0.5 * bool(_SECOND.intersection(words)) - 0.25 * _is_victims(words)
            found[way.field] = min(found.get(way.field, 9.0), way.rank + later)
    return found


def _is_turned(words: list[str]) -> bool:
    """Say whether the last name is called before the first: its values cannot be told apart."""
    first, last = (
        next(place for place, word in enumerate(words) if _meanings()[word] & meanings)
        for meanings in (_FIRST_NAMES, _LAST_NAMES)
    )
    return last < first


def is_like_notes(column: str) -> bool:
    """Say whether some word of a name says notes, whatever the others say."""
    return any("notes" in _meanings().get(word, ()) for word in words_of(column))


def _is_victims(words: list[str]) -> bool:
    return any("victim" in _meanings()[word] for word in words)


def _is_named(way: Named, words: list[str]) -> bool:
    """Say whether every word has a meaning that is allowed, and every one needed has a word."""
    allowed = _ANYWHERE | set(way.all_of) | way.further
    meant = [_meanings()[word] for word in words]
    if not all(each & allowed for each in meant):
        return False
    return _each_has_a_word(way.all_of, meant)


def _each_has_a_word(needed: tuple[str, ...], meant: list[frozenset[str]]) -> bool:
    """Say whether every meaning can be given a word of its own."""
    if not needed:
        return True
    first, rest = needed[0], needed[1:]
    return any(
        first in each and _each_has_a_word(rest, [*meant[:place], *meant[place + 1 :]])
        for place, each in enumerate(meant)
    )
