"""Words that tell what was done to a victim or what the force does about it, in all their forms.

They add to the order's, which are whole words: "burgled" tells as much as "burglary". They are the
offences that an order may name and the steps of a case, and no portal's own words.
"""

import re

_OFFENCES = (
    r"abus(?:e|ed|er|ers|es|ing|ive)",
    r"assault\w*",
    r"attack(?:ed|er|ers|ing)",
    r"bicycles?|bikes?",
    r"break-?ins?|br(?:oke|oken) into",
    r"burgl\w+",
    r"damag(?:e|ed|ing)",
    r"harass\w*",
    r"kni(?:fe|ves)|stabb(?:ed|ing)|weapons?",
    r"offen(?:ce|ces|der|ders)",
    r"rap(?:e|ed|es|ist|ists)",
    r"robb(?:ed|er|ers|ery|eries|ing)",
    r"sexual(?:ly)?",
    r"stalk(?:ed|er|ers|ing)",
    r"st(?:eal|eals|ealing|ole|olen)",
    r"thefts?|thie(?:f|ves|ving)",
    r"threaten\w*",
    r"violen\w+",
)
_STEPS = (
    r"been to see|came to see|visited",
    r"cctv|fingerprints?|forensics?",
    r"custody|on bail",
    r"detectives?",
    r"investigat\w+",
    r"prosecut\w+|(?:in|to) court|court (?:case|date|hearing)",
)
TELLING_WORDS = re.compile(rf"\b(?:{'|'.join(_OFFENCES + _STEPS)})\b", re.IGNORECASE)
#: A place, as a text or a subject names it; an email may end with the force's own address.
STREET = re.compile(r"\b[A-Z]\w+ (?:Avenue|Lane|Road|Street)\b")
