"""Ask the source of a page about an open re-check, and record what it answers.

The product drafts the letter (`letters`) and sends nothing: an editor sends it, and says here that it went out, since
a letter tells the source that its page is watched. Newsrooms read that a source was asked, and the dates; no word of
the letter or of an answer leaves the desk. The states are drawn in claims/models/desk/source_request.py.
"""

from datetime import UTC, date, datetime

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.models import Evidence, Publication, Recheck, SourceAnswer, SourceRequest
from claims.notices import notify
from claims.permissions import Refused, User, allowed, facts, require
from claims.publication.append import append_news
from claims.publication.overlay import told_letters
from claims.reviews.rechecks import lock, lock_open, note_seen
from claims.watch.source_corrected import followers
from sources.database.audit import acting, acting_as
from sources.models import Page

State = SourceRequest.State
_MOST = 20_000
"""Characters of a letter or an answer."""


def may_ask(user: User, recheck: Recheck) -> bool:
    """Whether the user may write to sources about this re-check."""
    return allowed("ask the source", facts(user, claim=recheck.review.claim))


def save(
    recheck: Recheck,
    *,
    actor: User,
    page: Page,
    grade: str,
    text: str,
    recipient: str = "",
    deadline: date | None = None,
    request: SourceRequest | None = None,
) -> SourceRequest:
    """Save the draft of a letter, a new one or `request`. Raises `Refused`."""
    _require(actor, recheck)
    with acting(actor, reason="drafted a letter to the source"), transaction.atomic():
        return _save(lock_open(recheck), request, actor, page, grade, text, recipient, deadline)


def send(
    recheck: Recheck,
    *,
    actor: User,
    page: Page,
    grade: str,
    text: str,
    recipient: str,
    deadline: date | None = None,
    request: SourceRequest | None = None,
    seen: str = "",
) -> SourceRequest:
    """Record that the editor sent this letter, and tell newsrooms that the source was asked. Raises `Refused`.

    `seen` is what `rechecks.shown` gave when the editor looked.
    """
    _require(actor, recheck)
    if not recipient.strip():
        raise Refused(_("Say to whom you sent the letter, and how."))
    if deadline is not None and deadline < timezone.now().astimezone(UTC).date():
        raise Refused(_("The day for the answer is over already. Choose a later one, or none."))
    with acting(actor, reason="sent a letter to the source"), transaction.atomic():
        locked = lock_open(recheck, seen)
        waiting = SourceRequest.objects.filter(recheck=locked, page=page, state=State.SENT)
        if waiting.exists():
            raise Refused(
                _("A letter about this page waits for its answer. Record the answer, or close that letter first.")
            )
        letter = _save(locked, request, actor, page, grade, text, recipient, deadline)
        letter.state, letter.sent_at, letter.sent_by = State.SENT, timezone.now(), actor
        letter.save(update_fields=["state", "sent_at", "sent_by"])
        if note_seen(locked, actor):
            locked.save(update_fields=["seen_at", "seen_by"])
        letter.recheck = locked
        _tell_newsrooms(letter, Publication.Event.SOURCE_ASKED)
        return letter


def discard(request: SourceRequest, *, actor: User) -> None:
    """Delete a draft that nobody sent. Raises `Refused`."""
    _require(actor, request.recheck)
    with acting(actor, reason="discarded a letter to the source"), transaction.atomic():
        letter = _lock(request)
        if letter.state != State.DRAFT:
            raise Refused(_("This letter went out, so it stays on record."))
        letter.delete()


def record_answer(request: SourceRequest, *, actor: User, received_on: date, text: str) -> SourceAnswer:
    """Record what the source answered on which day; the first answer ends the waiting. Raises `Refused`."""
    _require(actor, request.recheck)
    if not text.strip():
        raise Refused(_("Write what the source answered, or paste it."))
    with acting(actor, reason="recorded the answer of the source"), transaction.atomic():
        letter = _lock(request)
        if letter.sent_at is None:
            raise Refused(_("This letter has not been sent, so there is no answer to it."))
        if received_on > timezone.now().astimezone(UTC).date():
            raise Refused(_("The day of the answer lies in the future."))
        if received_on < letter.sent_at.astimezone(UTC).date():
            raise Refused(_("The answer cannot be older than the letter."))
        answer = SourceAnswer.objects.create(
            request=letter, received_on=received_on, text=text.strip()[:_MOST], recorded_by=actor
        )
        if letter.state == State.SENT:
            _end(letter, State.ANSWERED)
            _tell_newsrooms(letter, Publication.Event.SOURCE_ANSWERED)
        _tell(letter, "source_answered", by=actor)
        return answer


