"""Synthetic victims: the truth about them, and what the force wrote down, with its faults."""
