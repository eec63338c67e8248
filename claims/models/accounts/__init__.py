"""The log of accounts, and the triggers that write it."""
