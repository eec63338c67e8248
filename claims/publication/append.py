"""Append to the publication log: one row, its finished JSON and the index entry of its claim, in one transaction."""

import hashlib
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import orjson
from django.contrib.postgres.search import SearchVector
from django.db import connection, transaction
from django.db.models import Max, Min, TextField, Value

from claims.formats import google_factcheck
from claims.models import Claim, ClaimVersion, Publication, PublicationBody, Recheck, Review, ReviewVersion
from claims.models.publication import EVERYONE, LOG_LOCK, Audience
from claims.publication import body_parts
from claims.publication.body import Json, open_rechecks, render, timestamp
from sources.pages import host_of

# What a version of this kind is in the log.
EVENTS = {
    ReviewVersion.Kind.ORIGINAL: Publication.Event.PUBLISHED,
    ReviewVersion.Kind.UPDATE: Publication.Event.UPDATED,
    ReviewVersion.Kind.CLARIFICATION: Publication.Event.CLARIFIED,
    ReviewVersion.Kind.CORRECTION: Publication.Event.CORRECTED,
    ReviewVersion.Kind.WITHDRAWAL: Publication.Event.WITHDRAWN,
}


def append(claim: Claim, *, event: str, audience: str, review: Review | None = None) -> Publication:
    """Add one row to the log with the claim's finished JSON, inside the caller's transaction.

    Sequence and time follow commit order: they are read under an advisory lock that is held to commit.
    A public event whose claim has a re-check that the public may not know of yet is followed by a second
    row that tells newsrooms of it again, so that each body is safe for its audience.
    """
    with transaction.atomic():
        Claim.objects.select_for_update().get(pk=claim.pk)
        publication = _append_row(claim, event=event, audience=audience, review=review)
        if audience == Audience.PUBLIC:
            hidden = open_rechecks(claim, Audience.NEWSROOMS).filter(state=Recheck.State.RAISED).first()
            if hidden is not None:
                _append_row(
                    claim,
                    event=Publication.Event.RECHECK_RAISED,
                    audience=Audience.NEWSROOMS,
                    review=hidden.review,
                )
        return publication


def _append_row(claim: Claim, *, event: str, audience: str, review: Review | None) -> Publication:
    body = render(claim, audience=audience)
    earlier = claim.publications.aggregate(version=Max("version"), first=Min("at"))
    version = (earlier["version"] or 0) + 1
    sequence, at = next_place()
    first = earlier["first"] or at
    body |= {
        "event": event,
        "version": version,
        "sequence": sequence,
        "changed_at": timestamp(at),
        "first_published_at": timestamp(first),
    }
    data = orjson.dumps(body)
    publication = Publication.objects.create(
        sequence=sequence,
        at=at,
        event=event,
        audience=audience,
        claim=claim,
        review=review,
        version=version,
        body_sha256=hashlib.sha256(data).hexdigest(),
    )
    PublicationBody.objects.create(publication=publication, json=data)
    _index(publication, body, first)
    return publication


def next_place() -> tuple[int, datetime]:
    """Sequence and time of the next row of the log, which is ours alone until commit."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOG_LOCK])
        # now() is when the transaction began and disagrees with commit order; a clock set back must not.
        cursor.execute(
            """
            SELECT COALESCE(max(sequence), 0) + 1, greatest(max(at), clock_timestamp())
            FROM (SELECT sequence, at FROM claims_publication ORDER BY sequence DESC LIMIT 1) AS head
            """
        )
        sequence, at = cursor.fetchone()
    return sequence, at


def _index(publication: Publication, body: Json, first: datetime) -> None:
    """Make the publication the current answer for every audience that may see it."""
    versions = ClaimVersion.objects.filter(claim=publication.claim, sequence_to__isnull=True)
    audience = EVERYONE
    if publication.audience == Audience.NEWSROOMS:
        audience = Audience.NEWSROOMS
        _part(versions.filter(audience=EVERYONE).first())
        versions = versions.filter(audience=audience)
    versions.update(sequence_to=publication.sequence)
    columns = filter_columns(body)
    # A tsvector holds 1 MB at most; a tenth of that in text is far from it.
    columns["search"] = SearchVector(Value(searched_words(body), output_field=TextField()), config="simple")
    ClaimVersion.objects.create(
        claim=publication.claim,
        claim_public_id=body["id"],
        audience=audience,
        publication=publication,
        sequence_from=publication.sequence,
        changed_at=publication.at,
        first_published_at=first,
        **columns,
    )


def _part(version: ClaimVersion | None) -> None:
    """A row for newsrooms and one for the public of what both were told until now, if there is such."""
    if version is None:
        return
    version.audience = Audience.PUBLIC
    version.save(update_fields=["audience"])
    version.pk = None
    version.audience = Audience.NEWSROOMS
    version.save(force_insert=True)


def filter_columns(body: Json) -> dict[str, Any]:
    """What lists are filtered by, but for the search: columns of `ClaimVersion`."""
    reviews = body["reviews"]
    evidence = [item for review in reviews for item in review["evidence"] if "page" in item]
    speakers = [statement["speaker"] for statement in body["statements"] if statement["speaker"]]
    ratings = [review["rating"] for review in reviews if review["rating"]]
    return {
        "verification": body["verification"]["status"],
        "language": body["language"],
        "verdicts": _distinct(rating["verdict"] for rating in ratings if rating["verdict"]),
        "ratings": _distinct(rating["label"] for rating in ratings),
        "topics": _distinct(topic["slug"] for topic in body["topics"]),
        "speakers": _distinct(speaker["id"] for speaker in speakers),
        "organisations": _distinct(review["organisation"]["id"] for review in reviews),
        "sources": _distinct(item["source"]["id"] for item in evidence),
        "pages": _distinct(item["page"]["id"] for item in evidence),
        "sites": google_factcheck.sites(body),
        "newest_on": google_factcheck.newest_on(body),
        "hosts": _distinct(host_of(item["page"]["url"]) for item in evidence),
        "rating_steps": body_parts.rating_steps(body),
        "contained_ids": body_parts.contained_ids(body),
    }


def searched_words(body: Json) -> str:
    """What a search looks through: at most 100,000 characters."""
    texts = [body["text"], *(review["summary"] for review in body["reviews"])]
    texts += [statement["text"] for statement in body["statements"]]
    texts += [statement["speaker"]["name"] for statement in body["statements"] if statement["speaker"]]
    return "\n".join(texts)[:100_000]


def _distinct(values: Iterable[str]) -> list[str]:
    found = set(values)
    return sorted(found) if len(found) > 1 else list(found)
