"""What is struck out of words before the doubles write them down: every link and every code.

A portal's links and codes may have a form that no pattern knows. So of each link only its host
stays, and a group of characters that could be a code goes. What the judge looks for stays: words in
a link that tell what happened, the force's own references, phone numbers, dates and postcodes. Two
links that differ are marked differently, by a key that nobody keeps: the judge can compare them.
"""

import hmac
import re
import secrets
from hashlib import sha256
from itertools import chain, zip_longest

from msgspec import structs

from simulator.evidence.records import MessageAccepted
from simulator.inputs.target import Patterns
from simulator.judge.text.telling_words import TELLING_WORDS
from simulator.neighbours.gateway.inbox import Accepted
from simulator.world.message_secrets import MessageSecrets

#: What stands for the part of a link that may be a person's own.
_LEFT_OUT = "…"
#: What a link may end with and have nothing of its own; the patterns leave all but the first.
_NOT_ITS_OWN = frozenset({"", "/", "/…", "/invitation/…", "/not-for-me/…"})
#: With a scheme or without one. A host without a scheme has a path, a query or a fragment.
_LINK = re.compile(
    r"(?P<site>(?<![a-z0-9+.-])[a-z][a-z0-9+.-]{0,30}://[^/?#\s<>\"')\]]+|(?<![\w@./-])(?:[\w-]+\.)+[a-z]{2,}(?::\d+)?)"
    r"(?P<own>[/?#][^\s<>\"')\]]*)",
    re.IGNORECASE,
)
#: A link as it stands when its own part is struck out, or a site that is named alone.
_SITE = re.compile(
    r"(?:(?<![a-z0-9+.-])[a-z][a-z0-9+.-]{0,30}://|\bwww\.|(?<![\w@.-])[\w.-]{1,255}/…)\S*",
    re.IGNORECASE,
)
_LOGIN = re.compile(r"(?<=://).*@")
_ENDS_SENTENCE = ".,;:!?"
#: A part of a link that may tell one person from another: it has a digit, or is long.
_TOKEN = re.compile(r"[^/?&=#]*\d[^/?&=#]*|[^/?&=#]{20,}")
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
#: What has digits and is no code: a phone number, a helpline, a date, a year, a postcode, the
#: registration of a car.
_NO_CODE = (
    r"(?<![\d+])(?:\+44|0)(?:[ -]?\d){9,10}(?!\d)",
    r"\b116 ?\d{3}\b",
    r"\b(?:19|20)\d\d-\d\d-\d\d",
    r"\b(?:0?[1-9]|[12]\d|3[01])[./-](?:0?[1-9]|1[0-2])[./-](?:19|20)\d\d\b",
    rf"\b(?:[0-3]?\d(?:st|nd|rd|th)? )?(?i:{_MONTH}),? (?:19|20)\d\d\b",
    r"(?<![\d-])20[0-4]\d(?![\d-]| \d)",
    r"\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b",
    r"\b[A-Z]{2}\d{2} ?[A-Z]{3}\b",
    r"[\w.+-]{1,64}@[\w.-]{1,255}",
)
_CODE = (
    # Digits, also with spaces or hyphens between them.
    r"(?<![\w£./-])\d(?:[ -]?\d){3,9}(?!\w)",
    # Capitals and digits, also in groups.
    r"(?<![\w-])(?=[A-Z-]*\d)(?=[\d-]*[A-Z])[A-Z\d]{2,6}(?:-[A-Z\d]{2,6}){0,3}(?![\w-])",
    # A long one, of letters and digits of either case.
    r"(?<![\w-])(?=[A-Za-z_-]*\d)(?=[\d_-]*[A-Za-z])(?:[A-Za-z\d]{6,}|[\w-]{16,})(?![\w-])",
)
_KEPT_OR_CODE = re.compile(f"(?P<kept>{'|'.join(_NO_CODE)})|(?P<code>{'|'.join(_CODE)})")
#: Words that say which other word is the code; the Victims' Code is none.
_IS_THE_CODE = re.compile(
    r"(?<!ictims )(?<!ictims[’'] )\b(?i:code|passcode|password|pin)(?i: is\b:?|:| =)\s*"
    r"(?P<after>[\w-]{4,})(?![\w-])"
    r"|(?<![\w-])(?P<before>[\w-]{4,}) is your (?:[\w-]+ ){0,2}(?i:code|passcode|password|pin)\b"
)
_SPEAKS_OF_ONE = re.compile(r"\b(?:code|passcode|password|pin)\b", re.IGNORECASE)
_NEVER_A_CODE = frozenset(
    {"above", "being", "below", "correct", "expired", "from", "here", "needed", "only", "private"}
    | {"ready", "secret", "sent", "that", "this", "used", "valid", "what", "with", "wrong", "your"}
)
#: The mark of a link that no pattern knew, and that is one person's own.
_OWN_LINK = re.compile(rf"/{_LEFT_OUT}\S*/n\d{{5}}")
_GUID = r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
#: A part of an address of the doubles that is one of theirs, an id that they gave, or a crime's
#: number: all digits, and more than a code has.
_OF_THE_DOUBLES = re.compile(
    rf"v\d+(?:\.\d+)?|WhoAmI|oauth2|[a-z]{{0,20}}(?:[-_.][a-z]{{1,20}})*"
    rf"|\$?[a-z]{{0,20}}(?:[A-Z][a-z]+)*(?:\(\))?|[A-Z][a-z]+(?:_[A-Za-z][a-z]+)+"
    rf"|Microsoft\.Dynamics\.CRM\.\w+|[a-zA-Z_]+\([a-zA-Z_]+='(?:[a-z_]+|\d{{11,}})'\)"
    rf"|(?:[a-zA-Z_]+\()?{_GUID}\)?|\d{{11,}}|doubles-\d+"
)
_SEGMENT_CHARACTERS_MAX = 60


