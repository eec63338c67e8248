"""Readers' pages of what went wrong: reporting an error, its private page, corrections and the register."""
