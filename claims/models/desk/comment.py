"""Comments of colleagues on a claim and on the version that is being written."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from claims.models.claim import Claim
from claims.models.review import ReviewVersion
from claims.models.statement import user_field
from sources.database.audit import audited


@audited
class Comment(models.Model):
    """What a colleague says on a claim's workbench. It stays at the desk."""

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="comments")
    version = models.ForeignKey(ReviewVersion, on_delete=models.SET_NULL, null=True, related_name="comments")
    about = models.CharField(max_length=40, blank=True, help_text="The field that it is about, for example summary.")
    text = models.TextField()
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    edited_at = models.DateTimeField(null=True)
    settled_by = user_field()
    settled_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["created_at", "id"]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="comment_text_given"),
            models.CheckConstraint(
                condition=Q(settled_at__isnull=True, settled_by__isnull=True)
                | Q(settled_at__isnull=False, settled_by__isnull=False),
                name="comment_settled_by_a_person",
            ),
        ]

    def __str__(self) -> str:
        return self.text[:80]
