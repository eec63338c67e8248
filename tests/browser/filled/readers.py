"""What readers see in every state: claims, cards, complaints, tips and pages of the site, some from right to left."""

from datetime import date, datetime, timedelta
from unittest import mock

from django.contrib.auth.models import User

from claims.complaints import desk, receive
from claims.models import Complaint, Evidence, Publication, Rating, Review, Speaker, TipGroup, Topic
from claims.reviews import publish, rechecks, suspension, workflow
from claims.reviews.evidence import attach_quote
from claims.site_pages import proposals
from claims.tips import groups, inbox
from claims.watch import sweep
from sources.database.audit import acting, acting_as
from sources.models import Page
from tests import factories

METHOD = """### How we choose

We check what many people hear and what can be checked.

- We ask who says it, **before** we publish.
- We name what we read, and the day.

> A verdict is about a sentence, never about a person.

[The code of standards](https://code.example/standards)
"""
ARABIC = "تحتاج 412 جسراً إلى الإصلاح."
ARABIC_PAGE = f"الجسور\n\nصدر التقرير السنوي. {ARABIC} يصدر التقرير القادم في الربيع.\n\nاتصل بنا."
HEBREW = "בעיר יש 412 גשרים שזקוקים לתיקון."


def rows() -> dict[str, str]:
    """One of each; returns the addresses of readers' pages by what they show."""
    editor, approver = (User.objects.get(username=name) for name in ("edda", "cleo"))
    with acting_as("demo"):
        topic = Topic.objects.create(name="Roads and bridges", slug="roads")
    claims = {
        "standing": "A third of all tunnels were built before 1960.",
        "looked at again": "512 culverts are blocked.",
        "withdrawn": "Every viaduct in the county was closed in May.",
        "suspended": "Nobody has counted the level crossings.",
        "merged": "One tunnel in three is older than 1960.",
        "corrected": "The toll for lorries was doubled in 2025.",
    }
    page = factories.page()
    reviews = {
        name: factories.published_review(
            factories.claim(text), author=editor, of=page if name == "looked at again" else None
        )
        for name, text in claims.items()
    }
    for review in reviews.values():
        review.claim.topics.add(topic)
    statement = factories.linked(reviews["standing"].claim, text="“A third of them!” she said.", speaker="Ann Lee")
    Speaker.objects.filter(pk=statement.speaker_id).update(role="Minister of works", wikidata_id="Q42")
    _looked_at_again(reviews["looked at again"], page, editor)
    _changed(reviews["withdrawn"], "withdrawal", editor, approver, "We had read the list of another county.")
    suspension.suspend(reviews["suspended"], actor=editor, reason="Looking.")
    factories.merged(reviews["merged"].claim, into=reviews["standing"].claim)
    numbers = complaints(reviews, approver)
    changed = _changed(
        reviews["corrected"], "correction", editor, approver, "It was doubled for buses, not for lorries."
    )
    answered = Complaint.objects.get(number=numbers["upheld"][0])
    desk.answer(
        answered,
        outcome="upheld",
        words="You were right, thank you.\n\nWe corrected it.",
        correction=changed.pk,
        actor=approver,
    )
    pages(editor, approver)
    found = {f"claim, {name}": f"/claims/{review.claim.public_id}" for name, review in reviews.items()}
    found |= {f"card, {name}": f"/embed/{review.claim.public_id}" for name, review in reviews.items()}
    for language, review in {"Arabic": _arabic(editor, approver), "Hebrew": _hebrew(editor, approver)}.items():
        review.claim.topics.add(topic)
        found[f"claim, {language}"] = f"/claims/{review.claim.public_id}"
        found[f"card, {language}"] = f"/embed/{review.claim.public_id}"
    factories.published_again(reviews["standing"].claim)
    standing = reviews["standing"].claim.public_id
    return found | {
        **{f"complaint, {name}": f"/complaints/{token}" for name, (_number, token) in numbers.items()},
        **tips(reviews["standing"], approver),
        "report form": f"/claims/{standing}/report",
        "report form, not me": f"/report?about=not_me&speaker={statement.speaker.public_id}",
        "proof": f"/claims/{standing}/proof",
        "before and after": f"/claims/{reviews['corrected'].claim.public_id}/changes/{changed.pk}",
        "topic": "/topics/roads",
        "speaker": f"/speakers/{statement.speaker.public_id}",
        "organisation": f"/organisations/{reviews['standing'].organisation.public_id}",
        "old version": "/method/versions/1",
        "found": "/search?q=tunnels",
        "found nothing": "/search?q=zeppelins",
        "nothing here": "/claims/clm_0000000000000000",
    }


