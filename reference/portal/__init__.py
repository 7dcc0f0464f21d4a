"""One portal that meets the contract, small enough to read in an afternoon."""
