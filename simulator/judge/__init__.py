"""Who should have been told what, and what arrived where: a pure fold over the evidence.

Written from the order and the requirements, never from a portal's code. `entries` writes each
record of the evidence into the case book, `facts` is what stands in it, and `rules` read it and
find harm. docs/judge_rules.md tells how to add a rule.
"""
