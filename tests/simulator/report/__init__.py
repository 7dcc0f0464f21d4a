"""What a run found, as people and machines read it."""
