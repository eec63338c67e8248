"""Make claims, topics, documents and comments of the items that wait, each in a transaction of its own.

A worker that dies leaves the item that it was at, whole and waiting; nothing is made twice.
"""

import hashlib
import logging
from collections.abc import Callable, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, InternalError, transaction
from django.db.models.functions import Now
from django.utils.text import slugify

from claims.check_import.held import HeldClaims
from claims.check_import.intake import MAY_NOT, may_take_over
from claims.check_import.row import claim_text
from claims.claim_length import too_long
from claims.models import CheckImport, CheckItem, Claim, Comment, Document, Statement, Topic
from claims.permissions import Refused, User, require
from claims.statements import ingest, link_claim
from claims.statements.document_reader import ParsedDocument
from claims.statements.languages.detection import language_of
from claims.visible_text import is_language_tag, readable, unreadable
from sources.database.audit import acting

_log = logging.getLogger(__name__)

_AT_ONCE = 100
_LONGEST_COMMENT = 20_000
_NOTES = (
    ("item", "Item in Check"),
    ("status", "Status"),
    ("report_status", "Report"),
    ("created_by", "Created by"),
    ("submitted_at", "Submitted"),
    ("posted_at", "Posted"),
    ("published_at", "Report published"),
    ("media", "Number of media"),
    ("workspace", "Workspace"),
    ("article", "Article"),
)
State = CheckItem.State


def take_over_waiting(*, may_continue: Callable[[], bool]) -> int:
    """Take over the items that wait, one import after the other. Returns the number taken over or refused."""
    number = 0
    while may_continue():
        waiting = CheckItem.objects.filter(state=State.WAITING).select_related("check_import__started_by")
        first = waiting.order_by("id").first()
        if first is None:
            break
        batch = list(waiting.filter(check_import=first.check_import_id).order_by("id")[:_AT_ONCE])
        actor = first.check_import.started_by
        held = HeldClaims(actor, [(claim_text(item.words), _language(item.words)) for item in batch])
        for item in batch:
            if not may_continue():
                return number
            number += _take_over(item.pk, actor, held)
        if not waiting.filter(check_import=first.check_import_id).exists():
            CheckImport.objects.filter(pk=first.check_import_id, ended_at=None).update(ended_at=Now())
    return number


def _take_over(pk: int, actor: User, held: HeldClaims) -> bool:
    with acting(actor, reason="took over an item from Check"), transaction.atomic():
        item = CheckItem.objects.select_for_update(skip_locked=True).filter(pk=pk, state=State.WAITING).first()
        if item is None:
            return False
        try:
            with transaction.atomic():
                claim = _made(item, actor, held)
        except (Refused, ValidationError) as refusal:
            item.state, item.why = State.REFUSED, _sentence(refusal)
        except (IntegrityError, InternalError, DataError) as error:
            _log.warning("Item %s of Check was refused by the database: %s", pk, type(error).__name__)
            item.state, item.why = State.REFUSED, "The database refuses what the row holds."
        else:
            item.state, item.claim = State.DONE, claim
            held.add(claim)
        item.save(update_fields=["state", "why", "claim", "document"])
        return True


def _made(item: CheckItem, actor: User, held: HeldClaims) -> Claim:
    require(may_take_over(actor), MAY_NOT)
    text = claim_text(item.words)
    if why := unreadable(text) or too_long(text):
        raise Refused(why)
    key = held.find(text)
    claim = Claim.objects.get(pk=key) if key is not None else None
    if claim is None:
        claim = Claim.objects.create(text=text, language=_language(item.words), created_by=actor)
        # The topics of a claim that was here already are its editors' own.
        claim.topics.add(*_topics(item.words.get("tags", [])))
    item.document = _document(item.words, claim, actor)
    _comment(item, claim, actor)
    return claim


def _language(words: dict[str, Any]) -> str:
    told = str(words.get("language") or "").replace("_", "-")
    return told if is_language_tag(told) else language_of(claim_text(words))


def _topics(names: Sequence[str]) -> list[Topic]:
    found = []
    for name in names:
        plain = readable(name)
        if unreadable(plain):
            continue
        topic = Topic.objects.filter(name__iexact=plain).first()
        if topic is None:
            slug = slugify(plain)[:80] or f"topic-{hashlib.sha256(plain.casefold().encode()).hexdigest()[:12]}"
            topic, _ = Topic.objects.get_or_create(slug=slug, defaults={"name": plain})
        found.append(topic)
    return found


def _document(words: dict[str, Any], claim: Claim, actor: User) -> Document | None:
    """The post or page that makes the claim, with its words as far as Check exports them; None without a link."""
    if not words.get("link"):
        return None
    text = readable(str(words.get("media_text") or claim.text))
    parsed = ParsedDocument(text=text, title=str(words.get("title") or "")[:500])
    document = ingest.store(
        parsed, [], url=str(words["link"]), language=claim.language, actor=actor, kind=Document.Kind.POST
    )
    statement = document.statements.filter(start=0, end=len(document.text)).first()
    if statement is None:
        statement = Statement.objects.create(
            document=document,
            text=document.text,
            start=0,
            end=len(document.text),
            content=[[0, len(document.text)]],
        )
    if not claim.publications.exists():  # what is public changes by its editors alone
        link_claim.link_statement(statement, claim, actor=actor, without_speaker=True)
    return document


def _comment(item: CheckItem, claim: Claim, actor: User) -> None:
    """What the file says beside the claim: one comment for the item, and one for each annotation. Nobody is told."""
    values = {**item.words, "status": item.status}
    notes = [f"{label}: {values[name]}" for name, label in _NOTES if values.get(name)]
    texts = ["\n".join(["Taken over from Check", *notes])]
    if (title := values.get("title")) and title != claim.text:
        texts[0] += f"\nTitle: {title}"
    if summary := values.get("summary"):
        texts.append(f"Summary in Check:\n{summary}")
    texts += [f"{label} (in Check):\n{answer}" for label, answer in values.get("annotations", [])]
    Comment.objects.bulk_create(
        [Comment(claim=claim, text=readable(text)[:_LONGEST_COMMENT], author=actor) for text in texts]
    )


def _sentence(refusal: Exception) -> str:
    return " ".join(refusal.messages) if isinstance(refusal, ValidationError) else str(refusal)
