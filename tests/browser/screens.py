"""The desk's screens by name, with what has to be filled into their addresses; and the sizes in which they are seen."""

from typing import Any

SCREENS = {
    "today": "/admin/",
    "inbox": "/admin/inbox/",
    "documents": "/admin/documents/",
    "document": "/admin/documents/{document}/",
    "claims": "/admin/claims/",
    "claim": "/admin/claims/{claim}/",
    "new claim": "/admin/claims/new/",
    "history": "/admin/claims/{claim}/history/",
    "re-checks": "/admin/rechecks/",
    "re-check": "/admin/rechecks/{recheck}/",
    "sources": "/admin/sources/",
    "speakers": "/admin/speakers/",
    "record": "/admin/record/",
    "complaints": "/admin/record/complaints/",
    "complaint": "/admin/record/complaints/{complaint}/",
    "settings": "/admin/settings/",
    "pages of the site": "/admin/settings/pages/",
    "page of the site": "/admin/settings/pages/method/",
    "your settings": "/admin/me/",
    "help": "/admin/help/",
}
LISTS = ("inbox", "documents", "claims", "re-checks", "sources", "speakers", "record", "complaints")
WIDE = {"viewport": {"width": 1440, "height": 900}}
SIZES: dict[str, dict[str, Any]] = {
    "light": {**WIDE, "color_scheme": "light"},
    "dark": {**WIDE, "color_scheme": "dark"},
    "390": {"viewport": {"width": 390, "height": 844}, "color_scheme": "light"},
}


def addresses(numbers: dict[str, int]) -> dict[str, str]:
    """The screens that can be opened with these numbers of rows."""
    found = {}
    for name, address in SCREENS.items():
        wanted = [each.partition("}")[0] for each in address.split("{")[1:]]
        if all(each in numbers for each in wanted):
            found[name] = address.format(**numbers)
    return found
