"""The evidence pack: made, checked, and tampered with."""
