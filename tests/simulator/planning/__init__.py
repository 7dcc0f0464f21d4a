"""Tests of planning, a file for each module, on years of a few weeks."""
