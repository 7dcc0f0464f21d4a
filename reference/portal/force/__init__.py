"""What the portal gives back to the crime system: tasks and stamps."""
