"""A document at the desk: its text, the statements in place, and every verb by links and forms alone."""

import re
import time
from typing import Any
from urllib.parse import urlencode

import pytest
from django.contrib.auth.models import Permission, User
from django.contrib.messages import get_messages
from django.http import QueryDict
from django.test import Client
from django.urls import reverse

from claims import visibility
from claims.desk.documents.addresses import document_address
from claims.desk.documents.details import save_details
from claims.desk.shell.verbs import seen_of
from claims.models import Attribution, Claim, Document, Speaker, Statement
from claims.statements import ingest, link_claim
from claims.statements.document_reader import ParsedDocument
from tests import factories

pytestmark = pytest.mark.django_db

TEXT = (
    "Mayor opens homes\n\n"
    "“Between 2022 and 2025 we built 4,200 social homes,” Ines Halloway said. "
    "Neighbours watched from their balconies.\n\n"
    "The city spent 40 million on bridges and closed 12 schools, Tom Orr said."
)


@pytest.fixture
def ana() -> User:
    return factories.editor()


@pytest.fixture
def desk(client: Client, ana: User) -> Client:
    client.force_login(ana)
    return client


@pytest.fixture
def document() -> Document:
    return ingest.store(ingest.read(TEXT), ingest.statements(TEXT))


def statement(document: Document, holds: str) -> Statement:
    return next(each for each in document.statements.all() if holds in each.text)


def page(desk: Client, row: Document | Statement, **query: Any) -> str:
    if isinstance(row, Statement):
        query["s"], row = row.public_id, row.document
    answer = desk.get(document_address(row, **query))
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_claim_is_made_with_the_time_and_the_place_that_it_is_about(desk: Client, document: Document) -> None:
    row = statement(document, "4,200")
    shown = page(desk, row)
    assert 'name="period_start" value="2022-01-01"' in shown and 'name="period_end" value="2025-12-31"' in shown
    of = {"attribution": row.attributions.get().public_id, "text": "Port Ellery built 4,200 homes."}
    do(desk, row, "make-claim", **of, period_start="2022-01-01", period_end="2021-01-01", place="Port Ellery")
    assert not Claim.objects.exists()
    refused = page(desk, row)
    assert 'value="2021-01-01"' in refused and 'value="Port Ellery"' in refused, "what was typed is kept"
    do(desk, row, "make-claim", **of, period_start="soon")
    assert not Claim.objects.exists()
    do(desk, row, "make-claim", **of, period_start="2022-01-01", period_end="2025-12-31", place="Port Ellery")
    claim = Claim.objects.get()
    assert (str(claim.period_start), str(claim.period_end), claim.place) == ("2022-01-01", "2025-12-31", "Port Ellery")


def test_a_second_assertion_of_a_statement_makes_a_claim_of_its_own(desk: Client, document: Document) -> None:
    row = statement(document, "40 million")
    by = {"attribution": row.attributions.get().public_id}
    assert "make a claim of that too" not in page(desk, row)
    do(desk, row, "make-claim", text="The city spent 40 million on bridges.", **by)
    do(desk, row, "make-claim", text="The city spent 41 million.", **by)
    assert Claim.objects.count() == 1, "a second click makes no second claim"
    assert "make a claim of that too" in page(desk, row)
    for _twice in range(2):
        do(desk, row, "make-claim", text="The city closed 12 schools.", another="1", **by)
    assert sorted(Claim.objects.values_list("text", flat=True)) == [
        "The city closed 12 schools.",
        "The city spent 40 million on bridges.",
    ]
    spoken = Claim.objects.filter(appearances__attribution__speaker__name="Tom Orr")
    assert spoken.count() == 2
    shown = page(desk, row)
    assert "closed 12 schools.</a>" in shown and "on bridges.</a>" in shown


def test_a_million_characters_are_shown_in_parts(desk: Client) -> None:
    sentence = "The city spent {} million on bridges and closed 12 schools, Tom Orr said.\n\n"
    text = "".join(sentence.format(number) for number in range(14_000))[:1_000_000]
    row = Document.objects.create(text=text, text_sha256=ParsedDocument(text).text_sha256, language="en")
    ends = [found.start() for found in re.finditer("\n\n", text)]
    spans = zip([0, *(end + 2 for end in ends)], ends, strict=False)
    Statement.objects.bulk_create(
        Statement(document=row, start=start, end=end, text=text[start:end], content=[[start, end]], checkworthy=True)
        for start, end in spans
    )
    page(desk, row)
    for query in ({}, {"part": 25}, {"part": 50}):
        begun = time.process_time()
        shown = page(desk, row, **query)
        taken = time.process_time() - begun
        assert len(shown.encode()) < 150_000 and taken < 0.3, (query, len(shown), taken)  # 93,000 bytes, 0.15 s
    last = row.statements.latest("start")
    assert f'data-s="{last.public_id}"' in page(desk, last) and 'data-key="k"' in page(desk, last)


