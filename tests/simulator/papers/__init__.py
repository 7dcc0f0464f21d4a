"""The papers of a phase, from runs that were never played."""
