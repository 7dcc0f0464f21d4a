"""Who should have heard what, and what arrived where: a pure fold over the evidence.

Written from the order and the requirements, never from a portal's code.
"""
