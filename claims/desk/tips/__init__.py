"""Screens of groups of tips: what is known about the question, its answer, and groups to merge."""
