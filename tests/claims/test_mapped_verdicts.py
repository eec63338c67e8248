"""Labels of imported reviews are mapped in the index and in answers; what was published stays as it came."""

from pathlib import Path
from typing import Any

import orjson
import psycopg
import pytest
from django.db import connection, connections, transaction

from claims.models import (
    ClaimVersion,
    Organisation,
    Publication,
    PublicationBody,
    Rating,
    RatingScale,
    Review,
)
from claims.publication import rebuild
from claims.publication.append import append
from claims.rating_scales import match, scales
from factcheck.response_cache import cache
from sources.database.locks import Lock, held
from tests import factories
from tests.api_client import ask, problem, reading_key, said
from tests.claims.api.published.test_claims import schema_of
from tests.claims.imports.test_importer import take
from tests.claims.sample_claimreviews import claim_review, rated

pytestmark = pytest.mark.django_db
CLAIMS, REVIEWS = "/api/v1/claims/", "/api/v1/reviews/"
MAPPED = {"verdict": "false", "scale": "snopes", "version": scales.SCALES_VERSION}


def of_snopes(number: int, label: str, **changes: Any) -> Any:
    author = {"@type": "Organization", "name": "Snopes", "url": "https://www.snopes.com"}
    url = f"https://www.snopes.com/fact-check/{number}/"
    return claim_review(number, author=author, url=url, reviewRating=rated(label), **changes)


def index(text: str) -> ClaimVersion:
    return ClaimVersion.objects.current("public").get(claim__text=text)


def columns(version: ClaimVersion) -> tuple[list[str], list[str], Any]:
    return version.verdicts, version.all_verdicts, version.verdict_mapped


@pytest.fixture
def imported(tmp_path: Path) -> Path:
    take(tmp_path, of_snopes(1, "False"), of_snopes(2, "Mostly True"), of_snopes(3, "Odd"), claim_review(4))
    return tmp_path


def test_the_index_says_what_a_label_amounts_to_and_the_body_does_not(imported: Path) -> None:
    review = Review.objects.get(claim__text="1 bridges need repair.").public_id
    assert columns(index("1 bridges need repair.")) == ([], ["false"], {review: MAPPED})
    assert index("2 bridges need repair.").verdict_mapped.popitem()[1]["borderline"] is True
    for number in (3, 4):  # an unknown label, and a publisher without a scale
        version = index(f"{number} bridges need repair.")
        assert columns(version) == ([], [], None)
        assert version.scales_version == scales.SCALES_VERSION
    for stored in PublicationBody.objects.all():
        assert b"verdict_mapped" not in bytes(stored.json)
        assert orjson.loads(bytes(stored.json))["reviews"][0]["rating"]["verdict"] is None


