"""What newsrooms may do by API: send statements, claims, evidence and drafts of reviews, and submit them.

    newsroom's key ──send──> Submission of a row ──change──> … ──submit──> in review ─ ─ (people) ─ ─> published
                                  └── an editor changes it: taken over, read-only for the newsroom

A newsroom is told of its own rows what it sent, and of others nothing: a row that was there already (the same
text of the same address) is shared without saying so. Nothing here approves or publishes.
"""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Any

import pghistory
from django.contrib.auth import get_user_model
from django.db import connection, transaction
from django.db.models import F, ProtectedError
from django.utils import timezone

from claims.models import (
    Appearance,
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
from claims.permissions import Refused, User, is_newsroom, may_write, require
from claims.reviews import workflow
from claims.reviews.evidence import attach_quote
from claims.statements import link_claim
from claims.statements.checkworthiness import checkworthiness
from claims.statements.figures import figures
from claims.statements.ingest import canonical_address

Json = dict[str, Any]
_SENDERS_LOCK = 7_310_446  # one new sender at a time; any number will do
_LOOKS_LOCK = 7_310_447  # with the sender's id: one page at a time is fetched for a newsroom
_LONGEST_NAME = 120  # of a newsroom within a user name, which has 150 characters


@dataclass(frozen=True)
class Outside:
    """Who sends: the newsroom's stand-in, and its key.

    `key` and `keys` are prefixes of keys: the one in use, and those whose drafts it may read and change.
    """

    sender: Sender
    key: str
    keys: tuple[str, ...]

    @property
    def user(self) -> User:
        return self.sender.user

    @contextmanager
    def at_work(self, reason: str) -> Iterator[None]:
        """One transaction, whose audit rows name the newsroom and the key."""
        named = pghistory.context(actor=self.user.username, key=f"fc_{self.key}_…", reason=reason)
        with named, transaction.atomic():
            yield


def sender_of(newsroom: str, name: str) -> Sender:
    """The stand-in of the newsroom with this id, made if need be, under the name it has today."""
    found = Sender.objects.select_related("user").filter(newsroom=newsroom, name=name).first()
    if found is not None:
        return found
    with pghistory.context(actor=name, reason="first draft by API"), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_SENDERS_LOCK])
        known = Sender.objects.select_related("user").filter(newsroom=newsroom).first()
        users: Any = get_user_model()._default_manager
        username = f"{name[:_LONGEST_NAME]}, by API"
        if users.filter(username=username).exclude(pk=known.user_id if known else None).exists():
            username = f"{name[: _LONGEST_NAME - 27]}, by API ({newsroom})"
        if known is None:
            # Without a password and not active: nobody logs in as a newsroom.
            user = users.create_user(username, is_active=False)
            return Sender.objects.create(newsroom=newsroom, name=name, user=user)
        users.filter(pk=known.user_id).update(username=username)
        Sender.objects.filter(pk=known.pk).update(name=name)
        return Sender.objects.select_related("user").get(pk=known.pk)


def send_document(outside: Outside, *, as_sent: Json, **fields: Any) -> Document:
    """The document with this text and address; `fields` are its own."""
    with outside.at_work("send document"):
        document, _ = Document.objects.get_or_create(
            text_sha256=hashlib.sha256(fields["text"].encode()).hexdigest(),
            url=fields.get("url", ""),
            defaults={**fields, "canonical_url": canonical_address(fields.get("url", "")), "created_by": outside.user},
        )
        _sent(outside, document=document, as_sent=as_sent)
        return document


def send_statement(
    outside: Outside, *, document: Document, start: int, end: int, as_sent: Json, **fields: Any
) -> tuple[Submission, bool]:
    """The statement at this span, and whether it is new to the newsroom. Raises `Refused` if it cuts no text."""
    text = document.text[start:end]
    if not text or end > len(document.text):
        raise Refused(f"The document has {len(document.text)} characters; start and end must lie within, in order.")
    content = fields.get("content") or [[start, end]]
    numbers = figures(text, offset=start)
    worth = checkworthiness(
        " ".join(document.text[s:e] for s, e in content), numbers, attributed=bool(fields.get("speaker_as_written"))
    )
    with outside.at_work("send statement"):
        statement, _ = Statement.objects.get_or_create(
            document=document,
            start=start,
            end=end,
            defaults={
                **fields,
                "text": text,
                "content": content,
                "figures": [asdict(number) for number in numbers],
                "checkworthy": worth.worthy,
                "checkworthy_reasons": list(worth.reasons),
            },
        )
        return _sent(outside, statement=statement, as_sent=as_sent)


