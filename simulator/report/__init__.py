"""Everything people and machines read of a run, from the values in `simulator.results.values`.

`terminal` for whoever ran it, `html` for whoever decides on it, `junit` for a build server. What
two of them say is worked out once: decisions, period_tables, shortfalls, harms.
"""
