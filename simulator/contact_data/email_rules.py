"""Which texts are email addresses: as columns for millions, one by one for the odd few.

The same reading as the portal's, proved equal by a test.
"""

import re
from collections.abc import Mapping

from simulator.contact_data.database import listed, literal
from simulator.contact_data.name_rules import one_slip_apart

_ATOM = r"[\w!#$%&'*+/=?^`{|}~-]+"
_EMAIL = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@(?:[\w-]+\.)+[^\W\d_][\w-]+")
_PLAIN_ATOM = r"[a-z0-9_!#$%&'*+/=?^`{|}~-]+"
_PLAIN_EMAIL = rf"{_PLAIN_ATOM}(?:\.{_PLAIN_ATOM})*@(?:[a-z0-9_-]+\.)+[a-z][a-z0-9_-]+"
#: What is typed before the @ where a form insists on an address; its letters and digits alone.
NOBODYS = frozenset(
    {
        *("no", "none", "na", "unknown", "notknown", "noemail", "noemailaddress", "nomail", "tbc"),
        *("noreply", "donotreply", "refused", "declined", "notgiven", "test"),
    }
)


def as_email(written: str) -> str:
    """Give an email address in lower case, or "" where the text is none."""
    given = written.strip().lower()
    whose = "".join(each for each in given.partition("@")[0] if each.isalnum())
    return given if _EMAIL.fullmatch(given) and whose not in NOBODYS else ""


def sql_email(column: str) -> str:
    """Return SQL for the address that a plain text is; "" where it is none, or not ASCII."""
    whose = f"regexp_replace(split_part(lower({column}), '@', 1), '[^a-z0-9]', '', 'g')"
    return (
        f"CASE WHEN NOT contains({column}, '@') THEN '' "
        f"WHEN {whose} IN {listed(NOBODYS)} THEN '' "
        f"WHEN regexp_full_match(lower({column}), {literal(_PLAIN_EMAIL)}) THEN lower({column}) "
        "ELSE '' END"
    )


def sql_is_odd(column: str) -> str:
    """Return SQL that says whether a text may be an address in letters that SQL does not read."""
    return f"(contains({column}, '@') AND strlen({column}) > length({column}))"


def sql_letters(text: str) -> str:
    """Return SQL for the letters of a text, small and without accents."""
    return f"regexp_replace(strip_accents(lower({text})), '[^a-z]', '', 'g')"


def sql_spells(mailbox: str, given: str, family: str) -> str:
    """Return SQL that says whether a mailbox has the names, or one and an initial."""
    short = ", ".join(f"left({given}, {letters}) || {family}" for letters in (2, 3))
    right = ", ".join(_spellings(given, family))
    return f"{mailbox} IN ({right}, {given} || left({family}, 1), {short})"


def sql_is_letter_off(mailbox: str, given: str, family: str) -> str:
    """Return SQL that says whether a mailbox, or a word of it, is the names but for one letter.

    Short words are near too many others.
    """
    words = f"list_append(regexp_split_to_array({mailbox}, '[^a-z]+'), {sql_letters(mailbox)})"
    near = " OR ".join(
        f"(length({spelt}) > 4 AND damerau_levenshtein(word, {spelt}) = 1)"
        for spelt in _spellings(given, family)
    )
    return (
        f"(NOT {sql_spells(sql_letters(mailbox), given, family)} AND len(list_filter({words}, "
        f"lambda word: length(word) > 3 AND NOT {sql_spells('word', given, family)} "
        f"AND ({near}))) > 0)"
    )


def _spellings(given: str, family: str) -> tuple[str, ...]:
    initial = f"left({given}, 1)"
    return (
        given, family, f"{given} || {family}", f"{family} || {given}",
        f"{initial} || {family}", f"{family} || {initial}",
    )  # fmt: skip


#: Providers in wide use in the UK: their domains are known before an extract is counted.
PROVIDERS = frozenset(
    {
        *("gmail.com", "googlemail.com", "hotmail.com", "hotmail.co.uk", "outlook.com", "live.com"),
        *("live.co.uk", "msn.com", "yahoo.com", "yahoo.co.uk", "ymail.com", "icloud.com", "me.com"),
        *("mac.com", "aol.com", "aol.co.uk", "btinternet.com", "sky.com", "virginmedia.com"),
        *("ntlworld.com", "talktalk.net", "protonmail.com", "proton.me", "mail.com"),
        *("example.com", "example.net", "example.org"),
    }
)
#: Top-level domains that RFC 2606 and RFC 6761 keep from ever being delivered to.
_NEVER_DELIVERED = (".invalid", ".localhost", ".local")
_TIMES_AS_FREQUENT = 40
_FREQUENT_FROM = 20
#: A provider counts as if the extract had so many addresses of it, however small the extract is.
_PROVIDERS_COUNT = 400
_ENDINGS = ("com", "co.uk", "net", "org", "example", "org.uk", "uk")


class DomainBook:
    """The domains of an extract, with how many addresses each has."""

    def __init__(self, counts: Mapping[str, int]) -> None:
        self._counts = counts
        frequent = {each for each, count in counts.items() if count >= _FREQUENT_FROM}
        self.known = frozenset(frequent | PROVIDERS)

    def read(self, domain: str) -> tuple[str, str]:
        """Say what is wrong with a domain: "" or a kind of finding, and what it may have been."""
        if domain.endswith(_NEVER_DELIVERED):
            return "domain_dead", ""
        if domain in PROVIDERS:
            return "", ""
        count = self._counts.get(domain, 0)
        near = [each for each in self.known if self._is_slip_of(domain, each)]
        best = max(near, key=lambda each: self._counts.get(each, 0), default="")
        usual = _PROVIDERS_COUNT if best in PROVIDERS else 0
        is_rare = count * _TIMES_AS_FREQUENT <= max(self._counts.get(best, 0), usual)
        if not best or not is_rare:
            return "", ""
        # Where two domains are as near, nobody knows which was meant; a digit before a domain may
        # belong to the mailbox.
        return "domain_misspelt", best if len(near) == 1 and not domain[0].isdigit() else ""

    def at_missing(self, written: str) -> str:
        """Put the @ back before a known domain; "" where none ends the text."""
        small = written.lower()
        ends = [each for each in self.known if small.endswith(each) and len(small) > len(each)]
        if "@" in written or not ends:
            return ""
        domain = max(ends, key=len)
        return as_email(f"{small[: -len(domain)].rstrip('.')}@{domain}")

    @staticmethod
    def _is_slip_of(domain: str, known: str) -> bool:
        """One slip in all, or in the name alone with another ending."""
        if one_slip_apart(domain, known):
            # Another ending is another domain: yahoo.co.uk is not a slip of yahoo.com.
            return True
        name, _dot, ending = domain.partition(".")
        its_name, _dot, _its_ending = known.partition(".")
        return ending in _ENDINGS and len(its_name) > 4 and one_slip_apart(name, its_name)
