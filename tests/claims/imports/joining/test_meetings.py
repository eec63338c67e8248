"""Which records join claims that are there, which are proposed to an editor, and how a joined claim is published."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import orjson
import pytest
from django.db import connection

from claims.formats import claimreview
from claims.imports import batches
from claims.imports.formats import reading
from claims.imports.importer import Importer
from claims.imports.joining import meetings
from claims.json_object import Json
from claims.models import (
    Appearance,
    Claim,
    ClaimFingerprint,
    ClaimVersion,
    Import,
    MergeProposal,
    Publication,
    PublicationBody,
    Review,
)
from sources.database.audit import acting_as
from tests import factories
from tests.claims.log_verifier import recomputed
from tests.claims.sample_claimreviews import claim_review, differences, rated

pytestmark = [pytest.mark.django_db, pytest.mark.sql]
NOW = datetime(2026, 6, 1, tzinfo=UTC)


def take(folder: Path, *things: Any, **options: Any) -> Import:
    content = orjson.dumps(list(things))

    def entries(after: int) -> Any:
        return reading.entries(iter([content]), form="json", now=NOW, after=after)

    told = {"source": "test", "fingerprint": "", "refused": folder / "refused.ndjson"}
    return Importer(**told, **options).import_entries(entries)


def by_another(number: int = 1, name: str = "Other Desk", **changes: Any) -> Json:
    """The sample record of another publisher, in its own article."""
    host = "-".join(name.lower().split())
    url = f"https://{host}.example/{number}"
    return claim_review(number, **{"url": url, "author": {"@type": "Organization", "name": name}, **changes})


def published(claim: Claim) -> Json:
    version = ClaimVersion.objects.current("public").get(claim=claim)
    said: Json = orjson.loads(bytes(PublicationBody.objects.get(publication=version.publication_id).json))
    return said


def counts(run: Import) -> tuple[int, int, int, int, int]:
    return run.created, run.joined, run.updated, run.unchanged, run.refused


@pytest.mark.parametrize("batch", [1, 100])
def test_reviews_of_several_publishers_are_of_one_claim_each_as_its_publisher_has_it(
    tmp_path: Path, batch: int
) -> None:
    other = by_another(
        claimReviewed="“1 bridges need Repair”",
        reviewRating=rated("True"),
        itemReviewed={"@type": "Claim", "author": {"name": "B. Rider"}, "appearance": {"url": "https://x.example/7"}},
    )
    assert counts(take(tmp_path, claim_review(), other, batch=batch)) == (2, 1, 0, 0, 0)
    said = published(Claim.objects.get())
    assert (said["text"], said["version"], said["event"]) == ("1 bridges need repair.", 2, "published")
    assert said["first_published_at"] <= said["changed_at"]
    assert said["verification"]["status"] == "checked"
    first, second = said["reviews"]
    assert [each["rating"]["label"] for each in said["reviews"]] == ["Mostly false", "True"]
    assert first["article"]["url"] == "https://checkers.example/2024/1"
    assert second["article"]["url"] == "https://other-desk.example/1"
    assert ("claim_reviewed" in first, second["claim_reviewed"]) == (False, "“1 bridges need Repair”")
    assert [each["review"] for each in said["statements"]] == [first["id"], second["id"]]
    events = Publication.objects.order_by("sequence").values_list("event", "version", "review__public_id")
    assert list(events) == [("published", 1, first["id"]), ("published", 2, second["id"])]
    rows = list(Publication.objects.select_related("claim", "review").order_by("sequence"))
    assert recomputed(rows) == [(row.line_sha256, row.hash) for row in rows]
    outward = [claimreview.claim_review(said, each, base="https://desk.example") for each in said["reviews"]]
    assert [each["claimReviewed"] for each in outward] == ["1 bridges need repair.", "“1 bridges need Repair”"]
    assert [each["itemReviewed"]["author"]["name"] for each in outward] == ["A. Minister", "B. Rider"]
    assert [len(each["itemReviewed"]["appearance"]) for each in outward] == [1, 1]
    versions = ClaimVersion.objects.order_by("sequence_from").values_list("sequence_from", "sequence_to")
    assert list(versions) == [(1, 2), (2, None)]


def test_a_statement_that_both_bring_is_of_both(tmp_path: Path) -> None:
    take(tmp_path, claim_review(), by_another(), by_another(name="Third Desk"))
    said = published(Claim.objects.get())
    (statement,) = said["statements"]
    assert statement["reviews"] == [each["id"] for each in said["reviews"]]
    assert Appearance.objects.count() == 1
    outward = [claimreview.claim_review(said, each, base="https://desk.example") for each in said["reviews"]]
    assert all(each["itemReviewed"]["author"]["name"] == "A. Minister" for each in outward)


def test_what_has_joined_goes_out_and_comes_back_unchanged(tmp_path: Path) -> None:
    things = [claim_review(), by_another(claimReviewed="1 Bridges need repair", itemReviewed=None), claim_review(2)]
    take(tmp_path, *things)
    outward = [
        claimreview.claim_review(said, review, base="https://desk.example")
        for claim in Claim.objects.order_by("pk")
        for said in [published(claim)]
        for review in said["reviews"]
    ]
    assert differences(outward, [each | outward[place] for place, each in enumerate(things)]) == []
    for given in (things, outward, outward[::-1]):
        assert counts(take(tmp_path, *given)) == (0, 0, 0, 3, 0)


def test_two_articles_of_one_publisher_may_meet_too(tmp_path: Path) -> None:
    again = claim_review(url="https://checkers.example/2025/7", reviewRating=rated("False"))
    assert counts(take(tmp_path, claim_review(), again)) == (2, 1, 0, 0, 0)
    assert [each["organisation"]["name"] for each in published(Claim.objects.get())["reviews"]] == ["The Checkers"] * 2


@pytest.mark.parametrize(
    "changes",
    [
        {"claimReviewed": "1 bridges need no repair."},
        {"claimReviewed": "-1 bridges need repair."},
        {"claimReviewed": "1 bridges need repair?"},
        {"inLanguage": "en-GB"},
        {"inLanguage": None},
        {"itemReviewed": {"@type": "Claim", "temporalCoverage": "2023"}},
        {"itemReviewed": {"@type": "Claim", "spatialCoverage": {"name": "Weirside"}}},
    ],
)
def test_other_words_language_period_or_place_are_another_claim(tmp_path: Path, changes: Json) -> None:
    assert counts(take(tmp_path, claim_review(), by_another(**changes))) == (2, 0, 0, 0, 0)
    assert Claim.objects.count() == 2
    assert not MergeProposal.objects.exists()


def test_words_that_name_no_claim_join_nothing(tmp_path: Path) -> None:
    assert counts(take(tmp_path, claim_review(claimReviewed="Video"), by_another(claimReviewed="Video"))).count(0) == 4


def test_an_update_of_one_review_leaves_the_others_as_they_are(tmp_path: Path) -> None:
    take(tmp_path, claim_review(), by_another(claimReviewed="1 bridges need repair"))
    before = published(Claim.objects.get())
    changed = by_another(claimReviewed="1 bridges need repair", reviewRating=rated("Half"), dateModified="2024-06-01")
    assert counts(take(tmp_path, changed)) == (0, 0, 1, 0, 0)
    said = published(Claim.objects.get())
    assert said["reviews"][0] == before["reviews"][0]
    assert said["reviews"][1]["rating"]["label"] == "Half"
    assert said["reviews"][1]["claim_reviewed"] == "1 bridges need repair"
    assert said["statements"] == before["statements"]


def test_records_of_one_claim_in_one_batch_keep_their_order(tmp_path: Path) -> None:
    things = [
        claim_review(),
        by_another(),
        claim_review(reviewRating=rated("True"), dateModified="2024-06-01"),
        by_another(name="Third Desk"),
        by_another(reviewRating=rated("Half"), dateModified="2024-06-02"),
        claim_review(creativeWorkStatus="Withdrawn", dateModified="2024-06-03"),
    ]
    assert counts(take(tmp_path, *things)) == (3, 2, 3, 0, 0)
    log = Publication.objects.order_by("sequence").values_list("version", "event", "review__organisation__name")
    assert list(log) == [
        (1, "published", "The Checkers"),
        (2, "published", "Other Desk"),
        (3, "updated", "The Checkers"),
        (4, "published", "Third Desk"),
        (5, "updated", "Other Desk"),
        (6, "withdrawn", "The Checkers"),
    ]
    first, second, third = published(Claim.objects.get())["reviews"]
    assert first["withdrawn_at"] == "2024-06-03T00:00:00.000000Z"
    assert (second["rating"]["label"], third["rating"]["label"]) == ("Half", "Mostly false")


# claims of this desk


@pytest.mark.parametrize("state", ["no review", "draft", "published", "suspended"])
def test_a_claim_of_this_desk_is_joined_by_nobody_but_proposed(tmp_path: Path, state: str) -> None:
    ours = factories.claim("1 bridges need repair.", language="en")
    if state == "draft":
        factories.draft(ours)
    elif state != "no review":
        factories.published_review(ours)
    said = published(ours) if state in {"published", "suspended"} else None
    assert counts(take(tmp_path, claim_review())) == (1, 0, 0, 0, 0)
    theirs = Claim.objects.exclude(pk=ours.pk).get()
    proposal = MergeProposal.objects.get()
    assert (proposal.claim, proposal.into, proposal.dismissed_at) == (theirs, ours, None)
    assert said is None or published(ours) == said
    # The next publisher's review joins the imported claim, about which an editor is asked already.
    assert counts(take(tmp_path, by_another())) == (1, 1, 0, 0, 0)
    assert MergeProposal.objects.count() == 1


def test_an_imported_claim_that_we_review_is_joined_no_more(tmp_path: Path) -> None:
    take(tmp_path, claim_review())
    claim = Claim.objects.get()
    draft = factories.draft(claim)
    assert counts(take(tmp_path, by_another())) == (1, 0, 0, 0, 0)
    assert MergeProposal.objects.get().into == claim
    # Its own reviews are updated all the same, and the draft beside them stays as it is.
    assert counts(take(tmp_path, claim_review(reviewRating=rated("True"), dateModified="2024-06-01"))).count(1) == 1
    assert published(claim)["reviews"][0]["rating"]["label"] == "True"
    draft.refresh_from_db()
    assert draft.state == "draft"


def test_a_review_of_ours_that_is_begun_meanwhile_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between building and writing a batch an editor starts a review: the batch is built anew."""
    take(tmp_path, claim_review())
    claim = Claim.objects.get()
    build, begun = batches.Builder.build, []

    def then_an_editor(*arguments: Any) -> None:
        build(*arguments)
        if not begun:
            begun.append(factories.draft(claim))

    monkeypatch.setattr(batches.Builder, "build", then_an_editor)
    assert counts(take(tmp_path, by_another(), claim_review(2))) == (2, 0, 0, 0, 0)
    assert claim.reviews.filter(origin="imported").count() == 1
    assert MergeProposal.objects.get().into == claim


