"""What people write in stories: in several scripts and line endings, short and long.

Plain data; drawing picks from it.
"""

from reference.contract.messages import QUESTION_CHARACTERS_MAX

#: Texts back to the force's number: those that end texts, those that do not, and those in doubt.
TEXTS_BACK = (
    "STOP", "stop", " Stop.", "Stop texting me", "STOPALL", "Unsubscribe", "opt out", "ＳＴＯＰ",
    "START", "Thanks", "ok", "Who is this?", "Please do not stop", "I cannot stop crying", "👍",
)  # fmt: skip

QUESTIONS = (
    "Is there any news?",
    "Has anybody looked at the cameras?",
    "I’ve found the receipt — £45.99.\n\nWhere shall I send it?",
    "A oes unrhyw newyddion? 👋 हाँ مرحبا",
    "<b>Hello</b> & \"goodbye\" 'quoted'; DROP TABLE crime; --",
    "Two lines\r\nwith Windows ends",
    "x",
    "?" * QUESTION_CHARACTERS_MAX,
)

REPLIES = (
    "Thank you. We are looking at the footage and I will tell you what we find.",
    "Yes.",
    "I have linked the two reports.\nI will ring you on Tuesday between ten and twelve o’clock.",
    "Line one\r\nline two — with £ and é\n\n• a point",
    "Please bring the receipt to the front desk. " * 80 + "Thank you.",
    "Diolch. Byddaf yn eich ffonio yfory. 🙂",
)

#: What the force writes for itself.
NOTES = (
    "Suspect nominal linked to two earlier occurrences in the same street; do not disclose.",
    "Neighbour at number nine saw a grey van, partial index on the log, arrest planned Friday.",
)
