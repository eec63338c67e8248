"""Admin pages of sources, pages, snapshots, feeds, archive copies and integrity checks; `base` serves all apps."""

from sources.admin import archives, feeds, pages, publishers, scrubs

__all__ = ["archives", "feeds", "pages", "publishers", "scrubs"]
