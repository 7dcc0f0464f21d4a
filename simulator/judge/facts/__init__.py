"""What is known of a run: cases, people, addresses, choices, outages, what is owed, what came."""
