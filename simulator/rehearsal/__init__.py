"""The main job: a phased rollout on a whole population, driving a real portal in virtual time.

The only part that knows the order of the stages; the stages do not know each other.
"""
