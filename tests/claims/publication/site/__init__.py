"""The site's own log."""
