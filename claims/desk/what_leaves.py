"""Show exactly what leaves before a person approves or publishes it: each text, what differs from what is out, and
what newsrooms and readers are told of it afterwards.
"""

import re
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as __

from claims.desk.shell.labels import in_words
from claims.json_object import Json
from claims.models import Recheck, ReviewVersion
from claims.models.publication import Audience
from claims.models.verification import Verification
from claims.models.watch.anchoring import accepted_anchorings
from claims.publication import words
from claims.publication.description import FieldClass
from claims.publication.overlay import lay_over
from claims.publication.published_claim import PATHS
from sources.admin.difference import Piece, difference, with_context

_LABELS = {
    "claim.text": __("Claim"),
    "claim.language": __("Language of the claim"),
    "claim.place": __("Place"),
    "claim.period.start": __("First day it is about"),
    "claim.period.end": __("Last day it is about"),
    "claim.repeats": __("Repeats the claim"),
    "review.rating.label": __("Rating"),
    "review.rating.verdict": __("Verdict"),
    "review.summary": __("Summary"),
    "review.body": __("How it was checked"),
    "review.true_as_of": __("True as of"),
    "review.public_note": __("Public note"),
    "review.right_of_reply[1].asked": __("Right of reply: who was asked"),
    "review.right_of_reply[1].asked_on": __("Right of reply: asked on"),
    "review.right_of_reply[1].answered_on": __("Right of reply: answered on"),
    "review.right_of_reply[1].answer": __("Right of reply: the answer"),
    "review.right_of_reply[1].answer_url": __("Right of reply: where it can be read whole"),
    "review.right_of_reply[1].no_answer_by": __("Right of reply: no answer by"),
    "review.organisation.name": __("Organisation"),
    "review.article.title": __("Headline"),
    "review.article.url": __("Address of the article"),
    "review.licence": __("Licence"),
}
_PARTS = {
    "statements": __("Statement"),
    "topics": __("Topic"),
    "evidence": __("Evidence"),
    "history": __("Earlier version"),
    "text": __("words"),
    "exact": __("quote"),
    "note": __("what it shows"),
    "description": __("public description"),
    "prefix": __("words before the quote"),
    "suffix": __("words after the quote"),
    "page": __("page"),
    "source": __("source"),
    "kind": __("kind"),
    "stance": __("stance"),
    "visibility": __("who sees it"),
    "title": __("title"),
    "url": __("address"),
    "homepage": __("home page"),
    "language": __("language"),
    "public_note": __("public note"),
}

_REFERENCE = re.compile(r"\b(speaker|document|organisation|article|page|source|scale)\.id$")


@dataclass(frozen=True)
class Field:
    """A text that leaves. `pieces` is the word diff with what is published, if it differs."""

    label: str
    text: str
    pieces: list[Piece]


@dataclass(frozen=True)
class Told:
    """What an audience is told of the claim afterwards."""

    audience: str
    status: str
    sentences: list[str]


@dataclass(frozen=True)
class WhatLeaves:
    """The page. `sha256` goes back with the form."""

    sha256: str
    changed: list[Field]
    same: list[Field]
    told: list[Told]
    confidential: int
    """Pieces of evidence that never leave."""


def what_leaves(version: ReviewVersion) -> WhatLeaves:
    """Collect the page of a version in review, or approved."""
    leaving = words.leaving(version)
    last = words.last_words(version.review.claim)
    published = _published(last.words, leaving.review) if last else {}
    before = dict(words.texts(published))
    copies = dict(version.evidence.filter(copied_from__isnull=False).values_list("public_id", "copied_from__public_id"))
    after = {_as_before(path, copies): text for path, text in words.texts(leaving.approved)}
    # The last entry of the history is this version, whose words stand on the page anyway.
    this_version = f"review.history[{len(leaving.approved['review']['history'])}]"
    fields = [
        Field(
            label(path),
            after.get(path, ""),
            [] if not last else with_context(difference(before.get(path, ""), after.get(path, ""))),
        )
        for path in [*after, *(path for path in before if path not in after)]
        if (after.get(path) or before.get(path))
        and not path.startswith(this_version)
        and (is_shown(path) or names_another(path, before.get(path), after.get(path)))
    ]
    changed = [each for each in fields if not last or any(piece.kind in ("removed", "added") for piece in each.pieces)]
    settled = Recheck.objects.open().filter(review=version.review_id)
    return WhatLeaves(
        sha256=leaving.sha256,
        changed=changed,
        same=[each for each in fields if each not in changed],
        told=[_told(version, leaving.words, audience, settled) for audience in Audience],
        confidential=version.evidence.filter(visibility="confidential").count(),
    )


def _as_before(path: str, copies: dict[str, str]) -> str:
    """The path with the id of a piece of evidence replaced by that of the published one that it was copied from."""
    return re.sub(r"evidence\[(\w+)\]", lambda found: f"evidence[{copies.get(found[1], found[1])}]", path)


def names_another(path: str, before: str | None, after: str | None) -> bool:
    """Whether a speaker, a document or the like is another one now, perhaps of the same name."""
    return bool(before and after and before != after and _REFERENCE.search(path))


def is_shown(path: str) -> bool:
    """Whether a person has to read the field. What the program assigned is not shown, though the hash covers it."""
    part, _, rest = re.sub(r"\[[^\]]*\]", "[]", path).partition(".")
    name = f"reviews[].{rest}" if part == "review" else rest
    while name and name not in PATHS and name.removesuffix("[]") not in PATHS:
        name = name.rpartition(".")[0]  # within a value that is described as a whole, as figures are
    field = PATHS.get(name) or PATHS.get(name.removesuffix("[]"))
    return field is None or field.meaning.field_class is not FieldClass.FIXED


def label(path: str) -> str:
    """The name of a field for people: `review.evidence[evd_…].quote.exact` is “Evidence: quote”."""
    if path in _LABELS:
        return str(_LABELS[path])
    names = [name.partition("[")[0] for name in path.split(".")][1:]
    shown = [str(_PARTS.get(name, name.replace("_", " "))) for name in names if name not in ("quote", "name")]
    first, *rest = shown or [_("words")]
    return f"{first[:1].upper()}{first[1:]}" + (f": {', '.join(rest)}" if rest else "")


def _published(last: Json, review: str) -> Json:
    if all(each["id"] != review for each in last["reviews"]):
        return {"claim": words.approved_claim(last)}
    return words.Leaving(last, review).approved


def _told(version: ReviewVersion, leaving: Json, audience: Audience, settled: Any) -> Told:
    body = lay_over(leaving, version.review.claim, audience=audience, settled=settled)
    sentences = [review["display"] for review in body["reviews"] if review["id"] == version.review.public_id]
    # Words of pages that an editor accepted in place of quotes leave too, though no version holds them.
    quotes = dict(version.evidence.filter(kind="page_quote", visibility="public").values_list("pk", "exact"))
    sentences += [
        _("In place of the quote “%(quote)s” they are given these words of its page: “%(words)s”.")
        % {"quote": quotes[key], "words": anchoring.exact}
        for key, anchoring in accepted_anchorings(quotes).items()
        if anchoring.exact != quotes[key]
    ]
    who = _("Newsrooms") if audience == Audience.NEWSROOMS else _("Readers")
    return Told(who, in_words(Verification(body["verification"]["status"]).label), sentences)
