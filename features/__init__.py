"""The acceptance features: what every portal must do, in the force's words."""
