"""Evidence of a page whose text the newsroom saved and sent, because we may not be able to read the page ourselves.

The text is a private copy for editors, said to be the newsroom's. It is no snapshot: the page is neither fetched nor
watched for it, and what is published is a file by its hash, never a quote that we would seem to have seen.
"""

import hashlib
import re
from typing import Any

from django.db.models import Sum

from claims.json_object import Json
from claims.models import Evidence, Review, SavedPage, Sender, Submission
from claims.newsroom_drafts.drafts import Submitter, create_evidence
from claims.permissions import Refused
from sources.passages import chosen_copy
from sources.quotes.exact_match import TextQuote

MOST_CHARACTERS = 20_000_000  # that one newsroom may keep here
_MARKUP = re.compile(r"\s*(?:<!doctype|<html|<head|<body|<\?xml|%PDF-|\{\\rtf)", re.IGNORECASE)


class NoText(ValueError):
    """What was sent is a document of some format, and not the text that can be read in it."""


def quote_in(text: str, *, exact: str, prefix: str, suffix: str, copy: int | None) -> TextQuote:
    """The quote as it stands in the text sent. Raises `QuoteNotFound`, and `NoText`."""
    if _MARKUP.match(text):
        raise NoText("Send the text that a reader sees, not the page's source or a file.")
    return chosen_copy.choose(exact, text, prefix=prefix, suffix=suffix, copy=copy)


def create_saved_page(
    submitter: Submitter, *, review: Review, url: str, text: str, quote: TextQuote, as_sent: Json, **fields: Any
) -> Submission:
    """Rest the draft on the text sent. Raises `Refused`, also if the newsroom keeps too much text here already."""
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    shown = url if len(url) <= 250 else f"{url[:249]}…"
    with submitter.audited("sent the text of a page by API"):
        _require_room(submitter.sender, text)
        submission = create_evidence(
            submitter,
            review=review,
            kind=Evidence.Kind.FILE,
            # Readers see this name. It says nothing of who sent it.
            file_name=f"Text of {shown}, as it was sent to us",
            file_sha256=sha256,
            as_sent=as_sent
            | {
                "page": {"url": url, "text_sha256": sha256, "characters": len(text)},
                "quote": {"exact": quote.exact, "prefix": quote.prefix, "suffix": quote.suffix},
                "checked_in": "text_sent",
            },
            **fields,
        )
        evidence: Any = submission.evidence
        SavedPage.objects.create(
            sender=submitter.sender,
            key=submitter.key,
            evidence=evidence,
            url=url,
            text=text,
            text_sha256=sha256,
            characters=len(text),
            exact=quote.exact,
        )
        return submission


def saved_page_of(evidence: Evidence) -> SavedPage | None:
    """The text that a newsroom sent for this evidence, or for that of an earlier version which it was copied from."""
    return (
        SavedPage.objects.select_related("sender")
        .filter(evidence__version__review=evidence.version.review_id, text_sha256=evidence.file_sha256)
        .order_by("pk")
        .first()
        if evidence.kind == Evidence.Kind.FILE
        else None
    )


def _require_room(sender: Sender, text: str) -> None:
    Sender.objects.select_for_update().get(pk=sender.pk)
    kept = SavedPage.objects.filter(sender=sender).aggregate(kept=Sum("characters"))["kept"] or 0
    if kept + len(text) > MOST_CHARACTERS:
        raise Refused(
            f"The desk keeps {MOST_CHARACTERS:,} characters of pages for a newsroom at most, and {kept:,} of yours"
            " already. Take evidence back that you no longer need, or ask the desk."
        )
