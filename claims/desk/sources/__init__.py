"""Pages that are watched, and what changed on them."""
