"""Misspell a name or an address: pure functions of strings.

Used by recorded. `how` is a whole number of 0 or more, drawn once for the row, which decides every
choice. The result always differs from the input.
"""

from collections.abc import Sequence
from typing import Literal, TypeAlias

Slip: TypeAlias = Literal["insert", "delete", "substitute", "transpose"]
SLIPS: tuple[Slip, ...] = ("insert", "delete", "substitute", "transpose")

# Each key of the keyboard, then the keys beside it.
_KEYS = """
q/wa w/qes e/wrd r/etf t/ryg y/tuh u/yij i/uok o/ipl p/ol a/qsz s/awdx d/sefc f/drgv g/fthb h/gyjn
j/hukm k/jil l/kop z/asx x/zsdc c/xdfv v/cfgb b/vghn n/bhjm m/njk
"""
_NEIGHBOURS = dict(pair.split("/") for pair in _KEYS.split())

# Each given name, then its nickname or other spelling.
_FORMS = """
Abigail/Abi Alexander/Alex Alexandra/Alex Alison/Allison Amanda/Mandy Andrew/Andy Ann/Anne
Anne/Ann Anthony/Tony Barbara/Barb Ben/Benjamin Benjamin/Ben Beth/Bethany Bethany/Beth
Carol/Carole Carole/Carol Catherine/Cath Charles/Charlie Christine/Chris Christopher/Chris
Claire/Clare Clare/Claire Conor/Connor Connor/Conor Daniel/Dan David/Dave Deborah/Debbie
Debra/Deborah Denis/Dennis Dennis/Denis Edward/Ted Eleanor/Ellie Elizabeth/Liz Elliot/Elliott
Francesca/Fran Frederick/Fred Gary/Garry Geoffrey/Geoff Georgina/Georgie Gillian/Jill Glen/Glenn
Gregory/Greg Hannah/Hanna Harry/Harold Helen/Ellen Ian/Iain Iain/Ian Jacqueline/Jackie James/Jim
Jennifer/Jenny Jessica/Jess Joanna/Jo Joanne/Jo John/Jon Jonathan/Jon Joseph/Joe Joshua/Josh
Katherine/Kate Kathleen/Kath Kathryn/Katharine Katie/Katy Kenneth/Ken Lawrence/Laurence Lynn/Lynne
Lynne/Lynn Margaret/Maggie Marc/Mark Mark/Marc Matthew/Matt Michael/Mike Mohammed/Muhammad
Nicholas/Nick Nicola/Nicky Patricia/Pat Patrick/Paddy Pamela/Pam Peter/Pete Philip/Phillip
Phillip/Philip Rachel/Rachael Rachael/Rachel Raymond/Ray Rebecca/Becky Richard/Rick Robert/Bob
Sam/Samuel Samantha/Sam Samuel/Sam Sara/Sarah Sarah/Sara Sean/Shaun Shaun/Sean Stephen/Steven
Steven/Stephen Stewart/Stuart Stuart/Stewart Susan/Sue Suzanne/Sue Teresa/Theresa Terence/Terry
Thomas/Tom Timothy/Tim Tom/Thomas Tony/Anthony Tracey/Tracy Tracy/Tracey Victoria/Vicky
William/Bill
"""
_OTHER_FORMS = dict(pair.split("/") for pair in _FORMS.split())


def misspell(word: str, slip: Slip, how: int) -> str:
    """Make one typing mistake among the letters of `word`.

    A mistake that would change nothing, such as swapping two equal letters, is a substitution.
    """
    small = word.lower() if word.isascii() else "".join(map(_small, word))
    letters: Sequence[int] = (
        range(len(word))
        if small.isascii() and small.isalpha()
        else [i for i, letter in enumerate(small) if letter in _NEIGHBOURS]
    )
    if not letters:
        return f"x{word}"
    if slip == "transpose":
        pairs = [i for i in letters if i + 1 in letters and small[i] != small[i + 1]]
        if pairs:
            i = pairs[how % len(pairs)]
            swapped = _in_case_of(word[i], word[i + 1]) + _in_case_of(word[i + 1], word[i])
            return word[:i] + swapped + word[i + 2 :]
    how, choice = divmod(how, len(letters))
    i = letters[choice]
    if slip == "delete" and len(letters) > 1:
        return word[:i] + word[i + 1 :]
    beside = _NEIGHBOURS[small[i]]
    typed = beside[how % len(beside)]
    if slip == "insert":
        return word[: i + 1] + typed + word[i + 1 :]
    return word[:i] + _in_case_of(word[i], typed) + word[i + 1 :]


def _small(letter: str) -> str:
    """Write a small letter; a letter that would become two stays."""
    small = letter.lower()
    return small if len(small) == 1 else letter


def other_form(given_name: str, how: int) -> str:
    """Return a name's nickname or other spelling, or a typing mistake if none is known."""
    return _OTHER_FORMS.get(given_name) or misspell(given_name, "substitute", how)


def has_other_form(given_name: str) -> bool:
    """Say whether a nickname or another spelling of a name is known."""
    return given_name in _OTHER_FORMS


def misspell_address(address: str, how: int) -> str:
    """Make a typing mistake before the @, so that the domain stays a reserved one."""
    local, at, domain = address.partition("@")
    how, slip = divmod(how, len(SLIPS))
    return f"{misspell(local, SLIPS[slip], how)}{at}{domain}"


def _in_case_of(model: str, letter: str) -> str:
    return letter.upper() if model.isupper() else letter.lower()
