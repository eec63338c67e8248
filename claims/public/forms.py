"""What forms of readers' pages have in common: a mark that proves time, a trap for programs, and a bound on size.

The form has a mark, signed by us, that says when it was made and for which form. One that comes back within seconds was
filled in by a program, and one after more than an hour has been lying about; both are asked for again with what was
typed. A mark is sent once (the room that stores what is sent sees to that). No cookie, no script, no third party.
"""

import secrets
from datetime import timedelta
from enum import Enum

from django.core.signing import BadSignature, SignatureExpired, TimestampSigner
from django.http import HttpRequest

from claims.public.page import View

QUICKEST = 3.0
"""Seconds within which nobody has read and filled in a form."""
OLDEST = 3_600.0
"""Seconds after which a form is asked for again; as long as it is remembered which were sent."""
MOST_BYTES = 64_000
"""Of all that a form sends."""
TRAP = "website"
"""The name of the field that people do not see, and leave empty."""


class Proof(Enum):
    """What the mark and the trap of a form that was sent say."""

    GOOD = "good"
    QUICK = "quick"
    OLD = "old"
    TRAPPED = "trapped"


def takes_posts(view: View) -> View:
    """Let a readers' page be posted to; stands below `readers_page`."""
    view.methods = ("GET", "HEAD", "POST")  # type: ignore[attr-defined]
    return view


def mark(form: str) -> str:
    """A new mark for the form of this name."""
    return _signer(form).sign(secrets.token_urlsafe(12))


def proof(request: HttpRequest, form: str) -> Proof:
    """Whether a person may have sent this form, which has been open for a while, from this site."""
    if request.POST.get(TRAP) or request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        return Proof.TRAPPED
    sent = request.POST.get("mark", "")
    try:
        _signer(form).unsign(sent, max_age=timedelta(seconds=OLDEST))
    except SignatureExpired:
        return Proof.OLD
    except BadSignature:
        return Proof.TRAPPED
    try:
        _signer(form).unsign(sent, max_age=timedelta(seconds=QUICKEST))
    except SignatureExpired:
        return Proof.GOOD
    return Proof.QUICK


def is_too_large(request: HttpRequest) -> bool:
    """Whether more is sent than a form of ours can; ask before anything of it is read."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    return not length.isdecimal() or int(length) > MOST_BYTES


def typed(request: HttpRequest, name: str, most: int) -> str:
    """What was typed into a field, without what no keyboard types, and cut."""
    text = request.POST.get(name, "")[: 2 * most].replace("\r\n", "\n")
    return "".join(each for each in text if each in "\n\t" or each.isprintable() or ord(each) > 0x9F).strip()[:most]


def _signer(form: str) -> TimestampSigner:
    return TimestampSigner(salt=f"readers' form {form}")
