"""What people at the desk do with a complaint: take it over, answer it, name the change that followed.

One editor answers: an answer changes no verdict, and a correction takes two people as ever. But nobody answers who
wrote what the complaint is about, because that would be judging her own work; nor does she say that it is no complaint.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from claims.authorship import contributions
from claims.complaints.clock import working_days
from claims.complaints.receive import LONGEST, path_of
from claims.json_object import Json
from claims.models import Appearance, Complaint, ComplaintContact, Publication, Review, ReviewVersion, SitePublication
from claims.models.publication import Audience
from claims.notices import notify, settled
from claims.permissions import Refused, User, may_answer_complaints, require
from claims.publication.log_reader import CHANGES
from claims.publication.site.log import append_to_site_log
from claims.teamwork.colleagues import colleagues
from claims.visibility import is_visible
from claims.visible_text import shows_words
from sources.database.audit import acting, acting_as

Outcome = Complaint.Outcome
_MAY_NOT = gettext_noop("Editors answer complaints; ask one.")
_OWN = gettext_noop("You wrote what this complaint is about, so somebody else has to answer it. Ask a colleague.")
_RIGHT = "publish_review"
_WARNING = timedelta(days=2)


def take_over(complaint: Complaint, *, actor: User) -> None:
    """Make the actor the one who sees to the answer. Raises `Refused`."""
    _require(complaint, actor)
    with acting(actor, reason="took over a complaint"), transaction.atomic():
        row = _open(complaint)
        row.owner = actor
        row.reminded_at = None
        row.save(update_fields=["owner", "reminded_at"])


def answer(complaint: Complaint, *, outcome: str, words: str, correction: int | None = None, actor: User) -> None:
    """Answer it: the outcome goes into the register, the words to the private page alone. Raises `Refused`.

    `correction` is the place in the log of the change that followed, of one that went out already.
    """
    _require(complaint, actor)
    if is_author(complaint, actor):
        raise Refused(_(_OWN))
    if outcome not in Outcome.values:
        raise Refused(_("Say what came of the complaint."))
    if not shows_words(words):
        raise Refused(_("Write an answer: who complained reads it on her private page, and nobody else does."))
    if len(words) > LONGEST:
        raise Refused(_("The answer is longer than %(most)s characters.") % {"most": LONGEST})
    with acting(actor, reason="answered a complaint"), transaction.atomic():
        row = _open(complaint)
        row.outcome, row.answer = outcome, words.strip()
        row.answered_by, row.answered_at = actor, timezone.now()
        row.owner = row.owner or actor
        if correction is not None:
            row.correction = _change(row, correction)
        row.save(update_fields=["outcome", "answer", "answered_by", "answered_at", "owner", "correction"])
        _append(row)
        until = row.answered_at + timedelta(days=settings.COMPLAINT_CONTACT_DAYS)
        ComplaintContact.objects.filter(complaint=row, delete_after__gt=until).update(delete_after=until)
        for what in ("complained", "complaint_due"):
            settled(what, row.claim, path=path_of(row))


def name_correction(complaint: Complaint, *, correction: int, actor: User) -> None:
    """Name the change that followed from an upheld complaint, after the answer. Raises `Refused`."""
    _require(complaint, actor)
    with acting(actor, reason="named what followed from a complaint"), transaction.atomic():
        row = Complaint.objects.select_for_update(of=("self",)).get(pk=complaint.pk)
        if row.correction_id is not None:
            raise Refused(_("What followed is named already."))
        row.correction = _change(row, correction)
        row.save(update_fields=["correction"])
        _append(row)


def changes_since(complaint: Complaint) -> QuerySet[Publication]:
    """The public changes of the claim since the complaint, the newest first: what may have followed from it."""
    rows = Publication.objects.filter(audience=Audience.PUBLIC, event__in=CHANGES, review__origin=Review.Origin.OWN)
    return rows.filter(claim__in=_claims(complaint), at__gte=complaint.received_at).order_by("-sequence")


def is_author(complaint: Complaint, user: User) -> bool:
    """Whether the user wrote one of our published reviews of the claim, as the audit has it or by name.

    Of a speaker alone: one of a claim of hers, as long as there is somebody else who may answer.
    """
    if complaint.claim_id is None:
        return complaint.speaker_id is not None and user.pk in _authors_about(complaint.speaker_id)
    versions = ReviewVersion.objects.filter(
        review__claim__in=_claims(complaint), review__origin=Review.Origin.OWN, state=ReviewVersion.State.PUBLISHED
    )
    known = list(versions.order_by("-number").values_list("pk", "author"))
    if any(author == user.pk for _pk, author in known):
        return True
    return any(each.user_id == user.pk for pk, _author in known[:3] for each in contributions(pk))


def _authors_about(speaker: int) -> set[int | None]:
    hers = Appearance.objects.filter(Q(statement__speaker=speaker) | Q(attribution__speaker=speaker))
    versions = ReviewVersion.objects.filter(
        review__claim__in=hers.values("claim"), review__origin=Review.Origin.OWN, state=ReviewVersion.State.PUBLISHED
    )
    authors: set[int | None] = set(versions.values_list("author", flat=True))
    return authors if colleagues(right=_RIGHT).exclude(pk__in=authors).exists() else set()


def may_answer(complaint: Complaint, user: User) -> bool:
    """Whether this person may answer this complaint."""
    return may_answer_complaints(user, complaint.claim) and not is_author(complaint, user)


def remind(limit: int = 200) -> int:
    """Tell the owner, or all who may answer, once that an answer is due within two days. Returns how many are."""
    soon = datetime.now(UTC).date() + _WARNING
    rows = Complaint.objects.filter(outcome="", due_on__lte=soon, reminded_at__isnull=True)
    with acting_as("reminders", reason="reminded"), transaction.atomic():
        found = list(rows.select_related("claim", "owner").select_for_update(of=("self",), skip_locked=True)[:limit])
        for row in found:
            row.reminded_at = timezone.now()
            row.save(update_fields=["reminded_at"])
            people = colleagues(row.claim, right=_RIGHT)
            told = list(people.filter(pk=row.owner_id)) or list(people)
            day = row.due_on.isoformat()
            notify(told, "complaint_due", claim=row.claim, path=path_of(row), number=row.number, day=day)
        return len(found)


def _require(complaint: Complaint, actor: User) -> None:
    require(may_answer_complaints(actor, complaint.claim) and is_visible(complaint, actor), _MAY_NOT)


def _open(complaint: Complaint) -> Any:
    row = Complaint.objects.select_for_update(of=("self",)).get(pk=complaint.pk)
    if row.outcome:
        raise Refused(_("This complaint was answered in the meantime; look at it again."))
    return row


def _claims(complaint: Complaint) -> list[int]:
    """The claim that it is about, and those of which this is a part by now: the reviews went along."""
    found: list[int] = []
    claim = complaint.claim
    while claim is not None and claim.pk not in found:
        found.append(claim.pk)
        claim = claim.merged_into
    return found


def _change(complaint: Complaint, sequence: int) -> Publication:
    if complaint.outcome not in (Outcome.UPHELD, Outcome.IN_PART):
        raise Refused(_("Only what was upheld, in part at least, is followed by a change."))
    found = changes_since(complaint).filter(sequence=sequence).first()
    if found is None:
        raise Refused(_("Choose a change of this claim that went out after the complaint."))
    return found


def _append(complaint: Complaint) -> None:
    """Tell the public record what came of it: outcome, days, and the change. No word and no name."""
    on = (complaint.answered_at or timezone.now()).astimezone(UTC).date()
    body: Json = {
        "outcome": complaint.outcome,
        "answered_on": on.isoformat(),
        "working_days": working_days(complaint.received_on, on),
        "change": None,
    }
    if (change := complaint.correction) is not None:
        body["change"] = {"claim": change.claim.public_id, "event": change.event, "sequence": change.sequence}
    append_to_site_log(SitePublication.Kind.COMPLAINT_ANSWERED, complaint.number, body, claim=complaint.claim)
