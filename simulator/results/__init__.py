"""What a run found, as plain values, and the folder that it is written to."""
