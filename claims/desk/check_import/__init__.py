"""The screens by which a desk takes over what it has in Meedan Check."""
