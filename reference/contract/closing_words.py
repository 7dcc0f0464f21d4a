"""Reads what some words say about the end of a case, and holds it against the law.

Pure: text and ending in, faults out. `lawful_words` says what may and must be said; this module
recognises it, sentence by sentence. To deny a review is true where there is none, and "if the
police decided…" promises nothing.
"""

import re
from collections.abc import Iterator
from typing import Literal, TypeAlias

from msgspec import Struct

from reference.contract.lawful_words import Ending, Say, lawful_words

Said: TypeAlias = Literal[
    "police_review", "cps_review", "cps_time", "explained_or_complaint", "guilt", "ended"
]


class WordsFault(Struct, frozen=True):
    """Words that must not be said and are, or that must or should be said and are not."""

    what: Said
    say: Say
    expected: str
    observed: str


def faults(words: str, ending: Ending, *, page: str = "") -> Iterator[WordsFault]:
    """Find what is wrong with the words that tell an ending.

    What must be said may stand anywhere on the `page`, as in a section of its own.
    """
    lawful, told = lawful_words(ending), list(_sentences(words))
    whole = [*told, *_sentences(page)]
    yield from _police_review(lawful.police_review, told, whole, ending)
    yield from _cps_review(lawful.cps_review, told, whole)
    routes = [each.text for each in whole if _names_the_cps_route(each)]
    if lawful.cps_time == "should" and routes and not any(map(_says_how_soon, whole)):
        expected = "it says how soon to ask the CPS: normally within 10 working days"
        yield WordsFault("cps_time", "should", expected, f"it says {routes[0]!r}")
    if lawful.explained_or_complaint == "should" and not any(map(_says_who_explains, whole)):
        expected = "it says that a supervisor can explain the decision, or how to complain"
        yield WordsFault("explained_or_complaint", "should", expected, f"it says {_all(told)!r}")
    for each in told:
        if lawful.guilt == "must not" and _says_guilt(each):
            expected = "nobody is called guilty who was not convicted and admitted nothing"
            yield WordsFault("guilt", "must not", expected, f"it says {each.text!r}")
        if lawful.ended == "must not" and _ENDED.search(each.text) and not _denies(each):
            expected = "a charged case is not called closed"
            yield WordsFault("ended", "must not", expected, f"it says {each.text!r}")


class _Sentence(Struct, frozen=True):
    text: str
    about: Literal["police", "CPS", "either"]  # whose review it would be
    names_us: bool


def _sentences(words: str) -> Iterator[_Sentence]:
    """Split words; a sentence that names neither goes on about the same as the one before it."""
    about: Literal["police", "CPS", "either"] = "police"
    for text in re.split(r"(?<=[.!?])\s+|\n", words):
        names_cps, names_us = _CPS.search(text), _US.search(text)
        if names_cps and names_us:
            about = "either"
        elif names_cps or names_us:
            about = "CPS" if names_cps else "police"
        if text.strip():
            yield _Sentence(text.strip(), about, names_us is not None)


def _police_review(
    say: Say, told: list[_Sentence], whole: list[_Sentence], ending: Ending
) -> Iterator[WordsFault]:
    """Judge the police's review; of a CPS decision, a "right to review" may be the CPS's."""
    if say == "must not":
        for each in told:
            offers = _OFFERED.search(each.text) and not _SUPERVISOR.search(each.text)
            is_ours = each.about == "police" and (each.names_us or ending.decided_by != "CPS")
            if offers and is_ours and not _is_no_promise(each):
                expected = "no right to review is offered"
                yield WordsFault("police_review", say, expected, f"it is offered: {each.text!r}")
                return
    elif say == "must" and not any(_may_ask(each) and each.about != "CPS" for each in whole):
        expected = "the page says that there is a right to review"
        yield WordsFault("police_review", say, expected, f"it says {_all(told)!r}")


