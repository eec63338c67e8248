"""The matcher: one process that holds the index of the published claims and answers over a unix socket."""
