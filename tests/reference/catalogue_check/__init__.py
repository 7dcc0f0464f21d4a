"""Tests of reference/catalogue_check."""
