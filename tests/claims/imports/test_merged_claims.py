"""What imports change of a review whose claim was merged goes back with it when the claims are separated."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import pytest

from claims.formats import claimreview
from claims.imports.formats import reading
from claims.imports.importer import Importer
from claims.json_object import Json
from claims.models import Appearance, Claim, Import
from claims.publication.amended import amended
from claims.publication.words import last_words
from tests import factories
from tests.claims.sample_claimreviews import claim_review

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 1, tzinfo=UTC)


def take(folder: Path, *things: Any) -> Import:
    def entries(after: int) -> Any:
        return reading.entries(iter([orjson.dumps(list(things))]), form="json", now=NOW, after=after)

    return Importer(source="test", fingerprint="", refused=folder / "refused.ndjson").import_entries(entries)


def by(publisher: str, said: str, speaker: str, **changes: Any) -> Json:
    return claim_review(
        url=f"https://{publisher.lower()}.example/1",
        author={"@type": "Organization", "name": publisher},
        claimReviewed=said,
        itemReviewed={"@type": "Claim", "author": {"@type": "Person", "name": speaker}},
        **changes,
    )


def words(claim: Claim) -> Json:
    last = last_words(claim)
    assert last is not None
    return last.words


def speakers(claim: Claim) -> list[tuple[str, str]]:
    """The speaker and the publisher of the review of each statement, and of each record that leaves."""
    said = words(claim)
    names = {each["id"]: each["organisation"]["name"] for each in said["reviews"]}
    linked = Appearance.objects.filter(claim=claim).values_list("statement__public_id", flat=True)
    assert sorted(linked) == sorted(each["id"] for each in said["statements"])
    return sorted((each["speaker"]["name"], names[each["review"]]) for each in said["statements"])


def told(claim: Claim) -> dict[str, Any]:
    """The speaker whom the record of each publisher names."""
    last = last_words(claim)
    assert last is not None
    records = [claimreview.claim_review(last.body, each, base="https://d.example") for each in last.body["reviews"]]
    return {each["author"]["name"]: each["itemReviewed"].get("author", {}).get("name") for each in records}


def test_a_claimant_that_is_corrected_after_a_merge_goes_back_with_its_review(tmp_path: Path) -> None:
    take(tmp_path, by("Checkers", "Rents fell.", "A. Mayor"), by("Snopers", "Rents went down.", "B. Clerk"))
    one, other = (Claim.objects.get(text=text) for text in ("Rents went down.", "Rents fell."))
    before = words(other)
    factories.merged(one, into=other)
    corrected = by("Snopers", "Rents went down.", "C. Baker", dateModified="2024-07-01")
    assert take(tmp_path, corrected).updated == 1
    assert told(other) == {"Checkers": "A. Mayor", "Snopers": "C. Baker"}
    factories.unmerged(one)
    assert (speakers(one), told(one)) == ([("C. Baker", "Snopers")], {"Snopers": "C. Baker"})
    assert words(other) == before and speakers(other) == [("A. Mayor", "Checkers")]
    assert take(tmp_path, corrected).unchanged == 1
    assert not any(each.differences for each in amended(Claim.objects.order_by("pk")))


def test_in_a_chain_each_claim_gets_back_what_was_corrected_or_joined_it(tmp_path: Path) -> None:
    texts = ("Rents fell.", "Rents went down.", "Rents are lower.")
    given = (("Checkers", "A. Mayor"), ("Snopers", "B. Clerk"), ("Looker", "D. Cook"))
    take(tmp_path, *(by(publisher, text, name) for text, (publisher, name) in zip(texts, given, strict=True)))
    top, middle, lowest = (Claim.objects.get(text=text) for text in texts)
    before = words(top)
    factories.merged(lowest, into=middle)
    factories.merged(middle, into=top)
    take(
        tmp_path,
        by("Looker", texts[2], "E. Smith", dateModified="2024-07-01"),
        by("Snopers", texts[1], "C. Baker", dateModified="2024-07-01"),
        by("Joiner", texts[2], "F. Joiner"),
    )
    assert told(top) == {"Checkers": "A. Mayor", "Snopers": "C. Baker", "Looker": "E. Smith", "Joiner": "F. Joiner"}
    factories.unmerged(middle)
    assert words(top) == before
    assert told(middle) == {"Snopers": "C. Baker", "Looker": "E. Smith", "Joiner": "F. Joiner"}
    factories.unmerged(lowest)
    assert speakers(top) == [("A. Mayor", "Checkers")]
    assert speakers(middle) == [("C. Baker", "Snopers")]
    assert speakers(lowest) == [("E. Smith", "Looker"), ("F. Joiner", "Joiner")]
    assert {each["rating"]["label"] for each in words(lowest)["reviews"]} == {"Mostly false"}


def test_a_statement_of_two_claims_that_one_review_no_longer_names_stays_with_the_other(tmp_path: Path) -> None:
    place = {"appearance": {"url": "https://paper.example/7"}}
    texts = ("Rents fell.", "Rents went down.")
    records = [by(name, text, "A. Mayor") for name, text in zip(("Checkers", "Snopers"), texts, strict=True)]
    for record in records:
        record["itemReviewed"] |= place
    take(tmp_path, *records)
    other, one = (Claim.objects.get(text=text) for text in texts)
    factories.merged(one, into=other)
    take(tmp_path, by("Snopers", texts[1], "C. Baker", dateModified="2024-07-01"))
    factories.unmerged(one)
    assert speakers(one) == [("C. Baker", "Snopers")] and speakers(other) == [("A. Mayor", "Checkers")]
