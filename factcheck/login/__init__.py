"""Logging in: one-time links that let people set a password, and the first administrator's way in."""
