"""What the portal says: message templates, page words in each language, and advice."""