def send_claim(
    outside: Outside, *, topics: Sequence[Topic], statements: Sequence[Statement], as_sent: Json, **fields: Any
) -> Submission:
    """A new claim, made in these statements."""
    with outside.at_work("send claim"):
        claim = Claim.objects.create(**fields, created_by=outside.user)
        claim.topics.set(topics)
        for statement in statements:
            link_claim.link_statement(statement, claim, actor=outside.user)
        return _sent(outside, claim=claim, as_sent=as_sent)[0]


def change_claim(
    outside: Outside,
    submission: Submission,
    *,
    as_sent: Json,
    topics: Sequence[Topic] | None = None,
    statements: Sequence[Statement] | None = None,
    **fields: Any,
) -> None:
    """Change a locked submission's claim. Raises `Refused` once it is published, or the desk has taken it over."""
    claim = _claim_of(submission)
    with outside.at_work("change claim"):
        for name, value in fields.items():
            setattr(claim, name, value)
        if fields:
            claim.save(update_fields=list(fields))
        if topics is not None:
            claim.topics.set(topics)
        if statements is not None:
            Appearance.objects.filter(claim=claim, created_by=outside.user).exclude(statement__in=statements).delete()
            for statement in statements:
                link_claim.link_statement(statement, claim, actor=outside.user)
        _changed(submission, as_sent)


def take_back_claim(outside: Outside, submission: Submission) -> None:
    """Delete a claim that nothing rests on yet. Raises `Refused`."""
    claim = _claim_of(submission)
    with outside.at_work("take back claim"):
        Appearance.objects.filter(claim=claim, created_by=outside.user).delete()
        try:
            claim.delete()
        except ProtectedError as error:
            raise Refused("Something rests on this claim: delete its reviews first, or ask the desk.") from error


def send_review(
    outside: Outside, *, claim: Claim, organisation: Organisation, as_sent: Json, **fields: Any
) -> Submission:
    """A draft of a review. Raises `Refused` if the claim was merged into another."""
    with outside.at_work("send review"):
        version = workflow.start_review(claim=claim, organisation=organisation, author=outside.user)
        _write(version, fields)
        return _sent(outside, review=version.review, as_sent=as_sent)[0]


def change_review(outside: Outside, submission: Submission, *, as_sent: Json, **fields: Any) -> None:
    """Change a locked submission's draft. Raises `Refused` once it is submitted, or the desk has taken it over."""
    version = draft_of(outside, submission.review)
    with outside.at_work("change review"):
        _write(version, fields)
        _changed(submission, as_sent)


def submit_review(outside: Outside, submission: Submission) -> None:
    """Hand the draft to the desk. Raises `Refused` with everything that is missing."""
    version = draft_of(outside, submission.review)
    with outside.at_work("submit"):
        workflow.submit(version, actor=outside.user)
        _changed(submission, submission.as_sent)


def take_back_review(outside: Outside, submission: Submission) -> None:
    """Delete a draft and its evidence. Raises `Refused` once it is submitted, or the desk has taken it over."""
    version = draft_of(outside, submission.review)
    with outside.at_work("discard"):
        workflow.discard(version, actor=outside.user)


def send_evidence(outside: Outside, *, review: Review, as_sent: Json, **fields: Any) -> Submission:
    """Evidence of a kind that is not watched, whose own rules the caller has checked. Raises `Refused`."""
    with outside.at_work("send evidence"):
        evidence = Evidence.objects.create(version=_locked_draft(outside, review), **fields)
        return _sent(outside, evidence=evidence, as_sent=as_sent)[0]


def send_quote(outside: Outside, *, review: Review, url: str, known: bool, as_sent: Json, **fields: Any) -> Submission:
    """A quote of a page. Raises `Refused`.

    The page is fetched once, now, unless it is `known` to the newsroom already: whether the desk has read it
    before, and what it said then, is not for others to find out. One page at a time for each newsroom.
    """
    version = draft_of(outside, review)
    with _one_look_at_a_time(outside), pghistory.context(key=f"fc_{outside.key}_…"):
        evidence = attach_quote(version, url_or_page=url, refetch=not known, actor=outside.user, **fields)
    quote = {"exact": evidence.exact, "prefix": evidence.prefix, "suffix": evidence.suffix}
    with outside.at_work("send evidence"):
        return _sent(outside, evidence=evidence, as_sent=as_sent | {"quote": quote})[0]


def change_evidence(outside: Outside, submission: Submission, *, as_sent: Json, **fields: Any) -> None:
    """Change a locked submission's evidence. Raises `Refused` once the review is no draft of the newsroom's."""
    evidence = _evidence_of(outside, submission)
    with outside.at_work("change evidence"):
        for name, value in fields.items():
            setattr(evidence, name, value)
        if fields:
            evidence.save(update_fields=list(fields))
        _changed(submission, as_sent)


