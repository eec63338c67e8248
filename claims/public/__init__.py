"""Pages for readers. They read the publication log alone, and send neither cookies nor scripts."""
