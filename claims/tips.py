"""Taking in what readers send, and forgetting in time who they were."""

from datetime import timedelta

import pghistory
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from claims.models import Tip, TipContact


def receive(*, text: str, actor: str, url: str = "", language: str = "", name: str = "", email: str = "") -> Tip:
    """Put a tip into the desk's inbox. How to reach who sent it lies apart, until TIP_CONTACT_DAYS are over."""
    with pghistory.context(actor=actor, reason="tip"), transaction.atomic():
        tip = Tip.objects.create(text=text, url=url, language=language)
        if name or email:
            until = timezone.now() + timedelta(days=settings.TIP_CONTACT_DAYS)
            TipContact.objects.create(tip=tip, name=name, email=email, delete_after=until)
        return tip


def forget_contacts() -> int:
    """Delete the contact data whose time is over. Returns how many rows there were."""
    deleted, _ = TipContact.objects.filter(delete_after__lte=timezone.now()).delete()
    return deleted