def take_back_evidence(outside: Outside, submission: Submission) -> None:
    """Take evidence out of a draft. Raises `Refused` once the review is no draft of the newsroom's."""
    evidence = _evidence_of(outside, submission)
    with outside.at_work("remove evidence"):
        evidence.delete()


def locked(submission: Submission) -> Submission:
    """The submission as it stands, locked with its row until commit, in the order in which the desk locks.

    Raises `Submission.DoesNotExist` if it is gone.
    """
    if submission.review_id is not None:
        list(ReviewVersion.objects.select_for_update().filter(review=submission.review_id).order_by("pk"))
    elif submission.evidence is not None:
        list(ReviewVersion.objects.select_for_update().filter(pk=submission.evidence.version_id))
    elif submission.claim_id is not None:
        list(Claim.objects.select_for_update().filter(pk=submission.claim_id))
    Submission.objects.select_for_update().get(pk=submission.pk)
    return Submission.objects.of(submission.target).with_state().get(pk=submission.pk)


def draft_of(outside: Outside, review: Review | None) -> ReviewVersion:
    """The newsroom's draft of the review. Raises `Refused` with what became of it."""
    version = ReviewVersion.objects.select_related("review").filter(review=review).order_by("-number").first()
    if version is None or version.author_id != outside.user.pk:
        raise Refused("The desk has taken this review over, so it cannot be changed by API any more; ask the desk.")
    if version.state == ReviewVersion.State.PUBLISHED:
        raise Refused("This review is published and locked; ask the desk for a new version.")
    if not may_write(outside.user, version):
        raise Refused("This review is submitted, so it cannot be changed; ask the desk to send it back.")
    return version


def take_over_claim(claim: Claim, *, actor: User) -> None:
    """An editor works on the claim: from now on no newsroom changes it."""
    if is_newsroom(actor):
        return
    with pghistory.context(actor=actor.username, reason="take over"):
        Submission.objects.filter(claim=claim, taken_at__isnull=True).update(taken_at=timezone.now())


def _sent(outside: Outside, *, as_sent: Json, **row: Any) -> tuple[Submission, bool]:
    """The submission of this row (`claim=…`), and whether it was sent with this key just now."""
    (target,) = row
    earlier = Submission.objects.sent_with(list(outside.keys)).filter(**row).order_by("pk").first()
    if earlier is None:
        defaults = {"sender": outside.sender, "as_sent": as_sent}
        earlier, new = Submission.objects.get_or_create(key=outside.key, **row, defaults=defaults)
    else:
        new = False
    return Submission.objects.of(target).with_state().get(pk=earlier.pk), new


def _changed(submission: Submission, as_sent: Json) -> None:
    Submission.objects.filter(pk=submission.pk).update(as_sent=as_sent, revision=F("revision") + 1)


def _write(version: ReviewVersion, fields: Json) -> None:
    for name, value in fields.items():
        setattr(version, name, value)
    if fields:
        version.save(update_fields=list(fields))


def _claim_of(submission: Submission) -> Claim:
    if submission.state == "published":
        raise Refused("This claim is published; ask the desk to change it.")
    if submission.taken_at is not None or submission.claim is None:
        raise Refused("The desk has taken this claim over, so it cannot be changed by API any more; ask the desk.")
    return submission.claim


def _locked_draft(outside: Outside, review: Review) -> ReviewVersion:
    list(ReviewVersion.objects.select_for_update().filter(review=review).order_by("pk"))
    return draft_of(outside, review)


def _evidence_of(outside: Outside, submission: Submission) -> Evidence:
    if submission.evidence is None:
        raise Refused("This is no evidence.")
    evidence = Evidence.objects.select_related("version__review").get(pk=submission.evidence.pk)
    draft_of(outside, evidence.version.review)
    require(may_write(outside.user, evidence.version), "This evidence is of another version by now; ask the desk.")
    return evidence


@contextmanager
def _one_look_at_a_time(outside: Outside) -> Iterator[None]:
    """Raises `Refused` while another page is fetched for this newsroom."""
    lock = [_LOOKS_LOCK, outside.sender.pk]
    to_its_end = connection.in_atomic_block  # where a transaction is open already, the lock ends with it
    name = "pg_try_advisory_xact_lock" if to_its_end else "pg_try_advisory_lock"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {name}(%s::integer, %s::integer)", lock)
        (free,) = cursor.fetchone()
    if not free:
        raise Refused("Another page is being read for your newsroom; send this quote when that is answered.")
    try:
        yield
    finally:
        if not to_its_end:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s::integer, %s::integer)", lock)
