"""Notices to people at the desk: what happened to their work, or to the rights of others, since they last looked."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from claims.models.claim import Claim
from claims.models.desk.notice_words import WHAT, Kind
from claims.people import name_of
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


LONGEST_CLAIM = 200  # characters of its text in a notice


@audited
class Notice(models.Model):
    """Something that happened, on one person's home until that person has read it.

    It holds no words of the claim that it is about: `said` builds the sentence when somebody reads it, in the language
    of who reads, from the claim as it is then. Whoever may not see the claim by then is not shown the notice at all:
    ask `claims.notices.of`, or `claims.visibility.visible`, for notices, never this table alone.
    """

    Kind = Kind

    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=20, choices=Kind)
    what = models.CharField(max_length=30, blank=True, db_default="", help_text="What happened, as WHAT lists it.")
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", help_text="Who did it."
    )
    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, null=True, related_name="notices")
    parameters = models.JSONField(default=dict, db_default={}, help_text="Other parts of the sentence.")
    sentence = models.TextField(
        blank=True, db_default="", help_text="The finished sentence of a notice from before 0.7.0."
    )
    path = models.CharField(max_length=500, blank=True, help_text="Address on this site of what the notice is about.")
    created_at = models.DateTimeField(db_default=Now())
    read_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=(Q(what="") & ~Q(sentence="")) | (~Q(what="") & Q(sentence="")), name="notice_says_something"
            ),
            # A path of this site alone: "//" would lead to another.
            models.CheckConstraint(condition=Q(path__regex=r"^(/([^/\\].*)?)?$"), name="notice_path_on_this_site"),
        ]
        triggers = [
            pgtrigger.Trigger(name="leaves_the_desk", when=pgtrigger.After, operation=pgtrigger.Insert, func=_LEAVES)
        ]
        indexes = [
            models.Index(fields=["recipient", "-created_at"], condition=Q(read_at__isnull=True), name="notice_unread")
        ]

    @property
    def said(self) -> str:
        """The sentence, in the language of whoever reads it now."""
        known = WHAT.get(self.what)
        if known is None:
            return self.sentence
        parts = {
            **self.parameters,
            "who": name_of(self.actor, self.parameters.get("who") or _("Somebody")),
            "claim": "" if self.claim is None else Truncator(" ".join(self.claim.text.split())).chars(LONGEST_CLAIM),
        }
        return str(known.sentence) % parts

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ({self.pk})"
