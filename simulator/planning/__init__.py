"""What-ifs for planning: a year of two forces without a portal in the loop, many times over.

A model of the portal sends what the real one would, to the same victims at the same seconds.
"""
