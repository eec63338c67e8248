"""Find the published claims that a text is about: candidates by words and by meaning, ranked, and what differs."""
