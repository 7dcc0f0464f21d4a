"""Binds every feature file in this folder."""
