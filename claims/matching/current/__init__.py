"""Claims that the matcher named, as whoever asks may see them now: the index may be seconds behind the log."""
