"""Keys of addresses are made anew: pages are found by any address, records are known again, and the rest stays."""

from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection

from claims.imports import stored_keys
from claims.models import Article, ClaimVersion, Document, ImportedRecord, IndexState, Publication
from claims.permissions import Refused
from claims.publication import rebuild
from tests import factories
from tests.claims.imports.test_importer import counts, take
from tests.claims.sample_claimreviews import claim_review

pytestmark = [pytest.mark.django_db, pytest.mark.sql]
WHERE = {"@type": "Claim", "appearance": {"@type": "Article", "url": "https://m.paper.example/dam/?utm_source=x"}}


def spoil() -> None:
    """Leave the keys as an earlier version made them, with the version of its rules."""
    Article.objects.update(url_key="x")
    Document.objects.update(url_key="")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE claims_importedrecord SET key = md5(key), claim_sha = ''")
        cursor.execute("UPDATE claims_claimversion SET contained_ids = array_append(contained_ids, 'art:old')")
    IndexState.objects.update_or_create(pk=1, defaults={"url_key_version": 0})


def test_everything_is_made_anew_and_a_second_run_changes_nothing(tmp_path: Path) -> None:
    things = [
        claim_review(number, url=f"http://www.checkers.example/{number}/?fbclid=x", itemReviewed=WHERE)
        for number in range(1, 6)
    ]
    take(tmp_path, *things)
    factories.published_review(factories.claim())
    before = list(ImportedRecord.objects.order_by("review").values()), Article.objects.order_by("pk").first()
    spoil()
    stored_keys.make_all(batch=2)
    assert list(ImportedRecord.objects.order_by("review").values()) == before[0]
    assert set(Document.objects.exclude(url="").values_list("url_key", flat=True)) == {"paper.example/dam"}
    article = Article.objects.order_by("pk").first()
    assert article is not None and before[1] is not None
    assert (article.url, article.url_key) == (before[1].url, "checkers.example/1")
    assert not ClaimVersion.objects.filter(contained_ids__contains=["art:old"]).exists()
    assert rebuild.rebuild_index().rows == 0, "the index is as a rebuild would make it"
    told: list[str] = []
    stored_keys.make_all(report=told.append)
    assert len(told) == 7 and all(": 0 " in line for line in told)
    log = Publication.objects.count()
    assert counts(take(tmp_path, *things)) == (0, 0, 5, 0)
    assert Publication.objects.count() == log


def test_keys_of_other_rules_are_noticed_and_put_right(tmp_path: Path) -> None:
    take(tmp_path, claim_review())
    assert stored_keys.are_current()
    spoil()
    assert not stored_keys.are_current()
    with pytest.raises(Refused, match="run manage"):
        take(tmp_path, claim_review())
    call_command("rebuild_index", verbosity=0)
    assert counts(take(tmp_path, claim_review())) == (0, 0, 1, 0)


def test_two_records_of_one_page_keep_their_reviews_and_one_is_known_by_the_key(tmp_path: Path) -> None:
    """An earlier version took two addresses of a page for two articles."""
    take(tmp_path, claim_review(1), claim_review(1, url="https://elsewhere.example/1"))
    Article.objects.filter(url="https://elsewhere.example/1").update(url="https://m.checkers.example/2024/1/")
    spoil()
    stored_keys.make_all()
    assert ImportedRecord.objects.count() == 2
    assert ImportedRecord.objects.exclude(claim_sha="").count() == 1
    assert counts(take(tmp_path, claim_review(1))) == (0, 0, 1, 0)


def test_a_row_has_the_key_of_its_address_however_it_is_saved() -> None:
    ours = factories.organisation()
    one = Article.objects.create(organisation=ours, url="https://desk.example/a/#top", title="A")
    (two,) = Article.objects.bulk_create([Article(organisation=ours, url="http://www.desk.example/b", title="B")])
    assert (one.url_key, two.url_key) == ("desk.example/a", "desk.example/b")
    one.url = "https://desk.example/c"
    one.save()
    one.refresh_from_db()
    assert one.url_key == "desk.example/c"
