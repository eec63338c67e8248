"""ClaimReview and Claim in JSON-LD: their content, Google's rules and schema.org's vocabulary."""

import copy
from typing import Any

import pytest

from claims.formats import claimreview
from claims.json_object import Json
from claims.models import Rating
from claims.publication.append import body_now
from tests import factories
from tests.claims.schema_org import ancestors, faults, google_faults, properties

BASE = "https://desk.example"


def document(**changes: Any) -> Json:
    return {
        "id": "doc_0000000000000001",
        "kind": "article",
        "title": "Bridges",
        "url": "https://paper.example/story",
        "publisher": "The Paper",
        "published_on": "2026-02-20",
        "language": "en",
        **changes,
    }


def speaker(**changes: Any) -> Json:
    return {
        "id": "spk_0000000000000001",
        "name": "A. Minister",
        "kind": "person",
        "role": "Minister of Bridges",
        "wikidata_id": "Q42",
        **changes,
    }


def statement(**changes: Any) -> Json:
    return {
        "id": "stm_0000000000000001",
        "text": "“412 bridges need repair,” the minister said.",
        "speaker": speaker(),
        "speaker_as_written": "the minister",
        "cue": "said",
        "quoted": True,
        "figures": [],
        "document": document(),
        **changes,
    }


def version(number: int = 1, kind: str = "original", **changes: Any) -> Json:
    return {
        "version": number,
        "kind": kind,
        "correction_kind": None,
        "public_note": None,
        "rating": "Right",
        "published_at": f"2026-03-0{number}T10:00:00.000000Z",
        **changes,
    }


def review(**changes: Any) -> Json:
    return {
        "id": "rev_0000000000000001",
        "organisation": {"id": "org_0000000000000001", "name": "Our desk", "site": "https://desk.example"},
        "article": {
            "id": "art_0000000000000001",
            "url": "https://desk.example/bridges",
            "title": "Do 412 bridges need repair?",
            "language": "en-GB",
        },
        "rating": {"label": "Right", "value": 3, "worst": 1, "best": 3, "verdict": "true"},
        "summary": "The report says so.",
        "body": "We read the report.",
        "true_as_of": "2026-03-01",
        "version": 1,
        "kind": "original",
        "correction_kind": None,
        "public_note": None,
        "published_at": "2026-03-01T10:00:00.000000Z",
        "first_published_at": "2026-03-01T10:00:00.000000Z",
        "withdrawn_at": None,
        "evidence": [],
        "history": [version()],
        "licence": "https://creativecommons.org/licenses/by/4.0/",
        **changes,
    }


def claim(**changes: Any) -> Json:
    return {
        "id": "clm_0000000000000001",
        "url": "/api/v1/claims/clm_0000000000000001/",
        "text": "412 bridges need repair.",
        "language": "en",
        "topics": [{"slug": "roads", "name": "Roads"}],
        "period": {"start": "2026-01-01", "end": None},
        "place": "Weirside",
        "statements": [statement()],
        "reviews": [],
        "changed_at": "2026-03-01T10:00:00.000000Z",
        **changes,
    }


def emit(review_: Json | None = None, claim_: Json | None = None) -> Json:
    """The ClaimReview, which must keep Google's rules and schema.org's vocabulary."""
    made = claimreview.claim_review(claim_ or claim(), review_ or review(), base=BASE)
    assert faults(made) == []
    assert google_faults(made) == []
    return made


def test_everything_that_a_review_says() -> None:
    assert emit() == {
        "@context": "https://schema.org",
        "@type": "ClaimReview",
        "url": "https://desk.example/bridges",
        "headline": "Do 412 bridges need repair?",
        "inLanguage": "en-GB",
        "author": {"@type": "Organization", "name": "Our desk", "url": "https://desk.example"},
        "claimReviewed": "412 bridges need repair.",
        "reviewRating": {
            "@type": "Rating",
            "alternateName": "Right",
            "ratingValue": 3,
            "bestRating": 3,
            "worstRating": 1,
        },
        "description": "The report says so.",
        "reviewBody": "We read the report.",
        "temporalCoverage": "2026-03-01",
        "datePublished": "2026-03-01T10:00:00.000000Z",
        "dateModified": "2026-03-01T10:00:00.000000Z",
        "license": "https://creativecommons.org/licenses/by/4.0/",
        "itemReviewed": {
            "@type": "Claim",
            "text": "412 bridges need repair.",
            "inLanguage": "en",
            "temporalCoverage": "2026-01-01/..",
            "spatialCoverage": {"@type": "Place", "name": "Weirside"},
            "author": {
                "@type": "Person",
                "name": "A. Minister",
                "jobTitle": "Minister of Bridges",
                "sameAs": "https://www.wikidata.org/wiki/Q42",
            },
            "datePublished": "2026-02-20",
            "firstAppearance": {"@type": "CreativeWork", "url": "https://paper.example/story"},
            "appearance": [
                {
                    "@type": "Article",
                    "url": "https://paper.example/story",
                    "headline": "Bridges",
                    "inLanguage": "en",
                    "publisher": {"@type": "Organization", "name": "The Paper"},
                    "datePublished": "2026-02-20",
                    "hasPart": {
                        "@type": "Quotation",
                        "text": "“412 bridges need repair,” the minister said.",
                        "author": {
                            "@type": "Person",
                            "name": "A. Minister",
                            "jobTitle": "Minister of Bridges",
                            "sameAs": "https://www.wikidata.org/wiki/Q42",
                        },
                    },
                }
            ],
        },
    }


