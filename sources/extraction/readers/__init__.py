"""Text extraction from formats other than HTML: PDF, Word, XML and feeds, JSON, gzip."""
