"""The reference portal to try by hand: doubles around it on loopback, a person at the keys."""
