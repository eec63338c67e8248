"""Create, update, delete and submit the drafts that newsrooms send by API: statements, claims, evidence, reviews.

    newsroom's key ──create──> Submission of a row ──update──> … ──submit──> in review ─ ─ (people) ─ ─> published
                                   └── an editor changes it: taken over, read-only for the newsroom

A newsroom sees of its own rows what it sent, and nothing of others: an existing row with the same text and address is
shared without saying so. Nothing here approves or publishes.
"""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import asdict, dataclass
from typing import Any

from django.contrib.auth import get_user_model
from django.db import connection, transaction
from django.db.models import F, Model, ProtectedError
from django.utils import timezone

from claims.json_object import Json
from claims.models import (
    Appearance,
    Attribution,
    Claim,
    Document,
    Evidence,
    Organisation,
    Review,
    ReviewVersion,
    Sender,
    Statement,
    Submission,
    Topic,
)
from claims.newsroom_drafts.articles import article_of, delete_unused
from claims.newsroom_drafts.speaker_by_name import speaker_on_file
from claims.permissions import Refused, User, is_newsroom, may_write, require
from claims.reviews import workflow
from claims.reviews.evidence import attach_quote
from claims.statements import link_claim
from claims.statements.ingest import canonical_address
from claims.statements.statement_sandbox import assess
from sources.database.audit import acting, acting_as, noted
from sources.database.locks import Lock, held, lock_until_commit, try_lock_until_commit

_MAX_NAME = 120  # characters of a newsroom's name in a username, which has at most 150


@dataclass(frozen=True)
class Submitter:
    """The newsroom and key behind a request.

    `key` and `keys` are key prefixes: the key in use, and all keys whose drafts it may read and change.
    """

    sender: Sender
    key: str
    keys: tuple[str, ...]

    @property
    def user(self) -> User:
        return self.sender.user

    @contextmanager
    def audited(self, reason: str) -> Iterator[None]:
        """One transaction, whose audit rows name the newsroom and the key."""
        context = acting(self.user, reason=reason, key=f"fc_{self.key}_…")
        with context, transaction.atomic():
            yield


def get_or_create_sender(newsroom: str, name: str) -> Sender:
    """The sender, with its service user, of the newsroom with this id; its name is brought up to date."""
    sender = Sender.objects.select_related("user").filter(newsroom=newsroom, name=name).first()
    if sender is not None:
        return sender
    with acting_as(name, reason="sent a first draft by API"), transaction.atomic():
        lock_until_commit(Lock.NEW_SENDER)
        known = Sender.objects.select_related("user").filter(newsroom=newsroom).first()
        users: Any = get_user_model()._default_manager
        username = f"{name[:_MAX_NAME]}, by API"
        if users.filter(username=username).exclude(pk=known.user_id if known else None).exists():
            username = f"{name[: _MAX_NAME - 27]}, by API ({newsroom})"
        if known is None:
            # No password and not active, so that nobody can log in as a newsroom.
            user = users.create_user(username, is_active=False)
            return Sender.objects.create(newsroom=newsroom, name=name, user=user)
        users.filter(pk=known.user_id).update(username=username)
        Sender.objects.filter(pk=known.pk).update(name=name)
        return Sender.objects.select_related("user").get(pk=known.pk)


def create_document(submitter: Submitter, *, as_sent: Json, **fields: Any) -> Document:
    """Create the document with these fields, or share the existing one with this text and address."""
    with submitter.audited("sent a document by API"):
        document, _ = Document.objects.get_or_create(
            text_sha256=hashlib.sha256(fields["text"].encode()).hexdigest(),
            url=fields.get("url", ""),
            defaults={
                **fields,
                "canonical_url": canonical_address(fields.get("url", "")),
                "created_by": submitter.user,
            },
        )
        _record(submitter, document=document, as_sent=as_sent)
        return document


