"""The address in a tip, as an editor may follow it."""

from django.utils.safestring import SafeString

from claims.models import Tip
from sources.admin.base import outside_link
from sources.http.addresses import AddressRefused, UrlRefused, target
from sources.reordered import shown

_INSIDE = (".local", ".localhost", ".internal", ".intranet", ".lan", ".home", ".corp", ".home.arpa")


def link_of(tip: Tip) -> SafeString | str:
    """The address, as a link if its host can be public: no stranger makes an editor's browser call one in the house."""
    if not tip.url:
        return ""
    try:
        host = target(tip.url).host
    except (UrlRefused, AddressRefused):
        return shown(tip.url)
    inside = ":" not in host and (("." not in host) or host.endswith(_INSIDE))
    return shown(tip.url) if inside else outside_link(tip.url)
