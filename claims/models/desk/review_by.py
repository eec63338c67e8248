"""The day by which a published review is to be looked at again."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from claims.models.review import Review
from sources.database.audit import audited


@audited
class ReviewBy(models.Model):
    """The day by which editors look at a review again although no page of it changed."""

    review = models.OneToOneField(Review, on_delete=models.CASCADE, related_name="review_by")
    day = models.DateField()
    why = models.CharField(max_length=300, blank=True)
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField(db_default=Now())
    reminded_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["day", "id"]
        indexes = [models.Index(fields=["day"], name="review_by_day")]

    def __str__(self) -> str:
        return str(self.day)
