"""oEmbed as a consumer reads it, and the HTML for pages of others."""

import re
from html import unescape
from html.parser import HTMLParser

import pytest
from django.http import HttpResponse
from django.test import Client

from claims.models import Claim, Review
from tests import factories

pytestmark = pytest.mark.django_db


class Elements(HTMLParser):
    """The elements of a text, with their attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def asked(url: str, **parameters: str) -> HttpResponse:
    return Client().get("/oembed", {"url": url, **parameters})


def url_of(claim: Claim) -> str:
    return f"http://testserver/claims/{claim.public_id}"


@pytest.fixture
def review() -> Review:
    return factories.published_review()


def test_the_page_of_a_claim_names_an_address_that_answers(review: Review) -> None:
    html = Client().get(f"/claims/{review.claim.public_id}").content.decode()
    [tag] = re.findall(r'<link rel="alternate" type="application/json\+oembed" href="([^"]*)"', html)
    response = Client().get(unescape(tag))
    assert response.status_code == 200 and response.headers["Content-Type"] == "application/json"
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    document = response.json()
    assert document["version"] == "1.0" and document["type"] == "rich"
    assert document["title"] == "412 bridges need repair."
    assert document["provider_url"] == "http://testserver/"
    [(name, frame)] = Elements(document["html"]).found
    assert name == "iframe" and frame["src"] == f"http://testserver/embed/{review.claim.public_id}"
    assert (int(frame["width"]), int(frame["height"])) == (document["width"], document["height"])
    assert "allow-scripts" not in frame["sandbox"]
    assert "Right" not in response.content.decode(), "what is stored elsewhere holds no verdict"


def test_it_is_no_wider_and_no_higher_than_asked(review: Review) -> None:
    for given, expected in (("400", 400), ("9999", 576), ("", 576), ("x", 576), ("300", 300), ("10", 300)):
        assert asked(url_of(review.claim), maxwidth=given).json()["width"] == expected
    assert asked(url_of(review.claim), maxheight="250").json()["height"] == 250


@pytest.mark.parametrize(
    "url",
    [
        "",
        "http://testserver/",
        "http://testserver/claims/clm_0000000000000000",
        "http://other.example/claims/{id}",
        "http://testserver.other.example/claims/{id}",
        "http://testserver@other.example/claims/{id}",
        "javascript:alert(1)",
        "//testserver/claims/{id}",
        "http://[/claims/{id}",
        "http://testserver/claims/{id}/proof",
    ],
)
def test_other_addresses_are_not_found(review: Review, url: str) -> None:
    assert asked(url.replace("{id}", review.claim.public_id)).status_code == 404


def test_the_address_of_the_card_serves_too_and_other_formats_do_not(review: Review) -> None:
    assert asked(f"http://testserver/embed/{review.claim.public_id}").status_code == 200
    assert asked(url_of(review.claim), format="xml").status_code == 501
    factories.redacted(review.claim)
    assert asked(url_of(review.claim)).status_code == 404


def test_what_a_page_of_others_gets_is_safe_html_without_a_verdict() -> None:
    hostile = '"><script>alert(1)</script>'
    claim = factories.published_review(factories.claim(hostile)).claim
    html = Client().get(f"/claims/{claim.public_id}").content.decode()
    for name in ("embed", "block"):
        [shown] = re.findall(rf'<textarea id="{name}"[^>]*>(.*?)</textarea>', html, re.DOTALL)
        snippet = unescape(shown)
        assert {tag for tag, _ in Elements(snippet).found} <= {"iframe", "blockquote", "p", "a"}
        assert "Right" not in snippet
        assert f"{claim.public_id}" in snippet
