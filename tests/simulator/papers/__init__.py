"""Tests of the papers of a phase, with made-up runs."""
