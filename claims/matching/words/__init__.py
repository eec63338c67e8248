"""The leg that finds candidates by words, on tantivy, and ranked search over the same index."""
