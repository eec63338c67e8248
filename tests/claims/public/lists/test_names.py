"""The indexes of speakers and of organisations: by name, with the claims whose check stands, page after page."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from claims.models import Claim, Speaker
from claims.public.lists import names, pages
from claims.public.lists.facets import Kind
from claims.publication.rebuild import rebuild_index
from claims.reviews import suspension, workflow
from claims.reviews.publish import publish
from sources.database.audit import acting_as
from tests import factories

pytestmark = pytest.mark.django_db


def html(path: str) -> str:
    response = Client().get(path)
    assert response.status_code == 200, path
    return response.text


def said(by: str, text: str) -> Claim:
    made = factories.claim(text)
    factories.linked(made, speaker=by)
    factories.published_review(made)
    return made


def listed(path: str) -> list[tuple[str, str]]:
    """The names on the page and their numbers."""
    rows = re.findall(r'<li><a class="tall"[^>]*>([^<]*)</a>.*?<span class="mut sm num">([^<]*)</span>', html(path))
    return [(name, number.strip()) for name, number in rows]


def test_they_stand_in_the_order_of_their_names_with_what_stands() -> None:
    said("Zoë Ziegler", "It is so.")
    said("Ärzte e. V.", "It is not so.")
    said("bea Berg", "It was so.")
    said("bea Berg", "It was not so.")
    assert listed("/speakers") == [
        ("Ärzte e. V.", "1 claim"),
        ("bea Berg", "2 claims"),
        ("Zoë Ziegler", "1 claim"),
    ]
    assert listed("/organisations") == [("Our desk", "4 claims")]
    for path in ("/speakers", "/organisations"):
        shown = html(path)
        assert shown.count("<h1") == 1 and "<script" not in shown
        assert f'href="{path}"' in shown[shown.index("<footer") :]
        assert path in html("/sitemaps/pages.xml")


def test_what_fell_is_not_counted_and_comes_back_with_its_verdict() -> None:
    gone, waits, part, whole = (said(f"Speaker {each}", f"Claim {each} is so.") for each in "ABCD")
    withdrawal = workflow.start_version(
        gone.reviews.get(), kind="withdrawal", actor=factories.editor(), public_note="Wrong."
    )
    withdrawal = factories.approved(withdrawal)
    publish(withdrawal, actor=withdrawal.approver)
    suspension.suspend(waits.reviews.get(), actor=factories.editor(), reason="Looking.")
    factories.merged(part, into=whole)
    shown = listed("/speakers")
    assert "Speaker A" not in dict(shown) and "Speaker B" not in dict(shown)
    assert dict(shown)["Speaker D"] == "1 claim"
    assert listed("/organisations") == [("Our desk", "1 claim")]
    assert Client().get(f"/speakers/{Speaker.objects.get(name='Speaker A').public_id}").status_code == 200


def test_a_draft_is_not_listed() -> None:
    factories.linked(factories.draft().review.claim, speaker="Nobody yet")
    assert listed("/speakers") == []


def test_a_new_name_and_a_new_speaker_are_found_by_one_query_more() -> None:
    claim = said("Anna Alt", "It is so.")
    said("Bea Berg", "It was so.")
    assert [name for name, _ in listed("/speakers")] == ["Anna Alt", "Bea Berg"]
    with acting_as("editor"):
        Speaker.objects.filter(name="Anna Alt").update(name="Zoe Neu")
    assert [name for name, _ in listed("/speakers")] == ["Anna Alt", "Bea Berg"], "it was not published"
    factories.published_again(claim)
    said("Cem Can", "It will be so.")
    assert [name for name, _ in listed("/speakers")] == ["Bea Berg", "Cem Can", "Zoe Neu"]
    with CaptureQueriesContext(connection) as captured:
        names.names(Kind.SPEAKER)
    assert len(captured) == 1


def test_a_rebuilt_index_and_another_log_are_read_anew() -> None:
    said("Anna Alt", "It is so.")
    first = names.names(Kind.SPEAKER)
    rebuild_index(afresh=True)
    second = names.names(Kind.SPEAKER)
    assert second.epoch != first.epoch and second.keys == first.keys
    names._known[Kind.SPEAKER] = names.Names(
        10**9, b"f" * 64, second.epoch, {"spk_x": ("x", "spk_x")}, (("x", "spk_x"),)
    )
    assert names.names(Kind.SPEAKER).keys == first.keys


def test_pages_follow_each_other_without_a_gap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "_NAMES_OF_PAGE", 2)
    for each in ("Same Name", "Anna", "Cem", "Bea"):
        said(each, f"{each} said so.")
    seen, path = [], "/speakers"
    while True:
        shown = html(path)
        seen += [name for name, _ in listed(path)]
        found = re.search(r'rel="next" href="([^"]+)"', shown)
        if found is None:
            break
        path = f"/speakers{found[1]}"
    assert seen == ["Anna", "Bea", "Cem", "Same Name"]
    assert Client().get("/speakers?after=spk_0000000000000000").status_code == 404
