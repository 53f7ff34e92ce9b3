"""Finding the lines that a block means: exact first, then by ever looser tiers."""
