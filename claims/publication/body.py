"""Render the finished JSON of a claim for one audience, as claims/publication/published_claim.py describes it.

Only what published versions of reviews rest on is read here, withdrawn ones included. Confidential evidence is left
out whole; described evidence keeps its public words alone.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db.models import Max, QuerySet

from claims.models import (
    Claim,
    Evidence,
    Rating,
    Recheck,
    Review,
    ReviewVersion,
)
from claims.models.publication import Audience
from claims.models.verification import Verification
from claims.publication import published_claim as published
from claims.publication.citation import attribution, display, display_codes, quote_wording
from claims.publication.quote_state import UNKNOWN, QuoteState, broken_checks, quote_states, wording
from claims.publication.suspended import with_suspensions
from sources.timestamp import timestamp


def iso_date(value: date | None) -> str | None:
    return None if value is None else value.isoformat()


def render(claim: Claim, *, audience: str) -> published.ClaimContent:
    """Render the claim as the audience may see it now. `append` adds sequence, version and times."""
    reviews = [
        (review, version)
        for review in claim.reviews.select_related("organisation", "article").order_by("pk")
        if (version := review.latest_published()) is not None
    ]
    rechecks = list(open_rechecks(claim, audience))
    statements = claim.statements.select_related("document", "speaker").order_by("pk")
    return claim_body(
        claim,
        topics=[{"slug": topic.slug, "name": topic.name} for topic in claim.topics.all()],
        repeats=_if_published(claim.repeats),
        merged_into=_if_published(claim.merged_into),
        verification=with_suspensions(
            _verification([review for review, _ in reviews], rechecks, audience),
            [review.suspended_at for review, _ in reviews],
        ),
        statements=[statement_body(each, speaker=each.speaker, document=each.document) for each in statements],
        reviews=[
            with_citation(
                _review(review, version, audience),
                next((recheck for recheck in rechecks if recheck.review_id == review.pk), None),
            )
            for review, version in reviews
        ],
    )


# The functions down to `with_citation` read no database: they take rows of models, or rows with the same columns
# (claims/imports/bulk_publish.py).


def claim_body(
    claim: Any,
    *,
    verification: published.Verification,
    statements: list[published.Statement],
    reviews: list[published.Review],
    topics: list[published.Topic] | None = None,
    repeats: str | None = None,
    merged_into: str | None = None,
) -> published.ClaimContent:
    """Assemble the body of a claim."""
    return {
        "id": claim.public_id,
        "url": f"/api/v1/claims/{claim.public_id}/",
        "text": claim.text,
        "language": claim.language,
        "topics": topics or [],
        "period": _period(claim),
        "place": claim.place or None,
        "repeats": repeats,
        "merged_into": merged_into,
        "demo": claim.is_demo,
        "verification": verification,
        "statements": statements,
        "reviews": reviews,
    }


def settled_verification(*, since: list[datetime | None], withdrawn: list[datetime | None]) -> published.Verification:
    """The verification of a claim without open re-checks.

    `since` is when each review that is not withdrawn was published, `withdrawn` when each of the others was withdrawn.
    """
    return {
        "status": (Verification.CHECKED if since else Verification.WITHDRAWN).value,
        "since": timestamp(min((moment for moment in since or withdrawn if moment is not None), default=None)),
        "seen_by_editor": None,
        "because": [],
    }


def statement_body(statement: Any, *, speaker: Any, document: Any) -> published.Statement:
    """Render a statement with its speaker, if known, and its document."""
    return {
        "id": statement.public_id,
        "text": statement.text,
        "speaker": None
        if speaker is None
        else {
            "id": speaker.public_id,
            "name": speaker.name,
            "kind": speaker.kind,
            "role": speaker.role or None,
            "wikidata_id": speaker.wikidata_id or None,
        },
        "speaker_as_written": statement.speaker_as_written or None,
        "cue": statement.cue or None,
        "quoted": statement.quoted,
        "figures": statement.figures,
        "document": {
            "id": document.public_id,
            "kind": document.kind,
            "title": document.title or None,
            "url": document.url or None,
            "publisher": document.publisher or None,
            "published_on": iso_date(document.published_on),
            "language": document.language,
        },
    }


def rating_body(version: Any, *, rating: Any, values: Iterable[int] = ()) -> published.Rating | None:
    """Render the rating: a step of a scale with these values, or the one that an imported review came with.

    The label of an imported rating stays its publisher's, even if an editor has mapped it to a step.
    """
    if rating is None:
        if not version.rating_as_given:
            return None
        value, worst, best = version.rating_numbers or (None, None, None)
        return {
            "label": version.rating_as_given,
            "value": value,
            "worst": worst,
            "best": best,
            "verdict": None,
            "scale": None,
        }
    known = list(values)
    return {
        "label": version.rating_as_given or rating.label,
        "value": rating.value,
        "worst": min(known),
        "best": max(known),
        "verdict": rating.verdict,
        "scale": {"id": rating.scale.public_id, "name": rating.scale.name},
    }


def review_body(
    review: Any,
    version: Any,
    *,
    organisation: Any,
    article: Any,
    rating: published.Rating | None,
    evidence: list[published.Evidence],
    history: list[published.ReviewHistory],
    suspended_at: datetime | None = None,
    reconfirmed_at: datetime | None = None,
) -> published.ReviewContent:
    """Render a review as its version has it; `with_citation` completes it."""
    body: published.ReviewContent = {
        "id": review.public_id,
        "origin": review.origin,
        "licence": organisation.licence or None,
        "organisation": {
            "id": organisation.public_id,
            "name": organisation.name,
            "site": organisation.site or None,
        },
        "article": None
        if article is None
        else {
            "id": article.public_id,
            "url": article.url,
            "title": article.title,
            "language": article.language,
        },
        "rating": rating,
        "summary": version.summary,
        "body": version.body,
        "true_as_of": iso_date(version.true_as_of),
        "version": version.number,
        "kind": version.kind,
        "correction_kind": version.correction_kind or None,
        "public_note": version.public_note or None,
        "published_at": timestamp(version.published_at),
        "first_published_at": history[0]["published_at"],
        "withdrawn_at": timestamp(review.withdrawn_at),
        "suspended_since": timestamp(suspended_at),
        "evidence": evidence,
        "history": history,
    }
    if reconfirmed_at is not None:
        body["reconfirmed_at"] = timestamp(reconfirmed_at)
    return body


def history_entry(version: Any, *, rating: Any) -> published.ReviewHistory:
    """Render one published version of a review."""
    return {
        "version": version.number,
        "kind": version.kind,
        "correction_kind": version.correction_kind or None,
        "public_note": version.public_note or None,
        "rating": version.rating_as_given or (rating.label if rating is not None else None),
        "published_at": timestamp(version.published_at),
    }


def with_citation(review: published.ReviewContent, recheck: Recheck | None = None) -> published.Review:
    """Add the texts by which others may quote the review. Pass the re-check only if the audience may know of it."""
    since = timestamp(recheck.raised_at) if recheck else None
    confirmed = recheck is not None and recheck.state == Recheck.State.CONFIRMED
    codes = display_codes(review, recheck_since=since, confirmed=confirmed)
    return {
        **review,
        "attribution": attribution(review),
        "display": display(review, codes),
        "display_codes": codes,
    }


def open_rechecks(claim: Claim, audience: str) -> QuerySet[Recheck]:
    """Open re-checks of the claim's reviews that the audience may know of, oldest first."""
    rechecks = Recheck.objects.open().filter(review__claim=claim).order_by("raised_at", "pk")
    if audience == Audience.PUBLIC:
        rechecks = rechecks.filter(state=Recheck.State.CONFIRMED)
    return rechecks