def test_a_bare_review_of_a_bare_claim() -> None:
    bare = review(article=None, true_as_of=None, body="", organisation={"id": "o", "name": "Our desk", "site": None})
    del bare["licence"]
    made = emit(bare, claim(statements=[], period=None, place=None))
    assert made["url"] == f"{BASE}/api/v1/claims/clm_0000000000000001/#rev_0000000000000001"
    assert made["headline"] == "412 bridges need repair."
    assert made["itemReviewed"] == {"@type": "Claim", "text": "412 bridges need repair.", "inLanguage": "en"}
    assert made["author"] == {"@type": "Organization", "name": "Our desk"}
    assert not {"license", "correction", "temporalCoverage", "reviewBody", "creativeWorkStatus"} & set(made)


@pytest.mark.parametrize(
    ("rating", "numbers"),
    [
        ({"value": 0, "worst": -1, "best": 2}, (2, 4, 1)),
        ({"value": 5, "worst": 2, "best": 5}, (5, 5, 2)),
        ({"value": 1, "worst": 1, "best": 1}, None),
        ({"value": None, "worst": None, "best": None}, None),
        ({"value": 7, "worst": 1, "best": 5}, None),
    ],
)
def test_numbers_of_a_rating_keep_googles_rules(rating: Json, numbers: tuple[int, int, int] | None) -> None:
    made = emit(review(rating={"label": "So-so", "verdict": None, **rating}))["reviewRating"]
    given = tuple(made[name] for name in ("ratingValue", "bestRating", "worstRating") if name in made)
    assert (given or None) == numbers
    assert made["alternateName"] == "So-so"


@pytest.mark.parametrize(
    ("rating", "numbers"),
    [
        ({"value": 2.5, "worst": None, "best": None}, {"ratingValue": 2.5}),
        ({"value": 3, "worst": None, "best": 5}, {"ratingValue": 3, "bestRating": 5}),
        ({"value": None, "worst": None, "best": None}, {}),
    ],
)
def test_a_number_of_an_imported_rating_is_kept_without_a_scale(rating: Json, numbers: Json) -> None:
    imported = review(origin="imported", rating={"label": "So-so", "verdict": None, "scale": None, **rating})
    made = claimreview.claim_review(claim(), imported)["reviewRating"]
    assert made == {"@type": "Rating", "alternateName": "So-so", **numbers}


def test_the_day_of_a_claim_is_kept_without_an_address() -> None:
    bare = statement(document=document(url=None, published_on="2026-02-20"))
    item = emit(claim_=claim(statements=[bare]))["itemReviewed"]
    assert item["datePublished"] == "2026-02-20" and "firstAppearance" not in item
    placed = statement(document=document(url="https://paper.example/later", published_on="2026-02-22"))
    item = emit(claim_=claim(statements=[bare, placed]))["itemReviewed"]
    assert item["datePublished"] == "2026-02-22", "the day of the place that is named"


def test_a_review_without_an_article_has_an_address_only_where_it_is_asked_for() -> None:
    bare = review(article=None)
    assert "url" not in claimreview.claim_review(claim(), bare)
    assert claimreview.claim(claim())["@id"] == "urn:factcheck:clm_0000000000000001"
    assert "url" not in claimreview.claim(claim())


def test_corrections_and_withdrawal_are_told_with_their_notes() -> None:
    history = [
        version(),
        version(2, "update", public_note="A new report came."),
        version(3, "correction", correction_kind="rating", public_note="We misread it."),
        version(4, "clarification", public_note="Which bridges."),
        version(5, "withdrawal", public_note="The report was a draft.", rating=None),
    ]
    withdrawn = review(
        history=history, rating=None, withdrawn_at=history[-1]["published_at"], published_at=history[-1]["published_at"]
    )
    made = emit(withdrawn)
    assert [(c["name"], c["text"], c["datePublished"]) for c in made["correction"]] == [
        ("Correction of the rating", "We misread it.", "2026-03-03T10:00:00.000000Z"),
        ("Clarification", "Which bridges.", "2026-03-04T10:00:00.000000Z"),
        ("Withdrawal", "The report was a draft.", "2026-03-05T10:00:00.000000Z"),
    ]
    assert made["creativeWorkStatus"] == "Withdrawn"
    assert made["dateModified"] == "2026-03-05T10:00:00.000000Z"
    assert made["reviewRating"] == {"@type": "Rating", "alternateName": "Right"}