def _cps_review(say: Say, told: list[_Sentence], whole: list[_Sentence]) -> Iterator[WordsFault]:
    if say == "must not":
        for each in told:
            offers = _YOU_MAY.search(each.text) and _LOOKS_AGAIN.search(each.text)
            if each.about == "CPS" and offers and not _is_no_promise(each):
                expected = "no review by the CPS is offered"
                yield WordsFault("cps_review", say, expected, f"it is offered: {each.text!r}")
                return
    elif say in ("must", "should") and not any(map(_names_the_cps_route, whole)):
        expected = "the page says that the victim can ask the CPS to review its decision"
        yield WordsFault("cps_review", say, expected, f"it says {_all(told)!r}")


def _names_the_cps_route(sentence: _Sentence) -> bool:
    looks_again = _LOOKS_AGAIN.search(sentence.text)
    return sentence.about != "police" and looks_again is not None and not _denies(sentence)


def _may_ask(sentence: _Sentence) -> bool:
    return _MAY_BE_OFFERED.search(sentence.text) is not None and not _denies(sentence)


def _is_no_promise(sentence: _Sentence) -> bool:
    """Say whether a sentence denies a review, or leaves it to a fact that it does not know."""
    return _denies(sentence) or _DEPENDS.search(sentence.text) is not None


def _denies(sentence: _Sentence) -> bool:
    return _DENIED.search(sentence.text) is not None


def _says_how_soon(sentence: _Sentence) -> bool:
    return _HOW_SOON.search(sentence.text) is not None


def _says_who_explains(sentence: _Sentence) -> bool:
    return _EXPLAINED.search(sentence.text) is not None


def _says_guilt(sentence: _Sentence) -> bool:
    return _GUILT.search(sentence.text) is not None and not _HEDGED.search(sentence.text)


def _all(told: list[_Sentence]) -> str:
    return " ".join(each.text for each in told)[:160]


_I = re.IGNORECASE
_CPS = re.compile(r"crown prosecution service|\bCPS\b|\bprosecutors?\b", _I)
_US = re.compile(r"\b(?:we|us|our|police|officers?|supervisors?)\b", _I)
_SUPERVISOR = re.compile(r"\bsupervisors?\b", _I)
_OFFERED = re.compile(
    r"right to review|right to ask us to look again|\b(?:can|may|right to) ask\b[^.]*\breview", _I
)
_MAY_BE_OFFERED = re.compile(
    r"\breview|\b(?:right|can|may) (?:\w+ )*ask (?:\w+ )*(?:again|reconsider)", _I
)
_LOOKS_AGAIN = re.compile(r"\breview|\breconsider|\blook(?:ed|s)?\b[^.]*\bagain\b|\bagain\b", _I)
_YOU_MAY = re.compile(r"\byou (?:\w+ )?(?:can|may|have (?:a|the) right)", _I)
# That there is none. "If you do not agree" and "you do not need to give a reason" deny nothing.
_DENIED = re.compile(
    r"\bno (?:\w+ ){0,3}(?:right|review)"
    r"|\b(?:cannot|can't|can not|may not|unable to) (?:\w+ ){0,2}(?:ask|review|be reviewed)"
    r"|\b(?:do|does|did|is|are)(?: not|n['’]t) (?:\w+ ){0,3}(?:right|review|reviewed|apply|offer)"
    r"|\bnot (?:\w+ ){0,2}(?:reviewable|offered|available|entitled|closed)|\bnever\b",
    _I,
)
_DEPENDS = re.compile(
    r"\b(?:if|where|when|unless|whether)\b(?! you\b)[^,.]*\b(?:decid\w*|decision|interviewed)\b", _I
)
_HOW_SOON = re.compile(
    r"\b(?:10|ten|5|five) (?:working )?days|\b(?:two|2) weeks|\b(?:three|3) months|\b14 days"
    r"|\bsoon|time limit|\bdeadline|\bpromptly",
    _I,
)
_EXPLAINED = re.compile(r"\bsupervisors?\b|\bcomplain", _I)
_GUILT = re.compile(r"\b(?:guilty|convicted|conviction|admitted|admits|confess\w+|owned up)\b", _I)
_HEDGED = re.compile(
    r"\b(?:no|not|nor|never|cannot|without|if|whether|could|can|may|might|would|unless|until)\b"
    r"|n['’]t\b",
    _I,
)
_ENDED = re.compile(
    r"\b(?:case|report|investigation|crime) (?:\w+ ){0,2}(?:closed|ended|over)\b", _I
)
