"""The DataFeed, the change feed and the dump of one instance give a review one identity: none undoes another."""

from collections.abc import Callable, Iterator
from itertools import permutations
from pathlib import Path
from typing import Any

import orjson
import pytest
from django.db import transaction
from django.utils import timezone

from claims.api.published.claimreview import data_feed_item
from claims.imports import instance_feed
from claims.imports.formats import reading
from claims.imports.importer import Importer
from claims.json_object import Json
from claims.models import Article, Claim, ClaimVersion, Import, ImportConflict, Publication, PublicationBody
from claims.reviews import publish, workflow
from sources.http.responses import FetchResult
from sources.outcome import Outcome
from tests import factories
from tests.claims.imports.test_importer import take
from tests.claims.sample_claimreviews import claim_review, rated

pytestmark = pytest.mark.django_db
BASE = "https://other-desk.example"
FORMS = ("DataFeed", "change feed", "dump")


class Undone(Exception):
    """Takes the other instance's rows away."""


def another_instance(folder: Path) -> Iterator[tuple[str, list[bytes]]]:
    """What the other instance publishes in each form: own reviews and imported ones, changed in each way."""
    ours = factories.organisation("Another desk")
    ours.site = BASE
    ours.save()
    claim = factories.claim("412 bridges need repair.", language="en-GB")
    factories.linked(claim)
    draft = factories.draft(claim)
    first = draft.review
    first.article = Article.objects.create(organisation=ours, url=f"{BASE}/bridges?utm_source=feed", title="Bridges")
    first.save()
    draft.refresh_from_db()
    publish.publish(factories.approved(draft), actor=factories.editor())
    for kind, sort in (("update", ""), ("correction", "rating"), ("clarification", "")):
        version = workflow.start_version(
            first, kind=kind, actor=factories.editor(), correction_kind=sort, public_note=f"A {kind}."
        )
        publish.publish(factories.approved(version), actor=factories.editor())
    factories.published_review(factories.claim("It has no article."))
    withdrawn = factories.published_review(factories.claim("It was withdrawn."))
    version = workflow.start_version(withdrawn, kind="withdrawal", actor=factories.editor(), public_note="Never said.")
    publish.publish(factories.approved(version), actor=factories.editor())
    bare = {"datePublished": None, "headline": None}
    take(folder, *(claim_review(number, **bare) for number in range(1, 4)), claim_review(4))
    mayor = {"@type": "Claim", "author": {"@type": "Person", "name": "B. Mayor"}}
    take(folder, claim_review(1, **bare, reviewRating=rated("True")), claim_review(2, **bare, itemReviewed=mayor))
    take(folder, claim_review(3, **bare, creativeWorkStatus="Withdrawn", inLanguage="cy"))
    take(folder, claim_review(4, reviewRating=rated("True"), dateModified="2024-08-01", correction="It was wrong."))
    yield "change feed", [bytes(body.json) for body in PublicationBody.objects.order_by("publication")]
    current = ClaimVersion.objects.current("public").select_related("publication__body").order_by("claim")
    bodies = [bytes(row.publication.body.json) for row in current]
    yield "dump", bodies
    items = [data_feed_item(body, each, base=BASE) for body in map(orjson.loads, bodies) for each in body["reviews"]]
    yield "DataFeed", [orjson.dumps({"@type": "DataFeed", "dataFeedElement": items})]


def published_by_another_instance(folder: Path) -> dict[str, list[bytes]]:
    try:
        with transaction.atomic():
            forms = dict(another_instance(folder))
            raise Undone
    except Undone:
        return forms


def read(form: str, pieces: list[bytes], folder: Path) -> Import:
    importer = Importer(source=form, fingerprint="1", refused=folder / "refused.ndjson")
    if form == "change feed":
        events = [{"body": orjson.loads(piece)} for piece in pieces]
        pages = [events[start : start + 4] for start in range(0, len(events), 4)]
        fetch = answers({"results": page, "cursor": str(place)} for place, page in enumerate(pages, start=1))
        now = timezone.now()
        feed = f"{BASE}/api/v1/feed/"
        return importer.import_pages(lambda cursor: instance_feed.pages(feed, cursor=cursor, now=now, fetch=fetch))
    kind = "ndjson" if form == "dump" else "json"
    content = b"\n".join(pieces)
    return importer.import_entries(
        lambda after: reading.entries(iter([content]), form=kind, now=timezone.now(), after=after)
    )


def answers(pages: Iterator[Json]) -> Callable[[str], FetchResult]:
    ahead = iter([*pages, {"results": [], "cursor": "end"}])

    def fetch(url: str) -> FetchResult:
        return FetchResult(Outcome.OK, status=200, body=orjson.dumps(next(ahead)), final_url=url)

    return fetch


def state() -> list[Any]:
    """What readers are told of each claim, whatever the way by which it came."""
    found = []
    for row in ClaimVersion.objects.current("public").select_related("publication__body"):
        said = orjson.loads(bytes(row.publication.body.json))
        (review,) = said["reviews"]
        speakers = [statement["speaker_as_written"] for statement in said["statements"]]
        rating = review["rating"] and review["rating"]["label"]
        told = (said["text"], said["language"], speakers, rating, review["summary"], review["body"])
        found.append((*told, review["withdrawn_at"] is not None, review["article"]["title"]))
    return sorted(found)


def test_six_orders_end_the_same_and_nothing_is_changed_by_a_second_form(tmp_path: Path) -> None:
    forms = published_by_another_instance(tmp_path)
    assert not Claim.objects.exists()
    assert len(forms["change feed"]) > len(forms["dump"]) == 7
    ends = []
    for order in permutations(FORMS):
        try:
            with transaction.atomic():
                first, *others = [read(form, forms[form], tmp_path) for form in order]
                assert (first.created, first.refused, first.contradictory) == (7, 0, 0), order
                for run in others:
                    assert (run.created, run.updated, run.contradictory, run.refused) == (0, 0, 0, 0), order
                assert Publication.objects.count() == first.created + first.updated
                ends.append(state())
                assert not ImportConflict.objects.exists()
                raise Undone
        except Undone:
            pass
    assert len(ends) == 6
    assert all(end == ends[0] for end in ends)
