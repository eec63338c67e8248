"""Who speaks: whom the source of an attribution names or means, and the speaker row it belongs to."""
