"""Receive a complaint: give it its number and its private link, and tell the public record and the editors.

The entry in the site's own log is appended with the complaint, before anybody at the desk has seen it. So no complaint
can be kept out of the register: what turns out to be none is listed there, apart.
"""

import base64
import hashlib
import secrets
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from claims.complaints.clock import due
from claims.models import (
    Assignment,
    Claim,
    Complaint,
    ComplaintContact,
    ComplaintSender,
    SitePublication,
    Speaker,
)
from claims.notices import notify, notify_once
from claims.publication.site.log import append_to_site_log
from claims.teamwork.colleagues import colleagues
from claims.tips.inbox import token_sha256
from sources.database.audit import acting_as
from sources.database.locks import Lock, lock_until_commit

REMEMBERED = timedelta(hours=1)
"""How long the hash of a sender, and of the form that was sent, is kept."""
LONGEST = 5_000
"""Characters of a complaint, and of its answer."""

_TOKEN_BYTES = 24
_UNANSWERED = timedelta(days=365)  # then the contact of a complaint goes that was never answered
_TOLD_AN_HOUR = 10  # complaints of which editors get notices; more stand in the list alone
_RIGHT = "publish_review"
_LIST = "/admin/record/complaints/"


class TooManyComplaints(Exception):
    """As many came from there within the hour as may."""


class TooManyAtOnce(Exception):
    """More came within the hour, from anywhere, than anybody can read: of the claim, or in all."""


class SentBefore(Exception):
    """This form was sent already; `token` is that of its private link if it was sent with the same words."""

    def __init__(self, token: str = "") -> None:
        super().__init__(token)
        self.token = token


@dataclass(frozen=True)
class Received:
    """A stored complaint, and the token of its private link, which is stored nowhere."""

    complaint: Complaint
    token: str


def receive(
    *,
    about: str,
    reporter: str,
    text: str,
    claim: str = "",
    speaker: str = "",
    email: str = "",
    sender: str = "",
    form: str = "",
) -> Received:
    """Store a complaint about a claim, a speaker (by their public ids) or the site, with its entry in the site's log.

    `sender` is the hash of who sends it, and `form` the mark of the form, which nobody else knows: the private link
    follows from it, so that whoever presses twice is led there twice. Raises `TooManyComplaints`, `TooManyAtOnce`,
    `SentBefore`.
    """
    token = _token_of(form) if form else secrets.token_urlsafe(_TOKEN_BYTES)
    form_sha256 = hashlib.sha256((form or token).encode()).hexdigest()
    with acting_as("a reader, by the form", reason="complained"), transaction.atomic():
        lock_until_commit(Lock.SITE_LOG)  # until the number is in the log
        forget_senders()
        if ComplaintSender.objects.filter(form_sha256=form_sha256).exists():
            same = Complaint.objects.filter(token_sha256=token_sha256(token), text=text[:LONGEST]).exists()
            raise SentBefore(token if same else "")
        if sender and ComplaintSender.objects.filter(digest=sender).count() >= settings.COMPLAINTS_PER_HOUR:
            raise TooManyComplaints
        if flood := _flood(claim):
            raise TooManyAtOnce(flood)
        today = datetime.now(UTC).date()
        complaint = Complaint.objects.create(
            number=_next_number(today),
            received_on=today,
            due_on=due(today),
            about=about,
            reporter=reporter,
            text=text[:LONGEST],
            claim=Claim.objects.filter(public_id=claim).first() if claim else None,
            speaker=Speaker.objects.filter(public_id=speaker).first() if speaker else None,
            token_sha256=token_sha256(token),
        )
        append_to_site_log(
            SitePublication.Kind.COMPLAINT_RECEIVED,
            complaint.number,
            {"received_on": today.isoformat(), "due_on": complaint.due_on.isoformat()},
            claim=complaint.claim,
        )
        ComplaintSender.objects.create(complaint=complaint, digest=sender, form_sha256=form_sha256)
        if email:
            ComplaintContact.objects.create(complaint=complaint, email=email, delete_after=timezone.now() + _UNANSWERED)
        _tell(complaint)
        return Received(complaint, token)


def tell_of_flood(what: str, claim: str = "") -> None:
    """Tell those who answer complaints, once an hour, that `what` was flooded, which `TooManyAtOnce` names."""
    row = Claim.objects.filter(public_id=claim).first() if what == "claim_flood" else None
    most = settings.COMPLAINTS_PER_HOUR_OF_A_CLAIM if row else settings.COMPLAINTS_PER_HOUR_IN_ALL
    with acting_as("a reader, by the form", reason="complained"):
        notify_once(
            colleagues(row, right=_RIGHT), what, within=REMEMBERED, claim=row, path=f"{_LIST}?state=open", number=most
        )


def _flood(claim: str) -> str:
    """What more complaints came of within the hour than may: the claim, or all; empty if neither did."""
    recent = ComplaintSender.objects.filter(at__gte=timezone.now() - REMEMBERED)
    if recent.count() >= settings.COMPLAINTS_PER_HOUR_IN_ALL:
        return "complaints_flood"
    if claim and recent.filter(complaint__claim__public_id=claim).count() >= settings.COMPLAINTS_PER_HOUR_OF_A_CLAIM:
        return "claim_flood"
    return ""


def forget_senders() -> int:
    """Delete the hashes of senders after an hour. Returns the number of rows deleted."""
    return ComplaintSender.objects.filter(at__lt=timezone.now() - REMEMBERED).delete()[0]


def delete_expired_contacts() -> int:
    """Delete contact data that has served its time. Returns the number of rows deleted."""
    return ComplaintContact.objects.filter(delete_after__lte=timezone.now()).delete()[0]


def delete_contact(complaint: int) -> None:
    """Delete the contact data of a complaint because its sender wants it, if there is any."""
    ComplaintContact.objects.filter(pk=complaint).delete()


def path_of(complaint: Complaint) -> str:
    """The address of the complaint at the desk."""
    return f"{_LIST}{complaint.pk}/"


def _token_of(form: str) -> str:
    secret = salted_hmac("private link of a complaint", form, algorithm="sha256").digest()[:_TOKEN_BYTES]
    return base64.urlsafe_b64encode(secret).decode()


def _next_number(day: date) -> str:
    """The number after the last one of the year in the log, which keeps them all. Call it with `Lock.SITE_LOG` held."""
    numbers = SitePublication.objects.filter(
        kind=SitePublication.Kind.COMPLAINT_RECEIVED, subject__startswith=f"{day.year}-"
    )
    last = numbers.order_by("-sequence").values_list("subject", flat=True).first()
    return f"{day.year}-{int(last.partition('-')[2]) + 1 if last else 1}"


def _tell(complaint: Complaint) -> None:
    """Tell whoever works on the claim, if she may answer, else all who may; not in a flood, which the list shows."""
    hour_ago = timezone.now() - REMEMBERED
    if Complaint.objects.filter(received_at__gte=hour_ago).count() > _TOLD_AN_HOUR:
        return
    people = colleagues(complaint.claim, right=_RIGHT)
    assigned = Assignment.objects.filter(claim=complaint.claim).values("assignee") if complaint.claim else None
    responsible = people.filter(pk__in=assigned) if assigned is not None else people.none()
    told = list(responsible) or list(people)
    day = complaint.due_on.isoformat()
    notify(told, "complained", claim=complaint.claim, path=path_of(complaint), number=complaint.number, day=day)