def test_what_is_published_meanwhile_of_the_claim_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    take(tmp_path, claim_review())
    claim = Claim.objects.get()
    build, begun = batches.Builder.build, []

    def then_an_editor(*arguments: Any) -> None:
        build(*arguments)
        if not begun:
            begun.append(factories.published_again(claim))

    monkeypatch.setattr(batches.Builder, "build", then_an_editor)
    assert counts(take(tmp_path, by_another())) == (1, 1, 0, 0, 0)
    said = published(claim)
    assert (said["version"], len(said["reviews"])) == (3, 2)


# other states


def test_a_claim_that_its_publisher_withdrew_is_joined(tmp_path: Path) -> None:
    take(tmp_path, claim_review(creativeWorkStatus="Withdrawn"))
    claim = Claim.objects.get()
    assert published(claim)["verification"]["status"] == "withdrawn"
    assert counts(take(tmp_path, by_another())) == (1, 1, 0, 0, 0)
    said = published(claim)
    assert said["verification"]["status"] == "checked"
    assert [each["withdrawn_at"] is None for each in said["reviews"]] == [False, True]


def test_what_was_redacted_is_not_published_again(tmp_path: Path) -> None:
    take(tmp_path, claim_review())
    factories.redacted(Claim.objects.get())
    rows = Publication.objects.count()
    changed = claim_review(reviewRating=rated("True"), dateModified="2024-06-01")
    assert counts(take(tmp_path, by_another(), changed, claim_review(2))) == (1, 0, 0, 0, 2)
    assert Publication.objects.count() == rows + 1
    reasons = [orjson.loads(line)["reason"] for line in (tmp_path / "refused.ndjson").read_bytes().splitlines()]
    assert all("an editor has to decide" in reason for reason in reasons)