def _if_published(claim: Claim | None) -> str | None:
    return claim.public_id if claim is not None and claim.publications.exists() else None


def _period(claim: Claim) -> published.Period | None:
    if claim.period_start is None and claim.period_end is None:
        return None
    return {"start": iso_date(claim.period_start), "end": iso_date(claim.period_end)}


def _verification(reviews: list[Review], rechecks: list[Recheck], audience: str) -> published.Verification:
    if rechecks:
        return {
            "status": Verification.NEEDS_RECHECK.value,
            "since": timestamp(rechecks[0].raised_at),
            "seen_by_editor": all(
                recheck.seen_at is not None or recheck.state == Recheck.State.CONFIRMED for recheck in rechecks
            ),
            "because": [cause for recheck in rechecks for cause in _because(recheck, audience)],
        }
    standing = [review.latest_published() for review in reviews if review.withdrawn_at is None]
    return settled_verification(
        since=[version.published_at for version in standing if version is not None],
        withdrawn=[review.withdrawn_at for review in reviews],
    )


def _because(recheck: Recheck, audience: str) -> list[published.Cause]:
    """The broken quotes behind the re-check, each as it was first found to be as it is now."""
    causes: list[published.Cause] = []
    for check in broken_checks(recheck, audience):
        seen_at = check.change.detected_at if check.change else check.checked_at
        causes.append(
            {
                "recheck": recheck.public_id,
                "review": recheck.review.public_id,
                "evidence": check.evidence.public_id,
                "page": check.evidence.page.public_id if check.evidence.page else None,
                "result": check.result,
                "before": check.sought,
                "after": check.found or None,
                "surroundings": check.surroundings or None,
                "changed": check.kinds,
                "diff": check.diff,
                "detected_at": timestamp(seen_at),
                "wording": wording(check.result, seen_at),
            }
        )
    return causes