def close(request: SourceRequest, *, actor: User) -> SourceRequest:
    """Stop waiting for an answer. Raises `Refused`."""
    _require(actor, request.recheck)
    with acting(actor, reason="closed a letter without an answer"), transaction.atomic():
        letter = _lock(request)
        if letter.state != State.SENT:
            raise Refused(_("Only a letter that waits for its answer can be closed."))
        _end(letter, State.CLOSED)
        _tell_newsrooms(letter, Publication.Event.SOURCE_SILENT)
        return letter


def remind(limit: int = 200) -> int:
    """Tell the desk of letters whose day is over without an answer, once each. Returns the number told of."""
    today = timezone.now().astimezone(UTC).date()
    late = SourceRequest.objects.filter(state=State.SENT, deadline__lt=today, reminded_at__isnull=True)
    told = 0
    for key in late.order_by("pk").values_list("pk", flat=True)[:limit]:
        with acting_as("reminders"), transaction.atomic():
            # Somebody may have recorded the answer since.
            letter = late.select_for_update(of=("self",), skip_locked=True).filter(pk=key).first()
            if letter is None:
                continue
            letter.reminded_at = timezone.now()
            letter.save(update_fields=["reminded_at"])
            _tell(letter, "source_silent", day=str(letter.deadline))
            told += 1
    return told


def waiting() -> QuerySet[SourceRequest]:
    """Letters that went out and have no answer yet, those whose day is over first."""
    return SourceRequest.objects.filter(state=State.SENT).order_by("deadline", "sent_at", "pk")


def _save(
    recheck: Recheck,
    request: SourceRequest | None,
    actor: User,
    page: Page,
    grade: str,
    text: str,
    recipient: str,
    deadline: date | None,
) -> SourceRequest:
    if grade not in SourceRequest.Grade.values:
        raise Refused(_("Choose how grave the letter is."))
    if not text.strip():
        raise Refused(_("The letter is empty."))
    if len(text) > _MOST:
        raise Refused(_("The letter is longer than %(most)s characters.") % {"most": _MOST})
    if not Evidence.objects.filter(version__review=recheck.review_id, page=page).exists():
        raise Refused(_("The review does not rest on this page."))
    letter = request or SourceRequest(recheck=recheck, drafted_by=actor)
    if request is not None:
        letter = SourceRequest.objects.select_for_update(of=("self",)).get(pk=request.pk, recheck=recheck)
        if letter.state != State.DRAFT:
            raise Refused(_("This letter went out already; write another one."))
    letter.page, letter.grade, letter.text = page, grade, text.strip()
    letter.recipient, letter.deadline = recipient.strip()[:300], deadline
    letter.save()
    return letter


def _require(actor: User, recheck: Recheck) -> None:
    require(
        may_ask(actor, recheck),
        _("You may not write to sources; ask an administrator for the role of an editor."),
    )


def _tell(letter: SourceRequest, what: str, *, by: User | None = None, **parameters: str) -> None:
    """Tell the colleagues who follow the letter."""
    path = reverse("desk:recheck", args=[letter.recheck_id])
    claim = letter.recheck.review.claim
    notify(followers(letter), what, claim=claim, by=by, path=path, page=str(letter.page), **parameters)


def _lock(request: SourceRequest) -> SourceRequest:
    """Lock claim, review, re-check and letter, in the order of every verb; the sweep takes them so too."""
    recheck = lock(request.recheck)
    letter = SourceRequest.objects.select_for_update(of=("self",)).get(pk=request.pk)
    letter.recheck = recheck
    return letter


def _end(letter: SourceRequest, state: State, at: datetime | None = None) -> None:
    letter.state, letter.ended_at = state, at or timezone.now()
    letter.save(update_fields=["state", "ended_at"])


def _tell_newsrooms(letter: SourceRequest, event: Publication.Event) -> None:
    """Nothing is appended where they read nothing new, as of a settled re-check.

    Of a page that is not named they read at most that an editor has seen the re-check.
    """
    review = letter.recheck.review
    named = told_letters([letter.recheck]).filter(pk=letter.pk).exists()
    append_news(review.claim, event=event if named else Publication.Event.RECHECK_OPEN, review=review)
