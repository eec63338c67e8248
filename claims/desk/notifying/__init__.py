"""Notices, on the desk and outside it."""
