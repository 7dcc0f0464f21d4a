"""Tests of the judge: for every harm, evidence that has it, and nearly the same that has not."""
