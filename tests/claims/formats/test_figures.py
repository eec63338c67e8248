"""Figures of published statements count in the statement's own text, and bodies of earlier versions are read so too."""

from types import SimpleNamespace
from typing import Any

import orjson
import pytest

from claims.formats import figures
from claims.formats.as_now import in_one_notation
from claims.models import Publication, PublicationBody, Statement
from claims.publication.words import differences
from claims.reviews import publish
from tests import factories
from tests.api_client import reading_key, said

TEXT = "Ünder 7 rules, 412 bridges need repair and 412 dams do."


def figure(text: str, start: int, **more: Any) -> dict[str, Any]:
    known = {"kind": "count", "value": 1, "unit": "", "counts": "", "qualifier": "", **more}
    return {**known, "text": text, "start": start, "end": start + len(text)}


def stand(body: dict[str, Any]) -> bool:
    return all(body["text"][each["start"] : each["end"]] == each["text"] for each in body["figures"])


@pytest.mark.parametrize("offset", [0, 1, 15, 1_000])
def test_places_in_the_document_become_places_in_the_statement(offset: int) -> None:
    in_text = [figure("7 rules", 6), figure("412 bridges", 15, counts="bridges"), figure("412 dams", 43)]
    assert stand({"text": TEXT, "figures": in_text})
    stored = [each | {"start": each["start"] + offset, "end": each["end"] + offset} for each in in_text]
    statement = SimpleNamespace(text=TEXT, start=offset, figures=stored)
    made = figures.in_statement(statement)
    assert [each["start"] for each in made] == [6, 15, 43]
    assert [each["counts"] for each in made] == [None, "bridges", None]
    assert {each["unit"] for each in made} == {None}
    # The same from a body that an earlier version wrote, which does not say where the statement begins.
    body = figures.recounted({"text": TEXT, "figures": stored})
    assert body["figures"] == made
    assert figures.recounted(body) == body
    assert stored[0]["unit"] == "", "what was given stays as it is"


def test_a_figure_that_stands_several_times_is_told_by_the_others() -> None:
    stored = [figure("412", 1_043), figure("7", 1_006)]
    assert [each["start"] for each in figures.recounted({"text": TEXT, "figures": stored})["figures"]] == [43, 6]


def test_figures_that_stand_nowhere_stay_as_they_are() -> None:
    stored = [figure("9", 4)]
    assert figures.recounted({"text": TEXT, "figures": stored})["figures"][0]["start"] == 4
    assert figures.recounted({"text": TEXT}) == {"text": TEXT}


def test_what_earlier_versions_wrote_is_no_difference() -> None:
    old = {"claim": {"statements": [{"id": "stm_1", "text": TEXT, "figures": [figure("7 rules", 1_006)]}], "place": ""}}
    new = in_one_notation(old)
    assert new["claim"]["place"] is None and new["claim"]["statements"][0]["figures"][0]["start"] == 6
    assert differences(old, new) == []
    new["claim"]["statements"][0]["figures"][0]["value"] = 2
    assert len(differences(old, new)) == 1


def test_published_figures_count_in_the_statement(db: None) -> None:
    claim = factories.claim()
    statement = factories.linked(claim)
    at = statement.start
    text = statement.text
    first = text.split()[0]
    Statement.objects.filter(pk=statement.pk).update(figures=[figure(first, at)])
    publication = Publication.objects.get(pk=factories.published_review(claim).claim.publications.get().pk)
    [told] = orjson.loads(bytes(publication.body.json))["statements"]
    assert stand(told) and told["figures"][0]["start"] == 0
    key = reading_key()
    for path in (f"claims/{claim.public_id}/?fields=statements", "claims/?fields=statements"):
        answer = said(f"/api/v1/{path}", key)
        [told] = answer.get("results", [answer])[0]["statements"]
        assert stand(told)
    assert stand(said(f"/api/v1/statements/{statement.public_id}/", key))


def test_what_was_approved_before_the_upgrade_is_published(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    claim = factories.claim()
    statement = factories.linked(claim)
    Statement.objects.filter(pk=statement.pk).update(
        figures=[figure(statement.text.split()[0], statement.start)], start=statement.start
    )
    version = factories.draft(claim)
    with monkeypatch.context() as earlier:
        earlier.setattr("claims.publication.body.in_statement", lambda row: row.figures)
        version = factories.approved(version)
    publish.publish(version, actor=version.approver)
    [told] = orjson.loads(bytes(PublicationBody.objects.get().json))["statements"]
    assert stand(told) and told["figures"][0]["unit"] is None
