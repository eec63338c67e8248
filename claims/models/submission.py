"""Drafts that newsrooms send by API, separated by newsroom and by API key.

    Sender ── User (a stand-in that cannot log in, approve or publish)
      ├──< Submission ── Document, Statement, Claim, Review or Evidence
      ├──< MarkupPage ──< Submission        drafts sent in the shape of Google's API
      ├──< SavedPage ── Evidence            the text of a page as a newsroom sent it, which we have not seen ourselves
      └──< DraftEvent                       what its newsroom is told of a draft: sent back, published

A newsroom reads back what it sent, never what editors made of it; `as_sent` holds that.
"""

from typing import Self

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery
from django.db.models.functions import Now

from claims.models.claim import Claim
from claims.models.evidence import Evidence
from claims.models.publication import Publication
from claims.models.review import Review, ReviewVersion
from claims.models.statement import Document, Statement
from sources.database.audit import append_only, audited
from sources.database.public_ids import PublicIdField
from sources.http.url_key_field import UrlKeyField

TARGETS = ("document", "statement", "claim", "review", "evidence")


@audited
class Sender(models.Model):
    """A newsroom that writes by API, and the user that represents it as author."""

    newsroom = models.CharField(
        max_length=24, unique=True, editable=False, db_collation="C", help_text="Id of the newsroom."
    )
    name = models.CharField(max_length=200, editable=False)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, editable=False, related_name="sender"
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        verbose_name = "sending newsroom"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


@audited
class MarkupPage(models.Model):
    """A `ClaimReviewMarkupPage` of Google's Fact Check Tools API, as it was sent; its drafts refer to it."""

    public_id = PublicIdField(prefix="mkp", unique=True)
    sender = models.ForeignKey(Sender, on_delete=models.PROTECT, editable=False, related_name="markup_pages")
    key = models.CharField(max_length=12, editable=False, db_collation="C", help_text="Prefix of the API key.")
    page_url = models.CharField(max_length=2000, editable=False)
    url_key = UrlKeyField(of="page_url")
    host = models.CharField(max_length=253, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    as_sent = models.JSONField(default=dict, editable=False)
    sent_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        verbose_name = "fact-check page"
        ordering = ["-sent_at", "-id"]
        indexes = [models.Index(fields=["key", "url_key"], name="markup_page_url_key")]
        constraints = [models.UniqueConstraint(fields=["key", "page_url"], name="markup_page_unique")]

    def __str__(self) -> str:
        return self.page_url


class SubmissionQuerySet(models.QuerySet["Submission"]):
    def sent_with(self, keys: "list[str]") -> Self:
        """Submissions sent with one of these API keys, given by prefix."""
        return self.filter(key__in=keys)

    def of(self, target: str) -> Self:
        """Submissions of one target: `document`, `statement`, `claim`, `review` or `evidence`."""
        return self.filter(**{f"{target}__isnull": False}).select_related(target, "sender__user", "markup_page")

    def with_state(self) -> Self:
        """Annotate the values that `Submission.state` reads."""
        first = ReviewVersion.objects.filter(review=OuterRef("review"), number=1)
        told = DraftEvent.objects.filter(review=OuterRef("review__public_id"), key=OuterRef("key"))
        back = told.filter(kind=DraftEvent.Kind.SENT_BACK).order_by("-sequence")
        return self.annotate(
            version_state=Subquery(first.values("state")[:1]),
            claim_published=Exists(Publication.objects.filter(claim=OuterRef("claim"))),
            sent_back_at=Subquery(back.values("at")[:1]),
            sent_back_reason=Subquery(back.values("reason")[:1]),
            published_at=Subquery(told.filter(kind=DraftEvent.Kind.PUBLISHED).values("at")[:1]),
        )


@audited
class Submission(models.Model):
    """One row that a newsroom sent with one of its API keys.

    `revision` counts the newsroom's versions of it. From `taken_at` on an editor works on the row, and the newsroom can
    no longer change it.
    """

    public_id = PublicIdField(prefix="sub", unique=True)
    sender = models.ForeignKey(Sender, on_delete=models.PROTECT, editable=False, related_name="submissions")
    key = models.CharField(max_length=12, editable=False, db_collation="C", help_text="Prefix of the API key.")
    document = models.ForeignKey(Document, on_delete=models.CASCADE, null=True, related_name="submissions")
    statement = models.ForeignKey(Statement, on_delete=models.CASCADE, null=True, related_name="submissions")
    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, null=True, related_name="submissions")
    review = models.ForeignKey(Review, on_delete=models.CASCADE, null=True, related_name="submissions")
    evidence = models.ForeignKey(Evidence, on_delete=models.CASCADE, null=True, related_name="submissions")
    markup_page = models.ForeignKey(MarkupPage, on_delete=models.CASCADE, null=True, related_name="submissions")
    as_sent = models.JSONField(default=dict, editable=False)
    revision = models.PositiveIntegerField(default=1, editable=False)
    sent_at = models.DateTimeField(db_default=Now(), editable=False)
    taken_at = models.DateTimeField(null=True, editable=False, help_text="When an editor began to work on it.")

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        verbose_name = "newsroom draft"
        ordering = ["-sent_at", "-public_id"]
        indexes = [models.Index(fields=["key", "-sent_at", "-public_id"], name="submission_of_key")]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    *(Q(**{f"{other}__isnull": other != target for other in TARGETS}) for target in TARGETS),
                    _connector=Q.OR,
                ),
                name="submission_of_one_row",
            ),
            *(
                models.UniqueConstraint(
                    fields=["key", target], condition=Q(**{f"{target}__isnull": False}), name=f"submission_{target}"
                )
                for target in TARGETS
            ),
        ]

    @property
    def state(self) -> str:
        """The state of the claim or review that the newsroom may see; needs a row from `with_state`.

        Approval is internal: an approved review is shown as in review until it is published.
        """
        version = self.version_state  # type: ignore[attr-defined]
        if version == ReviewVersion.State.PUBLISHED or self.claim_published:  # type: ignore[attr-defined]
            return "published"
        if self.taken_at is not None:
            return "taken_over"
        return "draft" if version in (None, ReviewVersion.State.DRAFT) else "in_review"

    @property
    def target(self) -> str:
        """The kind of row it is: a name in `TARGETS`."""
        return next(name for name in TARGETS if getattr(self, f"{name}_id") is not None)

    def __str__(self) -> str:
        return f"{self.target} sent by {self.sender}"


