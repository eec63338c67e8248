"""The private page of a complaint: that it was received, then the answer, and nothing between.

Its address is all that opens it, so it is kept from caches, search engines and other sites. What who complained wrote
is not shown again: whoever else gets hold of the address learns no more than the outcome and the answer.
"""

from datetime import UTC, datetime
from math import ceil

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from claims.complaints.answers import complaint_page
from claims.complaints.receive import delete_contact
from claims.public import wording
from claims.public.bodies import public_claim
from claims.public.complaints.register import OUTCOMES
from claims.public.forms import is_too_large, takes_posts
from claims.public.page import page, readers_page

_DELETE = "delete-contact"


@readers_page
@takes_posts
def complaint(request: HttpRequest, token: str) -> HttpResponse:
    """Show what came of the complaint; a POST deletes the contact data first."""
    found = complaint_page(token)
    if found is None:
        raise Http404
    deleted = request.method == "POST" and not is_too_large(request) and _DELETE in request.POST
    if deleted:
        delete_contact(found.complaint)
    about = public_claim(found.claim) if found.claim else None
    context = {
        "found": found,
        "received": wording.day(found.received_on),
        "due": wording.day(found.due_on),
        "is_overdue": not found.outcome and found.due_on < datetime.now(UTC).date(),
        "answered": wording.day(found.answered_on) if found.answered_on else "",
        "outcome": OUTCOMES.get(found.outcome, ""),
        "answer": found.answer,
        "claim": found.claim if about else "",
        "text": about.body["text"] if about and about.body else "",
        "language": about.body["language"] if about and about.body else "",
        "has_contact": found.has_contact and not deleted,
        "deleted": deleted,
        "contact_days": ceil(settings.COMPLAINT_CONTACT_DAYS),
        "delete": _DELETE,
    }
    title = _("Complaint %(number)s") % {"number": found.number}
    response = page(request, "readers/complaints/private.html", context, title=title, keep=False)
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return response
