"""The page of an import conflict shows what is here and what came, and offers the decision to editors."""

from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from claims.models import ImportConflict
from tests import factories
from tests.claims.imports.test_importer import published
from tests.factcheck.fixtures import story

pytestmark = pytest.mark.django_db


def test_an_editor_sees_both_and_takes_what_came(tmp_path: Path) -> None:
    story.contradicted(tmp_path)
    conflict = ImportConflict.objects.get()
    client = Client(HTTP_HOST="localhost")
    client.force_login(factories.editor())
    listed = client.get(reverse("admin:claims_importconflict_changelist")).content.decode()
    assert "5 bridges need repair." in listed and "The Checkers" in listed
    address = reverse("admin:claims_importconflict_change", args=[conflict.pk])
    shown = client.get(address).content.decode()
    for words in ("what is here", "what came", "Mostly false", "no date", "Take what came", "Keep what is here"):
        assert words in shown, words
    client.post(reverse("admin:claims_importconflict_verb", args=[conflict.pk, "take"]))
    assert published()["reviews"][0]["rating"]["label"] == "True"
    assert "Take what came" not in client.get(address).content.decode()
