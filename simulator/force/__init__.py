"""What happens to each crime: figures, offences and outcomes, journeys, and working hours."""
