"""Writing by API: drafts that a newsroom sends in, under /api/v1/desk/."""
