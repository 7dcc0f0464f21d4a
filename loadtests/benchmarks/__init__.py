"""Benchmarks: each measures our part and a minimal one in the same run, and prints the ratio."""
