"""The page at `/`: it leads somewhere for everybody, and tells strangers nothing that was not published."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from claims.models import Organisation
from tests import factories

pytestmark = pytest.mark.django_db


def page(client: Client) -> str:
    response = client.get("/")
    assert response.status_code == 200
    return str(response.content.decode())


def test_before_the_set_up_it_says_where_the_link_is(client: Client) -> None:
    assert "not set up yet" in page(client) and "administrator:" in page(client)


def test_a_reader_finds_the_interface_and_the_log_in(client: Client) -> None:
    User.objects.create_superuser("root", password="x")
    shown = page(client)
    assert "not set up yet" not in shown
    assert 'href="/api/v1/docs/"' in shown and 'href="/admin/"' in shown


def test_an_editor_goes_to_the_desk(client: Client) -> None:
    client.force_login(factories.editor())
    assert client.get("/")["Location"] == "/admin/"


def test_the_name_is_the_published_one(client: Client) -> None:
    User.objects.create_superuser("root", password="x")
    organisation = Organisation.objects.create(name="Secret until published", is_ours=True)
    assert organisation.name not in page(client)
    review = factories.published_review()
    Organisation.objects.exclude(pk=review.organisation_id).delete()
    Organisation.objects.filter(pk=review.organisation_id).update(is_ours=True)
    published = review.organisation.name
    assert published in page(client)
    Organisation.objects.filter(pk=review.organisation_id).update(name="Renamed and not published")
    assert published in page(client) and "Renamed" not in page(client)


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_it_only_answers_reads(client: Client, method: str) -> None:
    assert getattr(client, method)("/").status_code == 405
