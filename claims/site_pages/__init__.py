"""The pages that the desk writes about itself, of which one person submits each version and another approves it."""
