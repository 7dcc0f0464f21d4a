"""The rehearsal: a phased rollout for a whole population, driving a real portal in virtual time.

Only this package knows the order of the stages; the stages do not know each other.
"""
