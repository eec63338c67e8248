"""Texts that want to be more than texts, in every field that people and strangers fill."""

from datetime import date

from django.contrib.auth.models import User

from claims.models import (
    Appearance,
    Assignment,
    Comment,
    Evidence,
    Organisation,
    Rating,
    Recheck,
    Speaker,
    Topic,
)
from claims.publication.words import leaving
from claims.reviews import publish, workflow
from claims.reviews.evidence import attach_quote
from claims.tips import inbox
from claims.watch import sweep
from sources.database.audit import acting, acting_as
from sources.models import Page, Source
from tests import factories

ELSEWHERE = "http://elsewhere.example"
PAYLOADS = (
    "<script>document.title='ran';alert(1)</script>",
    f"\"'><img src={ELSEWHERE}/pixel onerror=\"document.title='ran'\">",
    f"</textarea></title></style><svg onload=\"document.title='ran'\"><image href='{ELSEWHERE}/svg'/></svg>",
    f"<style>@import url({ELSEWHERE}/style.css);body{{background:url({ELSEWHERE}/background)}}</style>",
    f'<base href="{ELSEWHERE}/"><meta http-equiv="refresh" content="0;url={ELSEWHERE}/away">',
    f'<iframe src="{ELSEWHERE}/frame"></iframe><form action="{ELSEWHERE}"><button>Send</button></form>',
    f"[press](javascript:alert(1)) ![]({ELSEWHERE}/markdown.png) <javascript:alert(1)>",
    "{{ 7*7 }}{% debug %}${7*7}#{7*7}<%= 7*7 %>",
    "=HYPERLINK(\"http://elsewhere.example\")+cmd|'/c calc'!A1",
    "<b>x</b> ’\\'--;",
)
EVERY = " ".join(PAYLOADS)
UNSEEN = f"\u202egnp.exe\u202c \u200b\u2066 {EVERY} \u2069"
"""With characters that turn the line round or cannot be seen, which a review may not hold."""


def short(words: str, length: int) -> str:
    """The words with as many payloads behind them as fit."""
    text = words
    for payload in PAYLOADS:
        if len(text) + len(payload) + 1 <= length:
            text = f"{text} {payload}"
    return text


def rows() -> dict[str, int]:
    """One of each row that people read, filled with the payloads; returns the numbers of those with a page."""
    with acting_as("demo"):
        speaker = Speaker.objects.create(name=short("Mallory", 200), role=short("Poet", 200), kind=Speaker.Kind.PERSON)
        topic = Topic.objects.create(name=short("Weather", 100), slug="hostile")
        source = Source.objects.create(name=short("Gazette", 300), notes=EVERY)
    statement = factories.statement(text=f"“412 bridges,” said {EVERY}", speaker=speaker.name)
    claim = factories.claim(short("412 bridges", 900))
    with acting_as("demo"):
        claim.topics.add(topic)
        statement.document.title = short("Story", 300)
        statement.document.publisher = short("Gazette", 200)
        statement.document.save()
        Appearance.objects.create(claim=claim, statement=statement)
    author, approver = factories.editor("mal"), factories.editor("lory")
    with acting_as("demo"):
        User.objects.filter(pk=author.pk).update(first_name=short("Mal", 150), last_name="<b>x</b>")
    organisation = factories.organisation(short("A desk", 300))
    quote = f"The ministry counted 412 bridges {PAYLOADS[0]} in need of repair."
    text = f"Bridges\n\nThe report is out. {quote} More {EVERY} follows in spring.\n\nContact us {EVERY}."
    page = factories.page("https://hostile.example/report?<script>", text)
    with acting_as("demo"):
        Page.objects.filter(pk=page.pk).update(source=source, title=short("Report", 500))
    version = _written(claim, organisation, author, page, quote)
    workflow.submit(version, actor=author)
    version = workflow.approve(version, actor=approver, shown=leaving(version).sha256)
    publish.publish(version, actor=approver)
    factories.change(page, text.replace("412", "389"))
    sweep.sweep()
    other = factories.claim(short("411 bridges", 900))
    waiting = _written(other, organisation, author, page, quote.replace("412", "389"))
    Comment.objects.create(claim=claim, version=waiting, about="summary", text=UNSEEN, author=author)
    Comment.objects.create(claim=other, version=waiting, about="", text=EVERY, author=author)
    Assignment.objects.create(claim=claim, assignee=author, assigned_by=author)
    workflow.submit(waiting, actor=author)
    inbox.receive(
        text=short("Is it true?", 2000), actor="reader", url="https://paper.example/tip", name=short("A", 100)
    )
    return {
        "claim": claim.pk,
        "waiting": other.pk,
        "document": statement.document_id,
        "recheck": Recheck.objects.get(review=version.review).pk,
        "speaker": speaker.pk,
        "page": page.pk,
    }


def _written(claim: object, organisation: Organisation, author: User, page: Page, quote: str) -> object:
    version = workflow.start_review(claim=claim, organisation=organisation, author=author)
    version.rating = Rating.objects.filter(scale__organisation=organisation).first()
    version.summary = short("No.", 2000)
    version.body = f"We read it. {EVERY}"
    version.true_as_of = date(2026, 3, 1)
    with acting(author, reason="write"):
        version.save()
    attach_quote(version, url_or_page=page, exact=quote, stance=Evidence.Stance.SUPPORTS, actor=author, note=EVERY)
    return version
