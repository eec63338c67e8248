"""The list of claims, and what all lists share."""
