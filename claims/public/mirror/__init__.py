"""Readers' pages as files, for a mirror where the site is blocked: `manage.py export_site` (docs/readers.md)."""