def test_no_date_and_no_headline_is_made_up() -> None:
    article = review()["article"] | {"title": ""}
    made = emit(review(article=article, undated=True, history=[version(undated=True)]))
    assert not {"headline", "datePublished", "dateModified"} & set(made)
    later = emit(review(undated=True, history=[version(undated=True), version(2, "update")]))
    assert "datePublished" not in later
    assert later["dateModified"] == "2026-03-01T10:00:00.000000Z"
    corrected = emit(review(history=[version(), version(2, "correction", public_note="Wrong.", undated=True)]))
    assert "dateModified" not in corrected
    assert "datePublished" not in corrected["correction"][0]


def test_many_statements_by_many_speakers() -> None:
    office = speaker(name="Bridge Office", kind="organisation", role="agency", wikidata_id=None)
    statements = [
        statement(speaker=office, document=document(kind="release", published_on="2026-02-22", url=None)),
        statement(document=document(kind="post", published_on="2026-02-21", url="https://post.example/1")),
        statement(quoted=False, document=document(kind="transcript", published_on=None, publisher=None, title=None)),
        statement(speaker=None),
    ]
    made = emit(claim_=claim(statements=statements))["itemReviewed"]
    assert [author["name"] for author in made["author"]] == ["Bridge Office", "A. Minister"]
    assert made["author"][0] == {"@type": "Organization", "name": "Bridge Office", "description": "agency"}
    assert [(a["@type"], a.get("genre")) for a in made["appearance"]] == [
        ("CreativeWork", "press release"),
        ("SocialMediaPosting", None),
        ("CreativeWork", "transcript"),
        ("Article", None),
    ]
    assert made["appearance"][2]["hasPart"]["@type"] == "CreativeWork"
    assert made["datePublished"] == "2026-02-20"
    assert made["firstAppearance"]["url"] == "https://paper.example/story"


def test_nothing_of_this_installation_is_in_it() -> None:
    """So that it is the same wherever it was imported, and imported again."""
    one = emit()
    other = copy.deepcopy(claim())
    other |= {"id": "clm_9999999999999999", "url": "/api/v1/claims/clm_9999999999999999/"}
    other["statements"][0] |= {"id": "stm_9999999999999999"}
    again = claimreview.claim_review(other, review(id="rev_9999999999999999"), base="https://elsewhere.example")
    assert again == one


def test_the_claim_alone() -> None:
    made = claimreview.claim(claim(), base=BASE + "/")
    assert faults(made) == []
    assert made["@id"] == made["url"] == "https://desk.example/api/v1/claims/clm_0000000000000001/"
    assert made["about"] == [{"@type": "DefinedTerm", "termCode": "roads", "name": "Roads"}]
    assert made["@type"] == "Claim" and made["text"] == "412 bridges need repair."


@pytest.mark.django_db
def test_the_body_that_is_published_gives_one() -> None:
    on = factories.claim(place="Weirside")
    factories.linked(on)
    published = factories.published_review(on)
    body = body_now(on, audience="public") | {"changed_at": "2026-03-01T10:00:00.000000Z"}
    (rendered,) = body["reviews"]
    made = emit(rendered, body)
    assert made["claimReviewed"] == on.text
    assert (
        made["reviewRating"]["bestRating"] == Rating.objects.filter(scale__organisation=published.organisation).count()
    )
    assert faults(claimreview.claim(body, base=BASE)) == []


def test_the_checks_find_faults() -> None:
    """Else they would pass anything."""
    assert {"Comment", "CreativeWork", "Thing"} < ancestors("CorrectionComment")
    assert properties("ClaimReview")["reviewRating"] == {"Rating"}
    made = claimreview.claim_review(claim(), review(), base=BASE)
    assert faults(made | {"verdict": "true"}) == ["/ClaimReview.verdict: ClaimReview has no such property"]
    assert faults(made | {"author": "Our desk"}) and faults(made | {"author": {"@type": "Place", "name": "x"}})
    assert faults(made | {"datePublished": "yesterday"}) and faults(made | {"reviewRating": {"@type": "Verdict"}})
    assert faults(made | {"itemReviewed": {"@type": "Claim", "firstAppearance": {"@type": "Place"}}})
    rating = made["reviewRating"]
    for wrong in (
        {"claimReviewed": ""},
        {"url": "/bridges"},
        {"reviewRating": None},
        {"reviewRating": {"@type": "Rating", "ratingValue": 3, "bestRating": 3, "worstRating": 1}},
        {"reviewRating": rating | {"worstRating": 0}},
        {"reviewRating": rating | {"bestRating": 1}},
        {"reviewRating": rating | {"ratingValue": 4}},
        {"author": {"@type": "Thing", "name": "x"}},
        {"itemReviewed": {"@type": "Claim", "author": {"@type": "Person"}}},
        {"itemReviewed": {"@type": "Claim", "appearance": [{"@type": "Place"}]}},
    ):
        assert google_faults(made | wrong), wrong
