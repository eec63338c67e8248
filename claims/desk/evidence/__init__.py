"""Evidence: cards, attaching, files, saved pages."""
