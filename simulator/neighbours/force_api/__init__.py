"""The force's own API over its records: an interface of ours, for a force whose system has none."""
