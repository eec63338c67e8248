"""Restricted claims: those that only named members of the desk see."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from claims.models.claim import Claim
from claims.models.statement import user_field
from sources.database.audit import audited, audited_links


@audited
class Restriction(models.Model):
    """A claim that its members and the chiefs alone see at the desk, with its reviews and evidence.

    It says nothing about what is published: published words are public. PROTECT, so that the audit rows of a claim
    never outlive the restriction that hides them.
    """

    claim = models.OneToOneField(Claim, on_delete=models.PROTECT, related_name="restriction")
    members = models.ManyToManyField(settings.AUTH_USER_MODEL, blank=True, related_name="+")
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    created_by = user_field()

    class Meta:
        ordering = ["-created_at", "-id"]
        verbose_name = "restricted claim"

    def __str__(self) -> str:
        return f"restriction of {self.claim}"


audited_links(Restriction.members.through)
