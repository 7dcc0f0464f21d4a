"""Binds every feature file in this folder, so that none is left out."""

from pytest_bdd import scenarios

scenarios(".")
