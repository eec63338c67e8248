"""The whole audit of an installation: its command, the daily run, and what health and desk say of it."""
