"""Tests of simulator/contact_centre."""
