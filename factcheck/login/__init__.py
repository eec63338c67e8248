"""Logging in: passwords and lock-out, second factor, sessions, single sign-on, one-time links, the log of log-ins."""