def test_demonstration_data_meets_nothing(tmp_path: Path) -> None:
    factories.claim("1 bridges need repair.", language="en", is_demo=True)
    assert counts(take(tmp_path, claim_review())) == (1, 0, 0, 0, 0)
    assert not MergeProposal.objects.exists()


@pytest.mark.parametrize("published_too", [False, True])
def test_a_claim_that_somebody_reworded_is_not_joined_by_its_earlier_words(tmp_path: Path, published_too: bool) -> None:
    """Neither by what is published but no longer meant, nor by what is meant but not published yet."""
    take(tmp_path, claim_review())
    claim = Claim.objects.get()
    claim.text = "2 bridges need repair."
    claim.save()
    if published_too:
        factories.published_again(claim)
    assert counts(take(tmp_path, by_another())) == (1, 0, 0, 0, 0)
    assert counts(take(tmp_path, by_another(2, "Third Desk"))) == (1, published_too, 0, 0, 0)
    assert not MergeProposal.objects.exists()


def test_fingerprints_are_of_the_words_that_are_there(tmp_path: Path) -> None:
    take(tmp_path, claim_review())
    imported, ours = Claim.objects.get(), factories.claim("Ours.")
    assert list(ClaimFingerprint.objects.filter(fingerprint=None).values_list("claim", flat=True)) == [ours.pk]
    assert meetings.fill_fingerprints() == 1
    before = dict(ClaimFingerprint.objects.values_list("claim", "fingerprint"))
    with connection.cursor() as cursor, acting_as("import", reason="import"):
        cursor.execute("UPDATE claims_claim SET place = 'Weirside'")
    assert meetings.fill_fingerprints() == 2
    now = dict(ClaimFingerprint.objects.values_list("claim", "fingerprint"))
    assert now.keys() == before.keys() == {imported.pk, ours.pk}
    assert not set(now.values()) & set(before.values())


