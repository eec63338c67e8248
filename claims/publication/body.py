"""Render the words of a claim and of its reviews from the editors' tables, as published_claim.py describes them.

Called only where people are about to approve or publish: to show what will leave, to fix what was approved, and to
write it. Every other event takes the words of the claim's last body (claims/publication/words.py). What is found since,
such as the state of a quote, is laid over them (claims/publication/overlay.py).

Confidential evidence is left out whole; described evidence keeps its public words alone.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import F, Q

from claims.formats import dated
from claims.formats.figures import in_statement
from claims.json_object import Json
from claims.models import Appearance, Claim, Evidence, Rating, ReviewVersion, Topic
from claims.models.verification import Verification
from claims.publication import published_claim as published
from claims.publication.citation import attribution, display, display_codes
from claims.publication.description import in_order
from sources.models import Source
from sources.timestamp import timestamp


def iso_date(value: date | None) -> str | None:
    return None if value is None else value.isoformat()


def claim_part(claim: Claim, *, before: Json | None) -> Json:
    """Render the claim's own words and our statements of it; `before` are the words of its last body, if any.

    Statements that imported reviews brought belong to these and are kept as they were published.
    """
    return claim_parts([claim], before={claim.pk: before} if before else {})[claim.pk]


def claim_parts(claims: Sequence[Claim], *, before: Mapping[int, Json]) -> dict[int, Json]:
    """Render the claim parts of many claims by their keys, in as many queries as for one."""
    keys = [claim.pk for claim in claims]
    links = Appearance.objects.filter(claim__in=keys).select_related(
        "statement__document", "statement__speaker", "attribution__speaker"
    )
    appearances: dict[int, list[Appearance]] = defaultdict(list)
    links = links.defer("statement__document__text").prefetch_related("statement__attributions")
    for link in links.order_by("statement_id"):
        appearances[link.claim_id].append(link)
    topics: dict[int, list[published.Topic]] = defaultdict(list)
    filed = Topic.objects.filter(claims__in=keys).annotate(of_claim=F("claims")).order_by("name", "slug")
    for of_claim, slug, name in filed.values_list("of_claim", "slug", "name"):
        topics[of_claim].append({"slug": slug, "name": name})
    others = {key for claim in claims for key in (claim.repeats_id, claim.merged_into_id) if key is not None}
    named = dict(Claim.objects.filter(pk__in=others, publications__isnull=False).values_list("pk", "public_id"))
    parts = {}
    for claim in claims:
        words = before.get(claim.pk) or {}
        imported = {each["id"]: each for each in words.get("statements", ()) if "review" in each}
        own = [each for each in appearances[claim.pk] if each.statement.public_id not in imported]
        parts[claim.pk] = claim_body(
            claim,
            topics=topics[claim.pk],
            repeats=named.get(claim.repeats_id or 0),
            merged_into=named.get(claim.merged_into_id or 0),
            merged_from=words.get("merged_from"),
            statements=[
                *imported.values(),
                *(appearance_body(each) for each in own),
            ],
            reviews=words.get("reviews", []),
        )
    return parts


def appearance_body(appearance: Appearance) -> published.Statement:
    """Render the statement of an appearance, with the speaker, cue and content of the attribution that it hangs on.

    A statement with attributions of which the appearance hangs on none shows no speaker.
    """
    statement, hung = appearance.statement, appearance.attribution
    every = list(statement.attributions.all())
    if hung is None and not every:
        return statement_body(statement, speaker=statement.speaker, document=statement.document)
    body = statement_body(statement, speaker=hung and hung.speaker, document=statement.document)
    body["speaker_as_written"] = (hung and hung.speaker_as_written) or None
    body["cue"] = (hung and hung.cue) or None
    body["quoted"] = hung is not None and hung.quoted
    if hung is not None and not hung.is_of_earlier_version:
        body["attribution"] = hung.public_id
        body["content"] = hung.pieces(statement)
    others: list[published.Attribution] = [
        {
            "id": each.public_id,
            "speaker_as_written": each.speaker_as_written or None,
            "cue": each.cue or None,
            "content": each.pieces(statement),
            "quoted": each.quoted,
            "polarity": each.polarity,
        }
        for each in every
        if each != hung
    ]
    if others:
        body["attributions"] = others
    return in_order(body, published.Statement)  # type: ignore[return-value]


def review_part(
    version: ReviewVersion,
    *,
    history: list[published.ReviewHistory],
    published_at: datetime,
    withdrawn_at: datetime | None = None,
) -> Json:
    """Render the words of a version of a review. `history` are the versions before it, as they were published."""
    review, rating = version.review, version.rating
    values = _values(rating) if rating else ()
    evidence = version.evidence.exclude(visibility=Evidence.Visibility.CONFIDENTIAL).order_by("pk")
    return dict(
        review_body(
            review,
            version,
            organisation=review.organisation,
            article=review.article,
            rating=rating_body(version, rating=rating, values=values),
            evidence=[_evidence(each) for each in evidence.select_related("page__source", "snapshot__blob")],
            history=[*history, history_entry(version, rating=rating, published_at=published_at)],
            replies=replies(version),
            published_at=published_at,
            withdrawn_at=withdrawn_at,
        )
    )


def replies(version: ReviewVersion) -> list[published.RightOfReply]:
    """Whom the version says was asked to respond, and what came of it; at most one today."""
    if version.reply_asked_on is None:
        return []
    return [
        {
            "asked": version.reply_asked,
            "asked_on": version.reply_asked_on.isoformat(),
            "answered_on": iso_date(version.reply_answered_on),
            "answer": version.reply or None,
            "answer_url": version.reply_url or None,
            "no_answer_by": iso_date(version.reply_none_by),
        }
    ]


def _values(rating: Rating) -> Iterable[int]:
    """The values of the steps that its scale offers, and its own, even if it was retired since."""
    steps = Rating.objects.filter(scale=rating.scale_id)
    return steps.filter(Q(retired_at__isnull=True) | Q(pk=rating.pk)).values_list("value", flat=True)


# The functions down to `with_citation` read no database: they take rows of models, or rows with the same columns
# (claims/imports/bulk_publish.py).


def claim_body(
    claim: Any,
    *,
    statements: list[published.Statement],
    reviews: list[Any],
    topics: list[published.Topic] | None = None,
    repeats: str | None = None,
    merged_into: str | None = None,
    merged_from: list[published.MergedClaim] | None = None,
    verification: published.Verification | None = None,
) -> Json:
    """Assemble the words of a claim; with `verification`, its whole body."""
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
        **({"merged_from": merged_from} if merged_from else {}),
        "demo": claim.is_demo,
        **({} if verification is None else {"verification": verification}),
        "statements": statements,
        "reviews": reviews,
    }


def settled_verification(reviews: Iterable[Any]) -> published.Verification:
    """The verification of a claim with these reviews and without open re-checks; `since` when a publisher dated it."""
    reviews = list(reviews)
    standing = [review for review in reviews if review["withdrawn_at"] is None]
    dates = [dated.published_at(each) for each in standing] or [dated.withdrawn_at(each) for each in reviews]
    return {
        "status": (Verification.CHECKED if standing else Verification.WITHDRAWN).value,
        "since": min((date for date in dates if date is not None), default=None),
        "seen_by_editor": None,
        "because": [],
    }


def statement_body(statement: Any, *, speaker: Any, document: Any, review: str | None = None) -> published.Statement:
    """Render a statement with its speaker, if known, and its document. `review` is the imported one that it is of."""
    body: published.Statement = {
        "id": statement.public_id,
        "text": statement.text,
        "speaker": None if speaker is None else speaker_body(speaker),
        "speaker_as_written": statement.speaker_as_written or None,
        "cue": statement.cue or None,
        "quoted": statement.quoted,
        "figures": in_statement(statement),
        "document": document_body(document),
    }
    if review is not None:
        body["review"] = review
    return body


def speaker_body(speaker: Any) -> published.Speaker:
    """Render a speaker, for statements."""
    return {
        "id": speaker.public_id,
        "name": speaker.name,
        "kind": speaker.kind,
        "role": speaker.role or None,
        "wikidata_id": speaker.wikidata_id or None,
    }


def document_body(document: Any) -> published.Document:
    """Render a document, for statements."""
    return {
        "id": document.public_id,
        "kind": document.kind,
        "title": document.title or None,
        "url": document.url or None,
        "publisher": document.publisher or None,
        "published_on": iso_date(document.published_on),
        "language": document.language,
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
    evidence: list[Any],
    history: list[published.ReviewHistory],
    published_at: datetime,
    withdrawn_at: datetime | None,
    replies: list[published.RightOfReply] | None = None,
) -> published.ReviewContent:
    """Render a review as its version has it; `with_citation` completes it."""
    content: published.ReviewContent = {
        "id": review.public_id,
        "origin": review.origin,
        "licence": organisation.licence or None,
        "organisation": organisation_body(organisation),
        "article": None if article is None else article_body(article),
        "rating": rating,
        "summary": version.summary or None,
        "body": version.body or None,
        "true_as_of": iso_date(version.true_as_of),
        "version": version.number,
        "kind": version.kind,
        "correction_kind": version.correction_kind or None,
        "public_note": version.public_note or None,
        "published_at": timestamp(published_at),
        "first_published_at": history[0]["published_at"],
        "withdrawn_at": timestamp(withdrawn_at),
        "suspended_since": None,
        "evidence": evidence,
        "history": history,
    }
    if replies:
        content["right_of_reply"] = replies
    if history[0].get("undated"):
        content["undated"] = True
    return content


def organisation_body(organisation: Any) -> published.Organisation:
    """Render an organisation, for reviews."""
    return {"id": organisation.public_id, "name": organisation.name, "site": organisation.site or None}


def article_body(article: Any) -> published.Article:
    """Render an article, for reviews."""
    return {"id": article.public_id, "url": article.url, "title": article.title or None, "language": article.language}


def history_entry(
    version: Any, *, rating: Any, published_at: datetime, undated: bool = False
) -> published.ReviewHistory:
    """Render one published version of a review; `undated` says that its publisher gave no date for it."""
    entry: published.ReviewHistory = {
        "version": version.number,
        "kind": version.kind,
        "correction_kind": version.correction_kind or None,
        "public_note": version.public_note or None,
        "rating": version.rating_as_given or (rating.label if rating is not None else None),
        "published_at": timestamp(published_at),
    }
    if undated:
        entry["undated"] = True
    return entry


def with_citation(
    review: Any, *, recheck_since: str | None = None, confirmed: bool = False, words_missing: bool = True
) -> published.Review:
    """Add the texts by which others may quote the review.

    `recheck_since` is when an open re-check was raised, if the audience may know of one; `confirmed` says that an
    editor agrees with it, `words_missing` that the words of a quote were no longer found.
    """
    codes = display_codes(review, recheck_since=recheck_since, confirmed=confirmed, words_missing=words_missing)
    cited: Any = {
        **review,
        "attribution": attribution(review),
        "display": display(review, codes),
        "display_codes": codes,
    }
    return cited  # type: ignore[no-any-return]


def _period(claim: Claim) -> published.Period | None:
    if claim.period_start is None and claim.period_end is None:
        return None
    return {"start": iso_date(claim.period_start), "end": iso_date(claim.period_end)}


def _evidence(evidence: Evidence) -> Json:
    item: Json = {
        "id": evidence.public_id,
        "kind": evidence.kind,
        "stance": evidence.stance,
        "visibility": evidence.visibility,
        "description": evidence.description or None,
    }
    if evidence.visibility == Evidence.Visibility.PUBLIC:
        item["note"] = evidence.note or None
        if evidence.kind == Evidence.Kind.PAGE_QUOTE:
            _add_page_quote(item, evidence)
        else:
            _add_other_kind(item, evidence)
    return item


def _add_page_quote(item: Json, evidence: Evidence) -> None:
    page, snapshot = evidence.page, evidence.snapshot
    if page is None or snapshot is None:  # the database has a CHECK against it
        raise ValueError(f"evidence {evidence.public_id} quotes a page but names none")
    item["quote"] = {"exact": evidence.exact, "prefix": evidence.prefix or None, "suffix": evidence.suffix or None}
    if evidence.kept_because:
        item["kept_because"] = evidence.kept_because
    item["page"] = {"id": page.public_id, "url": page.url, "title": page.title or None}
    item["source"] = _source(page.source)
    item["snapshot"] = {
        "id": snapshot.public_id,
        "taken_at": timestamp(snapshot.taken_at),
        "sha256": snapshot.blob_id,
        "text_sha256": snapshot.text_id,
    }


def _source(source: Source) -> published.NamedSource:
    named: published.NamedSource = {"id": source.public_id, "name": source.name, "kind": source.kind}
    if source.homepage:
        named["homepage"] = source.homepage
    if source.language:
        named["language"] = source.language
    return named


def _add_other_kind(item: Json, evidence: Evidence) -> None:
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