def create_statement(
    submitter: Submitter,
    *,
    document: Document,
    start: int,
    end: int,
    as_sent: Json,
    speaker: Json | None = None,
    **fields: Any,
) -> tuple[Submission, bool]:
    """Create or share the statement at this span. Returns its submission, and whether the newsroom sent it just now.

    `speaker` is taken for one on file only if that is sure; a statement that is there keeps its own. Raises `Refused`
    if the span is empty or exceeds the document.
    """
    text = document.text[start:end]
    if not text or end > len(document.text):
        raise Refused(f"The document has {len(document.text)} characters; start and end must lie within, in order.")
    content = fields.get("content") or [[start, end]]
    said = " ".join(document.text[s:e] for s, e in content)
    numbers, worth = assess(text, start, document.language, said, attributed=bool(fields.get("speaker_as_written")))
    as_written = fields.get("speaker_as_written", "")
    known = speaker_on_file(speaker, as_written=as_written, text=document.text) if speaker else None
    with submitter.audited("sent a statement by API"):
        statement, _ = Statement.objects.get_or_create(
            document=document,
            start=start,
            end=end,
            defaults={
                **fields,
                "speaker": known,
                "text": text,
                "content": content,
                "figures": [asdict(number) for number in numbers],
                "checkworthy": worth.worthy,
                "checkworthy_reasons": list(worth.reasons),
            },
        )
        return _record(submitter, statement=statement, as_sent=as_sent)


def create_claim(
    submitter: Submitter,
    *,
    topics: Sequence[Topic],
    statements: Sequence[Statement],
    as_sent: Json,
    attributions: Sequence[Attribution] = (),
    **fields: Any,
) -> Submission:
    """Create a claim that these statements make, by these of their attributions. Raises `Refused`."""
    with submitter.audited("sent a claim by API"):
        claim = Claim.objects.create(**fields, created_by=submitter.user)
        claim.topics.set(topics)
        _link(submitter, claim, statements, attributions)
        return _record(submitter, claim=claim, as_sent=as_sent)[0]


def update_claim(
    submitter: Submitter,
    submission: Submission,
    *,
    as_sent: Json,
    topics: Sequence[Topic] | None = None,
    statements: Sequence[Statement] | None = None,
    attributions: Sequence[Attribution] = (),
    **fields: Any,
) -> None:
    """Update a locked submission's claim. Raises `Refused` once it is published or an editor has taken it over."""
    claim = _own_claim(submission)
    with submitter.audited("changed a claim by API"):
        _set_fields(claim, fields)
        if topics is not None:
            claim.topics.set(topics)
        if statements is not None:
            Appearance.objects.filter(claim=claim, created_by=submitter.user).exclude(statement__in=statements).delete()
            _link(submitter, claim, statements, attributions)
        _record_update(submission, as_sent)


def _link(
    submitter: Submitter, claim: Claim, statements: Sequence[Statement], attributions: Sequence[Attribution]
) -> None:
    """Link the statements to a claim that they make by these attributions, or by those whose words were sent."""
    chosen = {each.statement_id: each for each in attributions}
    for statement in statements:
        hung = chosen.get(statement.pk) or _meant(submitter, statement)
        appearance = link_claim.link_statement(statement, claim, actor=submitter.user, attribution=hung)
        if statement.pk in chosen and appearance.attribution != hung and appearance.created_by_id == submitter.user.pk:
            appearance.attribution = hung
            appearance.save(update_fields=["attribution"])


def _meant(submitter: Submitter, statement: Statement) -> Attribution | None:
    """The only asserted attribution with the source and cue with which the newsroom sent the statement."""
    sent = Submission.objects.sent_with(list(submitter.keys)).filter(statement=statement).order_by("pk").last()
    speaker = str(sent.as_sent.get("speaker_as_written", "")).strip() if sent else ""
    if not sent or not speaker:
        return None
    cue = str(sent.as_sent.get("cue", "")).strip()
    found = statement.attributions.filter(polarity=Attribution.Polarity.ASSERTED, speaker_as_written__iexact=speaker)
    found = found.filter(cue__iexact=cue) if cue else found
    meant = list(found[:2])
    return meant[0] if len(meant) == 1 else None


def delete_claim(submitter: Submitter, submission: Submission) -> None:
    """Delete a claim that nothing refers to. Raises `Refused`."""
    claim = _own_claim(submission)
    with submitter.audited("took a claim back by API"):
        Appearance.objects.filter(claim=claim, created_by=submitter.user).delete()
        try:
            claim.delete()
        except ProtectedError as error:
            raise Refused("Something rests on this claim: delete its reviews first, or ask the desk.") from error


