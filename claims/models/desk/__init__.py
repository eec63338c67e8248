"""Rows of the editors' work: comments, assignments, timers, letters to sources. None of them is ever in a body."""
