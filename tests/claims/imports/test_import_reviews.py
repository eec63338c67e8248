"""The command import_reviews: sources, messages, and imports with real commits and a second connection."""

import itertools
import json
import time
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connections, transaction
from django.utils import timezone

from claims.imports.bulk_publish import publish_batch
from claims.imports.formats import reading
from claims.imports.importer import Importer
from claims.models import (
    Article,
    Claim,
    ClaimVersion,
    Document,
    Import,
    Organisation,
    Publication,
    Review,
    Speaker,
    Statement,
)
from claims.reviews import publish, workflow
from tests import factories
from tests.api_client import reading_key, said
from tests.claims.sample_claimreviews import claim_review, rated
from tests.sources.servers import Site, answer, serve

pytestmark = pytest.mark.sql


def read(things: list[Any]) -> list[reading.Entry]:
    return list(reading.entries(iter([json.dumps(things).encode()]), form="json", now=timezone.now()))


def run(folder: Path, *sources: object, **options: Any) -> str:
    out = StringIO()
    call_command("import_reviews", *map(str, sources), refused=folder, stdout=out, stderr=out, **options)
    return out.getvalue()


def written(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.django_db
def test_a_file_is_imported_and_what_was_refused_stands_in_a_file(tmp_path: Path) -> None:
    source = written(
        tmp_path, "reviews.json", json.dumps([claim_review(1), claim_review(2, url=None), claim_review(3)])
    )
    told = run(tmp_path, source)
    assert "3 records read: 2 new, 0 updated, 0 unchanged, 1 refused" in told
    (refused,) = tmp_path.glob("*.refused.ndjson")
    assert str(refused) in told
    line = json.loads(refused.read_text())
    assert line["record"] == 2
    assert "no address" in line["reason"]
    assert "0 new, 0 updated, 2 unchanged, 1 refused" in run(tmp_path, source)
    table = written(tmp_path, "t.csv", "claim,rating,url,publisher\nA claim,False,https://f.example/1,Faktum\n")
    lines = written(tmp_path, "l.ndjson", json.dumps(claim_review(7)) + "\n")
    told = run(tmp_path, table, lines, language="de")
    assert told.count("1 records read: 1 new") == 2
    assert Claim.objects.get(text="A claim").language == "de"
    assert not (tmp_path / "t.csv.refused.ndjson").exists()


@pytest.mark.django_db
def test_repairs_stand_in_a_file_by_record_and_field(tmp_path: Path) -> None:
    things = [claim_review(1), claim_review(2, headline="<b>Two</b>"), claim_review(3, url=None)]
    things.append(claim_review(4, datePublished="soon"))
    source = written(tmp_path, "reviews.json", json.dumps(things))
    told = run(tmp_path, source, batch=1)
    (path,) = tmp_path.glob("*.repaired.ndjson")
    assert str(path) in told
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    assert [(each["record"], each["field"], each["about"][-1]) for each in lines] == [
        (2, "headline", "2"),
        (4, "datePublished", "4"),
    ]
    assert "left out" in lines[1]["repair"]
    plain = written(tmp_path, "plain.json", json.dumps([claim_review(5)]))
    run(tmp_path, plain)
    assert not (tmp_path / f"{plain.name}.repaired.ndjson").exists()


@pytest.mark.django_db
def test_a_charset_can_be_named(tmp_path: Path) -> None:
    table = "claim,rating,url,publisher\nÜber Brücken,Falsch,https://f.example/1,Faktum\n".encode("windows-1252")
    source = written(tmp_path, "t.csv", table)
    assert "1 refused" in run(tmp_path, source)
    assert "1 new" in run(tmp_path, source, charset="windows-1252")
    assert Claim.objects.get().text == "Über Brücken"


@pytest.mark.django_db
def test_nobody_in_particular_is_no_speaker(tmp_path: Path) -> None:
    item = {"@type": "Claim", "author": {"@type": "Organization", "name": "Facebook users"}}
    run(tmp_path, written(tmp_path, "x.json", json.dumps([claim_review(1, itemReviewed=item), claim_review(2)])))
    assert list(Speaker.objects.values_list("name", flat=True)) == ["A. Minister"]
    assert Statement.objects.get(speaker=None).speaker_as_written == "Facebook users"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("source", "options", "sentence"),
    [
        ("missing.json", {}, "there is no such file"),
        (".", {}, "it is a folder"),
        ("http://127.0.0.1:9/feed.json", {}, "could not be fetched"),
        ("ftp://x.example/feed", {}, "could not be fetched"),
        ("nul\x00.json", {}, "cannot be read"),
    ],
)
def test_a_source_that_cannot_be_read_is_told_in_a_sentence(
    tmp_path: Path, capsys: Any, source: str, options: Any, sentence: str
) -> None:
    out = StringIO()
    with pytest.raises(SystemExit):
        call_command("import_reviews", source, refused=tmp_path, stdout=out, stderr=out)
    assert sentence in out.getvalue()


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"language": "no tag!"}, "language tag"),
        ({"batch": 0}, "from 1 to"),
        ({"refused": Path("/nowhere")}, "no folder"),
    ],
)
def test_a_wrong_option_is_told_in_a_sentence(tmp_path: Path, options: Any, sentence: str) -> None:
    with pytest.raises(CommandError, match=sentence):
        call_command("import_reviews", "x.json", **{"refused": tmp_path, **options})


