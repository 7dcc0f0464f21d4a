"""The one log of what was true and what happened, its files, and how it is retold."""
