"""Admin pages of sources, pages, snapshots, feeds, archive copies and integrity checks; `base` serves all apps."""

from sources.admin import archives, feeds, integrity_checks, pages, publishers, readonly

__all__ = ["archives", "feeds", "integrity_checks", "pages", "publishers", "readonly"]
