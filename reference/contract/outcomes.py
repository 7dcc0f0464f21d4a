"""Home Office outcome codes, and what each one means for the victim's case.

Source: Home Office crime outcomes framework, short names as published in open data for the year
to March 2025. An outcome is not a closure: a charged case is live with the court.
"""

from types import MappingProxyType

CHARGED = 1
NOBODY_IDENTIFIED = 18

OUTCOMES = MappingProxyType(
    {
        1: "Charged or summonsed",
        2: "Caution (youths)",
        3: "Caution (adults)",
        4: "Taken into consideration",
        5: "Offender died",
        6: "Penalty notice for disorder",
        7: "Cannabis or khat warning",
        8: "Community resolution",
        9: "Not in the public interest (CPS)",
        10: "Not in the public interest (police)",
        11: "Prosecution prevented: suspect under age",
        12: "Prosecution prevented: suspect too ill",
        13: "Prosecution prevented: victim or key witness dead or too ill",
        14: "Evidential difficulties: suspect not identified, victim does not support",
        15: "Evidential difficulties: suspect identified, victim supports",
        16: "Evidential difficulties: suspect identified, victim does not support",
        17: "Prosecution time limit expired",
        18: "Investigation complete: no suspect identified",
        20: "Further investigation transferred to another body",
        21: "Further investigation not in the public interest (police)",
        22: "Diversionary, educational or intervention activity",
    }
)