def test_of_several_claims_in_the_same_words_the_first_is_joined(tmp_path: Path) -> None:
    """As an import from before claims met has left them."""
    take(tmp_path, claim_review(), claim_review(2))
    first, second = Claim.objects.order_by("pk")
    second.text = first.text
    second.save()
    factories.published_again(second)
    assert counts(take(tmp_path, by_another())) == (1, 1, 0, 0, 0)
    assert Review.objects.latest("pk").claim == first


def test_the_period_may_be_stated_by_both(tmp_path: Path) -> None:
    stated = {"itemReviewed": {"@type": "Claim", "temporalCoverage": "2023", "spatialCoverage": {"name": "Weirside"}}}
    assert counts(take(tmp_path, claim_review(**stated), by_another(**stated))) == (2, 1, 0, 0, 0)
    claim = Claim.objects.get()
    assert (claim.period_start, claim.period_end, claim.place) == (date(2023, 1, 1), date(2023, 12, 31), "Weirside")


def test_a_break_between_batches_loses_and_doubles_nothing(tmp_path: Path) -> None:
    things = [claim_review(), claim_review(2), by_another(), by_another(2), by_another(name="Third Desk")]

    class Broken(Exception):
        pass

    def breaking(after: int) -> Any:
        for number, entry in enumerate(reading.entries(iter([orjson.dumps(things)]), form="json", now=NOW)):
            if number == 3:
                raise Broken
            yield entry

    with pytest.raises(Broken):
        Importer(source="test", fingerprint="", refused=tmp_path / "refused.ndjson", batch=1).import_entries(breaking)
    assert counts(take(tmp_path, *things, batch=1)) == (5, 3, 0, 0, 0)
    assert sorted(len(published(claim)["reviews"]) for claim in Claim.objects.all()) == [2, 3]
