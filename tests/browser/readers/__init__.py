"""Readers, and those about whom a verdict is, in Chromium."""
