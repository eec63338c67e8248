"""“Paste a link or a text”: what is fetched, found again, refused and kept."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from claims import visibility
from claims.desk.documents.addresses import document_address, statement_address
from claims.models import Document, Tip
from claims.statements import ingest
from tests import factories
from tests.sources.servers import Site, page, serve

pytestmark = pytest.mark.django_db

STORY = "“412 bridges need repair,” the Minister of Roads, Ada Verne, said on Monday.\n\nThe yearly report is out.\n"
HTML = (
    "<html lang='en'><head><title>Bridges</title></head><body><article><h1>Bridges</h1>"
    "<p>The minister said on Monday that 412 bridges need repair, and that the work will take four years.</p>"
    "<p>The yearly report of the ministry counts each bridge of the country, and says what it costs.</p>"
    "</article></body></html>"
)


@pytest.fixture
def desk(client: Client) -> Client:
    client.force_login(factories.editor())
    return client


@pytest.fixture
def site(settings: Any) -> Iterator[Site]:
    with serve() as made:
        settings.FETCH_ALLOWED_LOOPBACK = made.address
        made.pages["/bridges"] = page(HTML)
        yield made


def paste(desk: Client, pasted: str = "", **more: Any) -> Any:
    return desk.post(reverse("desk:read"), {"pasted": pasted, **more})


def told(answer: Any) -> str:
    return " ".join(str(message) for message in get_messages(answer.wsgi_request))


def test_a_text_is_stored_with_its_statements_and_language(desk: Client) -> None:
    answer = paste(desk, STORY)
    document = Document.objects.get()
    assert answer["Location"] == document_address(document)
    assert document.language == "en" and document.statements.count() == 2 and "2 statements" in told(answer)


def test_the_same_text_leads_to_its_document(desk: Client) -> None:
    first = paste(desk, STORY)
    again = paste(desk, STORY)
    assert again["Location"] == first["Location"] and "known already" in told(again)
    assert Document.objects.count() == 1


def test_a_link_is_fetched_once(desk: Client, site: Site) -> None:
    answer = paste(desk, f"  {site.url('/bridges')}\n")
    document = Document.objects.get()
    assert answer["Location"] == document_address(document) and document.url == site.url("/bridges")
    assert "412 bridges" in document.text
    site.asked.clear()
    again = paste(desk, site.url("/bridges"))
    assert again["Location"] == answer["Location"] and site.asked == []
    site.pages["/bridges"] = page(HTML.replace("412", "413"))
    assert "413" not in desk.get(f"{reverse('desk:read')}?again={document.pk}").content.decode()
    paste(desk, site.url("/bridges"), anew="on")
    assert Document.objects.count() == 2 and Document.objects.filter(text__contains="413").exists()


def test_a_page_that_cannot_be_read_keeps_what_was_typed(desk: Client, site: Site) -> None:
    body = paste(desk, site.url("/nowhere"), title="A title").content.decode()
    assert "could not be read" in body and site.url("/nowhere") in body and 'value="A title"' in body
    site.pages["/empty"] = page("<html><body></body></html>")
    assert "paste its text here" in paste(desk, site.url("/empty")).content.decode()
    assert not Document.objects.exists()


def test_a_private_address_is_not_fetched(desk: Client, site: Site, settings: Any) -> None:
    settings.FETCH_ALLOWED_LOOPBACK = ""
    assert "could not be read" in paste(desk, site.url("/bridges")).content.decode()
    assert site.asked == []


def test_a_link_of_ours_leads_to_what_it_names(desk: Client) -> None:
    document = ingest.store(ingest.read(STORY), ingest.statements(STORY))
    statement = document.statements.first()
    claim = factories.claim()
    assert statement is not None
    for pasted, leads in (
        (f"http://testserver{reverse('desk:claim', args=[claim.pk])}", reverse("desk:claim", args=[claim.pk])),
        (f"http://testserver/api/v1/claims/{claim.public_id}", reverse("desk:claim", args=[claim.pk])),
        (claim.public_id, reverse("desk:claim", args=[claim.pk])),
        (f"http://testserver{document_address(document)}?show=all", document_address(document)),
        (f"http://testserver/admin/claims/document/{document.pk}/change/", document_address(document)),
        (document.public_id, document_address(document)),
        (statement.public_id, statement_address(statement)),
    ):
        assert paste(desk, pasted)["Location"] == leads, pasted
    assert Document.objects.count() == 1


def test_a_restricted_claim_is_no_claim_of_ours(desk: Client) -> None:
    claim = factories.claim()
    visibility.Restriction.objects.create(claim=claim, created_by=factories.editor())
    answer = paste(desk, claim.public_id)
    assert answer.status_code == 200 or str(claim.pk) not in answer["Location"].split("/")


def test_a_file_is_read(desk: Client) -> None:
    answer = paste(desk, file=SimpleUploadedFile("s.txt", STORY.encode(), "text/plain"))
    assert answer.status_code == 302 and Document.objects.get().statements.exists()
    broken = SimpleUploadedFile("s.pdf", b"%PDF-1.7 ...")
    assert "damaged" in paste(desk, file=broken).content.decode()
    both = SimpleUploadedFile("s.txt", b"Other text.")
    assert "one of the two" in paste(desk, STORY, file=both).content.decode()
    assert "Paste a link or a text, or choose a file." in paste(desk).content.decode()


def test_what_would_be_lost_is_said(desk: Client) -> None:
    paste(desk, STORY, title="Bridges", url="https://paper.example/a")
    body = paste(desk, STORY, title="Roads", url="https://paper.example/a").content.decode()
    assert "differs in title" in body and document_address(Document.objects.get()) in body and 'value="Roads"' in body
    answer = paste(desk, STORY, title="Roads", url="https://post.example/b")
    assert "stands in another document too" in told(answer) and Document.objects.count() == 2
    assert "no language tag" in paste(desk, STORY, language="x y").content.decode()


def test_a_tip_is_taken_up_by_its_document(desk: Client) -> None:
    tip = Tip.objects.create(text=STORY, language="en")
    body = desk.get(f"{reverse('desk:read')}?tip={tip.pk}").content.decode()
    assert "412 bridges" in body
    paste(desk, STORY, tip=str(tip.pk), kind="tip")
    tip.refresh_from_db()
    assert tip.document == Document.objects.get() and tip.document.kind == "tip"


def test_who_may_not_write_adds_nothing(client: Client) -> None:
    reader = User.objects.create_user("reader", is_staff=True)
    reader.user_permissions.add(Permission.objects.get(codename="view_document"))
    client.force_login(reader)
    assert "may not add documents" in paste(client, STORY).content.decode()
    assert "Read it" not in client.get(reverse("desk:read")).content.decode()
    assert not Document.objects.exists()


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("قال رئيس البلدية إن المدينة بنت ٤٢٠٠ منزل بين عامي ٢٠٢٢ و٢٠٢٥. وقالت المعارضة إن العدد أقل من ذلك.", "ar"),
        (
            "महापौर ने शनिवार को कहा कि शहर ने 2022 और 2025 के बीच 4,200 घर बनाए हैं। "
            "विपक्ष ने कहा कि यह संख्या बहुत कम है और सरकार को इसकी जाँच करनी चाहिए। "
            "मंत्री के अनुसार पिछले वर्ष 118 करोड़ रुपये आवास पर खर्च किए गए, जो 2021 की तुलना में दोगुना है। "
            "पड़ोसियों ने अपनी बालकनी से समारोह देखा और बैंड की धुन सुनी। "
            "उन्होंने बताया कि किराया अगले साल चार प्रतिशत बढ़ सकता है, यदि जिला अनुदान में कटौती करता है। "
            "शाम तक पहले किरायेदार अपने सामान के साथ सीढ़ियाँ चढ़ रहे थे। "
            "नगर निगम की रिपोर्ट में लिखा है कि प्रतीक्षा सूची में अब केवल छह हजार परिवार हैं।",
            "hi",
        ),
        ("市长表示，该市在2022年至2025年间建造了4200套住房。反对派说这个数字更低。", "zh"),
    ],
)
def test_other_scripts_are_read_and_marked_with_their_language(desk: Client, text: str, language: str) -> None:
    # A short text in a language without a list of frequent words is told by nobody.
    answer = paste(desk, f"{text}\n\n" * (8 if len(text) < 400 else 2))
    document = Document.objects.get()
    body = desk.get(answer["Location"]).content.decode()
    assert document.language == language and document.statements.count() > 5
    assert f'lang="{language}"' in body[body.index('id="text"') :]
