"""Reads the files that a tester gives: relative paths, and TOML checked field by field."""
