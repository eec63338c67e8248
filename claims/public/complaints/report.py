"""The form by which anybody reports an error, of a claim or of the site; what was typed is kept till it is received."""

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as __

from claims.complaints.receive import LONGEST, SentBefore, TooManyAtOnce, TooManyComplaints, receive, tell_of_flood
from claims.models import FacetCount
from claims.public.bodies import public_claim
from claims.public.forms import TRAP, Proof, is_too_large, mark, proof, takes_posts, typed
from claims.public.lists.facets import facet
from claims.public.page import counted, page, readers_page
from claims.public.site_pages.contact import other_ways
from claims.visible_text import shows_words

ABOUT = {
    "fact": __("A fact is wrong"),
    "not_me": __("This is not me, or not the person who said it"),
    "source": __("A source is misread"),
    "other": __("Something else"),
}
REPORTERS = {
    "reader": __("A reader"),
    "concerned": __("The person or organisation that this is about, or who acts for it"),
}
SHORTEST = 5  # characters: a sentence in Chinese has no more
_FORM = "report"
_LONGEST_MAIL = 254
_SPEAKER = re.compile("spk_[0-9a-z]{16}")
_ASK_AGAIN = {
    Proof.QUICK: __("That was quick. Read it once more, then send it again: what you wrote is kept."),
    Proof.OLD: __("This form was open for more than an hour. Send it again: what you wrote is kept."),
    Proof.TRAPPED: __("We could not tell that a person sent this. Send it again: what you wrote is kept."),
}


@counted
@readers_page
@takes_posts
def report(request: HttpRequest, id: str = "") -> HttpResponse:
    """Show the form; on POST receive the complaint and lead to its private page."""
    claim = _claim(id)
    if request.method != "POST":
        about = request.GET.get("about", "")
        values = {"about": about if about in ABOUT else "", "reporter": "reader"}
        values["speaker"] = _speaker(request.GET.get("speaker", ""))
        return _form(request, claim, values)
    if is_too_large(request):
        return _form(request, claim, {}, _("That was too long to send. Use up to 5,000 characters."), status=413)
    values = {
        "about": request.POST.get("about", ""),
        "reporter": request.POST.get("reporter", ""),
        "text": typed(request, "text", LONGEST + 1),
        "email": typed(request, "email", _LONGEST_MAIL),
        "speaker": _speaker(request.POST.get("speaker", "")),
    }
    if errors := _errors(values):
        return _form(request, claim, values, _("Not sent yet: look at what is marked."), errors, status=422)
    if (found := proof(request, _FORM)) is not Proof.GOOD:
        return _form(request, claim, values, str(_ASK_AGAIN[found]), status=422)
    return _received(request, claim, values)


def _received(request: HttpRequest, claim: dict[str, str], values: dict[str, str]) -> HttpResponse:
    try:
        token = receive(
            **values,
            claim=claim.get("id", ""),
            sender=getattr(request, "client_hash", ""),
            form=request.POST.get("mark", ""),
        ).token
    except SentBefore as before:
        token = before.token
        if not token:
            sentence = _("What you sent from this form before was received. Send this too, if it says something new.")
            return _form(request, claim, values, sentence, status=409)
    except TooManyAtOnce as flood:
        tell_of_flood(str(flood), claim.get("id", ""))
        return _form(request, claim, values, _("We are receiving more than we can read just now."), status=503)
    except TooManyComplaints:
        sentence = _("We received several reports from your connection within the hour. Send this one later.")
        return _form(request, claim, values, sentence, status=429)
    response = HttpResponseRedirect(reverse("readers:complaint", args=[token]), status=303)
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _claim(id: str) -> dict[str, str]:
    """What the form names of the claim, as the public knows it; empty for a report about the site. 404 if unknown."""
    if not id:
        return {}
    found = public_claim(id)
    if found is None:
        raise Http404
    body: dict[str, Any] = found.body or {"text": "", "language": ""}
    return {"id": id, "text": body["text"], "language": body["language"]}


def _speaker(given: str) -> str:
    return given if _SPEAKER.fullmatch(given) else ""


def _name_of(speaker: str) -> str:
    """The name of the speaker as it is published; empty of whoever else there is."""
    known = facet(FacetCount.Kind.SPEAKER, speaker) if speaker else None
    return str(known.shown["name"]) if known else ""


def _errors(values: dict[str, str]) -> dict[str, str]:
    errors = {}
    if values["about"] not in ABOUT:
        errors["about"] = _("Choose what it is about.")
    if values["reporter"] not in REPORTERS:
        errors["reporter"] = _("Choose who you are.")
    if len(values["text"]) < SHORTEST or not shows_words(values["text"]):
        errors["text"] = _("Say what is wrong, in a sentence at least.")
    elif len(values["text"]) > LONGEST:
        errors["text"] = _("Use up to 5,000 characters.")
    if values["email"]:
        try:
            validate_email(values["email"])
        except ValidationError:
            errors["email"] = _("This is no e-mail address. Leave it empty if you want none of your data kept.")
    return errors


def _form(
    request: HttpRequest,
    claim: dict[str, str],
    values: dict[str, str],
    sentence: str = "",
    errors: dict[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "claim": claim,
        "speaker": _name_of(values.get("speaker", "")),
        "values": values,
        "sentence": sentence,
        "errors": errors or {},
        "about": ABOUT.items(),
        "reporters": REPORTERS.items(),
        "longest": LONGEST,
        "mark": mark(_FORM),
        "trap": TRAP,
        "other": other_ways() if status == 503 else None,
    }
    title = f"{_('Not sent')}: {_('Report an error')}" if sentence else _("Report an error")
    response = page(request, "readers/complaints/report.html", context, title=title, status=status, keep=False)
    if status == 503:
        response.headers["Retry-After"] = "3600"
    return response
