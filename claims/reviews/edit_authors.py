"""Who wrote what differs from what is published: counted from the audit, row by row.

Of a row that is published the newest edits count, back to the state that is out: an edit taken back cancels. Of a row
that is not, a new statement for example, whoever linked it counts, and whoever edited it since the claim was published.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, NamedTuple

from django.contrib.auth import get_user_model

from claims.formats.as_now import in_one_notation
from claims.json_object import Json
from claims.models import (
    Appearance,
    Article,
    Attribution,
    Claim,
    Document,
    Organisation,
    Review,
    Speaker,
    Statement,
    Topic,
)
from claims.publication import body
from claims.publication.amended import Amended
from claims.publication.body import iso_date
from sources.database.audit import PROGRAMS


class Author(NamedTuple):
    """Somebody who edited: the user's key, None if the audit does not know who it was."""

    user: int | None
    name: str


def edit_authors(changes: list[Amended]) -> set[Author]:
    """Everybody who wrote a part of what differs. Programs are nobody's name."""
    contexts = {_key(context) for each in changes if each.differences for context in _contexts(each)}
    names = {name for user, name in contexts if user is None and name}
    known = dict(get_user_model()._default_manager.filter(username__in=names).values_list("username", "pk"))
    found = {Author(user if user is not None else known.get(name), name) for user, name in contexts}
    return {each for each in found if each.user is not None or each.name not in PROGRAMS}


def _key(context: Any) -> tuple[int | None, str]:
    context = context or {}
    user = context.get("actor_id")
    return (user if isinstance(user, int) else None, str(context.get("actor") or ""))


def _contexts(change: Amended) -> Iterator[Any]:
    """The audit's context of each edit that counts."""
    began = change.claim.publications.order_by("version").values_list("at", flat=True)[0]
    before, now = change.before["claim"], change.approved["claim"]
    if _claim(before) != _claim(now):
        yield from _edits(Claim, change.claim.pk, _claim(before), _claim_of, began)
    if before["topics"] != now["topics"]:
        yield from _of_topics(change.claim, before["topics"], began)
    yield from _of_statements(change.claim, before["statements"], now["statements"], began)
    said = {each["id"]: each for each in change.before["reviews"]}
    for review in change.approved["reviews"]:
        if review != said[review["id"]]:
            yield from _of_review(said[review["id"]], review, began)


def _edits(model: Any, key: int, published: Any, render: Callable[[Any], Any], since: datetime) -> Iterator[Any]:
    """The contexts of a row's edits, newest first, back to what is published, or to `since` if nothing of it is.

    That the row was made counts only if something else of it is published.
    """
    events = list(model.pgh_event_model.objects.filter(pgh_obj=key).order_by("-pgh_id"))
    published = in_one_notation(published)
    for place, event in enumerate(events):
        shown = in_one_notation(render(event))
        if published is not None and shown == published:
            return
        if published is None and event.pgh_created_at <= since:
            return
        earlier = events[place + 1] if place + 1 < len(events) else None
        if earlier is None and published is None:
            return
        if earlier is None or in_one_notation(render(earlier)) != shown:
            yield event.pgh_context


def _claim(words: Json) -> Json:
    return {name: words.get(name) for name in ("text", "language", "place", "period", "repeats")}


def _claim_of(row: Any) -> Json:
    repeats = Claim.objects.filter(pk=row.repeats_id or 0, publications__isnull=False).values_list("public_id").first()
    period = {"start": iso_date(row.period_start), "end": iso_date(row.period_end)}
    return {
        "text": row.text,
        "language": row.language,
        "place": row.place or None,
        "period": period if any(period.values()) else None,
        "repeats": repeats[0] if repeats else None,
    }


def _of_topics(claim: Claim, before: list[Json], began: datetime) -> Iterator[Any]:
    links = Claim.topics.through.pgh_event_model.objects.filter(claim=claim.pk)  # type: ignore[attr-defined]
    said = {each["slug"]: each for each in before}
    kept = set()
    for topic in Topic.objects.filter(claims=claim):
        shown = {"slug": topic.slug, "name": topic.name}
        slugs = Topic.pgh_event_model.objects.filter(pgh_obj=topic.pk).values_list("slug", flat=True)  # type: ignore[attr-defined]
        published = next((said[slug] for slug in {topic.slug, *slugs} if slug in said), None)
        if published is not None:
            kept.add(published["slug"])
        if shown in before:
            continue
        yield from _edits(Topic, topic.pk, published, lambda row: {"slug": row.slug, "name": row.name}, began)
        if published is None:
            yield _newest(links.filter(topic=topic.pk, pgh_label="insert"))
    for slug in said.keys() - kept:
        keys = Topic.pgh_event_model.objects.filter(slug=slug).values("pgh_obj")  # type: ignore[attr-defined]
        yield _newest(links.filter(topic__in=keys, pgh_label="delete"))


