"""What the case book holds: crimes, people, addresses, wishes, outages, and what is owed.

Facts hold no verdict: the rules decide what is harm.
"""
