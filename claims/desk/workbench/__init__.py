"""The claim's one page."""
