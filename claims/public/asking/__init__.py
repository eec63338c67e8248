"""The form by which readers ask whether something has been checked, and ask the desk to."""
