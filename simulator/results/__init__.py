"""The results of a run as plain values, and the folder they are written to."""
