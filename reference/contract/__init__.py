"""What every portal must meet: one vocabulary, imported by everything and importing nothing."""
