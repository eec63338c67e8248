"""Complaints: received with a number, listed without a name or a word in the register, answered by an editor."""
