"""What people write in stories: in several scripts and line endings, short and long.

Plain data; drawing picks from it, and the table of edges counts what was met.
"""

import re
import unicodedata
from random import Random

from reference.contract.messages import QUESTION_CHARACTERS_MAX
from simulator.judge.text.danger_sentences import danger_sentences

#: Texts back to the force's number: those that end texts, those that do not, and those in doubt.
#: Texts that say STOP by the contract, each written another way.
STOPS = (
    "STOP", "stop", " Stop.", "Stop texting me", '"STOP"!', "STOPALL", "Unsubscribe", "opt out",
    "Opt-out", "ＳＴＯＰ", "stop\n",
)  # fmt: skip
TEXTS_BACK = (
    *STOPS, "END", "Quit", "cancel",
    "START", "Thanks", "ok", "Who is this?", "Please do not stop", "I cannot stop crying", "👍",
    "non-stop trouble here", "The bus stop on Kiln Lane",
)  # fmt: skip

#: Where gateways, pages and databases change their mind about a text: one or more texts, the limit.
LENGTHS = (
    1, 159, 160, 161, 255, 256, 306, 307, 612, 918, 1000,
    QUESTION_CHARACTERS_MAX - 1, QUESTION_CHARACTERS_MAX, QUESTION_CHARACTERS_MAX + 1,
)  # fmt: skip
REPLY_LENGTHS = (1, 160, 161, 918, 2000, 2001, 3999, 4000)

QUESTIONS = (
    "Is there any news?",
    "Has anybody looked at the cameras?",
    "I’ve found the receipt — £45.99.\n\nWhere shall I send it?",
    "A oes unrhyw newyddion? Tŷ fy mam",
    "हाँ, क्या कोई खबर है?",
    "هل هناك أخبار؟",
    "👋 Any news? 🚲",
    "<b>Hello</b> & \"goodbye\" 'quoted'; DROP TABLE crime; --",
    "Two lines\r\nwith Windows ends",
    "One line\nand another\n\nand a last",
    "Tab\there",
    "STOP",
    "Room 2½, flat №5, ﬁrst ﬂoor… 20 °C, ™ and ², Ⅳ",
    # A few that a portal must tell apart: danger, and nothing but the case.
    *(each.replace("dont", "don’t") for each in danger_sentences().certain[::5]),
    *danger_sentences().harmless[::4],
)
#: What pages, databases and gateways like to put in another form: letters and their accents in two
#: characters or in one, signs that are alike, blanks at either end, and as many characters as are
#: taken, in many lines.
PUT_IN_ANOTHER_FORM = (
    "I was at the cafe\u0301 on Zoe\u0308 Row",
    "\u0110i\u0323a chi\u0309 mo\u031b\u0301i",
    "3 \u212b, 5 \u2126 and 10 \u212a",
    "\u1112\u1161\u11ab\u1100\u1173\u11af",
    "\u0958\u0932\u092e",
    "  two blanks before, two after  ",
    "\n\na line before, one after\n",
    "no\u00a0break, thin\u2009space, zero\u200bwidth",
    ("Here is one more line. 🚲\n" * 100)[:QUESTION_CHARACTERS_MAX],
    "\n".join("ab" * 3 for _line in range(QUESTION_CHARACTERS_MAX // 7)),
)
REPLIES = (
    "Thank you. We are looking at the footage and I will tell you what we find.",
    "Yes.",
    "I have linked the two reports.\nI will ring you on Tuesday between ten and twelve o’clock.",
    "Line one\r\nline two — with £ and é\n\n• a point",
    "Diolch. Byddaf yn eich ffonio yfory. 🙂",
    '<p>Use the form</p> & tell us "when".',
    "आपका धन्यवाद।",
    # What waits until the officer has checked it.
    "The shop is on 01632 960456; ask for the manager.",
    "The van was AB12 CDE, seen near RG1 9ZZ.",
)
_FILLING = "Please bring what you have to the front desk and ask for me by name. "
#: How a text is called of which most letters have more than one byte, and what fills texts.
WIDE = "most letters of several bytes"
_FILLINGS = (
    _FILLING,
    _FILLING,
    "कृपया मुझे बताइए कि अब आगे क्या होगा। ",
    "أرجو أن تخبروني بما سيحدث بعد ذلك. ",
    "请告诉我接下来会怎样。",
    "🚲🔒🏠🌳☎️ ",
)

#: What the force writes for itself.
NOTES = (
    "CCTV shows the neighbour at number 12; do not disclose",
    "Suspect nominal linked to two earlier occurrences in the same street; do not disclose.",
    "Neighbour at number nine saw a grey van, partial index on the log, arrest planned Friday.",
)

WRITING = (
    "Windows line ends", "Unix line ends", "a tab", "markup", "an emoji", "another script",
    "an accent or sign",
)  # fmt: skip


def of_length(count: int, draw: Random) -> str:
    """Write exactly so many characters, in one script of several."""
    filling = draw.choice(_FILLINGS)
    return (filling * (count // len(filling) + 1))[:count].rstrip().ljust(count, ".")


def is_wide(text: str) -> bool:
    """Say whether most characters of a text have more than one byte in UTF-8."""
    return 2 * sum(each > "\x7f" for each in text) > len(text)


def kinds_of_writing(text: str) -> list[str]:
    """Name what is particular about a text, as in `WRITING`."""
    letters = [each for each in text if ord(each) > 127]
    names = [unicodedata.name(each, "") for each in letters]
    is_so = {
        "Windows line ends": "\r\n" in text,
        "Unix line ends": bool(re.search(r"(?<!\r)\n", text)),
        "a tab": "\t" in text,
        "markup": bool(re.search(r"[<&]", text)),
        "an emoji": any(unicodedata.category(each) == "So" for each in letters),
        "another script": any(re.match(r"ARABIC|DEVANAGARI|CYRILLIC|CJK", each) for each in names),
        "an accent or sign": any(
            each.startswith("LATIN") or each == "POUND SIGN" for each in names
        ),
    }
    return [kind for kind in WRITING if is_so[kind]]
