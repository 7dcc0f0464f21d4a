"""Reports of a run, for people and machines, from the values in `simulator.results.values`.

`terminal` is for the person who ran it, `html` for the person who decides on it, `junit` for a
build server. What two of them say is worked out once: decisions, period_tables, shortfalls, harms.
"""