def _of_statements(claim: Claim, before: list[Json], now: list[Json], began: datetime) -> Iterator[Any]:
    links = Appearance.pgh_event_model.objects.filter(claim=claim.pk)  # type: ignore[attr-defined]
    said, shown = ({each["id"]: each for each in words} for words in (before, now))
    names = {name for name in said.keys() | shown.keys() if said.get(name) != shown.get(name)}
    rows = Statement.objects.filter(public_id__in=names).select_related("speaker").defer("document__text")
    for row in rows:
        published = said.get(row.public_id)
        if row.public_id not in shown:
            yield _newest(links.filter(statement=row.pk, pgh_label="delete"))
            continue
        if published is None:
            yield _newest(links.filter(statement=row.pk, pgh_label="insert"))
        elif published.get("attribution") != shown[row.public_id].get("attribution"):
            yield _newest(links.filter(statement=row.pk, pgh_label="update"))
        attributions = Attribution.pgh_event_model.objects.filter(statement=row.pk)  # type: ignore[attr-defined]
        named = _STATEMENT if attributions.exists() else (*_STATEMENT, *_SAID)
        speaker = shown[row.public_id]["speaker"]
        if published is None or _statement(published, named) != _statement(shown[row.public_id], named):
            yield from _edits(
                Statement,
                row.pk,
                published and _statement(published, named),
                lambda event, named=named: _statement(_statement_of(event), named),  # type: ignore[misc]
                began,
            )
        for key in set(attributions.values_list("pgh_obj", flat=True)):
            yield from _of_attribution(key, row, published, shown[row.public_id], began)
        for model, key, part, render in (
            (Speaker, speaker and Speaker.objects.get(public_id=speaker["id"]).pk, "speaker", body.speaker_body),
            (Document, row.document_id, "document", body.document_body),
        ):
            own, other = published and published[part], shown[row.public_id][part]
            if key is not None and own != other:
                same = own is not None and own["id"] == other["id"]
                yield from _edits(model, key, own if same else None, render, began)


_STATEMENT = ("text", "document")  # figures are read from the text by the program
_SAID = ("speaker", "speaker_as_written", "cue", "quoted")  # of a statement without attributions


def _statement(words: Json, names: tuple[str, ...]) -> Json:
    return {name: _id(words.get(name)) for name in names}


def _id(part: Any) -> Any:
    return part["id"] if isinstance(part, dict) else part


def _of_attribution(key: int, statement: Statement, before: Json | None, now: Json, began: datetime) -> Iterator[Any]:
    events = Attribution.pgh_event_model.objects.filter(pgh_obj=key)  # type: ignore[attr-defined]
    name = events.values_list("public_id", flat=True)[0]
    published, shown = (words and _attribution(words, name) for words in (before, now))
    if before is None or published == shown:
        if before is None and shown is not None:
            yield from _edits(Attribution, key, None, lambda row: _attribution_of(row, statement, shown), began)
    elif shown is None:
        yield _newest(events.filter(pgh_label="delete"))
    elif published is None and not _is_hung(before, now, name):
        yield from events.order_by("pgh_id").values_list("pgh_context", flat=True)
    else:
        yield from _edits(
            Attribution,
            key,
            published or _said(before),
            lambda row: _attribution_of(row, statement, shown),
            began,
        )


def _is_hung(before: Json, now: Json, name: str) -> bool:
    """Whether the attribution speaks in both, though the first body, of an earlier version, does not name it."""
    return now.get("attribution") == name and "attribution" not in before and any(before[each] for each in _SAID)


def _attribution(words: Json, name: str) -> Json | None:
    """What a published statement says of the attribution with this id."""
    if words.get("attribution") == name:
        return _said(words)
    return next((each for each in words.get("attributions", ()) if each["id"] == name), None)


def _said(words: Json) -> Json:
    return {each: _id(words.get(each)) for each in (*_SAID, "content")}


def _attribution_of(row: Any, statement: Statement, like: Json) -> Json:
    """The fields of an event as the body shows those of this attribution."""
    placed = row.start is not None or row.mended_at is not None
    spans = [statement.text[start - statement.start : end - statement.start] for start, end in row.content]
    fields = {
        "id": row.public_id,
        "speaker": _public_id(Speaker, row.speaker_id),
        "speaker_as_written": row.speaker_as_written or None,
        "cue": row.cue or None,
        "quoted": row.quoted,
        "content": spans if placed else None,
        "polarity": row.polarity,
    }
    return {name: fields[name] for name in like}


def _statement_of(row: Any) -> Json:
    return {
        "text": row.text,
        "speaker_as_written": row.speaker_as_written or None,
        "cue": row.cue or None,
        "quoted": row.quoted,
        "speaker": _public_id(Speaker, row.speaker_id),
        "document": _public_id(Document, row.document_id),
    }


def _of_review(before: Json, now: Json, began: datetime) -> Iterator[Any]:
    row = Review.objects.get(public_id=now["id"])
    said = {part: before[part] and before[part]["id"] for part in ("organisation", "article")}
    yield from _edits(Review, row.pk, said, _review_of, began)
    organisation = before["organisation"] | {"licence": before["licence"]}
    same = organisation["id"] == now["organisation"]["id"]
    yield from _edits(Organisation, row.organisation_id, organisation if same else None, _organisation_of, began)
    if row.article_id is not None:
        same = said["article"] == now["article"]["id"]
        yield from _edits(Article, row.article_id, before["article"] if same else None, body.article_body, began)


def _review_of(row: Any) -> Json:
    return {
        "organisation": _public_id(Organisation, row.organisation_id),
        "article": _public_id(Article, row.article_id),
    }


def _organisation_of(row: Any) -> Json:
    return {**body.organisation_body(row), "licence": row.licence or None}


def _public_id(model: Any, key: int | None) -> str | None:
    row = model._base_manager.filter(pk=key or 0).values_list("public_id").first()
    return row[0] if row else None


def _newest(events: Any) -> Any:
    """The context of the newest event; none at all if the audit does not know it."""
    return events.order_by("-pgh_id").values_list("pgh_context", flat=True).first()