class SavedPage(models.Model):
    """The text of a page as a newsroom saved and sent it: a private copy, for editors only.

    We have not seen the page ourselves: it is no snapshot, and no quote is watched in it. The text never changes, and
    goes with the evidence that rests on it. The audit does without it, which would keep each text twice.
    """

    public_id = PublicIdField(prefix="svp", unique=True)
    sender = models.ForeignKey(Sender, on_delete=models.PROTECT, editable=False, related_name="saved_pages")
    key = models.CharField(max_length=12, editable=False, db_collation="C", help_text="Prefix of the API key.")
    evidence = models.OneToOneField(Evidence, on_delete=models.CASCADE, editable=False, related_name="saved_page")
    url = models.CharField(max_length=2000, editable=False, help_text="As it was sent; never fetched for this.")
    text = models.TextField(editable=False)
    text_sha256 = models.CharField(max_length=64, editable=False, db_collation="C")
    characters = models.PositiveIntegerField(editable=False)
    exact = models.TextField(editable=False, help_text="The quote, found in this text and nowhere else.")
    sent_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        verbose_name = "page text sent by a newsroom"
        verbose_name_plural = "page texts sent by newsrooms"
        ordering = ["-sent_at", "-id"]
        triggers = [
            pgtrigger.Protect(name="text_is_final", operation=pgtrigger.Update),
        ]

    def __str__(self) -> str:
        return f"{self.url}, as {self.sender} sent it"


@append_only
class DraftEvent(models.Model):
    """What the newsroom that sent a draft is told of it, in commit order; nobody else ever reads it.

    `sequence` is taken under a lock that is held to commit, so that a reader who has read up to one has skipped none.
    `review` is an id and no foreign key: the draft may be discarded, and what was told of it stays told. `reason` holds
    the words that an editor wrote for the newsroom; none if the editor wrote none.
    """

    class Kind(models.TextChoices):
        SENT_BACK = "sent_back", "sent back"
        PUBLISHED = "published", "published"

    sequence = models.BigIntegerField(primary_key=True)
    public_id = PublicIdField(prefix="dre", unique=True)
    kind = models.CharField(max_length=10, choices=Kind)
    sender = models.ForeignKey(Sender, on_delete=models.PROTECT, related_name="draft_events")
    key = models.CharField(max_length=12, db_collation="C", help_text="Prefix of the API key that sent the draft.")
    review = models.CharField(max_length=24, db_collation="C")
    claim = models.CharField(max_length=24, db_collation="C")
    reason = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta:
        verbose_name = "event of a newsroom's draft"
        verbose_name_plural = "events of newsrooms' drafts"
        ordering = ["sequence"]
        indexes = [models.Index(fields=["review", "key"], name="draft_event_review")]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=["sent_back", "published"]), name="draft_event_kind")
        ]

    def __str__(self) -> str:
        return f"{self.review} {self.get_kind_display()}"