def _review(review: Review, version: ReviewVersion, audience: str) -> published.ReviewContent:
    history = (
        review.versions.filter(state=ReviewVersion.State.PUBLISHED).select_related("rating__scale").order_by("number")
    )
    rating = version.rating
    pieces = list(
        version.evidence.exclude(visibility=Evidence.Visibility.CONFIDENTIAL)
        .select_related("page__source", "snapshot__blob")
        .order_by("pk")
    )
    states = quote_states([each.pk for each in pieces if each.kind == Evidence.Kind.PAGE_QUOTE], audience)
    values = Rating.objects.filter(scale=rating.scale_id).values_list("value", flat=True) if rating else ()
    return review_body(
        review,
        version,
        organisation=review.organisation,
        article=review.article,
        rating=rating_body(version, rating=rating, values=values),
        evidence=[_evidence(each, states.get(each.pk, UNKNOWN)) for each in pieces],
        history=[history_entry(earlier, rating=earlier.rating) for earlier in history],
        suspended_at=review.suspended_at,
        reconfirmed_at=_reconfirmed_at(review, version),
    )


def _reconfirmed_at(review: Review, version: ReviewVersion) -> datetime | None:
    """When editors last said of this version that it still stands though a page changed; None if never."""
    settled = review.rechecks.filter(state=Recheck.State.RECONFIRMED, resolved_at__gt=version.published_at)
    at: datetime | None = settled.aggregate(last=Max("resolved_at"))["last"]
    return at


def _evidence(evidence: Evidence, state: QuoteState) -> published.Evidence:
    watchable = evidence.kind == Evidence.Kind.PAGE_QUOTE
    item: published.Evidence = {
        "id": evidence.public_id,
        "kind": evidence.kind,
        "stance": evidence.stance,
        "visibility": evidence.visibility,
        "description": evidence.description or None,
        "watchable": watchable,
        "state": state.state if watchable else "not_watchable",
        "checked_at": timestamp(state.checked_at),
    }
    if state.decided_at is not None:
        item["decided_at"] = timestamp(state.decided_at)
    if evidence.visibility == Evidence.Visibility.PUBLIC:
        item["note"] = evidence.note or None
        if watchable:
            _add_page_quote(item, evidence, state)
        else:
            _add_other_kind(item, evidence)
    if said := quote_wording(item):
        item["wording"] = said
    return item


def _add_page_quote(item: published.Evidence, evidence: Evidence, state: QuoteState) -> None:
    page, snapshot = evidence.page, evidence.snapshot
    if page is None or snapshot is None:  # the database has a CHECK against it
        raise ValueError(f"evidence {evidence.public_id} quotes a page but names none")
    item["quote"] = {"exact": evidence.exact, "prefix": evidence.prefix, "suffix": evidence.suffix}
    item["now"] = state.now
    if evidence.kept_because:
        item["kept_because"] = evidence.kept_because
    if (anchoring := state.stands_as) is not None:
        item["stands_as"] = {
            "exact": anchoring.exact,
            "prefix": anchoring.prefix,
            "suffix": anchoring.suffix,
            "snapshot": anchoring.snapshot.public_id,
            "since": timestamp(anchoring.anchored_at),
        }
    item["page"] = {"id": page.public_id, "url": page.url, "title": page.title or None}
    item["source"] = {"id": page.source.public_id, "name": page.source.name, "kind": page.source.kind}
    item["snapshot"] = {
        "id": snapshot.public_id,
        "taken_at": timestamp(snapshot.taken_at),
        "sha256": snapshot.blob_id,
        "text_sha256": snapshot.text_id,
    }


def _add_other_kind(item: published.Evidence, evidence: Evidence) -> None:
    kinds = Evidence.Kind
    if evidence.kind == kinds.FILE:
        item["file"] = {"name": evidence.file_name or None, "sha256": evidence.file_sha256}
    elif evidence.kind == kinds.DATASET:
        item["dataset"] = {
            "dataset": evidence.dataset or None,
            "release": evidence.release or None,
            "cell": evidence.cell or None,
            "value": evidence.value or None,
            "unit": evidence.unit or None,
        }
    elif evidence.kind == kinds.INTERVIEW:
        item["interview"] = {"who": evidence.who, "when": timestamp(evidence.happened_at), "how": evidence.how}
    elif evidence.kind == kinds.BROADCAST:
        item["broadcast"] = {
            "programme": evidence.programme,
            "when": timestamp(evidence.happened_at),
            "timecode": evidence.timecode,
        }
    elif evidence.kind != kinds.ANALYSIS:
        raise ValueError(f"evidence {evidence.public_id} is of the kind {evidence.kind!r}, which no body describes")
