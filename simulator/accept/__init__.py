"""The acceptance of a portal in a phase: run the features, judge the requirements, apply gaps."""