@pytest.fixture
def site(settings: Any) -> Iterator[Site]:
    with serve() as made:
        settings.FETCH_ALLOWED_LOOPBACK = made.address
        yield made


@pytest.mark.django_db
def test_a_page_and_a_feed_are_fetched_through_the_gate(tmp_path: Path, site: Site) -> None:
    block = json.dumps(claim_review(1, url="/2024/1", author={"name": "The Checkers"}))
    page = f'<!doctype html><title>x</title><script type="application/ld+json">{block}</script>'
    site.pages["/page"] = answer(page.encode(), "200 OK", "Content-Type: text/html")
    feed = {"@type": "DataFeed", "dataFeedElement": [{"item": [claim_review(2)]}]}
    site.pages["/feed"] = answer(json.dumps(feed).encode(), "200 OK", "Content-Type: application/json")
    told = run(tmp_path, site.url("/page"), site.url("/feed"))
    assert told.count("1 records read: 1 new") == 2
    assert Article.objects.filter(url=site.url("/2024/1")).exists()


def published_elsewhere(site: Site) -> list[bytes]:
    """The pages that an instance's own feed answers with, served by `site`; nothing of it stays in the database."""
    with transaction.atomic():
        ours = factories.organisation()
        ours.site = "https://desk.example"
        ours.save()
        claim = factories.claim("412 bridges need repair.")
        factories.linked(claim)
        draft = factories.draft(claim)
        review = draft.review
        review.article = Article.objects.create(organisation=ours, url="https://desk.example/1", title="One")
        review.save()
        publish.publish(factories.approved(draft), actor=factories.editor())
        version = workflow.start_version(
            review, kind="correction", actor=factories.editor(), correction_kind="typo", public_note="A name."
        )
        publish.publish(factories.approved(version), actor=factories.editor())
        key = reading_key()
        pages, path = [], "/api/v1/feed/?limit=100"
        while True:
            page = said(path, key)
            body = json.dumps(page).encode()
            site.pages[path] = answer(body, "200 OK", "Content-Type: application/json")
            pages.append(body)
            if not page["results"]:
                break
            path = f"/api/v1/feed/?limit=100&after={page['cursor']}"
        transaction.set_rollback(True)
    return pages


