"""The page of corrections and complaints, which writes itself from the logs, and the feed of corrections."""

import re
from datetime import UTC, datetime
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as __

from claims.formats.atom_and_jsonfeed import ATOM, Entry, atom
from claims.public import wording
from claims.public.bodies import first_year
from claims.public.complaints.changes import SHOWN, Change, changes, figures
from claims.public.complaints.register import register
from claims.public.page import address, base_of, finished, page, readers_page, site
from claims.publication.log_reader import CHANGES

LABELS = {
    "corrected": __("Corrections"),
    "clarified": __("Clarifications"),
    "updated": __("Updates"),
    "withdrawn": __("Withdrawals"),
}
_IN_FEED = 50
_NUMBER = re.compile("[1-9][0-9]{0,17}")


@readers_page
def corrections(request: HttpRequest) -> HttpResponse:
    """What we changed, and the register of complaints. Kind, year and the places of both lists are in the address."""
    kind = request.GET.get("kind", "")
    kinds = (kind,) if kind in LABELS else CHANGES
    now = datetime.now(UTC).year
    years = list(range(now, min(first_year() or now, now) - 1, -1))
    year = next((each for each in years if str(each) == request.GET.get("year")), None)
    before, listed = (_place(request, name) for name in ("before", "listed"))
    found = changes(kinds, year=year, before=before, limit=SHOWN + 1)
    context = {
        "changes": found[:SHOWN],
        "figures": figures(year or now),
        "kinds": LABELS.items(),
        "kind": kind if kind in LABELS else "",
        "years": years,
        "year": year,
        "is_later_page": before is not None,
        "older": _address(kind, year, before=found[SHOWN - 1].sequence) if len(found) > SHOWN else "",
        "register": (listing := register(year, listed)),
        "more_complaints": _address(kind, year, listed=listing.more) + "#complaints" if listing.more else "",
        "feed": reverse("readers:corrections_feed"),
        "is_mirror": getattr(request, "is_mirror", False),
        "verify_command": _verify_command(request),
    }
    return page(request, "readers/complaints/corrections.html", context, title=_("Corrections and complaints"))


@readers_page
def feed(request: HttpRequest) -> HttpResponse:
    """The newest changes as Atom."""
    found = changes(CHANGES, year=None, before=None, limit=_IN_FEED)
    base = base_of(request)
    body = atom(
        [_entry(each, base) for each in found],
        title=f"{site(request)['name']}: {_('Corrections')}",
        base=base,
        path=reverse("readers:corrections_feed"),
        is_open=False,
    )
    return finished(body, f"{ATOM}; charset=utf-8")


def _verify_command(request: HttpRequest) -> str:
    if getattr(request, "is_mirror", False):  # which has the same as files
        return (
            "python proof/verify_register.py --key KEY --checkpoint proof/checkpoint.txt --log proof/site-log.ndjson.gz"
        )
    log = address(request, "proof_site_log")
    return f"python verify_register.py --key KEY --checkpoint {log} --log {log}"


def _entry(change: Change, base: str) -> Entry:
    said = [change.note, f"{change.before} → {change.after}" if change.before and change.after else "", change.standing]
    return Entry(
        id=f"urn:factcheck:{change.id}",
        url=base + reverse("readers:changes", args=[change.claim, change.sequence]),
        title=f"{change.label}: {change.text}" if change.text else wording.event("redacted"),
        text="\n\n".join(filter(None, said)) or change.label,
        at=change.at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0),
        authors=((change.organisation, None),) if change.organisation else (),
        tags=(),
        language=change.language or None,
    )


def _place(request: HttpRequest, name: str) -> int | None:
    text = request.GET.get(name, "")
    return int(text) if _NUMBER.fullmatch(text) else None


def _address(kind: str, year: int | None, **place: int | None) -> str:
    given = {"kind": kind if kind in LABELS else "", "year": year, **place}
    return f"{reverse('readers:corrections')}?{urlencode({name: value for name, value in given.items() if value})}"
