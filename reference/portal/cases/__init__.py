"""What happens to a crime, and what its victim reads of it."""
