"""Tests of the features: their guards, their requirements, and what becomes of a scenario."""
