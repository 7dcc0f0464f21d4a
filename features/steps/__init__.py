"""What the sentences of the features mean, by whose part they are."""
