"""Create rows for tests by the product's own functions, on the real database.

Pages get their snapshots written directly: what the fetcher does is tested where it is.
"""

import hashlib
import itertools
import secrets
from datetime import date, datetime, timedelta
from typing import Any
from unittest import mock

from django.contrib.auth.models import Group, User
from django.utils import timezone

from claims.models import (
    Appearance,
    Attribution,
    Claim,
    Document,
    Evidence,
    Merge,
    Notice,
    Organisation,
    Publication,
    PublicationBody,
    Rating,
    RatingScale,
    Review,
    ReviewVersion,
    Speaker,
    Statement,
    Verdict,
)
from claims.publication import append
from claims.publication.body import claim_part, review_part
from claims.publication.words import last_words, leaving, with_review
from claims.reviews import merging, publish, workflow
from claims.reviews.evidence import attach_quote
from claims.roles import EDITORS
from sources.changes import change_kinds
from sources.database import bulk_rows
from sources.database.audit import acting, acting_as, noted
from sources.extraction.full_text import EXTRACTOR
from sources.models import Blob, Change, Page, Polling, Snapshot, Text
from sources.pages import page_for

_numbers = itertools.count(1)
_makers = itertools.count(1)
QUOTE = "The ministry counted 412 bridges in need of repair."
PAGE_TEXT = f"Bridges\n\nThe yearly report is out. {QUOTE} The next report is due in spring.\n\nContact us."


def editor(username: str | None = None) -> User:
    """A user of the group Editors, which the suite's database has from the start; each has a maker of her own."""
    with noted(actor="administrator", actor_id=-next(_makers)):
        # Not by a number alone: a database may come from another process, which counted the same numbers.
        name = username or f"editor-{next(_numbers)}-{secrets.token_hex(4)}"
        user = User.objects.create_user(name, is_staff=True)
        user.groups.add(Group.objects.get(name=EDITORS))
    return user


def snapshot(page: Page, text: str, *, at: datetime | None = None) -> Snapshot:
    """An observation of the page with this text, as the poller would leave it."""
    data = f"<html><body>{text}</body></html>".encode()
    blob, _ = Blob.objects.get_or_create(
        sha256=hashlib.sha256(data).hexdigest(), defaults={"size": len(data), "media_type": "text/html"}
    )
    stored, _ = Text.objects.get_or_create(sha256=hashlib.sha256(text.encode()).hexdigest(), defaults={"text": text})
    taken = Snapshot.objects.create(
        page=page, taken_at=at or timezone.now(), status=200, blob=blob, text=stored, extractor=EXTRACTOR
    )
    Polling.objects.filter(page=page).update(latest_snapshot=taken, last_success_at=taken.taken_at)
    return taken


def page(url: str | None = None, text: str = PAGE_TEXT) -> Page:
    """A page that was read once."""
    made = page_for(url or f"https://agency-{next(_numbers)}.example/report")
    snapshot(made, text)
    return made


def change(
    page: Page, text: str | None, *, certainty: str = "suspected", kind: str = "text", at: datetime | None = None
) -> Change:
    """The page now reads `text` (None: it could not be read), as the poller would write it."""
    before = Polling.objects.get(page=page).latest_snapshot
    same = text is not None and before is not None and before.text.text == text
    after = None if text is None else before if same else snapshot(page, text)
    return Change.objects.create(
        page=page,
        before=before,
        after=after,
        kind=kind,
        kinds=[] if text is None or before is None else list(change_kinds.compare(before.text.text, text).kinds),
        certainty=certainty,
        outcome="ok" if text is not None else "gone",
        detected_at=at or timezone.now(),
    )


def claim(text: str = "412 bridges need repair.", **fields: object) -> Claim:
    """A claim that no person wrote."""
    with acting_as("demo"):
        return Claim.objects.create(text=text, **{"language": "en", **fields})


def statement(text: str = "“412 bridges need repair,” the minister said.", speaker: str = "A. Minister") -> Statement:
    document = Document.objects.create(
        text=text,
        text_sha256=hashlib.sha256(text.encode()).hexdigest(),
        url=f"https://paper-{next(_numbers)}.example/story",
        title="Bridges",
        language="en",
    )
    known = Speaker.objects.filter(name=speaker).order_by("pk").first()  # an import may have made namesakes
    who = known or Speaker.objects.create(name=speaker, kind=Speaker.Kind.PERSON)
    return Statement.objects.create(
        document=document,
        text=text,
        start=0,
        end=len(text),
        content=[[1, 23]],
        speaker=who,
        speaker_as_written="the minister",
        cue="said",
        quoted=True,
    )


def organisation(name: str = "Our desk") -> Organisation:
    """Our own organisation with a three-step scale."""
    made, created = Organisation.objects.get_or_create(name=name, defaults={"is_ours": True})
    if created:
        scale = RatingScale.objects.create(organisation=made, name="Scale")
        for value, (label, verdict) in enumerate(
            [("Wrong", Verdict.FALSE), ("Half right", Verdict.MIXED), ("Right", Verdict.TRUE)], start=1
        ):
            Rating.objects.create(scale=scale, label=label, value=value, verdict=verdict)
    return made


