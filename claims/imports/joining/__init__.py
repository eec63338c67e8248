"""Claims that say the same in the same words: which of them imported reviews join."""
