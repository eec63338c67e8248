"""Notices to people at the desk: what happened to their work, or to the rights of others, since they last looked."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from sources.database.audit import audited

# In the transaction of the notice, whoever writes it: triggers of the database write some.
_LEAVES = """
    INSERT INTO claims_noticedelivery (notice_id, chat_id, state, attempts, error)
    SELECT NEW.id, way.chat, 'pending', 0, ''
    FROM auth_user AS person LEFT JOIN claims_preferences AS wanted ON wanted.user_id = person.id
    CROSS JOIN LATERAL (
        SELECT NULL::bigint AS chat WHERE wanted.mail <> '' AND person.email <> ''
        UNION ALL
        SELECT id FROM claims_chatwebhook WHERE is_active AND (kinds = '[]' OR kinds @> to_jsonb(NEW.kind::text))
    ) AS way
    WHERE person.id = NEW.recipient_id AND NOT COALESCE(wanted.muted @> to_jsonb(NEW.kind::text), false);
    RETURN NULL;
"""


@audited
class Notice(models.Model):
    """A sentence on one person's home until that person has read it."""

    class Kind(models.TextChoices):
        APPROVAL_VOIDED = "approval_voided", _("an approval was voided")
        SENT_BACK = "sent_back", _("a version was sent back")
        SUGGESTION = "suggestion", _("a change was suggested")
        QUESTION = "question", _("a colleague asks")
        SUSPENSION = "suspension", _("a review was suspended or resumed")
        MENTION = "mention", _("a colleague mentions you")
        ASSIGNED = "assigned", _("a claim was assigned to you")
        DUE = "due", _("something is due")
        TIMER = "timer", _("an embargo ended, or cannot")
        SOURCE = "source", _("a source answered, or did not")

    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=20, choices=Kind)
    sentence = models.TextField()
    path = models.CharField(max_length=500, blank=True, help_text="Address on this site of what the notice is about.")
    created_at = models.DateTimeField(db_default=Now())
    read_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(sentence=""), name="notice_sentence_given"),
            # A path of this site alone: "//" would lead to another.
            models.CheckConstraint(condition=Q(path__regex=r"^(/([^/\\].*)?)?$"), name="notice_path_on_this_site"),
        ]
        triggers = [
            pgtrigger.Trigger(name="leaves_the_desk", when=pgtrigger.After, operation=pgtrigger.Insert, func=_LEAVES)
        ]
        indexes = [
            models.Index(fields=["recipient", "-created_at"], condition=Q(read_at__isnull=True), name="notice_unread")
        ]

    def __str__(self) -> str:
        return self.sentence