def do(desk: Client, row: Any, verb: str, **fields: Any) -> Any:
    table = "document" if isinstance(row, Document) else "statement"
    shown = seen_of(type(row)._default_manager.get(pk=row.pk))
    return desk.post(
        reverse("desk:do", args=[table, row.pk, verb]),
        {"next": document_address(document_of(row)), "seen": shown, **fields},
    )


def document_of(row: Any) -> Document:
    return row if isinstance(row, Document) else row.document


def told(answer: Any) -> str:
    return " ".join(str(message) for message in get_messages(answer.wsgi_request))


def plain(body: str) -> str:
    """The text of the article as a reader sees it, without numbers and tags of ours."""
    article = body[body.index('<div class="column">') : body.index("</article>")]
    article = re.sub(r"<sup.*?</sup>|<span class=\"tag\">.*?</span>", "", article)
    return " ".join(re.sub(r"<[^>]+>", "", article.replace("</p>", "\n")).split())


def test_the_text_is_whole_and_statements_are_marked_in_place(desk: Client, document: Document) -> None:
    body = page(desk, document)
    assert plain(body) == " ".join(TEXT.split())
    row = statement(document, "4,200")
    assert f'id="{row.public_id}"' in body and 'class="s w2"' in body and f'data-at="{row.start}"' in body


def test_every_piece_says_where_it_stands(desk: Client, document: Document) -> None:
    body = page(desk, document, show="all")
    pieces = re.findall(r'data-at="(\d+)"[^>]*>(?:<sup data-skip>\d+</sup>)?([^<]*)<', body)
    assert len(pieces) > 4
    assert all(TEXT[int(at) : int(at) + len(words)] == words for at, words in pieces)


def test_three_presses_from_pasted_text_to_a_claim(desk: Client) -> None:
    first = desk.post(reverse("desk:read"), {"pasted": TEXT}, follow=True)
    row = statement(Document.objects.get(), "4,200")
    assert f"s={row.public_id}" in first.content.decode()
    body = page(desk, row)
    form = re.search(r'<textarea id="ct-1"[^>]*>([^<]*)<', body)
    assert form is not None
    answer = do(desk, row, "make-claim", text=form[1], attribution=row.attributions.get().public_id)
    claim = Claim.objects.get()
    assert answer["Location"] == reverse("desk:claim", args=[claim.pk]) and "4,200 social homes" in claim.text
    assert "linked to a claim" in page(desk, row) and claim.text in page(desk, row)


def test_what_was_typed_is_kept_when_a_claim_is_refused(desk: Client, document: Document) -> None:
    row = statement(document, "4,200")
    words = "The city \u202ebuilt nothing."
    answer = do(desk, row, "make-claim", text=words, attribution=row.attributions.get().public_id)
    assert not Claim.objects.exists() and told(answer)
    assert words in page(desk, row)


def test_linking_leads_to_the_next_that_waits(desk: Client, document: Document) -> None:
    first, last = statement(document, "4,200"), statement(document, "bridges")
    claim = factories.claim()
    answer = do(desk, first, "link", claim=str(claim.pk), attribution=first.attributions.get().public_id)
    assert last.public_id in answer["Location"]
    assert claim.appearances.get().attribution == first.attributions.get()
    do(desk, first, "unlink", claim=str(claim.pk))
    assert not claim.appearances.exists()
    do(desk, first, "link", claim=claim.public_id)
    assert claim.appearances.get().attribution is None
    assert "Choose a claim" in told(do(desk, first, "link", claim="no such words"))


def test_a_restricted_claim_is_neither_shown_nor_linked(desk: Client, document: Document, ana: User) -> None:
    row = statement(document, "4,200")
    chief = factories.editor()
    claim = link_claim.claim_from_statement(row, actor=chief, text="Nobody may read this.")
    visibility.Restriction.objects.create(claim=claim, created_by=chief)
    body = page(desk, row)
    assert "Nobody may read this" not in body and "linked to a claim</span> <span" not in body
    assert "Choose a claim" in told(do(desk, row, "link", claim=str(claim.pk)))


def test_a_statement_is_set_aside_and_taken_back(desk: Client, document: Document, ana: User) -> None:
    row = statement(document, "4,200")
    do(desk, row, "set-aside")
    row.refresh_from_db()
    assert row.set_aside_by == ana and "Take back" in page(desk, row)
    assert row.set_aside_at is not None and 'To do <span class="num">1</span>' in page(desk, row)
    do(desk, row, "take-back")
    assert 'To do <span class="num">2</span>' in page(desk, row)


