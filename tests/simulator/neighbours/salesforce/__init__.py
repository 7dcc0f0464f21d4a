"""Tests of the double of Salesforce Core."""
