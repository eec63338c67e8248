"""Texts that want to be more than texts, in every field that people and strangers fill."""

from datetime import date
from typing import Any

from django.contrib.auth.models import User

from claims.complaints import desk
from claims.complaints.receive import receive
from claims.models import (
    Appearance,
    Assignment,
    Claim,
    Comment,
    Complaint,
    Evidence,
    Organisation,
    Rating,
    Recheck,
    Review,
    Speaker,
    TipGroup,
    Topic,
)
from claims.publication.words import leaving
from claims.reviews import publish, workflow
from claims.reviews.evidence import attach_quote
from claims.site_pages import proposals
from claims.tips import groups, inbox
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


def rows() -> dict[str, Any]:
    """One of each row that people read, filled with the payloads; returns the numbers of those with a page.

    `readers` are addresses of readers' pages by what they show.
    """
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
    correction = _corrected(version.review, author, approver)
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
    complaint = receive(about="fact", reporter="reader", text=EVERY, claim=claim.public_id)
    return {
        "complaint": complaint.complaint.pk,
        "claim": claim.pk,
        "waiting": other.pk,
        "document": statement.document_id,
        "recheck": Recheck.objects.get(review=version.review).pk,
        "speaker": speaker.pk,
        "page": page.pk,
        "readers": _readers(claim, speaker, complaint.token, author, approver)
        | {"changes": f"/claims/{claim.public_id}/changes/{correction}"},
    }


def _corrected(review: Review, author: User, approver: User) -> int:
    """Publish the review once more with a remark for readers; its place in the log."""
    remark = short("It was wrong.", 1000)
    version = workflow.start_version(
        review, kind="correction", correction_kind="rating", public_note=remark, actor=author
    )
    version.rating = Rating.objects.filter(scale__organisation=review.organisation).last()
    version.summary = short("Yes.", 2000)
    with acting(author, reason="write"):
        version.save()
    workflow.submit(version, actor=author)
    version = workflow.approve(version, actor=approver, shown=leaving(version).sha256)
    return publish.publish(version, actor=approver).pk


def _readers(claim: Claim, speaker: Speaker, token: str, author: User, approver: User) -> dict[str, str]:
    """Answer complaint and tip, and write pages of the site."""
    review = Review.objects.get(claim=claim)
    asked = Complaint.objects.get(token_sha256=inbox.token_sha256(token))
    desk.answer(asked, outcome="upheld", words=EVERY, correction=None, actor=factories.editor("ory"))
    tip = inbox.receive(text=short("Is it so?", 2000), actor="reader")
    groups.link(TipGroup.objects.get(pk=tip.tip.group_id), claim, actor=approver)
    for name in ("method", "policy", "about"):
        written = f'## {PAYLOADS[1]}\n\n{EVERY}\n\n> {EVERY}\n\n- {EVERY}\n\n[x]({ELSEWHERE}/"onclick=x) `{EVERY}`'
        proposals.approve(proposals.submit(name, text=written, actor=author), actor=approver)
    id = claim.public_id
    return {
        "claim": f"/claims/{id}",
        "card": f"/embed/{id}",
        "proof": f"/claims/{id}/proof",
        "report": f"/claims/{id}/report",
        "not me": f"/report?about=not_me&speaker={speaker.public_id}",
        "complaint": f"/complaints/{token}",
        "tip": f"/t/{tip.token}",
        "topic": "/topics/hostile",
        "speaker": f"/speakers/{speaker.public_id}",
        "organisation": f"/organisations/{review.organisation.public_id}",
        **{name: f"/{name}" for name in ("method", "policy", "about", "topics", "corrections", "ask", "report")},
        "old version": "/method/versions/1",
        "home": "/",
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