def test_who_says_what_is_mended(desk: Client, document: Document) -> None:
    row = statement(document, "4,200")
    own = row.attributions.get()
    form = {"attribution": own.public_id, "cue": "claimed", "polarity": "negated", "speaker_as_written": "Halloway"}
    do(desk, row, "save-speaker", **form, speaker="Ines Halloway")
    own.refresh_from_db()
    assert (own.cue, own.polarity, own.speaker) == ("claimed", "negated", None)
    assert own.mended_by is not None
    refused = do(desk, row, "save-speaker", **form | {"polarity": "asserted"}, speaker="Nobody We Know")
    assert "No speaker is called Nobody We Know" in told(refused)
    assert "Nobody We Know" in page(desk, row)  # kept
    do(desk, row, "save-speaker", **form | {"polarity": "asserted"}, speaker="Nobody We Know", new="on")
    own.refresh_from_db()
    assert own.speaker is not None and own.speaker.name == "Nobody We Know"
    do(desk, row, "save-speaker", polarity="asserted", speaker="Tom Orr", said="social homes")
    assert row.attributions.count() == 2
    do(desk, row, "remove-speaker", attribution=own.public_id)
    assert row.attributions.get().pieces(row) == ["social homes"]


def test_namesakes_are_told_apart_by_their_id(desk: Client, document: Document) -> None:
    row = statement(document, "4,200")
    own = row.attributions.get()
    twin = Speaker.objects.create(name="Ines Halloway", role="singer")
    form = {"attribution": own.public_id, "cue": "said", "polarity": "asserted", "speaker": "ines halloway"}
    assert "Several speakers are called" in told(do(desk, row, "save-speaker", **form))
    do(desk, row, "save-speaker", **form | {"speaker": f"Ines Halloway · singer · {twin.public_id}"})
    own.refresh_from_db()
    assert own.speaker == twin


def test_two_who_mend_at_once_do_not_undo_each_other(desk: Client, document: Document) -> None:
    row = statement(document, "4,200")
    seen = re.search(r'name="seen" value="([0-9a-f]{64})"', page(desk, row)[page(desk, row).index('id="sel"') :])
    assert seen is not None
    Attribution.objects.filter(statement=row).update(cue="shouted")
    own = row.attributions.get().public_id
    answer = do(desk, row, "save-speaker", seen=seen[1], attribution=own, cue="said", polarity="asserted")
    assert "changed this statement meanwhile" in told(answer)
    assert row.attributions.get().cue == "shouted"


def test_figures_are_corrected(desk: Client, document: Document) -> None:
    row = statement(document, "4,200")
    do(
        desk,
        row,
        "save-figures",
        **{"figure-0": "4,200 social homes", "value-0": "4300", "unit-0": "", "counts-0": "flats"},
    )
    row.refresh_from_db()
    assert [(each["text"], each["value"], each["counts"]) for each in row.figures] == [
        ("4,200 social homes", 4300, "flats")
    ]
    assert "4,900" in told(do(desk, row, "save-figures", **{"figure-0": "4,900"}))
    do(desk, row, "save-figures")
    row.refresh_from_db()
    assert row.figures == []


def test_worth_is_said_by_hand(desk: Client, document: Document) -> None:
    row = statement(document, "Neighbours")
    do(desk, row, "worth", worthy="yes")
    row.refresh_from_db()
    assert row.checkworthy
    do(desk, row, "worth", worthy="no")
    row.refresh_from_db()
    assert not row.checkworthy


def test_statements_are_split_joined_and_removed_by_forms(desk: Client, document: Document) -> None:
    row = statement(document, "bridges")
    do(desk, row, "split", before="and closed 12 schools")
    assert statement(document, "bridges").text == "The city spent 40 million on bridges"
    do(desk, statement(document, "bridges"), "join")
    assert statement(document, "bridges").text == row.text
    assert "more than once" in told(do(desk, row, "split", before="s"))
    assert "letter by letter" in told(do(desk, row, "split", before="no such"))
    do(desk, statement(document, "bridges"), "split", at=str(TEXT.index("and closed")))
    do(desk, statement(document, "schools"), "remove")
    assert not document.statements.filter(text__contains="schools").exists()


def test_selected_words_become_a_statement(desk: Client, document: Document) -> None:
    start = TEXT.index("closed 12")
    answer = do(desk, document, "add-statement", start=str(start), end=str(start + 17))
    made = Statement.objects.get(text="closed 12 schools")
    assert made.public_id in answer["Location"]
    assert plain(page(desk, made)) == " ".join(TEXT.split())


