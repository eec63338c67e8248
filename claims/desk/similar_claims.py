"""Show an editor the claims that say nearly what she types, drafts among them.

    button[data-similar] ──POST──> the list as a fragment, under the field      (with script, as she types)
                         └─POST──> the list as a page of its own, in a new tab  (without)

What is typed is sent in a body, and neither stored nor logged.
"""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.cache import never_cache

from claims.desk.shell.addresses import number
from claims.desk.shell.labels import in_words
from claims.desk.shell.screen import render
from claims.matching import draft_client
from claims.matching.draft_client import Similar
from claims.matching.types import Tier, Why, turns
from claims.models import Claim, Publication, ReviewVersion
from claims.models.verification import Verification, with_verification
from claims.permissions import User, may_edit
from claims.visibility import visible

LONGEST = 10_000
"""Characters that are looked for."""
SHOWN = 8
LEAST_SHARED, LEAST_TERMS = 0.4, 2
"""Share of a claim's words, and number of them, from which on its words alone make it worth showing."""
LEAST_LIKELY = 0.1
"""Probability from which on a claim that is alike in meaning is worth showing."""
MOST_TERMS = 8
_ASKED = 3 * SHOWN
NOT_KNOWN = "und"  # the tag of a language that nobody has given
TIERS = {
    Tier.MATCH: lazy("says the same"),
    Tier.POSSIBLE: lazy("may say the same"),
    Tier.RELATED: lazy("about something else"),
}
"""What a tier is called at the desk."""
_TONES = {Tier.MATCH: "bad", Tier.POSSIBLE: "warn", Tier.RELATED: ""}
_DIFFERS = {
    "number": lazy("another figure"),
    "name": lazy("another name"),
    "date": lazy("another day"),
    "period": lazy("another time"),
    "place": lazy("another place"),
    "negation": lazy("one says what the other denies"),
    "direction": lazy("the other direction"),
    "roles": lazy("who did it to whom is turned round"),
    "certainty": lazy("one is surer than the other"),
    "word": lazy("another word"),
    "term": lazy("another month, office, colour or the like"),
    "few_words": lazy("hardly a word in common"),
    "foreign_language": lazy("in another language"),
}
_AGREES = {
    "same_words": lazy("the same words"),
    "some_words": lazy("found by its words; no meaning was compared"),
    "same_meaning": lazy("alike in meaning"),
    "same_title": lazy("a headline of its review says it"),
    "part_of_text": lazy("a part of this says it"),
    "same_page": lazy("it appeared at this address"),
}


@dataclass(frozen=True)
class SimilarClaim:
    """A claim as the list shows it: how near it is and why, and how far the desk is with it."""

    row: Claim
    tier: str | Promise
    tone: str
    why: str
    state: str
    nearness: str = ""
    """How near, on a scale of tenths, and what the scale is of; empty where it says nothing."""


@never_cache
def view(request: HttpRequest) -> HttpResponse:
    """The claims similar to the text of the form; `fragment` asks for the list alone, `but` leaves a claim out."""
    if not may_edit(request.user):
        raise PermissionDenied
    text = request.POST.get("text", "").strip()[:LONGEST]
    context: dict[str, Any] = {
        "text": text,
        "similar": similar_claims(text, request.POST.get("language", ""), request.user, but=_key(request, "but")),
        "link": "link" in request.GET,
    }
    if "fragment" in request.POST:
        return TemplateResponse(request, "admin/claims/similar_claims.html", context)
    crumbs = [(_("Claims"), reverse("desk:claims"))]
    return render(request, "desk/similar.html", context, title=_("Similar claims"), item="claims", crumbs=crumbs)