def create_review(
    submitter: Submitter,
    *,
    claim: Claim,
    organisation: Organisation,
    as_sent: Json,
    article: Json | None = None,
    **fields: Any,
) -> Submission:
    """Create a draft of a review. Raises `Refused` if the claim was merged into another."""
    with submitter.audited("sent a review by API"):
        row = article_of(submitter.user, organisation, article, review=None)
        version = workflow.start_review(claim=claim, organisation=organisation, author=submitter.user, article=row)
        _set_fields(version, fields)
        return _record(submitter, review=version.review, as_sent=as_sent)[0]


def update_review(
    submitter: Submitter, submission: Submission, *, as_sent: Json, article: Json | None = None, **fields: Any
) -> None:
    """Update a locked submission's draft. Raises `Refused` once it is submitted or an editor has taken it over."""
    version = own_draft(submitter, submission.review)
    review = version.review
    with submitter.audited("changed a review by API"):
        if article != submission.as_sent.get("article"):
            before = review.article
            review.article = article_of(submitter.user, review.organisation, article, review=review)
            review.save(update_fields=["article"])
            if before != review.article:
                delete_unused(submitter.user, before)
        _set_fields(version, fields)
        _record_update(submission, as_sent)


def submit_review(submitter: Submitter, submission: Submission) -> None:
    """Submit the draft for approval. Raises `Refused` with everything that is missing."""
    version = own_draft(submitter, submission.review)
    with submitter.audited("submitted for approval by API"):
        workflow.submit(version, actor=submitter.user)
        _record_update(submission, submission.as_sent)


def delete_review(submitter: Submitter, submission: Submission) -> None:
    """Delete a draft and its evidence. Raises `Refused` once it is submitted or an editor has taken it over."""
    version = own_draft(submitter, submission.review)
    article = version.review.article
    with submitter.audited("discarded by API"):
        workflow.discard(version, actor=submitter.user)
        delete_unused(submitter.user, article)


def create_evidence(submitter: Submitter, *, review: Review, as_sent: Json, **fields: Any) -> Submission:
    """Create evidence that is not a page quote; the caller has validated the fields. Raises `Refused`."""
    with submitter.audited("sent evidence by API"):
        evidence = Evidence.objects.create(version=_lock_draft(submitter, review), **fields)
        return _record(submitter, evidence=evidence, as_sent=as_sent)[0]


def create_quote(
    submitter: Submitter, *, review: Review, url: str, known: bool, as_sent: Json, **fields: Any
) -> Submission:
    """Attach a quote of a page to the draft. Raises `Refused`, also while another page is fetched for the newsroom.

    The page is fetched once, now, unless the newsroom already knows its content (`known`): the result must not
    reveal whether we have read the page before, or what it said then.
    """
    version = own_draft(submitter, review)
    with _one_fetch_at_a_time(submitter), noted(key=f"fc_{submitter.key}_…"):
        evidence = attach_quote(version, url_or_page=url, refetch=not known, actor=submitter.user, **fields)
    quote = {"exact": evidence.exact, "prefix": evidence.prefix, "suffix": evidence.suffix}
    with submitter.audited("sent evidence by API"):
        return _record(submitter, evidence=evidence, as_sent=as_sent | {"quote": quote, "checked_in": "page"})[0]


def update_evidence(submitter: Submitter, submission: Submission, *, as_sent: Json, **fields: Any) -> None:
    """Update a locked submission's evidence. Raises `Refused` once the review is not the newsroom's own draft."""
    evidence = _own_evidence(submitter, submission)
    with submitter.audited("changed evidence by API"):
        _set_fields(evidence, fields)
        _record_update(submission, as_sent)


def delete_evidence(submitter: Submitter, submission: Submission) -> None:
    """Delete evidence of a draft. Raises `Refused` once the review is not the newsroom's own draft."""
    evidence = _own_evidence(submitter, submission)
    with submitter.audited("removed evidence by API"):
        evidence.delete()