def test_words_that_stand_often_are_asked_for_their_place(desk: Client, document: Document) -> None:
    answer = do(desk, document, "add-statement", words="said")
    body = desk.get(answer["Location"]).content.decode()
    places = re.findall(r'name="place" value="([\d-]+)"', body)
    assert len(places) == 2
    do(desk, document, "add-statement", place=places[1])
    assert Statement.objects.get(text="said").start == TEXT.rindex("said")
    assert "letter by letter" in told(do(desk, document, "add-statement", words="Not in it"))
    assert "Not in it" in page(desk, document)


def test_details_are_edited(desk: Client, document: Document) -> None:
    form = {
        "title": "Homes",
        "publisher": "Courier",
        "kind": "speech",
        "language": "en-GB",
        "url": "",
        "published_on": "",
    }
    do(desk, document, "details", **form)
    document.refresh_from_db()
    assert (document.title, document.kind, document.language) == ("Homes", "speech", "en-GB")
    refused = form | {"language": "no tag!", "title": "Homes in numbers"}
    do(desk, document, "details", **refused)
    document.refresh_from_db()
    assert (document.language, document.title) == ("en-GB", "Homes")
    body = page(desk, document)
    assert 'value="Homes in numbers"' in body and 'value="no tag!"' in body, "what was typed is still in the form"
    assert "<h1" in body and "Homes in numbers</h1>" not in body


def test_details_overwrite_neither_a_colleague_nor_the_worker_that_reads_the_document(
    desk: Client, document: Document
) -> None:
    form = {"title": "Homes", "publisher": "", "kind": "speech", "language": "en", "url": "", "published_on": ""}
    seen = seen_of(document)
    Document.objects.filter(pk=document.pk).update(publisher="Courier")
    assert "changed these details meanwhile" in told(do(desk, document, "details", seen=seen, **form))
    document.refresh_from_db()
    assert (document.publisher, document.title) == ("Courier", "Mayor opens homes")

    stale = Document.objects.get(pk=document.pk)
    Document.objects.filter(pk=document.pk).update(reading=Document.Reading.STOPPED, reading_note="Too long.")
    save_details(stale, QueryDict(urlencode(form)), actor=factories.editor())
    document.refresh_from_db()
    assert (document.title, document.reading) == ("Homes", Document.Reading.STOPPED)


def test_a_reader_is_offered_nothing_to_press(client: Client, document: Document) -> None:
    reader = User.objects.create_user("reader", is_staff=True)
    reader.user_permissions.add(Permission.objects.get(codename="view_document"))
    client.force_login(reader)
    row = statement(document, "4,200")
    body = page(client, row)
    assert "Make this claim" not in body and "Set aside</button>" not in body
    assert "Your role does not include this." in told(do(client, row, "set-aside"))


def test_a_character_that_turns_the_text_is_written_out(desk: Client) -> None:
    text = "The mayor said \u202e4,200 homes\u202c were built in 2024 by the city."
    row = ingest.store(ingest.read(text), ingest.statements(text))
    body = page(desk, row)
    assert "\u202e" not in body[body.index('id="text"') : body.index('id="sel"')] and 'data-n="1">[RLO]' in body


def test_markup_in_a_text_is_text(desk: Client) -> None:
    text = "The mayor said <script>alert(1)</script> 40 homes were built in 2024."
    row = ingest.store(ingest.read(text, media_type="text/plain"), ingest.statements(text))
    assert "<script>alert" not in page(desk, row)


def test_an_old_key_leads_nowhere(desk: Client, document: Document) -> None:
    assert desk.get(reverse("desk:document", args=[document.pk + 999])).status_code == 404
    assert "statement" in page(desk, document, s="stm_nothing", part="x")


def test_the_page_keeps_its_own_language(desk: Client, document: Document) -> None:
    Document.objects.filter(pk=document.pk).update(language="ar")
    body = page(desk, document)
    assert '<html lang="en"' in body and 'id="text" tabindex="-1"' in body and ' lang="ar"' in body
    Document.objects.filter(pk=document.pk).update(language="und")
    body = page(desk, document)
    assert '<html lang="en"' in body and "language not known" in body


def test_no_name_of_the_frame_is_taken(desk: Client, document: Document) -> None:
    """What the frame of every screen is told stays as it is, whatever a screen says of its own."""
    answer = desk.get(document_address(document))
    assert {"title", "item", "crumbs", "navigation", "direction"} <= set(answer.context_data)
    assert answer.context_data["language"] == "en" and answer.context_data["direction"] == "ltr"
