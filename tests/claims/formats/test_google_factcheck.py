"""Claims in Google's format, and field masks of partial responses."""

import pytest

from claims.formats import google_factcheck
from claims.formats.google_factcheck import Mask
from tests.claims.formats.test_claimreview import claim, document, review, statement

BASE = "https://desk.example"


def body(*reviews, **changes):
    return claim(merged_into=None, reviews=list(reviews), **changes)


def test_a_claim_as_google_tells_it() -> None:
    assert google_factcheck.claim(body(review()), base=BASE) == {
        "text": "412 bridges need repair.",
        "claimant": "A. Minister",
        "claimDate": "2026-02-20T00:00:00Z",
        "claimReview": [
            {
                "publisher": {"name": "Our desk", "site": "desk.example"},
                "url": "https://desk.example/bridges",
                "title": "Do 412 bridges need repair?",
                "reviewDate": "2026-03-01T10:00:00.000000Z",
                "textualRating": "Right",
                "languageCode": "en-GB",
            }
        ],
    }


def test_no_date_and_no_title_is_made_up() -> None:
    undated = review(undated=True, article=review()["article"] | {"title": ""})
    (told,) = google_factcheck.claim(body(undated), base=BASE)["claimReview"]
    assert not {"reviewDate", "title"} & set(told)
    assert google_factcheck.newest_on(body(undated)) == "2026-02-20"
    assert google_factcheck.newest_on(body(undated, statements=[])) is None


def test_what_google_cannot_say_is_not_told() -> None:
    withdrawn = review(withdrawn_at="2026-03-02T00:00:00Z")
    assert google_factcheck.claim(body(withdrawn), base=BASE) is None
    told = google_factcheck.claim(body(withdrawn, review(article=None)), base=BASE)
    (one,) = told["claimReview"]
    assert one["url"] == f"{BASE}/api/v1/claims/clm_0000000000000001/#rev_0000000000000001"
    assert google_factcheck.claim(body(review()) | {"merged_into": "clm_2"}, base=BASE) is None
    assert google_factcheck.sites(body(withdrawn)) == []


def test_sites_and_days() -> None:
    other = review(organisation={"id": "o", "name": "Other", "site": "https://www.Other.example:8443/x"})
    bare = review(organisation={"id": "o", "name": "Bare", "site": None})
    both = body(other, bare)
    assert google_factcheck.sites(both) == ["desk.example", "other.example"]
    assert [r["publisher"]["site"] for r in google_factcheck.claim(both, base=BASE)["claimReview"]] == [
        "other.example",
        "desk.example",
    ]
    (one,) = google_factcheck.claim(both, base=BASE, site="other.example")["claimReview"]
    assert one["publisher"]["name"] == "Other"
    assert google_factcheck.claim(both, base=BASE, site="nobody.example") is None
    assert google_factcheck.newest_on(both) == "2026-03-01"
    later = body(review(), statements=[statement(document=document(published_on="2026-04-01"))])
    assert google_factcheck.newest_on(later) == "2026-04-01"
    assert google_factcheck.newest_on(body(statements=[])) is None
    for given in ("nytimes.com", "www.NYTimes.com", "https://www.nytimes.com/x", "nytimes.com:443"):
        assert google_factcheck.plain_site(given) == "nytimes.com"
    assert google_factcheck.plain_site("http://[x") == google_factcheck.plain_site("") == ""


@pytest.mark.parametrize(
    ("mask", "left"),
    [
        ("claims", {"claims": [{"text": "x", "r": [{"p": {"n": 1, "s": 2}, "u": 3}]}]}),
        ("claims/text", {"claims": [{"text": "x"}]}),
        ("claims(text,r/p/n),next", {"claims": [{"text": "x", "r": [{"p": {"n": 1}}]}], "next": "t"}),
        ("claims(r(p(n),u))", {"claims": [{"r": [{"p": {"n": 1}, "u": 3}]}]}),
        ("*/text", {"claims": [{"text": "x"}], "next": "t"}),
        ("nothing", {}),
    ],
)
def test_masks(mask: str, left: object) -> None:
    whole = {"claims": [{"text": "x", "r": [{"p": {"n": 1, "s": 2}, "u": 3}]}], "next": "t"}
    assert Mask.read(mask).of(whole) == left


@pytest.mark.parametrize(
    "mask", ["", ",", "a,", "a(", "a(b", "a)", "a(b))", "/a", "a//b", "a()", "a b(", "a(b)c", "(" * 99]
)
def test_masks_that_are_none(mask: str) -> None:
    with pytest.raises(ValueError):
        Mask.read(mask)
