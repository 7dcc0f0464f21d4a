"""How each kind of record changes the facts in the case book."""
