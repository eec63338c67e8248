"""One-time links by which people set the password of their account."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from sources.database.audit import audited

_SHA256 = "^[0-9a-f]{64}$"


@audited
class LogInLink(models.Model):
    """A link that lets its holder set the password of one account, once. Only the token's sha256 is stored.

    The rules of when it can be used are in factcheck/login/links.py.
    """

    class Purpose(models.TextChoices):
        FIRST_ADMINISTRATOR = "first_administrator", "first administrator"
        INVITATION = "invitation", "invitation"
        RESET = "reset", "new password"

    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="log_in_links")
    purpose = models.CharField(max_length=20, choices=Purpose)
    token_sha256 = models.CharField(max_length=64, unique=True, editable=False, db_collation="C")
    maker = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.DO_NOTHING,
        null=True,
        db_constraint=False,
        related_name="+",
        help_text="Who can have read it; empty for the server's console.",
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    expires_at = models.DateTimeField(editable=False)
    used_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = "log-in link"
        constraints = [
            models.CheckConstraint(condition=Q(expires_at__gt=F("created_at")), name="log_in_link_expires"),
            models.CheckConstraint(condition=Q(token_sha256__regex=_SHA256), name="log_in_link_hashed"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="used_once",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func="""
                    IF OLD.used_at IS NOT NULL OR NEW.used_at IS NULL
                        OR to_jsonb(NEW) - 'used_at' IS DISTINCT FROM to_jsonb(OLD) - 'used_at' THEN
                        RAISE EXCEPTION 'A log-in link is used once, and nothing else of it changes.'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()} of {self.account_id}"
