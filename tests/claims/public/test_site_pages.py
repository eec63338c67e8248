"""How we check, the corrections policy and who we are: nothing is promised that nobody approved, old versions stay."""

import pytest
from django.contrib.auth.models import User
from django.http import HttpResponse
from django.test import Client

from claims.site_pages import proposals
from tests import factories

pytestmark = pytest.mark.django_db


def person(name: str) -> User:
    return User.objects.filter(username=name).first() or factories.editor(name)


def get(path: str, **headers: str) -> HttpResponse:
    client = Client()
    response: HttpResponse = client.get(path, headers=headers)
    assert not client.cookies and not response.cookies
    return response


def published(text: str, page: str = "method") -> None:
    row = proposals.submit(page, text=text, actor=person("writer"))
    proposals.approve(row, actor=person("second"))


@pytest.mark.parametrize("page", ["method", "policy", "about"])
def test_until_something_is_approved_it_says_so(page: str) -> None:
    proposals.submit(page, text="We never sleep.", actor=person("writer"))
    html = get(f"/{page}").content.decode()
    assert "The desk has published no words of its own here yet." in html
    assert "We never sleep" not in html and html.count("<h1") == 1
    assert get(f"/{page}/versions/1").status_code == 404


def test_each_version_stays_readable_and_says_when_it_held() -> None:
    first = get("/method")
    published("### Asking\n\nWe ask *both* sides. [Code](https://code.example)")
    second = get("/method", **{"If-None-Match": first.headers["ETag"]})
    html = second.content.decode()
    assert second.status_code == 200, "a new version is shown at once"
    assert "<h2>Asking</h2>" in html and "<em>both</em>" in html and "no words of its own" not in html
    assert 'rel="nofollow noopener noreferrer"' in html and "another approved it" in html
    assert "Every version" not in html
    published("We ask all sides.")
    now = get("/method").content.decode()
    assert "all sides" in now and "both" not in now and "/method/versions/1" in now
    old = get("/method/versions/1").content.decode()
    assert "both" in old and "This was in force from" in old and "noindex" in old
    assert get("/method/versions/2").status_code == 200
    assert get("/method/versions/3").status_code == get("/policy/versions/1").status_code == 404
    assert "writer" not in now + old and "second" not in now


def test_hostile_words_stay_words() -> None:
    published("<script>alert(1)</script> ![x](https://t.example/p.gif) [x](javascript:alert(1))")
    html = get("/method").content.decode()
    assert "<script" not in html and "<img" not in html and 'href="javascript' not in html
