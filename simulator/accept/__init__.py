"""The acceptance of a portal in a phase: run the features, roll them up, apply known gaps."""
