"""The leg by meaning: two sentence encoders, a store of vectors, and an exact scan of it."""
