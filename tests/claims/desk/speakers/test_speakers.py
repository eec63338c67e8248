"""Speakers at the desk: who is meant, twins told apart, two names joined."""

from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from claims.desk.shell.verbs import seen_of
from claims.models import Attribution, Speaker
from claims.permissions import Refused
from claims.statements import ingest, link_claim
from claims.statements.by_hand import speaker_edits
from tests import factories

pytestmark = pytest.mark.django_db

TEXT = "The city built 4,200 homes in 2024, Ines Halloway said. It closed 12 schools in 2023, Tom Orr said."


@pytest.fixture
def ana() -> Any:
    return factories.editor()


@pytest.fixture
def desk(client: Client, ana: Any) -> Client:
    client.force_login(ana)
    return client


@pytest.fixture
def ines(ana: Any) -> Speaker:
    document = ingest.store(ingest.read(TEXT), ingest.statements(TEXT), title="Homes")
    first = document.statements.first()
    assert first is not None
    link_claim.claim_from_statement(first, actor=ana)
    return Speaker.objects.get(name="Ines Halloway")


def page(desk: Client, speaker: Speaker) -> str:
    return desk.get(reverse("desk:speaker", args=[speaker.pk])).content.decode()


def do(desk: Client, speaker: Speaker, verb: str, **fields: str) -> Any:
    address = reverse("desk:do", args=["speaker", speaker.pk, verb])
    shown = seen_of(Speaker.objects.get(pk=speaker.pk))
    return desk.post(address, {"next": reverse("desk:speaker", args=[speaker.pk]), "seen": shown, **fields})


def told(answer: Any) -> str:
    return " ".join(str(message) for message in get_messages(answer.wsgi_request))


def test_a_speakers_statements_and_claims_are_shown(desk: Client, ines: Speaker) -> None:
    body = page(desk, ines)
    assert "4,200 homes in 2024" in body and reverse("desk:claim", args=[1])[:14] in body
    assert "No claim was made" not in body and "linked to a claim" in body


def test_columns_tell_twins_apart(desk: Client, ines: Speaker) -> None:
    twin = Speaker.objects.create(name="Ines Halloway", role="singer", wikidata_id="Q77")
    body = desk.get(reverse("desk:speakers"), {"show": "twins"}).content.decode()
    assert body.count("1 namesake") == 2 and "singer" in body and "Q77" in body and "Tom Orr" not in body
    assert "Homes" in body  # where she spoke last
    assert "Tom Orr" in desk.get(reverse("desk:speakers"), {"q": "orr"}).content.decode()
    assert reverse("desk:speaker", args=[twin.pk]) in page(desk, ines)


def test_who_is_meant_is_edited(desk: Client, ines: Speaker) -> None:
    form = {
        "name": "Ines Halloway",
        "role": "mayor",
        "kind": "person",
        "wikidata_id": "q42",
        "aliases": "I. Halloway\n\n",
    }
    do(desk, ines, "save", **form)
    ines.refresh_from_db()
    assert (ines.role, ines.wikidata_id, ines.aliases) == ("mayor", "Q42", ["I. Halloway"])
    refused = do(desk, ines, "save", **form | {"wikidata_id": "Wikidata", "role": "the mayor of Sandmere"})
    assert "Wikidata id is Q and digits" in told(refused)
    assert "the mayor of Sandmere" in page(desk, ines)  # kept


def test_two_names_are_joined(desk: Client, ines: Speaker, ana: Any) -> None:
    other = Speaker.objects.create(name="Mayor Halloway", role="mayor", wikidata_id="Q42")
    do(desk, other, "join", into=ines.public_id)
    ines.refresh_from_db()
    assert (ines.role, ines.wikidata_id, ines.aliases) == ("mayor", "Q42", ["Mayor Halloway"])
    assert not Speaker.objects.filter(pk=other.pk).exists()


def test_joining_moves_what_was_said(ines: Speaker, ana: Any) -> None:
    into = Speaker.objects.create(name="I. Halloway")
    speaker_edits.join(ines, into, actor=ana)
    assert into.statements.count() == 1 and Attribution.objects.filter(speaker=into).count() == 1
    into.refresh_from_db()
    assert into.kind == ines.kind and "Ines Halloway" in into.aliases


def test_a_speaker_whom_something_published_names_stays_listed(ana: Any) -> None:
    claim = factories.claim()
    statement = factories.linked(claim)
    factories.published_review(claim)
    speaker = statement.speaker
    assert speaker is not None
    into = Speaker.objects.create(name="Ada Verne")
    speaker_edits.join(speaker, into, actor=ana)
    statement.refresh_from_db()
    assert statement.speaker == into and Speaker.objects.filter(pk=speaker.pk).exists()


def test_two_people_are_not_joined(ines: Speaker, ana: Any) -> None:
    ines.wikidata_id = "Q1"
    ines.kind = Speaker.Kind.PERSON
    ines.save()
    for other, why in (
        (Speaker.objects.create(name="A", wikidata_id="Q2"), "two in Wikidata"),
        (Speaker.objects.create(name="B", kind=Speaker.Kind.ORGANISATION), "an organisation"),
        (ines, "the same one"),
    ):
        with pytest.raises(Refused, match=why):
            speaker_edits.join(other, ines, actor=ana)
    nobody = factories.User.objects.create_user("nobody")
    with pytest.raises(Refused, match="may not change speakers"):
        speaker_edits.join(Speaker.objects.create(name="C"), ines, actor=nobody)