@pytest.mark.django_db
def test_another_instance_is_imported_by_its_feed_and_gone_on_with(tmp_path: Path, site: Site, settings: Any) -> None:
    settings.IMPORT_KEY = "fc_key_secret"
    published_elsewhere(site)
    told = run(tmp_path, site.url("/api/v1/"))
    assert "1 new, 1 updated" in told
    assert all(b"Authorization: Bearer fc_key_secret" in request for request in site.asked)
    review = Review.objects.get()
    assert (review.origin, review.organisation.name) == ("imported", "Our desk")
    assert list(review.versions.order_by("number").values_list("kind", "public_note")) == [
        ("original", ""),
        ("correction", "A name."),
    ]
    assert [publication.event for publication in Publication.objects.all()] == ["published", "corrected"]
    site.asked.clear()
    assert "0 new, 0 updated" in run(tmp_path, site.url("/api/v1/feed/"))
    assert len(site.asked) == 1
    assert "after=" in site.paths()[0]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("script", "sentence"),
    [
        (answer(b"{}", "401 Unauthorized"), "FACTCHECK_IMPORT_KEY"),
        (answer(b"<html>"), "did not answer in JSON"),
        (answer(b'{"results": 7}'), "does not answer as a change feed"),
        (answer(b"", "500 Oops"), "could not be read"),
    ],
)
def test_an_instance_that_does_not_answer_is_told_in_a_sentence(
    tmp_path: Path, site: Site, script: bytes, sentence: str
) -> None:
    site.pages["/api/v1/feed/?limit=100"] = script
    out = StringIO()
    with pytest.raises(SystemExit):
        call_command("import_reviews", site.url("/api/v1/claims/"), refused=tmp_path, stdout=out, stderr=out)
    assert sentence in out.getvalue()
    assert "fc_" not in out.getvalue()


def test_batches_share_rows_across_the_one_being_written_and_an_editor_in_between_costs_nothing(
    live_database: object, django_db_blocker: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With commits and a second connection: each batch rests on rows of the one under way, and one is refused by the
    database since somebody made its article in this moment."""
    things = [
        claim_review(
            n,
            url=f"https://checkers.example/{n // 4}",
            itemReviewed={
                "@type": "Claim",
                "author": {"name": f"S{n // 4}"},
                "appearance": {"url": "https://p.example/1"},
            },
            reviewRating=rated(f"R{n}"),
        )
        for n in range(1, 21)
    ]
    things += [things[4]]  # again, much later
    real, calls = publish_batch, []

    def meddled(batch: Any, **options: Any) -> None:
        calls.append(len(batch.claims))
        if len(calls) == 3:
            publisher = Organisation.objects.get(name="The Checkers")
            connections["owner"].ensure_connection()
            with connections["owner"].cursor() as cursor:
                cursor.execute(
                    "INSERT INTO claims_article (public_id, organisation_id, url, url_key, title, language)"
                    " VALUES ('art_meddled', %s, %s, %s, 'Meddled', 'en')",
                    [publisher.pk, batch.articles[0].url, batch.articles[0].url_key],
                )
            connections["owner"].close()
        real(batch, **options)

    monkeypatch.setattr("claims.imports.importer.publish_batch", meddled)
    with django_db_blocker.unblock():
        importer = Importer("test", "f", tmp_path / "refused.ndjson", batch=3)
        done = importer.import_entries(lambda after: iter(read(things)[after:]))
        assert (done.created, done.refused, done.unchanged) == (20, 0, 1)
        stored = Import.objects.get()
        assert (stored.position, stored.created, stored.unchanged) == (21, 20, 1)
        assert len(calls) > 7  # one batch was written twice
        assert Claim.objects.count() == Review.objects.count() == Publication.objects.count() == 20
        assert Article.objects.count() == 6
        assert Article.objects.get(public_id="art_meddled").reviews.exists()
        assert Document.objects.count() == 20
        assert ClaimVersion.objects.current("public").count() == 20
        assert list(Publication.objects.values_list("sequence", flat=True)) == list(range(1, 21))
        assert set(Claim.objects.values_list("statements__speaker__name", flat=True)) == {f"S{n}" for n in range(6)}


def test_a_batch_that_is_ready_first_waits_for_those_before_it(
    live_database: object, django_db_blocker: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else an import that ends in between would say that it had come further than it has."""
    real, slow = publish_batch, itertools.cycle([0.3, 0])
    positions = []

    def publish_slowly(batch: Any, **options: Any) -> None:
        time.sleep(next(slow))
        real(batch, **options)
        positions.append(Import.objects.get().position)

    monkeypatch.setattr("claims.imports.importer.publish_batch", publish_slowly)
    with django_db_blocker.unblock():
        entries = read([claim_review(n) for n in range(1, 13)])
        importer = Importer("test", "f", tmp_path / "refused.ndjson", batch=2)
        importer.import_entries(lambda after: iter(entries[after:]))
        assert positions == [0, 2, 4, 6, 8, 10]
        texts = Publication.objects.values_list("claim__text", flat=True)
        assert list(texts) == [claim_review(n)["claimReviewed"] for n in range(1, 13)]
