"""The form “Ask us to check something”: answered at once with what is published, and sent to the desk on wish.

Looking stores nothing. What is sent becomes a tip (claims/tips/inbox.py), whose private link is shown once. No name and
no address is asked for; who sends how much is counted by a hash that nobody can undo after an hour.
"""

from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from claims.matching.language import language_of
from claims.public.forms import TRAP, Proof, is_too_large, mark, proof, takes_posts, typed
from claims.public.lists.answers import Answers, answers
from claims.public.page import base_of, counted, page, readers_page
from claims.public.site_pages.contact import other_ways
from claims.tips.inbox import TooManyTips, TooManyTipsAtOnce, receive, tell_of_flood
from claims.visible_text import unreadable

LONGEST, LONGEST_URL = 10_000, 2_000  # characters
_FORM = "ask"
_is_web = URLValidator(schemes=["http", "https"])


@dataclass(frozen=True)
class Asked:
    """What was typed, and why it cannot be taken as it is (sentences by field)."""

    text: str
    url: str
    errors: dict[str, str]


@counted
@readers_page
@takes_posts
def ask(request: HttpRequest) -> HttpResponse:
    """The form; what is published about what was typed; or that it was sent, with its private link."""
    if request.method != "POST":
        text = request.GET.get("q", "").strip()[:LONGEST]
        return _form(request, Asked(text, "", {}))
    if is_too_large(request):
        return _form(request, Asked("", "", {"form": _("That was more than this form takes.")}), status=413)
    asked = _read(request)
    if asked.errors:
        return _form(request, asked, status=400)
    if request.POST.get("do") != "send":
        return _form(request, asked, found=answers(asked.text, asked.url))
    return _send(request, asked)


def _read(request: HttpRequest) -> Asked:
    text, url = typed(request, "text", LONGEST), typed(request, "url", LONGEST_URL)
    errors = {}
    if url and "://" not in url:
        url = f"https://{url}"
    if url:
        try:
            _is_web(url)
        except ValidationError:
            errors["url"] = _("This is no address of a page. It begins with https:// or http://.")
    if text and unreadable(text):
        errors["text"] = _("This holds characters that do not show, or that reorder text. Write it anew.")
    if not text and not url:
        errors["text"] = _("Say what you ask about, or where you saw it.")
    return Asked(text, url, errors)


def _send(request: HttpRequest, asked: Asked) -> HttpResponse:
    if not settings.READERS_TIPS:
        return _again(request, asked, _("This desk takes no questions here at the moment."), status=403)
    said = proof(request, _FORM)
    if said is Proof.QUICK:
        return _again(request, asked, _("That was faster than anybody types. Look once more, and send it again."))
    if said is Proof.OLD:
        return _again(request, asked, _("This form has been open for long. Nothing is lost: send it again."))
    if said is Proof.TRAPPED:
        sentence = _(
            "We could not tell that a person sent this. Leave the field empty that says so, and send it again."
        )
        return _again(request, asked, sentence)
    limit = settings.ANONYMOUS_TIPS_PER_HOUR
    try:
        received = receive(
            actor="a reader, by the form",
            text=asked.text,
            url=asked.url,
            language=language_of(asked.text),
            sender=getattr(request, "client_hash", ""),
            limit=limit,
        )
    except TooManyTips:
        sentence = ngettext(
            "At most %(limit)s question can be sent from your connection within an hour. Try again later.",
            "At most %(limit)s questions can be sent from your connection within an hour. Try again later.",
            limit,
        )
        return _again(request, asked, sentence % {"limit": limit}, status=429)
    except TooManyTipsAtOnce:
        tell_of_flood()
        busy = _again(request, asked, _("We are receiving more than we can read just now."), status=503)
        busy.headers["Retry-After"] = "3600"
        return busy
    link = base_of(request) + reverse("public:tip", args=[received.token])
    return _private(page(request, "readers/asking/sent.html", {"link": link}, title=_("Sent"), keep=False))


def _again(request: HttpRequest, asked: Asked, sentence: str, *, status: int = 400) -> HttpResponse:
    """The form with what was typed, and why it was not taken."""
    return _form(request, Asked(asked.text, asked.url, {"form": sentence}), status=status)


def _form(request: HttpRequest, asked: Asked, *, found: Answers | None = None, status: int = 200) -> HttpResponse:
    sent = request.POST.get("mark", "") if found is not None and proof(request, _FORM) is not Proof.OLD else ""
    context = {
        "asked": asked,
        "checked": found,
        "mark": sent[:200] or mark(_FORM),
        "trap": TRAP,
        "is_open": settings.READERS_TIPS,
        "longest": LONGEST,
        "other": other_ways() if status == 503 else None,
    }
    title = _("Ask us to check something")
    response = page(request, "readers/asking/ask.html", context, title=title, status=status, keep=False)
    return _private(response) if request.method == "POST" or asked.text else response


def _private(response: HttpResponse) -> HttpResponse:
    """Let no other site, and no index, learn what was asked."""
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