def draft(
    on: Claim | None = None,
    *,
    author: User | None = None,
    of: Page | None = None,
    exact: str = QUOTE,
    rating: str = "Right",
) -> ReviewVersion:
    """A complete draft that rests on one quote of a page, ready to submit."""
    author = author or editor()
    version = workflow.start_review(claim=on or claim(), organisation=organisation(), author=author)
    version.rating = Rating.objects.get(label=rating, scale__organisation=version.review.organisation)
    version.summary = "The report says so."
    version.body = "We read the report."
    version.true_as_of = date(2026, 3, 1)
    with acting(author, reason="write"):
        version.save()
    attach_quote(
        version,
        url_or_page=of or page(),
        exact=exact,
        stance=Evidence.Stance.SUPPORTS,
        actor=author,
        note="The report itself.",
    )
    return version


def approved(version: ReviewVersion, *, approver: User | None = None) -> ReviewVersion:
    """Submitted by its author, approved by somebody else."""
    workflow.submit(version, actor=version.author)
    return workflow.approve(version, actor=approver or editor(), shown=leaving(version).sha256)


def published_review(on: Claim | None = None, **options: object) -> Review:
    """A published review that rests on one quote; options as for `draft`."""
    version = approved(draft(on, **options))
    publish.publish(version, actor=version.approver)
    return Review.objects.get(pk=version.review_id)


def redacted(on: Claim, *, event: str = "redacted") -> Publication:
    """A public event of the claim without a body, as a redaction leaves it."""

    def copy(model: Any, columns: Any, rows: Any) -> None:
        if model is not PublicationBody:
            bulk_rows.copy_rows(model, columns, rows)

    with mock.patch.object(append, "copy_rows", copy):
        return append.append(on, event=event, audience="public")


def linked(to: Claim, **options: str) -> Statement:
    """A statement that makes the claim."""
    with acting_as("demo"):
        made = statement(**options)
        Appearance.objects.create(claim=to, statement=made)
    return made


def attributed(text: str = "“412 bridges need repair,” the minister said.", *, also: str = "") -> Statement:
    """A statement as a document leaves it: the minister speaks, and a denial of `also`, if given, names nobody."""
    with acting_as("ingest"):
        made = statement(text=text)
        attribution(made, "said", [[1, 24]], speaker=made.speaker, quoted=True)
        if also:
            start = text.index(also)
            attribution(made, "deny", [[start, start + len(also)]], "the engineers", polarity="negated")
    return made


def attribution(
    of: Statement, cue: str, content: list[list[int]], speaker_as_written: str = "the minister", **fields: object
) -> Attribution:
    """An attribution of the statement, asserted unless `polarity` says otherwise."""
    start = of.start + of.text.index(cue)
    return Attribution.objects.create(
        statement=of,
        start=start,
        end=start + len(cue),
        cue=cue,
        content=content,
        speaker_as_written=speaker_as_written,
        **{"polarity": "asserted", **fields},
    )


def appearing(of: Claim, made: Statement) -> Appearance:
    """The claim is made in the statement, by its first asserted attribution."""
    hung = made.attributions.filter(polarity="asserted").first()
    with acting_as("demo"):
        return Appearance.objects.create(claim=of, statement=made, attribution=hung)


def later(seconds: float) -> datetime:
    return timezone.now() + timedelta(seconds=seconds)


def words_of(on: Claim) -> dict[str, Any]:
    """The words of the claim and of its reviews' published versions, as the editors' tables have them now."""
    last = last_words(on)
    words = claim_part(on, before=last.words if last else None)
    for own in words["reviews"]:
        version = Review.objects.get(public_id=own["id"]).latest_published()
        assert version is not None and version.published_at is not None
        part = review_part(version, history=own["history"][:-1], published_at=version.published_at)
        words = with_review(words, part)
    return words


def published_again(on: Claim) -> Publication:
    """An event that publishes the words as the editors' tables have them now."""
    return append.append(on, event="clarified", audience="public", words=words_of(on))


def merged(claim: Claim, *, into: Claim, kind: str = Merge.Kind.MERGE) -> Publication:
    """Two editors make the claim a part of another, or separate them; its event."""
    claim, into = Claim.objects.get(pk=claim.pk), Claim.objects.get(pk=into.pk)
    found = merging.reading(kind, claim, into)
    asked = merging.request(claim, into, actor=editor(), reason="The same words.", shown=found.sha256, kind=kind)
    merging.approve(asked, actor=editor(), shown=found.sha256)
    return claim.publications.filter(event__in=["merged", "unmerged"]).latest("sequence")


def unmerged(claim: Claim) -> Publication:
    """Two editors separate the claim from the one that it is part of; its event."""
    claim.refresh_from_db()
    assert claim.merged_into is not None
    return merged(claim, into=claim.merged_into, kind=Merge.Kind.UNMERGE)


def notice(user: User, sentence: str = "It is due.", *, kind: str = "due", claim: Claim | None = None) -> Notice:
    """A notice with a finished sentence, as those of before 0.7.0 have it; about the claim, if one is given."""
    path = f"/admin/claims/{claim.pk}/" if claim is not None else ""
    return Notice.objects.create(recipient=user, kind=kind, sentence=sentence, claim=claim, path=path)
