"""Synthetic victims, and what the force wrote down of them: the truth and the faults."""