def complaints(reviews: dict[str, Review], approver: User) -> dict[str, tuple[str, str]]:
    """A complaint in each state: its number, and the token of its private page."""
    claim = reviews["standing"].claim.public_id
    states = {"overdue": (claim, ""), "received": (claim, ""), "not upheld": (claim, "not_upheld")}
    states |= {"in part": ("", "in_part"), "no complaint": (claim, "no_complaint")}
    states |= {"upheld": (reviews["corrected"].claim.public_id, "")}
    found = {}
    for name, (about, outcome) in states.items():
        with mock.patch.object(receive, "datetime", Past if name == "overdue" else datetime):
            got = receive.receive(
                about="fact", reporter="reader", text="It was 45.", claim=about, email="reader@mail.example"
            )
        if outcome:
            words = "We read the report once more. It has 44, on page 3: https://agency.example/report"
            desk.answer(got.complaint, outcome=outcome, words=words, actor=approver)
        found[name] = (got.complaint.number, got.token)
    return found


class Past(datetime):
    @classmethod
    def now(cls, tz: object = None) -> datetime:  # type: ignore[override]
        return datetime.now(tz) - timedelta(days=14)  # type: ignore[arg-type]


def tips(answered: Review, approver: User) -> dict[str, str]:
    """A tip that waits, and one whose claim is published."""
    waiting = inbox.receive(actor="a reader, by the form", text="Were the zeppelins moored at the town hall?")
    asked = inbox.receive(actor="a reader, by the form", text="Are the tunnels really so old?", email="a@mail.example")
    groups.link(TipGroup.objects.get(pk=asked.tip.group_id), answered.claim, actor=approver)
    return {"tip, received": f"/t/{waiting.token}", "tip, answered": f"/t/{asked.token}"}


def pages(writer: User, approver: User) -> None:
    for text in (METHOD, METHOD.replace("many people", "very many people")):
        proposals.approve(proposals.submit("method", text=text, actor=writer), actor=approver)
    proposals.approve(proposals.submit("about", text="We are four people in two rooms.", actor=writer), actor=approver)


def _changed(review: Review, kind: str, editor: User, approver: User, note: str) -> Publication:
    of = "rating" if kind == "correction" else ""
    version = workflow.start_version(review, kind=kind, actor=editor, correction_kind=of, public_note=note)
    if kind == "correction":
        with acting(editor, reason="write"):
            version.rating = Rating.objects.get(label="Wrong", scale__organisation=review.organisation)
            version.summary = "Lorries pay what they paid before; buses pay twice as much."
            version.save()
    return publish.publish(factories.approved(version, approver=approver), actor=approver)


def _looked_at_again(review: Review, page: Page, editor: User) -> None:
    factories.change(page, factories.PAGE_TEXT.replace("412", "312"))
    sweep.sweep()
    rechecks.confirm(review.rechecks.get(), actor=editor)


def _arabic(editor: User, approver: User) -> Review:
    return _written(ARABIC, "ar", factories.page(text=ARABIC_PAGE), ARABIC, "هذا ما يقوله التقرير.", editor, approver)


def _hebrew(editor: User, approver: User) -> Review:
    finding = "The report has 412, in English: “in need of repair”."
    return _written(HEBREW, "he", factories.page(), factories.QUOTE, finding, editor, approver)


def _written(text: str, language: str, page: Page, quote: str, finding: str, editor: User, approver: User) -> Review:
    version = workflow.start_review(
        claim=factories.claim(text, language=language), organisation=factories.organisation(), author=editor
    )
    version.rating = Rating.objects.get(label="Right", scale__organisation=version.review.organisation)
    version.summary, version.body, version.true_as_of = finding, finding, date(2026, 3, 1)
    with acting(editor, reason="write"):
        version.save()
    attach_quote(version, url_or_page=page, exact=quote, stance=Evidence.Stance.SUPPORTS, actor=editor, note=finding)
    publish.publish(factories.approved(version, approver=approver), actor=approver)
    return version.review
