"""A double of Salesforce Core, as the forces of the practice note have it, with Knowledge on it."""
