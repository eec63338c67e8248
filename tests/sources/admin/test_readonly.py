"""Fields that a page shows and does not offer lead only where the reader may go, and tell other sites nothing."""

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse
from lxml import html

from claims.models import Article
from tests import factories

pytestmark = pytest.mark.django_db


def links_on(article: Article, *tables: str) -> dict[str, str]:
    """The links of the article's page to somebody who may look at these tables, with what each tells of its page."""
    user = User.objects.create_user("looks", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=[f"view_{table}" for table in tables]))
    client = Client()
    client.force_login(user)
    response = client.get(reverse("admin:claims_article_change", args=[article.pk]))
    assert response.status_code == 200
    assert article.organisation.name in response.content.decode()
    return {link.get("href"): link.get("rel") or "" for link in html.fromstring(response.content).xpath("//a[@href]")}


@pytest.fixture
def article() -> Article:
    organisation = factories.organisation("Bridge watch")
    return Article.objects.create(
        organisation=organisation, url="https://watch.example/bridges", title="Bridges", language="en"
    )


def test_a_related_row_is_a_link_to_those_who_may_open_it(article: Article) -> None:
    address = reverse("admin:claims_organisation_change", args=[article.organisation.pk])
    assert address in links_on(article, "article", "organisation")


def test_a_related_row_that_answers_403_is_no_link(article: Article) -> None:
    address = reverse("admin:claims_organisation_change", args=[article.organisation.pk])
    assert address not in links_on(article, "article")


def test_an_address_elsewhere_sends_no_referrer(article: Article) -> None:
    assert links_on(article, "article")["https://watch.example/bridges"] == "noreferrer noopener"
