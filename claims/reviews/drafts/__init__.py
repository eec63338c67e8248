"""What becomes of drafts beside their workflow: kept when they are discarded, and restored."""