def test_bodies_hashes_and_claimreview_are_the_same_without_any_scale(
    tmp_path: Path, imported: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The words of a body and their hash, which approvals and proofs rest on, know nothing of scales."""
    with_scales = orjson.loads(bytes(index("1 bridges need repair.").publication.body.json))
    monkeypatch.setattr("claims.mapped_verdicts.verdict_of", lambda *_, **__: None)
    (tmp_path / "other").mkdir()
    take(tmp_path / "other", of_snopes(5, "False"))
    without = orjson.loads(bytes(index("5 bridges need repair.").publication.body.json))
    assert index("5 bridges need repair.").verdict_mapped is None

    def shape(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: shape(each) for name, each in value.items()}
        return [shape(each) for each in value] if isinstance(value, list) else type(value)

    assert shape(with_scales) == shape(without)
    key = reading_key()
    names = [Review.objects.get(claim__text=f"{number} bridges need repair.").public_id for number in (1, 5)]
    mine, other = (said(f"{REVIEWS}{name}/claimreview/", key)["reviewRating"] for name in names)
    assert mine == other


def test_claims_say_it_when_asked_and_reviews_always(imported: Path) -> None:
    key = reading_key()
    claim = index("1 bridges need repair.")
    plain = ask(f"{CLAIMS}{claim.claim_public_id}/", key)
    assert plain.headers["ETag"] == f'"{claim.publication.commitment}"'
    assert plain.content == bytes(claim.publication.body.json)
    review = plain.json()["reviews"][0]["id"]
    told = said(f"{CLAIMS}{claim.claim_public_id}/?include=verdict_mapped", key)
    assert told["verdict_mapped"] == [{"review": review, **MAPPED}]
    schema_of("ClaimWithEvents").validate(told)
    listed = said(f"{CLAIMS}?include=verdict_mapped&fields=text", key)["results"]
    assert [len(each["verdict_mapped"]) for each in listed] == [0, 0, 1, 1]
    detail = said(f"{REVIEWS}{review}/", key)
    assert detail["verdict_mapped"] == MAPPED
    schema_of("ReviewDetail").validate(detail)
    assert [("verdict_mapped" in each) for each in said(REVIEWS, key)["results"]] == [False, False, True, True]
    assert said(f"{REVIEWS}?fields=verdict_mapped", key)["results"][3] == {"verdict_mapped": MAPPED}


def test_a_filter_counts_them_only_when_asked(imported: Path) -> None:
    key = reading_key()
    factories.published_review(factories.claim("Ours."), rating="Wrong")
    found = {
        "verdict=false": ["Ours."],
        "verdict=false&mapped=true": ["Ours.", "1 bridges need repair."],
        "verdict=false&mapped=false": ["Ours."],
        "verdict=mixed&mapped=true": [],
    }
    for query, texts in found.items():
        assert [claim["text"] for claim in said(f"{CLAIMS}?{query}", key)["results"]] == texts
    for query, number in (("verdict=false", 1), ("verdict=false&mapped=true", 2), ("verdict=true&mapped=true", 1)):
        assert len(said(f"{REVIEWS}?{query}", key)["results"]) == number
    for path in (CLAIMS, REVIEWS):
        assert "together with verdict" in problem(ask(f"{path}?mapped=true", key))["detail"]


def test_the_desks_own_scale_wins(imported: Path, tmp_path: Path) -> None:
    scale = RatingScale.objects.create(organisation=Organisation.objects.get(name="Snopes"), name="Theirs")
    Rating.objects.create(scale=scale, label="FALSE", value=1, verdict="mixed")
    # Nothing was imported since: the desk's label is nobody else's to map.
    assert rebuild.heed_desk_labels() == 1
    assert rebuild.heed_desk_labels() == 0
    assert columns(index("1 bridges need repair.")) == ([], [], None)
    assert columns(index("2 bridges need repair."))[1] == ["true"], "a label that the desk has not"
    take(tmp_path, of_snopes(1, "False"), of_snopes(6, "False"), fingerprint="2")
    for number in (1, 6):
        assert columns(index(f"{number} bridges need repair.")) == (["mixed"], ["mixed"], None)


def test_a_withdrawn_review_has_none(imported: Path, tmp_path: Path) -> None:
    take(tmp_path, of_snopes(7, "False", creativeWorkStatus="Withdrawn"))
    assert index("7 bridges need repair.").verdict_mapped is None


def test_a_later_version_of_the_scales_maps_anew(imported: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    key, path = reading_key(), f"{CLAIMS}?include=verdict_mapped&fields=id"
    cache.clear()
    before = said(path, key)
    version = scales.SCALES_VERSION + 1
    for module in (match, rebuild):
        monkeypatch.setattr(module, "SCALES_VERSION", version)
    monkeypatch.setattr("claims.publication.append.SCALES_VERSION", version)
    assert rebuild.stale() == 4
    assert not rebuild.differing(list(ClaimVersion.objects.values_list("claim_id", flat=True))), "no fault of the index"
    assert rebuild.map_by_these_scales(limit=1) == 1
    assert rebuild.stale() == 3, "some claims a tick"
    rebuild.map_by_these_scales()
    assert rebuild.stale() == 0
    assert rebuild.map_by_these_scales() == rebuild.rebuild_index().rows == 0
    after = said(path, key)
    assert [each["version"] for claim in after["results"] for each in claim["verdict_mapped"]] == [version] * 2
    assert before != after
    assert Publication.objects.count() == 4, "nothing was published"


@pytest.mark.sql
@pytest.mark.django_db(databases=["default", "owner"])
def test_the_few_rows_of_other_scales_are_found_by_an_index() -> None:
    """In a table of 4,000 rows with the same indexes: a few rows fit one page, where every index costs the same."""
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        cursor.execute(
            "CREATE TEMPORARY TABLE claims_claimversion ON COMMIT DROP AS SELECT version.*"
            " FROM generate_series(1, 4000), jsonb_populate_record("
            "NULL::public.claims_claimversion, jsonb_build_object('scales_version', %s::int)) AS version",
            [scales.SCALES_VERSION],
        )
        cursor.execute(
            "SELECT pg_get_indexdef(indexrelid) FROM pg_index"
            " WHERE indrelid = 'public.claims_claimversion'::regclass AND NOT indisunique"
        )
        for (definition,) in cursor.fetchall():
            cursor.execute(definition.replace(" ON public.", " ON pg_temp."))
        cursor.execute("ANALYZE pg_temp.claims_claimversion")
        assert "claim_version_scales" in rebuild.of_other_scales().using("owner").explain()


@pytest.mark.sql
def test_one_process_maps_anew_at_a_time(imported: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ClaimVersion.objects.update(scales_version=0)
    with psycopg.connect(**connection.get_connection_params()) as other, held(Lock.LABELS, on=other) as alone:
        assert alone
        assert rebuild.map_by_these_scales() == rebuild.heed_desk_labels() == 0
        assert rebuild.stale() == 4
    assert rebuild.map_by_these_scales() == 4


def test_a_claim_that_is_told_again_keeps_it(imported: Path) -> None:
    claim = index("1 bridges need repair.").claim
    before = columns(index(claim.text))
    append(claim, event="reconfirmed", audience="public")
    assert columns(index(claim.text)) == before
