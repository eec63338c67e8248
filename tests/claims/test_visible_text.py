"""Words that nobody can read as they are stored are refused, by forms and by what stands behind them."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.forms import modelform_factory
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from claims.admin.reviews import ReviewVersionForm
from claims.models import Claim, Document, ReviewVersion, Speaker
from claims.permissions import Refused
from claims.reviews import workflow
from claims.statements import ingest, link_claim
from claims.visible_text import is_language_tag, unreadable
from tests import factories

UNREADABLE = [
    *("\u200b\u200d\u2060", "\u3164\u115f", "\u2800", " \u00a0\u3000 ", "—…!", "\u0301\u0302"),
    *("The dam holds.\x00", "The dam\x1b holds.", "The dam holds\x9f.", "The \u202edam holds.", "The dam \u2066holds."),
]


@pytest.mark.parametrize("text", UNREADABLE, ids=ascii)
def test_what_nobody_can_read_is_no_claim_and_no_name(text: str) -> None:
    assert unreadable(text)
    with pytest.raises(ValidationError):
        Claim(text=text).clean()
    with pytest.raises(ValidationError):
        Speaker(name=text).clean()


@pytest.mark.parametrize(
    "text",
    [
        "The dam holds.",
        "Two\nlines\tof it.",
        "می‌خواهم",
        "👩‍🔧 holds",
        "₹60 lakh",
        "دام\u200f holds",
        "大坝没有垮",
        "5 %",
    ],
)
def test_what_reads_well_in_its_script_is_kept(text: str) -> None:
    assert unreadable(text) == ""


def test_a_language_is_a_tag() -> None:
    assert [is_language_tag(tag) for tag in ("en", "pt-BR", "und", "zh-Hans-CN")] == [True] * 4
    assert [is_language_tag(tag) for tag in ("<b>", "", "e", "en us", "english", "deutsch!", "en-")] == [False] * 7


@pytest.fixture
def desk(db: None) -> Client:
    client = Client(HTTP_HOST="localhost")
    client.force_login(factories.editor("ana"))
    return client


def test_forms_refuse_it(desk: Client) -> None:
    address = reverse("admin:claims_claim_add")
    rows = {f"appearances-{name}_FORMS": 0 for name in ("TOTAL", "INITIAL")}
    for wrong in ({"text": "\u200b", "language": "en"}, {"text": "It holds.", "language": "<b>"}):
        assert desk.post(address, rows | wrong).status_code == 200
    assert desk.post(reverse("admin:claims_speaker_add"), {"name": "\u2060\u200b", "kind": "person"}).status_code == 200
    story = {"text": "The dam holds.", "kind": "article", "language": "<b>"}
    assert "no language tag" in desk.post(reverse("admin:claims_document_add"), story).content.decode()
    assert not Claim.objects.exists() and not Speaker.objects.exists() and not Document.objects.exists()
    assert desk.post(address, rows | {"text": "It holds.", "language": "en"}).status_code == 302


@pytest.mark.django_db
def test_a_claim_is_not_made_of_it() -> None:
    with pytest.raises(Refused, match="shows no letter"):
        link_claim.claim_from_statement(factories.attributed(), actor=factories.editor(), text="\u200b")


@pytest.mark.django_db
def test_a_finding_of_a_day_to_come_is_not_submitted() -> None:
    version = factories.draft()
    version.true_as_of = timezone.localdate() + timedelta(days=3)
    version.save()
    with pytest.raises(Refused, match="a day that has been"):
        workflow.submit(version, actor=version.author)


@pytest.mark.django_db
def test_the_form_of_a_review_refuses_a_day_to_come_and_an_embargo_that_is_past() -> None:
    version = factories.draft()
    form = modelform_factory(ReviewVersion, ReviewVersionForm)
    later = timezone.now() + timedelta(days=3)
    data = {"rating": version.rating_id, "summary": "It does.", "body": "We looked.", "true_as_of": "2026-03-01"}
    assert form(data | {"embargo_until": later.isoformat()}, instance=version).errors == {}
    wrong = form(data | {"true_as_of": later.date(), "embargo_until": "2020-01-01 08:00"}, instance=version).errors
    assert "still to come" in wrong["true_as_of"][0] and "This time is past" in wrong["embargo_until"][0]
    ReviewVersion.objects.update(embargo_until="2020-01-01T08:00:00Z")
    kept = ReviewVersion.objects.get()
    assert form(data | {"embargo_until": "2020-01-01 08:00"}, instance=kept).errors == {}, "it has passed since"


@pytest.mark.django_db
def test_a_document_without_a_title_has_its_first_line() -> None:
    for text, title in (
        ("The dam holds, said Ida Moe.\nNobody else spoke.", "The dam holds, said Ida Moe."),
        ("The dam holds. " * 40, "…"),
    ):
        stored = ingest.store(ingest.read(text.encode()), ingest.statements(text))
        assert stored.title.endswith(title) and len(stored.title) <= 200 and stored.title.startswith("The dam holds")


def test_no_language_is_english_by_itself() -> None:
    assert (Claim().language, Document().language) == ("und", "und")
