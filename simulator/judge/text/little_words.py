"""The little words of any sentence: they name no person, and to repeat them quotes nothing."""

_WORDS = """
a am an and are as at be but by can do for from had has have he her his how i if in is it me my
no not of on or our she so than that the their them there they this to up us was we were what
when who will with you your
"""
LITTLE_WORDS = frozenset(_WORDS.split())
#: Words with which a portal's sentences begin, and which are also names of people or places.
BEGIN_SENTENCES = (
    "bill|call|case|close|grant|hope|long|mark|may|new|page|park|read|reading|short|will"
)
