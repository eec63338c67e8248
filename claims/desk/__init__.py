"""Screens of editors that are more than the page of one row."""