def lock(submission: Submission) -> Submission:
    """The submission, locked with its row until commit, in the order that the other actions use.

    Raises `Submission.DoesNotExist` if it was deleted.
    """
    if submission.review_id is not None:
        list(ReviewVersion.objects.select_for_update().filter(review=submission.review_id).order_by("pk"))
    elif submission.evidence is not None:
        list(ReviewVersion.objects.select_for_update().filter(pk=submission.evidence.version_id))
    elif submission.claim_id is not None:
        list(Claim.objects.select_for_update().filter(pk=submission.claim_id))
    Submission.objects.select_for_update().get(pk=submission.pk)
    return Submission.objects.of(submission.target).with_state().get(pk=submission.pk)


def own_draft(submitter: Submitter, review: Review | None) -> ReviewVersion:
    """The newsroom's draft of the review. Raises `Refused`, saying what became of it, if it is no longer one."""
    version = ReviewVersion.objects.select_related("review").filter(review=review).order_by("-number").first()
    if version is None or version.author_id != submitter.user.pk:
        raise Refused("The desk has taken this review over, so it cannot be changed by API any more; ask the desk.")
    if version.state == ReviewVersion.State.PUBLISHED:
        raise Refused("This review is published and locked; ask the desk for a new version.")
    if not may_write(submitter.user, version):
        raise Refused("This review is submitted, so it cannot be changed; ask the desk to send it back.")
    return version


def take_over_claim(claim: Claim, *, actor: User) -> None:
    """Record that an editor has taken the claim over, so that no newsroom can change it any more."""
    if is_newsroom(actor):
        return
    with acting(actor, reason="took over from a newsroom"):
        Submission.objects.filter(claim=claim, taken_at__isnull=True).update(taken_at=timezone.now())


def _record(submitter: Submitter, *, as_sent: Json, **row: Any) -> tuple[Submission, bool]:
    """Create the submission of this row (`claim=…`) unless there is one. Returns it, and whether it is new."""
    (target,) = row
    earlier = Submission.objects.sent_with(list(submitter.keys)).filter(**row).order_by("pk").first()
    if earlier is None:
        defaults = {"sender": submitter.sender, "as_sent": as_sent}
        earlier, new = Submission.objects.get_or_create(key=submitter.key, **row, defaults=defaults)
    else:
        new = False
    return Submission.objects.of(target).with_state().get(pk=earlier.pk), new


def _record_update(submission: Submission, as_sent: Json) -> None:
    Submission.objects.filter(pk=submission.pk).update(as_sent=as_sent, revision=F("revision") + 1)


def _set_fields(row: Model, fields: Json) -> None:
    for name, value in fields.items():
        setattr(row, name, value)
    if fields:
        row.save(update_fields=list(fields))


def _own_claim(submission: Submission) -> Claim:
    if submission.state == "published":
        raise Refused("This claim is published; ask the desk to change it.")
    if submission.taken_at is not None or submission.claim is None:
        raise Refused("The desk has taken this claim over, so it cannot be changed by API any more; ask the desk.")
    return submission.claim


def _lock_draft(submitter: Submitter, review: Review) -> ReviewVersion:
    list(ReviewVersion.objects.select_for_update().filter(review=review).order_by("pk"))
    return own_draft(submitter, review)


def _own_evidence(submitter: Submitter, submission: Submission) -> Evidence:
    if submission.evidence is None:
        raise Refused("This is not evidence.")
    evidence = Evidence.objects.select_related("version__review").get(pk=submission.evidence.pk)
    own_draft(submitter, evidence.version.review)
    require(may_write(submitter.user, evidence.version), "This evidence is of another version by now; ask the desk.")
    return evidence


@contextmanager
def _one_fetch_at_a_time(submitter: Submitter) -> Iterator[None]:
    """Hold the newsroom's fetch lock. Raises `Refused` while another page is fetched for it."""
    key = (Lock.SENDER_FETCH, submitter.sender.pk)
    # Inside a transaction the lock is released with it.
    taking = nullcontext(try_lock_until_commit(*key)) if connection.in_atomic_block else held(*key)
    with taking as taken:
        if not taken:
            raise Refused("Another page is being read for your newsroom; send this quote when that is answered.")
        yield
