"""A web process that has begun has nothing left to compile for its first reader."""

from typing import Any
from unittest import mock

import pytest
from django.template.autoreload import reset_loaders
from django.template.base import Template
from django.test import Client

from claims.public.start import warm_up
from claims.watch import public_watch
from factcheck.readers.middleware import pages
from tests import factories


@pytest.fixture(autouse=True)
def cold() -> None:
    reset_loaders()
    public_watch.statement.cache_clear()


def test_it_needs_no_database_and_knows_every_template() -> None:
    warm_up.warm_up()
    assert public_watch.statement.cache_info().currsize == 1
    names = warm_up.template_names()
    assert {"readers/claim.html", "readers/embed/card.html", "readers/complaints/corrections.html"} <= set(names)


def test_it_does_nothing_where_readers_pages_are_switched_off(settings: Any) -> None:
    settings.READERS = False
    warm_up.warm_up()
    assert public_watch.statement.cache_info().currsize == 0


@pytest.mark.django_db
def test_the_first_pages_compile_no_template() -> None:
    claim = factories.published_review().claim
    compiled = []

    def noted(template: Template) -> Any:
        compiled.append(template.name)
        return compile_nodelist(template)

    compile_nodelist = Template.compile_nodelist
    warm_up.warm_up()
    pages.clear()
    with mock.patch.object(Template, "compile_nodelist", noted):
        for path in ("/", f"/claims/{claim.public_id}", "/topics", "/corrections", f"/claims/{claim.public_id}/report"):
            assert Client().get(path).status_code == 200
    assert compiled == []
