"""Routes under /api/v1/desk/, by which newsrooms send, change and submit drafts."""
