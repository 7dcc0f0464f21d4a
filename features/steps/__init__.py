"""What the sentences of the features mean, each file about one thing."""
