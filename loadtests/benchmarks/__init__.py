"""Benchmarks: each measures ours and a bare part in one run, and prints their ratio."""
