"""Store tips from readers, and delete their contact data after TIP_CONTACT_DAYS."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from claims.models import Tip, TipContact
from sources.database.audit import acting_as


def receive(*, text: str, actor: str, url: str = "", language: str = "", name: str = "", email: str = "") -> Tip:
    """Store a tip for the editors. Name and email go to a separate row that expires after TIP_CONTACT_DAYS."""
    with acting_as(actor, reason="sent a tip"), transaction.atomic():
        tip = Tip.objects.create(text=text, url=url, language=language)
        if name or email:
            until = timezone.now() + timedelta(days=settings.TIP_CONTACT_DAYS)
            TipContact.objects.create(tip=tip, name=name, email=email, delete_after=until)
        return tip


def delete_expired_contacts() -> int:
    """Delete expired contact data. Returns the number of rows deleted."""
    deleted, _ = TipContact.objects.filter(delete_after__lte=timezone.now()).delete()
    return deleted
