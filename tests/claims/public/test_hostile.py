"""Hostile words in every field that readers see: on no page does anything run, leave, or break out of its place."""

import json
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree

import pytest
from django.test import Client

from claims.models import Article, Claim, Topic
from claims.reviews import publish
from sources.models import Source
from tests import factories
from tests.claims.public.readers_walk import addresses, routes

pytestmark = pytest.mark.django_db
HOSTILE = (
    "\"'><img src=//evil.example/x onerror=alert(1)><script>alert(1)</script>"
    "]]>--></title></textarea></noscript>{{ 7*7 }}&lt;b"
)
TAGS = {"img", "object", "embed", "applet", "base", "frame", "style", "audio", "video", "source", "math", "b-evil"}
RUNS = ("javascript:", "data:", "vbscript:")


class Page(HTMLParser):
    """What a browser would make of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.scripts: list[str] = []
        self._in_script = False

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        self._in_script = tag == "script"

    def handle_data(self, data: str) -> None:
        if self._in_script:
            self.scripts.append(data)

    def handle_endtag(self, tag: str) -> None:
        self._in_script = False


@pytest.fixture
def marks(settings: Any) -> list[str]:
    """A published claim whose every text is hostile, and what leads to its pages."""
    settings.ANONYMOUS_PER_MINUTE = 10**6
    claim = factories.claim(f"Bridges {HOSTILE}", place=HOSTILE[:200])
    claim.topics.add(Topic.objects.create(slug="roads", name=f"Roads {HOSTILE}"[:100]))
    page = factories.page("https://roads.example/?a=1&b='2'", factories.PAGE_TEXT)
    Source.objects.filter(pk=page.source_id).update(name=f"Agency {HOSTILE}"[:200])
    version = factories.draft(claim, of=page)
    version.summary = f"Found {HOSTILE}"
    version.body = f"# Head {HOSTILE}\n[x](javascript:alert(1)) ![y](//evil.example/z)"
    version.save()
    organisation = version.review.organisation
    organisation.name, organisation.site = f"Desk {HOSTILE}"[:200], "https://desk.example/?x='y'"
    organisation.save()
    version.review.article = Article.objects.create(
        organisation=organisation, url='https://desk.example/a"b', title=f"Title {HOSTILE}"[:300]
    )
    version.review.save()
    statement = factories.linked(claim, text=f"“Said {HOSTILE}”", speaker=f"Speaker {HOSTILE}"[:300])
    statement.speaker.role = f"Role {HOSTILE}"[:300]
    statement.speaker.save()
    statement.document.title, statement.document.publisher = f"Diary {HOSTILE}"[:200], f"Paper {HOSTILE}"[:200]
    statement.document.save()
    publish.publish(factories.approved(version), actor=factories.editor())
    assert Claim.objects.get().publications.exists()
    return [claim.public_id, statement.speaker.public_id, organisation.public_id, "roads", HOSTILE, "bridges"]


def test_nothing_runs_and_nothing_leaves(marks: list[str]) -> None:
    client, seen = Client(), set()
    wrong = urlencode(dict.fromkeys(("before", "after", "from"), HOSTILE))
    for address in [*addresses(marks), f"/?{wrong}", f"/topics?{wrong}", f"/search?q=bridges&{wrong}"]:
        response = client.get(address)
        assert response.status_code < 500, address
        kind, content = response.headers.get("Content-Type", ""), response.content.decode()
        if "xml" in kind:
            ElementTree.fromstring(content)
        elif "json" in kind:
            json.loads(content)
        elif "html" in kind:
            _is_harmless(address, content)
        if "Bridges" in content:
            seen.add(address.partition("?")[0])
    assert {"/", "/topics/roads", "/search", "/feed.atom", "/feed.json", f"/claims/{marks[0]}"} <= seen
    assert len(routes()) >= 25


def test_what_is_typed_into_the_form_comes_back_as_text() -> None:
    response = Client().post("/ask", {"text": HOSTILE, "url": f"https://evil.example/{HOSTILE}", "do": "look"})
    _is_harmless("/ask", response.content.decode())
    response = Client().post("/ask", {"text": HOSTILE, "do": "look"})
    assert response.status_code == 200
    _is_harmless("/ask", response.content.decode())


def _is_harmless(address: str, content: str) -> None:
    page = Page()
    page.feed(content)
    for tag, attributes in page.tags:
        assert tag not in TAGS, (address, tag)
        assert tag != "script" or attributes == {"type": "application/ld+json"}, (address, attributes)
        assert not [name for name in attributes if name.startswith("on") or name == "style"], (address, attributes)
        for name in ("href", "src", "action", "formaction"):
            value = attributes.get(name, "").strip().lower()
            assert not value.startswith(RUNS), (address, value)
            leaves = value.startswith(("http:", "https:", "//")) and not value.startswith("http://testserver")
            assert not (leaves and tag not in ("a",)), (address, tag, value)
            assert "evil.example" not in value or tag != "a", (address, value)
    for script in page.scripts:
        json.loads(script)
    assert "<script>alert" not in content
