"""Read the log as streams of events: the latest ones for feeds for people."""