def similar_claims(text: str, language: str, user: User, *, but: int | None = None) -> list[SimilarClaim]:
    """The claims nearest to the text that the user may see, the best first; a merged one as the one it is part of."""
    if not text:
        return []
    found = draft_client.similar(text, "" if language == NOT_KNOWN else language, _ASKED)
    rows = _rows([each.claim for each in found], user)
    shown: dict[int, SimilarClaim] = {}
    for each in found:
        row = rows.get(each.claim)
        if row is not None and row.pk != but and row.pk not in shown and is_worth_showing(each):
            told = [reason(why) for why in each.why if why.text or why.code != "foreign_language"]
            shown[row.pk] = SimilarClaim(
                row, TIERS[each.tier], _TONES[each.tier], "; ".join(told), _state(row), nearness(each)
            )
    return list(shown.values())[:SHOWN]


def is_worth_showing(found: Similar) -> bool:
    """Whether a person gains by looking: what merely shares a word or is hardly likely stays away.

    A claim that differs in what makes it another one is worth it where the rest is alike: last year's figure.
    """
    if found.tier is Tier.MATCH or {"same_words", "same_title"} & {why.code for why in found.why}:
        return True
    differs = any(map(turns, found.why))
    if found.tier is Tier.RELATED and not differs:
        return False
    is_worded_alike = found.shared >= LEAST_SHARED and len(found.terms) >= LEAST_TERMS
    return is_worded_alike or (found.by_meaning and not differs and found.score >= LEAST_LIKELY)


def nearness(found: Similar) -> str:
    """How near the claim is, in tenths, and by what that was measured."""
    if found.by_meaning and not any(map(turns, found.why)):
        if "same_words" in {why.code for why in found.why}:
            return ""
        sentence = _("By words and meaning: of ten such pairs, about %(tenths)s are the same claim.")
        return sentence % {"tenths": _tenths(found.score)}
    if not found.terms:
        return ""
    words = _(", ").join(f"“{term}”" for term in found.terms[:MOST_TERMS])
    told = {"tenths": _tenths(found.shared), "words": words}
    return _("Of ten of its words, about %(tenths)s stand here too: %(words)s") % told


def _tenths(share: float) -> int:
    """A share of one as tenths; never none and never all, which no comparison knows."""
    return min(9, max(1, round(share * 10))) if share < 1 else 10


def reason(why: Why) -> str:
    """A reason in an editor's words."""
    if why.code in _AGREES:
        return str(_AGREES[why.code])
    words = _DIFFERS.get(why.code, why.code.replace("_", " "))
    told = {"difference": words, "here": why.text, "there": why.claim}
    if why.text and why.claim:
        return _("%(difference)s: “%(here)s” here, “%(there)s” there") % told
    if why.text:
        return _("%(difference)s: “%(here)s” here alone") % told
    if why.claim:
        return _("%(difference)s: “%(there)s” there alone") % told
    return str(words)


def _rows(names: list[str], user: User) -> dict[str, Claim]:
    """The claims with these public ids by id, each as the claim that it is part of."""
    into = dict(Claim.objects.filter(public_id__in=names).values_list("public_id", "merged_into__public_id"))
    leads_to = {name: into[name] or name for name in names if name in into}
    version = ReviewVersion.objects.filter(review__claim=OuterRef("pk"), published_at=None)
    waiting = version.filter(state__in=[ReviewVersion.State.IN_REVIEW, ReviewVersion.State.APPROVED])
    rows = visible(with_verification(Claim.objects.filter(public_id__in=leads_to.values())), user).annotate(
        _published=Exists(Publication.objects.filter(claim=OuterRef("pk"))), _in_review=Exists(waiting)
    )
    by_id = {row.public_id: row for row in rows}
    return {name: by_id[whole] for name, whole in leads_to.items() if whole in by_id}


def _state(row: Any) -> str:
    if row._published:
        return _("published, %(status)s") % {"status": in_words(Verification(row.verification).label)}
    if row._in_review:
        return _("in review")
    return _("draft") if row.verification == Verification.BEING_CHECKED else _("not reviewed yet")


def _key(request: HttpRequest, name: str) -> int | None:
    value = request.GET.get(name, "")
    return number(value)
