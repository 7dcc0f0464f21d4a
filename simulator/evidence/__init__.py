"""The one log of what was true and what happened: its records, its files, and it in words."""
