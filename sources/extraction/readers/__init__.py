"""Formats other than HTML, from bytes to `Reading`: PDF, office documents, XML and feeds, JSON."""
