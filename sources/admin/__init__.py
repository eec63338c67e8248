"""The desk's pages of sources. `desk` holds what every page of the desk shares, those of other apps too."""

from sources.admin import archives, feeds, pages, publishers, scrubs

__all__ = ["archives", "feeds", "pages", "publishers", "scrubs"]
