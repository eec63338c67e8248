"""Words by which a sentence says something else though little of it changed: negations, quantities, modality."""
