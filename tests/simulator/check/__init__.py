"""Tests of the checks before anything is judged."""