class StruckWords(MessageSecrets):
    """Reads messages by patterns, and strikes out also what these do not know."""

    def __init__(self, patterns: Patterns) -> None:
        super().__init__(patterns)
        self._key = secrets.token_bytes(32)
        #: The force's own references: no codes, and a link that has one tells whom it is about.
        self._references: set[str] = set()

    def know(self, reference: str) -> None:
        """Know a reference of the force's, which the evidence holds anyway."""
        if reference:
            self._references.add(reference)

    def as_evidence(self, message: Accepted) -> MessageAccepted:
        """Make the evidence of a message, without links and codes wherever it may have them."""
        made = super().as_evidence(message)
        return structs.replace(
            made,
            sender=self.struck_out(message.sender),
            reference=self.without_links(message.reference),
        )

    def struck_out(self, words: str) -> str:
        """Replace the links and codes in these words, those of the patterns first."""
        without_links = self.without_links(super().struck_out(words))
        sites = _SITE.findall(without_links)
        between = map(self._without_codes, _SITE.split(without_links))
        return "".join(chain.from_iterable(zip_longest(between, sites, fillvalue="")))

    def without_links(self, words: str) -> str:
        """Replace the path, query and fragment of every link."""
        return _LINK.sub(self._struck_link, words)

    def _struck_link(self, found: re.Match[str]) -> str:
        site, whole = _LOGIN.sub("", found["site"]), found["own"]
        own = whole.rstrip(_ENDS_SENTENCE)
        if own in _NOT_ITS_OWN:
            return f"{site}{whole}"
        return f"{site}/{_LEFT_OUT}{self._mark(site, own)}{whole[len(own) :]}"

    def _mark(self, site: str, own: str) -> str:
        """Mark a link by its form and, with a digit in it, by what is its own.

        The judge compares links of one form, and sees what is one's own by the digit.
        """
        form = _TOKEN.sub("*", own)
        told = [each[0] for each in TELLING_WORDS.finditer(own)]
        told += sorted(each for each in self._references if len(each) > 5 and each in own)
        words = "".join(f"/{each.replace(' ', '-')}" for each in dict.fromkeys(told))
        is_of_one = "" if form == own else f"/n{self._digits(f'{site} {own}')}"
        return f"{words}/{self._letters(f'{site} {form}')}{is_of_one}"

    def _letters(self, words: str) -> str:
        return "".join(chr(ord("a") + each % 26) for each in self._digest(words)[:4])

    def _digits(self, words: str) -> str:
        return "".join(str(each % 10) for each in self._digest(words)[:5])

    def _digest(self, words: str) -> bytes:
        return hmac.digest(self._key, words.encode(), sha256)

    def _without_codes(self, words: str) -> str:
        words = _KEPT_OR_CODE.sub(
            lambda found: found[0] if found["kept"] else self._dotted(found[0]), words
        )
        return _IS_THE_CODE.sub(self._named_code, words)

    def _named_code(self, found: re.Match[str]) -> str:
        code = found["after"] or found["before"]
        if code.lower() in _NEVER_A_CODE:
            return found[0]
        return found[0].replace(code, self._dotted(code))

    def _dotted(self, code: str) -> str:
        return code if code in self._references else "·" * len(code)


def has_unknown_link(message: MessageAccepted) -> bool:
    """Say whether a message in the evidence has a link of one person's own that no pattern knew."""
    return not message.carries and _OWN_LINK.search(f"{message.subject} {message.body}") is not None


def has_unknown_code(message: MessageAccepted) -> bool:
    """Say whether a message in the evidence speaks of a code, and has one that no pattern knew."""
    words = f"{message.subject} {message.body}"
    return not message.carries and "····" in words and _SPEAKS_OF_ONE.search(words) is not None


def struck_path(path: str) -> str:
    """Replace the parts of a requested path that are no address of the doubles, nor an id."""
    return "/".join(
        each
        if len(each) <= _SEGMENT_CHARACTERS_MAX and _OF_THE_DOUBLES.fullmatch(each)
        else _LEFT_OUT
        for each in path.split("/")
    )
