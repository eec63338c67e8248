"""Passages: where on its page each watched quote stands, how it is read anew, and which passages are watched now."""
